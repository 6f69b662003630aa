//! The script of a call through its public interface: transcripts of every verb and of whole
//! journeys (`scenarios/*.txt`), the limits, and a random test against a world that keeps its own
//! books.

mod compatibility;
mod driver;
mod limits;
mod random;
mod scenarios;
mod world;
