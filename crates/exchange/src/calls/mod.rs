//! Calls: their record, what they ask and tell, and the script that carries out their TwiML.
//!
//! ```text
//!   input (document, digit, voice, …) ──▶ script ──▶ output (fetch, play, dial, …)
//!                                           │
//!   a leg's record ◀── status ──▶ tells     └─▶ dialing: the legs of one <Dial>
//! ```
//!
//! Everything here decides and does nothing: the server's switchboard owns the live legs, carries
//! out the outputs and brings the inputs. Contract: twiml.md 1, 2, 4; webhooks.md 2b, 2d, 2e, 6.2;
//! rest.md 4.2.

pub mod callee;
pub mod create;
pub mod detection;
pub mod dialing;
pub mod fork;
pub mod inbound;
pub mod options;
mod plan_text;
mod record;
pub mod recordings;
pub mod request;
pub mod script;
pub mod speech;
pub mod status;
#[cfg(test)]
pub(crate) mod testing;
pub mod update;
pub mod user_messages;
mod verbs;
mod voices;

pub use record::{
    AnsweredBy, Call, CallEvent, Callback, Detection, Direction, Events, MachineDetection, Plan,
    RecordPlan, RecordingCallback, RecordingEvent, RecordingTrack, State, Trim, is_final,
};
