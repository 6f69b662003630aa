//! What a change uses is counted in the change itself: no commit of its own, and nothing is counted
//! that did not happen.

use exchange::calls::recordings::RecordingStatus;
use exchange::messages::{Direction, Message};
use exchange::sid::AccountSid;
use exchange::usage::{self, Used};
use jiff::Timestamp;
use store::{Change, Counted, Once, Write};

/// The count of something that was used.
pub(crate) fn count(account: AccountSid, used: Used, now: Timestamp, once: Once) -> Write {
    let Used { category, count, usage } = used;
    Write::Count(Counted { account, day: usage::day(now), category, count, usage, once })
}

/// A message that the network took.
pub(crate) fn sent(message: &Message, now: Timestamp) -> Write {
    count(message.account, usage::of_message(message), now, Once::Always)
}

/// Adds the counts of what a change's writes use: messages that come in, calls and recordings that
/// end, numbers that are bought.
pub(crate) fn counted(change: &mut Change, now: Timestamp) {
    let counts = |write: &Write| used(write, now).is_some();
    if !change.writes.iter().any(counts) {
        return;
    }
    for write in std::mem::take(&mut change.writes) {
        // Whether a call or recording had ended is asked before it is written that it has.
        change.writes.extend(used(&write, now));
        change.writes.push(write);
    }
}

fn used(write: &Write, now: Timestamp) -> Option<Write> {
    match write {
        Write::InsertMessage(message) if message.direction == Direction::Inbound => {
            Some(sent(message, now))
        }
        Write::UpdateCall { now: call, .. } if call.ended.is_some() => {
            let once = Once::CallGoesOn(call.sid.parts().key);
            Some(count(call.account, usage::of_call(call), now, once))
        }
        Write::UpdateRecording(recording) if recording.status == RecordingStatus::Completed => {
            let once = Once::RecordingGoesOn(recording.sid.parts().key);
            Some(count(recording.account, usage::of_recording(recording), now, once))
        }
        Write::InsertNumber(number) => {
            Some(count(number.account, usage::of_number(number), now, Once::Always))
        }
        _ => None,
    }
}
