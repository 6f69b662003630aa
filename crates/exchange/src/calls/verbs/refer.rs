//! `Refer`: a SIP call goes on elsewhere; then its action, or the next verb.
//!
//! Contract: twiml.md 2.9, webhooks.md 2e.

use super::Running;
use crate::calls::State;
use crate::calls::script::{Goal, Input, Output, ReferEnd, Scene, Step, Then, Ticket};
use twiml::{Method, Refer};

/// Only a SIP call can be transferred.
const NO_SIP_CALL: u32 = 13801;

/// A Refer that is under way.
#[derive(Debug)]
pub(in crate::calls) struct Referring {
    ticket: Ticket,
    action: Option<String>,
    method: Method,
}

pub(super) fn start(refer: Refer, scene: &mut Scene<'_>) -> Step {
    let ticket = scene.orders.ticket();
    let mut referring = Referring { ticket, action: refer.action, method: refer.method };
    let scheme = scene.setup.peer.split(':').next().unwrap_or_default();
    let is_sip = matches!(scheme.to_ascii_lowercase().as_str(), "sip" | "sips");
    if !is_sip {
        scene.remark(NO_SIP_CALL, "Refer: only a SIP call can be transferred");
    }
    match refer.sip {
        Some(uri) if is_sip => {
            scene.orders.push(Output::Refer(ticket, uri));
            Step::Wait(Running::Refer(referring))
        }
        _ => {
            let status = State::Failed;
            referring.end(&ReferEnd { status, refer_code: None, notify_code: None })
        }
    }
}

impl Referring {
    pub fn input(&mut self, input: Input, _: &mut Scene<'_>) -> Then {
        match input {
            Input::Referred(ticket, end) if ticket == self.ticket => Then::Go(self.end(&end)),
            _ => Then::Stay,
        }
    }

    fn end(&mut self, end: &ReferEnd) -> Step {
        let Some(action) = self.action.take() else { return Step::Next };
        let goal = Goal::new(Some(action), self.method)
            .tell("ReferCallStatus", end.status.as_str())
            .tell_if("ReferSipResponseCode", end.refer_code)
            .tell_if("NotifySipResponseCode", end.notify_code);
        Step::Ask(goal)
    }
}
