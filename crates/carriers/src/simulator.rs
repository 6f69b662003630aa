//! The simulated network: what becomes of a message or call is decided by its handset's settings.
//!
//! A network like the others, not a mock: messages are handed over once, reports come in order,
//! and time passes between them as the handset is set. A call rings here; who answers it, and when,
//! is the handset's. Contract: DESIGN section 1, `/offhook/v1/Phones/{address}`.

use crate::Report;
use exchange::calls::State;
use exchange::calls::detection::Answerer;
use exchange::numbers::is_whatsapp;
use exchange::phones::{Handset, OnCall, OnMessage};
use jiff::{SignedDuration, Timestamp};

/// The code of a message that its handset refuses, unless the handset names one: unreachable.
pub const UNDELIVERED: u32 = 30_003;
/// The code of a WhatsApp message that comes later than its rule permits.
pub const OUTSIDE_WINDOW: u32 = 63_016;
/// The code of a message that the network refuses, unless the handset names one: unknown error.
pub const FAILED: u32 = 30_008;

/// What the network says now, and when it will say more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Reports, in order.
    pub reports: Vec<Report>,
    /// When the handset decides; `None` when all is said.
    pub next: Option<Timestamp>,
}

/// Carries a message to `handset` as far as it goes `now`. `sent`: when the network took it, if
/// it has it already.
pub fn carry(handset: &Handset, sent: Option<Timestamp>, now: Timestamp) -> Course {
    if handset.on_message == OnMessage::Fail && sent.is_none() {
        let code = handset.error_code.unwrap_or(FAILED);
        return Course { reports: vec![Report::Failed(code)], next: None };
    }
    let mut reports = Vec::new();
    if sent.is_none() {
        reports.push(Report::Sent);
    }
    let delay = SignedDuration::from_millis(handset.deliver_after_ms as i64);
    let due = sent.unwrap_or(now) + delay;
    let arrival = match handset.on_message {
        OnMessage::Deliver => Report::Delivered,
        OnMessage::Undelivered | OnMessage::Fail => {
            Report::Undelivered(handset.error_code.unwrap_or(UNDELIVERED))
        }
        OnMessage::Silent => return Course { reports, next: None },
    };
    if due > now {
        return Course { reports, next: Some(due) };
    }
    reports.push(arrival);
    Course { reports, next: None }
}

/// What becomes of a message that `handset` got `delivered`: its person reads it, if it is one of
/// WhatsApp's and the person reads by itself.
pub fn read(handset: &Handset, delivered: Timestamp, now: Timestamp) -> Course {
    let after = handset.read_after_ms.filter(|_| is_whatsapp(&handset.address));
    let due = after.map(|ms| delivered + SignedDuration::from_millis(ms as i64));
    match due {
        Some(due) if due <= now => Course { reports: vec![Report::Read], next: None },
        next => Course { reports: Vec::new(), next },
    }
}

/// What a handset does with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ringing {
    /// It rings.
    Rings {
        /// Milliseconds until it answers by itself; `None`: when a person does.
        answers_after_ms: Option<u64>,
        /// Who answers.
        who: Answerer,
    },
    /// It rings, and nobody will answer.
    NoAnswer,
    /// All its lines are in use, or it says so.
    Busy,
    /// A person declined.
    Declined,
    /// The network can't find it.
    Unreachable,
}

impl Ringing {
    /// How a call ends that is refused at once, and SIP's code for it; `None` for one that rings.
    pub fn refused(self) -> Option<(State, u16)> {
        match self {
            Ringing::Rings { .. } | Ringing::NoAnswer => None,
            Ringing::Busy => Some((State::Busy, BUSY)),
            Ringing::Declined => Some((State::Busy, DECLINED)),
            Ringing::Unreachable => Some((State::Failed, UNREACHABLE)),
        }
    }
}

/// SIP's code of a handset that is busy.
pub const BUSY: u16 = 486;
/// SIP's code of a person who declines.
pub const DECLINED: u16 = 603;
/// SIP's code of an address that nobody has.
pub const UNREACHABLE: u16 = 404;

/// A call reaches `handset`, of whose lines so many are in use: ringing ones count, this one not.
pub fn ring(handset: &Handset, lines_in_use: u32) -> Ringing {
    let rings = |who| Ringing::Rings { answers_after_ms: Some(handset.answer_after_ms), who };
    match handset.on_call {
        OnCall::Unreachable => Ringing::Unreachable,
        _ if lines_in_use >= handset.lines => Ringing::Busy,
        OnCall::Busy => Ringing::Busy,
        OnCall::Reject => Ringing::Declined,
        OnCall::NoAnswer => Ringing::NoAnswer,
        OnCall::Ring => Ringing::Rings { answers_after_ms: None, who: Answerer::PERSON },
        OnCall::Answer => rings(Answerer::PERSON),
        OnCall::Machine => rings(Answerer::MACHINE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handset_decides_what_becomes_of_a_call() {
        let rings = |answers_after_ms, who| Ringing::Rings { answers_after_ms, who };
        let person = Answerer::PERSON;
        for (on_call, in_use, ringing, refused) in [
            (OnCall::Ring, 0, rings(None, person), None),
            (OnCall::Ring, 1, rings(None, person), None),
            (OnCall::Ring, 2, Ringing::Busy, Some((State::Busy, 486))),
            (OnCall::Answer, 0, rings(Some(1500), person), None),
            (OnCall::Machine, 0, rings(Some(1500), Answerer::MACHINE), None),
            (OnCall::NoAnswer, 0, Ringing::NoAnswer, None),
            (OnCall::NoAnswer, 2, Ringing::Busy, Some((State::Busy, 486))),
            (OnCall::Busy, 0, Ringing::Busy, Some((State::Busy, 486))),
            (OnCall::Reject, 0, Ringing::Declined, Some((State::Busy, 603))),
            (OnCall::Unreachable, 2, Ringing::Unreachable, Some((State::Failed, 404))),
        ] {
            let mut handset = Handset::new("+12025550199");
            (handset.on_call, handset.answer_after_ms, handset.lines) = (on_call, 1500, 2);
            assert_eq!(ring(&handset, in_use), ringing, "{on_call:?} {in_use}");
            assert_eq!(ringing.refused(), refused, "{on_call:?}");
        }
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + ms).expect("in range")
    }

    #[test]
    fn a_handset_decides_what_is_reported_and_when() {
        use OnMessage::{Deliver, Fail, Silent, Undelivered};
        use Report::{Delivered, Failed, Sent};
        let later = Some(at(2000));
        for (on_message, code, delay_ms, sent, now, reports, next) in [
            (Deliver, None, 0, None, at(0), vec![Sent, Delivered], None),
            (Deliver, None, 2000, None, at(0), vec![Sent], later),
            (Deliver, None, 2000, Some(at(0)), at(500), vec![], later),
            (Deliver, None, 2000, Some(at(0)), at(2000), vec![Delivered], None),
            (Undelivered, None, 0, None, at(0), vec![Sent, Report::Undelivered(30_003)], None),
            (
                Undelivered,
                Some(30_005),
                0,
                Some(at(0)),
                at(0),
                vec![Report::Undelivered(30_005)],
                None,
            ),
            (Fail, None, 2000, None, at(0), vec![Failed(30_008)], None),
            (Fail, Some(30_007), 0, None, at(0), vec![Failed(30_007)], None),
            // It was set to fail after the network had taken this one.
            (Fail, None, 0, Some(at(0)), at(0), vec![Report::Undelivered(30_003)], None),
            (Silent, None, 2000, None, at(0), vec![Sent], None),
        ] {
            let mut handset = Handset::new("+12025550199");
            handset.on_message = on_message;
            handset.error_code = code;
            handset.deliver_after_ms = delay_ms;
            let course = carry(&handset, sent, now);
            assert_eq!(course, Course { reports, next }, "{on_message:?} {delay_ms} {now}");
        }
    }
}
