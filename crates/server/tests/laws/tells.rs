//! Law 5: a status that must be told is saved with its tell, and a tell leaves only as a row.

use crate::rust_text::{closing, functions};
use crate::tree::Tree;
use crate::{Broken, kept};

/// How often a write is made that begins so; a pattern (`{ sid, .. }`) only reads one.
fn made_of(code: &str, begin: &str) -> usize {
    let made = code.match_indices(begin).filter(|(at, _)| {
        let open = at + begin.len() - 1;
        let fields = &code[open..=closing(code.as_bytes(), open)];
        let follows = code[open + fields.len()..].trim_start();
        !fields.contains("..") && !follows.starts_with("=>")
    });
    made.count()
}

fn told(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.sources_in("crates/server/src/") {
        for function in functions(&file.code) {
            if made_of(function.text, "Write::AdvanceMessage {") > 0
                && !function.text.contains("status::tell(")
            {
                broken.push(format!(
                    "{}:{}: {} advances a message without its tell",
                    file.path, function.line, function.name
                ));
            }
        }
    }
    broken
}

#[test]
fn a_status_is_never_saved_without_its_tell() {
    kept(
        told,
        &[(
            "crates/server/src/messages/stop.rs",
            "fn stop(sid: MessageSid) -> Write {\n Write::AdvanceMessage { sid, to: Canceled }\n}",
        )],
    );
}

/// Functions that may write a call's record without a tell: nothing of it that is told moves.
const CALL_WRITERS: &[(&str, &str, &str)] = &[
    ("crates/server/src/calls/ends.rs", "kept", "makes the write for those below"),
    ("crates/server/src/calls/dial.rs", "verdict", "who answered; told by the callback beside it"),
    ("crates/server/src/calls/updates.rs", "change", "the plan alone"),
];

/// A live call's record is written by who has moved it through `status::reach`, which gives the
/// tell, and saves that with it.
fn calls_told(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.sources_in("crates/server/src/") {
        let is_inside = file.path.starts_with("crates/server/src/calls/");
        for function in functions(&file.code) {
            let made = made_of(function.text, "Write::UpdateCall {");
            let writes = made > 0 || (is_inside && function.text.contains(" kept(&"));
            let names = |text: &&str| function.text.contains(*text);
            let told = names(&"status::reach(") && names(&".tell");
            let may = CALL_WRITERS
                .iter()
                .any(|(path, name, _)| file.path == *path && function.name == *name);
            if writes && !told && !may {
                broken.push(format!(
                    "{}:{}: {} writes a call without its tell",
                    file.path, function.line, function.name
                ));
            }
        }
    }
    broken
}

#[test]
fn a_call_is_never_moved_without_its_tell() {
    kept(
        calls_told,
        &[
            (
                "crates/server/src/calls/pauses.rs",
                "fn hold(&self, call: &Call) {\n let write = kept(&call, false);\n submit(write);\n}",
            ),
            (
                "crates/server/src/api/holds.rs",
                "fn hold(now: Box<Call>) -> Write {\n Write::UpdateCall { was: None, now, with_plan: false }\n}",
            ),
            (
                "crates/server/src/calls/pauses.rs",
                "fn hold(&self, call: &mut Call) {\n status::reach(call);\n let write = kept(&call, false);\n submit(write);\n}",
            ),
        ],
    );
}

/// Where requests to customers are made, and for what.
const SENDERS: &[(&str, &str)] = &[
    ("crates/server/src/webhooks/exchange.rs", "the one exchange of a row of webhooks"),
    ("crates/server/src/cli/check.rs", "reads a document that its user named"),
];

fn inline(tree: &Tree) -> Broken {
    let may = |path: &str| SENDERS.iter().any(|(sender, _)| path == *sender);
    let others = tree.sources_in("crates/server/src/").filter(|file| !may(&file.path));
    others.flat_map(|file| file.naming(&["client::Request"])).collect()
}

#[test]
fn a_webhook_leaves_only_as_a_row_of_the_store() {
    kept(inline, &[("crates/server/src/api/messages.rs", "use client::{Client, Request};")]);
}
