//! `Reject`: the end of a call that was not answered; of one that was, simply its end.

use crate::calls::script::Step;
use twiml::Reject;

pub(super) fn start(reject: &Reject) -> Step {
    Step::Reject(reject.reason)
}
