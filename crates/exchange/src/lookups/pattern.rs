//! The patterns of the numbering plans, matched against digits.
//!
//! They are a small part of regular expressions: digits, `\d`, classes, groups with alternatives,
//! and counts. They come from our own table and are as long as that has them; the digits are at most
//! as many as a number has, so going back and forth is cheap.

/// Something that is matched, and how often.
#[derive(Debug, Clone)]
struct Item {
    what: What,
    least: usize,
    most: usize,
}

#[derive(Debug, Clone)]
enum What {
    /// A digit of a set: bit n for digit n.
    Digit(u16),
    /// One of these; whether its place is asked for.
    Group(Vec<Vec<Item>>, bool),
}

/// A pattern, read.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Vec<Vec<Item>>);

/// Where the groups of a pattern matched.
type Groups = Vec<(usize, usize)>;

impl Pattern {
    /// Reads a pattern; `None` for what is none of ours.
    pub(super) fn read(text: &str) -> Option<Pattern> {
        let mut rest = text.as_bytes();
        let read = alternatives(&mut rest, 0)?;
        rest.is_empty().then_some(Pattern(read))
    }

    /// Whether all of `digits` match.
    pub(super) fn is_all(&self, digits: &str) -> bool {
        self.groups(digits).is_some()
    }

    /// Where the groups are, when all of `digits` match.
    pub(super) fn groups(&self, digits: &str) -> Option<Groups> {
        let digits = digits.as_bytes();
        let mut found = None;
        any(&self.0, digits, 0, &mut Vec::new(), &mut |end, groups| {
            let all = end == digits.len();
            if all {
                found = Some(groups.clone());
            }
            all
        });
        found
    }

    /// Whether `digits` begin with it.
    pub(super) fn begins(&self, digits: &str) -> bool {
        any(&self.0, digits.as_bytes(), 0, &mut Vec::new(), &mut |_, _| true)
    }
}

/// Groups in each other at most.
const DEPTH_MAX: usize = 16;

fn alternatives(rest: &mut &[u8], depth: usize) -> Option<Vec<Vec<Item>>> {
    let mut all = vec![Vec::new()];
    while let Some((first, after)) = rest.split_first() {
        match first {
            b')' => break,
            b'|' => {
                *rest = after;
                all.push(Vec::new());
            }
            _ => {
                let what = what(rest, depth)?;
                let (least, most) = count(rest)?;
                all.last_mut()?.push(Item { what, least, most });
            }
        }
    }
    Some(all)
}

fn what(rest: &mut &[u8], depth: usize) -> Option<What> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    match first {
        b'0'..=b'9' => Some(What::Digit(1 << (first - b'0'))),
        b'\\' => {
            *rest = rest.strip_prefix(b"d")?;
            Some(What::Digit(0x3ff))
        }
        b'[' => class(rest),
        b'(' if depth < DEPTH_MAX => {
            let inner = rest.strip_prefix(b"?:");
            *rest = inner.unwrap_or(rest);
            let all = alternatives(rest, depth + 1)?;
            *rest = rest.strip_prefix(b")")?;
            Some(What::Group(all, inner.is_none()))
        }
        _ => None,
    }
}

fn class(rest: &mut &[u8]) -> Option<What> {
    let end = rest.iter().position(|byte| *byte == b']')?;
    let (inside, after) = rest.split_at(end);
    *rest = &after[1..];
    let mut set = 0;
    let mut at = 0;
    while at < inside.len() {
        let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
        let first = digit(inside[at])?;
        let last = match inside.get(at + 1..at + 3) {
            Some(&[b'-', last]) => {
                at += 2;
                digit(last)?
            }
            _ => first,
        };
        at += 1;
        (first..=last).for_each(|digit| set |= 1 << digit);
    }
    Some(What::Digit(set))
}

fn count(rest: &mut &[u8]) -> Option<(usize, usize)> {
    match rest.first() {
        Some(b'?') => {
            *rest = &rest[1..];
            Some((0, 1))
        }
        Some(b'{') => {
            let end = rest.iter().position(|byte| *byte == b'}')?;
            let inside = std::str::from_utf8(&rest[1..end]).ok()?;
            *rest = &rest[end + 1..];
            let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
            Some((least.parse().ok()?, most.parse().ok()?))
        }
        _ => Some((1, 1)),
    }
}

type Then<'t> = dyn FnMut(usize, &mut Groups) -> bool + 't;

fn any(
    all: &[Vec<Item>],
    digits: &[u8],
    at: usize,
    groups: &mut Groups,
    then: &mut Then<'_>,
) -> bool {
    all.iter().any(|items| sequence((items, 0), digits, at, groups, then))
}

/// `items`, the first of which was matched so often already.
fn sequence(
    (items, so_far): (&[Item], usize),
    digits: &[u8],
    at: usize,
    groups: &mut Groups,
    then: &mut Then<'_>,
) -> bool {
    let Some((item, rest)) = items.split_first() else { return then(at, groups) };
    // As often as it can be; then what follows.
    if so_far < item.most {
        let again = match &item.what {
            What::Digit(set) => {
                let digit = digits.get(at).map(|byte| u32::from(byte.wrapping_sub(b'0')));
                let fits = digit.is_some_and(|digit| digit < 10 && set >> digit & 1 == 1);
                fits && sequence((items, so_far + 1), digits, at + 1, groups, then)
            }
            What::Group(all, kept) => any(all, digits, at, groups, &mut |end, groups| {
                let known = groups.len();
                if *kept {
                    groups.push((at, end));
                }
                let matched = sequence((items, so_far + 1), digits, end, groups, then);
                groups.truncate(if matched { groups.len() } else { known });
                matched
            }),
        };
        if again {
            return true;
        }
    }
    so_far >= item.least && sequence((rest, 0), digits, at, groups, then)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_regular_expressions_do() {
        for (pattern, digits, all, begins) in [
            ("", "", true, true),
            ("", "1", false, true),
            ("12", "12", true, true),
            ("12", "123", false, true),
            ("[2-46]\\d", "67", true, true),
            ("[2-46]\\d", "57", false, false),
            ("\\d{3}", "123", true, true),
            ("\\d{2,4}", "1", false, false),
            ("\\d{2,4}", "1234", true, true),
            ("1(?:2|34)?5", "15", true, true),
            ("1(?:2|34)?5", "1345", true, true),
            ("1(?:2|34)?5", "135", false, false),
            ("1|23", "23", true, true),
            ("(?:1|12)3", "123", true, true),
            ("(?:1\\d){2}", "1213", true, true),
        ] {
            let read = Pattern::read(pattern).expect(pattern);
            assert_eq!(
                (read.is_all(digits), read.begins(digits)),
                (all, begins),
                "{pattern} {digits}"
            );
        }
        let groups =
            Pattern::read("(\\d{3})(\\d{3,4})(\\d{4})").expect("read").groups("12345678901");
        assert_eq!(groups, Some(vec![(0, 3), (3, 7), (7, 11)]));
        for bad in ["(1", "1)", "[1", "a", "\\w", "1{x}", "1{2", "*"] {
            assert!(Pattern::read(bad).is_none(), "{bad}");
        }
        assert!(Pattern::read(&"(?:".repeat(100)).is_none());
    }
}
