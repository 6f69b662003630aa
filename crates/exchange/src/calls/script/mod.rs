//! The script of a call: what one leg does next.

mod input;
mod output;

pub use input::{DialEnd, First, Heard, Input, Kept, RecordingEnd, ReferEnd, Role, Setup};
pub use output::{
    Ask, Callee, CalleeAddress, DialOrder, Listen, Output, RecordOrder, Sound, Tell, Text, Ticket,
};
