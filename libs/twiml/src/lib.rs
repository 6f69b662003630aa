//! TwiML as types: parse, build, check.
//!
//! TwiML is the XML that tells Twilio what to do with a call or a message. [`parse`] turns it
//! into a [`Document`] of typed verbs and says what is wrong with it, with line, column and
//! Twilio's code; the same types, under the name [`Response`], build it. Every element of voice
//! and messaging TwiML is known; none is executed here.
//!
//! A customer's application builds, a server that stands in for Twilio parses. Nothing is fetched,
//! sent or logged; no clock, no network, no async.
//!
//! # Build
//!
//! ```
//! use twiml::{Gather, Response};
//!
//! let menu = Gather::new()
//!     .num_digits(1)
//!     .action("/menu")
//!     .say("For sales press 1, for support press 2.");
//! let xml = Response::new().gather(menu).redirect("/voice").to_xml();
//! assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Gather"));
//! ```
//!
//! A field that is an `Option` keeps the difference between given and not given. Other fields
//! hold their documented default until something else is set.
//!
//! # Parse
//!
//! ```
//! use twiml::{Realm, Verb, parse};
//!
//! let (document, problems) = parse("<Response><Say>Hi</Say></Response>", Realm::Voice)?;
//! assert!(problems.is_empty());
//! match &document.verbs[0].verb {
//!     Verb::Say(say) => assert_eq!(say.words(), "Hi"),
//!     other => panic!("{}", other.name()),
//! }
//! # Ok::<(), twiml::Fatal>(())
//! ```
//!
//! # Check
//!
//! A document with problems still runs: what is unknown is skipped, and a value that is not valid
//! leaves its default. Names count in their exact case.
//!
//! ```
//! use twiml::{Realm, parse};
//!
//! let xml = "<Response>\n  <say>Hi</say>\n  <Pause length=\"long\"/>\n</Response>";
//! let (document, problems) = parse(xml, Realm::Voice)?;
//! assert_eq!(document.verbs.len(), 1);
//! let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
//! assert!(shown[0].starts_with("2:3 warning 12200: Invalid content was found starting with"));
//! assert!(shown[1].starts_with("3:10 warning 13910: The value 'long' of attribute 'length'"));
//! # Ok::<(), twiml::Fatal>(())
//! ```
//!
//! Contract: the TwiML pages and the error dictionary of Twilio's docs.

mod choices;
mod document;
mod element;
mod nouns;
mod parse;
mod problem;
mod reader;
mod rules;
#[cfg(test)]
mod testing;
mod value;
mod verb;
mod verbs;
mod writer;

pub use choices::{
    CallEvent, CallRecord, CardType, Interruption, MachineDetection, Method, RecordingEvent,
    RecordingTrack, Sensitivity, TextNormalization, Track, Trim,
};
pub use document::{Document, Node, Realm, Response};
pub use nouns::*;
pub use parse::{ATTRIBUTES_MAX, DEPTH_MAX, DOCUMENT_BYTES_MAX, NODES_MAX, parse};
pub use problem::{Fatal, Position, Problem, Severity};
pub use reader::PROBLEMS_MAX;
pub use rules::{HINT_CHARACTERS_MAX, HINTS_MAX};
pub use verb::Verb;
pub use verbs::*;

/// The example of the README is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
