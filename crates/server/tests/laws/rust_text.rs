//! Just enough of Rust's grammar to read sources as text: what is code, which paths it names,
//! where its functions begin and end.

/// The text with comments and the insides of strings and characters blanked, line by line.
pub fn code_of(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => find(bytes, at, b"\n"),
            b'/' if bytes[at..].starts_with(b"/*") => block_comment(bytes, at),
            b'"' => string(bytes, at),
            b'r' | b'b' | b'c' if begins_word(bytes, at) => match raw_string(bytes, at) {
                Some(end) => end,
                None => {
                    at += 1;
                    continue;
                }
            },
            b'\'' => character(bytes, at),
            _ => {
                at += 1;
                continue;
            }
        };
        blank(&mut code[at..end]);
        at = end;
    }
    String::from_utf8_lossy(&code).into_owned()
}

/// The code without its `#[cfg(test)]` items.
pub fn without_tests(code: &str) -> String {
    let mut bytes = code.as_bytes().to_vec();
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let begin = from + found;
        let end = item_end(code.as_bytes(), begin + "#[cfg(test)]".len());
        blank(&mut bytes[begin..end]);
        from = end;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> usize {
    let found = bytes[from..].windows(what.len()).position(|window| window == what);
    found.map_or(bytes.len(), |found| from + found)
}

fn block_comment(bytes: &[u8], from: usize) -> usize {
    let (mut depth, mut at) = (0, from);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if bytes[at..].starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn string(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of `r"…"`, `r#"…"#`, `br"…"` and their like; strings with a prefix but without `r` are
/// found at their quote.
fn raw_string(bytes: &[u8], from: usize) -> Option<usize> {
    let prefix = bytes[from..].iter().take_while(|byte| b"rbc".contains(byte)).count();
    if !bytes[from..from + prefix].ends_with(b"r") {
        return None;
    }
    let hashes = bytes[from + prefix..].iter().take_while(|byte| **byte == b'#').count();
    let quote = from + prefix + hashes;
    if bytes.get(quote) != Some(&b'"') {
        return None;
    }
    let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
    Some((find(bytes, quote + 1, &close) + close.len()).min(bytes.len()))
}

/// The end of `'x'` or `'\n'`; of a lifetime, the end of its quote.
fn character(bytes: &[u8], from: usize) -> usize {
    if bytes.get(from + 1) == Some(&b'\\') {
        return (find(bytes, from + 3, b"'") + 1).min(bytes.len());
    }
    let long = std::str::from_utf8(&bytes[from + 1..(from + 5).min(bytes.len())]);
    let valid = long.unwrap_or_else(|error| {
        std::str::from_utf8(&bytes[from + 1..from + 1 + error.valid_up_to()]).unwrap_or("")
    });
    let Some(first) = valid.chars().next() else {
        return from + 1;
    };
    let close = from + 1 + first.len_utf8();
    if bytes.get(close) == Some(&b'\'') { close + 1 } else { from + 1 }
}

fn begins_word(bytes: &[u8], at: usize) -> bool {
    at == 0 || !is_word(bytes[at - 1])
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// The end of the item after `from`: its `;`, or the brace that closes it.
fn item_end(code: &[u8], from: usize) -> usize {
    let mut depth = 0usize;
    for (at, byte) in code.iter().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b';' if depth == 0 => return at + 1,
            b'{' => return closing(code, at) + 1,
            _ => {}
        }
    }
    code.len()
}

/// Where the bracket that opens at `open` closes.
pub fn closing(code: &[u8], open: usize) -> usize {
    let (begin, end) = match code[open] {
        b'(' => (b'(', b')'),
        b'[' => (b'[', b']'),
        _ => (b'{', b'}'),
    };
    let mut depth = 0;
    for (at, byte) in code.iter().enumerate().skip(open) {
        if *byte == begin {
            depth += 1;
        } else if *byte == end {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    code.len() - 1
}

/// A function of a source.
pub struct Function<'a> {
    /// Its name.
    pub name: &'a str,
    /// The line it begins on, from 1.
    pub line: usize,
    /// Its lines, from `fn` to the closing brace.
    pub lines: usize,
    /// The lines of its body, from the opening brace.
    pub body_lines: usize,
    /// Its parameters as written, without `self`.
    pub parameters: Vec<&'a str>,
    /// Everything from its parameters to the closing brace.
    pub text: &'a str,
}

/// The functions with a body, nested ones too.
pub fn functions(code: &str) -> Vec<Function<'_>> {
    let bytes = code.as_bytes();
    let mut all = Vec::new();
    for (begin, _) in code.match_indices("fn ") {
        if !begins_word(bytes, begin) {
            continue;
        }
        let name_at = begin + 3;
        let name_len = bytes[name_at..].iter().take_while(|byte| is_word(**byte)).count();
        // A type (`fn (…)`) or a macro's pattern (`fn $name`) has no name.
        let Some(open) = (name_len > 0).then(|| parameters_at(bytes, name_at + name_len)).flatten()
        else {
            continue;
        };
        let close = closing(bytes, open);
        let end = item_end(bytes, close + 1);
        if bytes[end - 1] == b';' {
            continue;
        }
        let body = close + code[close..end].find('{').unwrap_or(0);
        let count = |range: &str| range.bytes().filter(|byte| *byte == b'\n').count();
        all.push(Function {
            name: &code[name_at..name_at + name_len],
            line: count(&code[..begin]) + 1,
            lines: count(&code[begin..end]) + 1,
            body_lines: count(&code[body..end]) + 1,
            parameters: parameters(&code[open + 1..close]),
            text: &code[open..end],
        });
    }
    all
}

/// Where the parameters open, past the generics.
fn parameters_at(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0;
    for at in from..bytes.len() {
        match bytes[at] {
            b'<' => depth += 1,
            b'>' if bytes[at - 1] != b'-' => depth -= 1,
            b'(' if depth == 0 => return Some(at),
            b'{' | b';' => return None,
            _ => {}
        }
    }
    None
}

fn parameters(list: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut all) = (0, 0, Vec::new());
    let bytes = list.as_bytes();
    for (at, byte) in list.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' | b'<' => depth += 1,
            b'>' if bytes[at - 1] == b'-' => {}
            b')' | b']' | b'}' | b'>' => depth -= 1,
            b',' if depth == 0 => {
                all.push(&list[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    all.push(&list[begin..]);
    let is_self = |one: &str| one.split(':').next().unwrap_or("").trim().ends_with("self");
    all.into_iter().map(str::trim).filter(|one| !one.is_empty() && !is_self(one)).collect()
}

/// A path that code names, imports spelled out: `std::fs::read`.
pub struct Mention {
    /// The line, from 1.
    pub line: usize,
    /// The segments, joined with `::`.
    pub path: String,
}

impl Mention {
    /// Whether the path holds these segments, one after the other.
    pub fn names(&self, segments: &str) -> bool {
        format!("::{}::", self.path).contains(&format!("::{segments}::"))
    }
}

/// Every path of the code, in order.
pub fn mentions(code: &str) -> Vec<Mention> {
    let tokens = tokens(code);
    let mut all = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].1 == "use" {
            at = use_tree(&tokens, at + 1, "", &mut all);
        } else if is_name(tokens[at].1) {
            let line = tokens[at].0;
            let mut path = tokens[at].1.to_owned();
            while at + 2 < tokens.len() && tokens[at + 1].1 == "::" && is_name(tokens[at + 2].1) {
                path = format!("{path}::{}", tokens[at + 2].1);
                at += 2;
            }
            all.push(Mention { line, path });
            at += 1;
        } else {
            at += 1;
        }
    }
    all
}

/// Reads one tree of a `use`; gives back where it ended.
fn use_tree(
    tokens: &[(usize, &str)],
    mut at: usize,
    prefix: &str,
    all: &mut Vec<Mention>,
) -> usize {
    let mut path = prefix.to_owned();
    let mut line = tokens.get(at).map_or(0, |token| token.0);
    let mut has_branches = false;
    while let Some((found_at, token)) = tokens.get(at).copied() {
        match token {
            "::" => {}
            "{" => {
                has_branches = true;
                at += 1;
                while !matches!(tokens.get(at), None | Some((_, "}"))) {
                    at = use_tree(tokens, at, &path, all);
                    if matches!(tokens.get(at), Some((_, ","))) {
                        at += 1;
                    }
                }
            }
            // The new name says nothing about what is named.
            "as" => at += 1,
            "," | "}" | ";" => break,
            segment => {
                line = found_at;
                let gap = if path.is_empty() { "" } else { "::" };
                path = format!("{path}{gap}{segment}");
            }
        }
        at += 1;
    }
    if !has_branches {
        all.push(Mention { line, path });
    }
    at
}

fn is_name(token: &str) -> bool {
    token.bytes().next().is_some_and(|first| is_word(first) && !first.is_ascii_digit())
}

/// Words, `::`, and every other sign alone; each with its line.
fn tokens(code: &str) -> Vec<(usize, &str)> {
    let bytes = code.as_bytes();
    let (mut line, mut at, mut all) = (1, 0, Vec::new());
    while at < bytes.len() {
        let len = match bytes[at] {
            b'\n' => {
                line += 1;
                at += 1;
                continue;
            }
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            byte if is_word(byte) => bytes[at..].iter().take_while(|byte| is_word(**byte)).count(),
            b':' if bytes.get(at + 1) == Some(&b':') => 2,
            _ => 1,
        };
        all.push((line, &code[at..at + len]));
        at += len;
    }
    all
}

#[test]
fn comments_and_strings_are_no_code() {
    for (text, code) in [
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */ d */ e", "a                   e"),
        ("f(\"x \\\" y\", z)", "f(        , z)"),
        ("r#\"a\"b\"# c", "         c"),
        ("&'a str, 'b', '\\'', b'\"' d", "& a str,    ,     , b    d"),
        ("'é' x", "     x"),
    ] {
        assert_eq!(code_of(text), code, "{text}");
    }
}

#[test]
fn tests_beside_the_code_are_set_aside() {
    let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { { } }\n}\nfn c() {}\n";
    let names: Vec<_> = functions(&without_tests(code)).iter().map(|f| f.name.len()).collect();
    assert_eq!(names, [1, 1]);
    assert!(!without_tests(code).contains('b'));
}

#[test]
fn functions_have_their_lines_and_parameters() {
    let code = "impl A {\n pub fn b<F: Fn(u8) -> u8>(&mut self, c: [u8; 2], d: (u8, F)) -> u8\n \
                {\n  1\n }\n fn e();\n}";
    let all = functions(code);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].name, all[0].line, all[0].lines), ("b", 2, 4));
    assert_eq!(all[0].parameters, ["c: [u8; 2]", "d: (u8, F)"]);
}

#[test]
fn imports_are_spelled_out() {
    let code = "use std::{fs, io::{self, Read as R}};\nlet a = b::c(&d::<e::F>::g);";
    let paths: Vec<_> = mentions(code).into_iter().map(|mention| mention.path).collect();
    let expected =
        ["std::fs", "std::io::self", "std::io::Read", "let", "a", "b::c", "d", "e::F", "g"];
    assert_eq!(paths, expected);
}
