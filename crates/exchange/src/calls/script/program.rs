//! The current document: which verb is next, and what its reader has told already.

use std::vec::IntoIter;
use twiml::{Document, Node, Problem, Verb};

type Place = (u32, u32);

/// Verbs that are still to be carried out.
#[derive(Debug, Default)]
pub(in crate::calls) struct Program {
    url: String,
    verbs: IntoIter<Node>,
    /// What the parser has told: code and place.
    told: Vec<(u32, Place)>,
    /// Where the current verb stands.
    at: Option<Place>,
}

impl Program {
    pub fn new(url: String, document: Document, problems: &[Problem]) -> Program {
        let place = |problem: &Problem| (problem.code, (problem.at.line, problem.at.column));
        let told = problems.iter().map(place).collect();
        Program { url, verbs: document.verbs.into_iter(), told, at: None }
    }

    /// Nothing but the end of the call.
    pub fn hangup() -> Program {
        let hangup = Document::new().hangup();
        Program { verbs: hangup.verbs.into_iter(), ..Program::default() }
    }

    /// Where it came from; empty for one that came without a URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the current verb stands.
    pub fn place(&self) -> Option<Place> {
        self.at
    }

    pub fn next_verb(&mut self) -> Option<Verb> {
        let Node { verb, at } = self.verbs.next()?;
        self.at = (at.line > 0).then_some((at.line, at.column));
        Some(verb)
    }

    /// Whether the parser has told the same of the current verb.
    pub fn has_told(&self, code: u32) -> bool {
        let Some(from) = self.at else { return false };
        let next = self.verbs.as_slice().first().map(|node| (node.at.line, node.at.column));
        let within = |place: &Place| *place >= from && next.is_none_or(|next| *place < next);
        self.told.iter().any(|(told, place)| *told == code && within(place))
    }
}
