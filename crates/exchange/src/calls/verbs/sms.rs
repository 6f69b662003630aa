//! `Sms`: a text to the other party; then its action, or the next verb.
//!
//! Contract: twiml.md 2.13.

use super::Running;
use crate::calls::script::{Goal, Input, Output, Scene, Step, Text, Then, Ticket};
use crate::documents::Remark;
use twiml::{Method, Sms};

/// An Sms whose text is being queued.
#[derive(Debug)]
pub(in crate::calls) struct Sending {
    ticket: Ticket,
    action: Option<String>,
    method: Method,
}

pub(super) fn start(sms: Sms, scene: &mut Scene<'_>) -> Step {
    let ticket = scene.orders.ticket();
    let text = Text {
        to: sms.to.unwrap_or_else(|| scene.setup.peer.clone()),
        from: sms.from.unwrap_or_else(|| scene.setup.own.clone()),
        body: sms.body,
        status_callback: scene.callback(sms.status_callback.as_deref(), Method::Post, 14105),
    };
    scene.orders.push(Output::Send(ticket, text));
    Step::Wait(Running::Sms(Sending { ticket, action: sms.action, method: sms.method }))
}

impl Sending {
    pub fn input(&mut self, input: Input, scene: &mut Scene<'_>) -> Then {
        let Input::Sent(ticket, end) = input else { return Then::Stay };
        if ticket != self.ticket {
            return Then::Stay;
        }
        let (sid, status) = match end {
            Ok(sid) => (Some(sid), "sending"),
            Err(remark) => {
                let status = refused(&remark);
                scene.pass_on(remark);
                (None, status)
            }
        };
        let Some(action) = self.action.take() else { return Then::Go(Step::Next) };
        let goal = Goal::new(Some(action), self.method);
        Then::Go(Step::Ask(goal.tell_if("SmsSid", sid).tell("SmsStatus", status)))
    }
}

/// A text that could not be meant is `invalid`, one that could not go `failed`.
fn refused(remark: &Remark) -> &'static str {
    if (14101..=14105).contains(&remark.code) { "invalid" } else { "failed" }
}
