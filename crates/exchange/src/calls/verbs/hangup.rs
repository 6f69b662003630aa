//! `Hangup`: the end of the call.

use crate::calls::script::Step;

pub(super) fn start() -> Step {
    Step::Hangup
}
