//! `Pay`: no account has a payment connector, and that is what its action is told.
//!
//! This is Twilio's own answer to a `<Pay>` on an account without one (twiml.md 2.10).

use super::later::NOT_SUPPORTED;
use crate::calls::script::{Goal, Scene, Step};
use twiml::{Method, Pay};

pub(super) fn start(pay: Pay, scene: &mut Scene<'_>) -> Step {
    let why = format!("Pay: there is no payment connector {}", pay.payment_connector);
    scene.remark(NOT_SUPPORTED, why.as_str());
    let goal = Goal { missing_code: 15004, ..Goal::new(pay.action, Method::Post) };
    Step::Ask(goal.tell("Result", "payment-connector-error").tell("PaymentError", why))
}
