//! `Redirect`: another document; the rest of this one is unreachable.

use crate::calls::script::{Goal, Step};
use twiml::Redirect;

pub(super) fn start(redirect: Redirect) -> Step {
    Step::Ask(Goal::new(Some(redirect.url), redirect.method))
}
