//! Verbs that are not carried out yet: each says so in an alert, and the call goes on as it would
//! after a failure of them.

use crate::calls::script::{Goal, Scene, Step};
use twiml::{Connect, Enqueue, Session};

/// "TwiML verb not supported".
pub(super) const NOT_SUPPORTED: u32 = 13750;

pub(super) fn remark(what: &str, scene: &mut Scene<'_>) {
    scene.remark(NOT_SUPPORTED, format!("{what} is not supported yet"));
}

pub(super) fn skip(name: &str, scene: &mut Scene<'_>) -> Step {
    remark(name, scene);
    Step::Next
}

pub(super) fn connect(connect: Connect, scene: &mut Scene<'_>) -> Step {
    let session = connect.session.as_deref().map_or("", Session::name);
    remark(&format!("Connect {session}"), scene);
    match connect.action {
        None => Step::Next,
        Some(action) => {
            let goal = Goal::new(Some(action), connect.method);
            Step::Ask(match connect.session.as_deref() {
                Some(Session::ConversationRelay(_) | Session::Assistant(_)) => {
                    goal.tell("SessionStatus", "failed")
                }
                _ => goal,
            })
        }
    }
}

pub(super) fn enqueue(enqueue: Enqueue, scene: &mut Scene<'_>) -> Step {
    remark("Enqueue", scene);
    match enqueue.action {
        None => Step::Next,
        Some(action) => {
            let goal = Goal::new(Some(action), enqueue.method);
            Step::Ask(goal.tell("QueueResult", "system-error"))
        }
    }
}
