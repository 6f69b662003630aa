//! What must hold for any template of a bin: run by the fuzz target, and over the corpus as a
//! plain test.
//!
//! No text panics the parser, the renderer or the check; what passes renders within its limit; a
//! text without tags renders itself.

use exchange::bins::Template;
use exchange::bins::check::check;
use exchange::bins::render::RENDERED_BYTES_MAX;

/// The input is a template, a line of its own with `----`, and a value for every name.
pub fn mustache(input: &str) {
    let (template, value) = input.split_once("\n----\n").unwrap_or((input, "value"));
    let found = check(template);
    match Template::parse(template) {
        Err(error) => {
            let fatal = found.fatal.expect("what cannot be parsed does not pass");
            assert_eq!(
                (error.code, error.line, error.column),
                (fatal.code, fatal.at.line, fatal.at.column)
            );
        }
        Ok(parsed) => {
            let names = ["A", "B", "Body", "A", "B"];
            let params: Vec<_> = names.map(|name| (name.to_owned(), value.to_owned())).into();
            if let Ok(text) = parsed.render(&params) {
                assert!(text.len() <= RENDERED_BYTES_MAX);
                assert!(template.contains("{{") || text == template);
            }
        }
    }
}
