//! A bin is saved: made, changed or set back to an earlier version.
//!
//! Called by the bins' API and the seed. What can never be a document is refused with its place;
//! any other finding is shown and saved all the same. Each save that changes the template is a
//! version of its own, a restore too: nothing a bin once said is lost before
//! [`BIN_VERSIONS_MAX`](super::BIN_VERSIONS_MAX) versions.
//! Contract: the section "TwiML Bins"; Twilio doc page "TwiML Bins".

use super::check::check;
use super::{Bin, BinAccess, BinVersion};
use crate::refusal::Refusal;
use crate::sid::{AccountSid, BinSid};
use jiff::Timestamp;
use twiml::{Position, Problem};

/// Characters of a bin's name at most.
pub const FRIENDLY_NAME_CHARACTERS_MAX: usize = 64;

/// What a request says of a bin; what is absent stays as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Draft<'a> {
    /// A name for people.
    pub friendly_name: Option<&'a str>,
    /// The template.
    pub twiml: Option<&'a str>,
    /// `open` or `signed`.
    pub access: Option<&'a str>,
}

/// Why a bin was not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// For the answer.
    pub refusal: Refusal,
    /// Where in the template, when it is the template's fault.
    pub at: Option<Position>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Refused {
        Refused { refusal, at: None }
    }
}

/// A new bin, and what its editor should hear.
///
/// # Errors
/// No template (20001), a bad name (20002), an unknown access (20422), or what
/// [`check`] finds fatal, by its code.
pub fn create(
    draft: &Draft<'_>,
    account: AccountSid,
    sid: BinSid,
    now: Timestamp,
) -> Result<(Bin, Vec<Problem>), Refused> {
    let twiml = draft.twiml.filter(|text| !text.trim().is_empty());
    let twiml = twiml.ok_or_else(|| Refusal::parameter_missing("Twiml"))?;
    let bin = Bin {
        sid,
        account,
        friendly_name: name(draft)?.unwrap_or("TwiML Bin").to_owned(),
        access: access(draft)?.unwrap_or_default(),
        version: 1,
        twiml: twiml.to_owned(),
        created: now,
        updated: now,
    };
    let problems = judge(twiml)?;
    Ok((bin, problems))
}

/// A bin as `draft` changes it at `now`.
///
/// # Errors
/// As [`create`]; an empty template is as fatal as any that is no document.
pub fn update(
    bin: &Bin,
    draft: &Draft<'_>,
    now: Timestamp,
) -> Result<(Bin, Vec<Problem>), Refused> {
    let mut changed = bin.clone();
    if let Some(name) = name(draft)? {
        changed.friendly_name = name.to_owned();
    }
    if let Some(access) = access(draft)? {
        changed.access = access;
    }
    if let Some(twiml) = draft.twiml.filter(|twiml| *twiml != bin.twiml) {
        changed.version = bin.version.saturating_add(1);
        changed.twiml = twiml.to_owned();
    }
    changed.updated = now;
    let problems = judge(&changed.twiml)?;
    Ok((changed, problems))
}

/// A bin with the template of an earlier version, as a version of its own.
pub fn restore(bin: &Bin, version: &BinVersion, now: Timestamp) -> Bin {
    let mut restored = bin.clone();
    if version.twiml != bin.twiml {
        restored.version = bin.version.saturating_add(1);
        restored.twiml.clone_from(&version.twiml);
    }
    restored.updated = now;
    restored
}

fn name<'a>(draft: &Draft<'a>) -> Result<Option<&'a str>, Refusal> {
    match draft.friendly_name.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) if name.chars().count() > FRIENDLY_NAME_CHARACTERS_MAX => {
            Err(Refusal::friendly_name_invalid())
        }
        name => Ok(name),
    }
}

fn access(draft: &Draft<'_>) -> Result<Option<BinAccess>, Refusal> {
    match draft.access.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match BinAccess::parse(text) {
            Some(access) => Ok(Some(access)),
            None => Err(Refusal::parameter_invalid("Access", "use open or signed")),
        },
    }
}

fn judge(twiml: &str) -> Result<Vec<Problem>, Refused> {
    let found = check(twiml);
    match found.fatal {
        None => Ok(found.problems),
        Some(fatal) => {
            let Position { line, column } = fatal.at;
            let message = format!("Twiml line {line}, column {column}: {}", fatal.message);
            Err(Refused { refusal: Refusal::new(fatal.code, 400, message), at: Some(fatal.at) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: &str = "<Response><Message>Hello</Message></Response>";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    fn draft(twiml: &str) -> Draft<'_> {
        Draft { twiml: Some(twiml), ..Draft::default() }
    }

    fn hello() -> Bin {
        let account = AccountSid::parse("AC00000000000000000000000000000001").expect("a sid");
        let sid = BinSid::parse("EH00000000000000000000000000000001").expect("a sid");
        create(&draft(HELLO), account, sid, at(1)).expect("saved").0
    }

    #[test]
    fn what_can_never_be_a_document_is_refused_with_its_code_and_place() {
        for (twiml, code, place) in [
            ("<Response><Say>Hi</Response>", 12_100, Some((1, 18))),
            ("<Answer/>", 12_102, Some((1, 1))),
            ("<Response>\n{{#A}}</Response>", 11_320, Some((2, 1))),
            ("<Response>{{> part}}</Response>", 11_310, Some((1, 11))),
        ] {
            let refused = update(&hello(), &draft(twiml), at(2)).expect_err(twiml);
            assert_eq!(refused.refusal.code, code, "{twiml}");
            assert_eq!(refused.at.map(|at| (at.line, at.column)), place, "{twiml}");
            let (line, column) = place.expect("each has one");
            let said = format!("line {line}, column {column}");
            assert!(refused.refusal.message.contains(&said), "{}", refused.refusal.message);
        }
        for (draft, code) in [
            (Draft { access: Some("closed"), ..draft(HELLO) }, 20_422),
            (Draft { friendly_name: Some(&"n".repeat(65)), ..draft(HELLO) }, 20_002),
        ] {
            assert_eq!(update(&hello(), &draft, at(2)).expect_err("refused").refusal.code, code);
        }
    }

    #[test]
    fn a_warning_is_told_and_saved() {
        let text = "<Response><Bogus/></Response>";
        let (bin, problems) = update(&hello(), &draft(text), at(2)).expect("saved");
        assert_eq!((bin.twiml.as_str(), problems.len()), (text, 1));
    }

    #[test]
    fn only_a_changed_template_is_a_new_version_and_a_restore_is_one() {
        let first = hello();
        let renamed = Draft { friendly_name: Some("Hello"), access: Some("signed"), twiml: None };
        let (named, _) = update(&first, &renamed, at(2)).expect("saved");
        assert_eq!((named.version, named.access), (1, BinAccess::Signed));
        let (second, _) = update(&named, &draft("<Response/>"), at(3)).expect("saved");
        assert_eq!((second.version, second.friendly_name.as_str()), (2, "Hello"));
        let kept = BinVersion { version: 1, twiml: first.twiml.clone(), created: first.created };
        let third = restore(&second, &kept, at(4));
        assert_eq!((third.version, third.twiml.as_str(), third.updated), (3, HELLO, at(4)));
        assert_eq!(restore(&third, &kept, at(5)).version, 3);
    }
}
