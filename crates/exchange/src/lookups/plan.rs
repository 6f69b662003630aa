//! The numbering plans of the world, from libphonenumber's metadata (`metadata.tsv`, written by
//! `scripts/phone-metadata`): which country a number is of, of what kind, how it is written there.

use super::pattern::Pattern;

/// The table: a line per territory.
const TABLE: &str = include_str!("metadata.tsv");

/// What kind of number the plan says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A place's.
    Fixed,
    /// A mobile network's.
    Mobile,
    /// Either: the plan does not tell them apart, as in North America.
    FixedOrMobile,
    /// Free for the caller.
    TollFree,
    /// Dear for the caller.
    Premium,
    /// Paid by both.
    SharedCost,
    /// Of a person, wherever they are.
    Personal,
    /// Internet telephony.
    Voip,
    /// A pager's.
    Pager,
    /// Of a company, wherever it is.
    Uan,
    /// Of a mailbox.
    Voicemail,
}

/// In the order of the table's columns.
const LINES: [Line; 10] = [
    Line::Fixed,
    Line::Mobile,
    Line::TollFree,
    Line::Premium,
    Line::SharedCost,
    Line::Personal,
    Line::Voip,
    Line::Pager,
    Line::Uan,
    Line::Voicemail,
];
/// The column of the first of [`LINES`].
const FIRST_LINE: usize = 6;
/// The column of formats.
const FORMATS: usize = FIRST_LINE + LINES.len();

/// A territory's line of the table.
#[derive(Debug, Clone)]
pub(super) struct Territory {
    fields: Vec<&'static str>,
}

impl Territory {
    fn field(&self, at: usize) -> &'static str {
        self.fields.get(at).copied().unwrap_or_default()
    }

    /// ISO alpha-2; `001` for codes of no country.
    pub(super) fn country(&self) -> &'static str {
        self.field(0)
    }

    /// The calling code.
    pub(super) fn code(&self) -> &'static str {
        self.field(1)
    }

    /// What is dialled before a number within the country.
    pub(super) fn national_prefix(&self) -> &'static str {
        self.field(3)
    }

    /// How many digits its numbers may have.
    pub(super) fn lengths(&self) -> impl Iterator<Item = usize> {
        self.field(4).split(',').filter_map(|text| text.parse().ok())
    }

    fn has(&self, column: usize, national: &str) -> bool {
        let text = self.field(column);
        !text.is_empty() && Pattern::read(text).is_some_and(|pattern| pattern.is_all(national))
    }

    /// The kind of a national number; `None` for one that is none of this territory.
    pub(super) fn line(&self, national: &str) -> Option<Line> {
        if !self.has(5, national) {
            return None;
        }
        // What costs is looked for first: ranges of places can be around it.
        let special = (2..LINES.len()).find(|at| self.has(FIRST_LINE + at, national));
        if let Some(at) = special {
            return Some(LINES[at]);
        }
        match (self.has(FIRST_LINE, national), self.has(FIRST_LINE + 1, national)) {
            (true, true) => Some(Line::FixedOrMobile),
            (true, false) => Some(Line::Fixed),
            (false, true) => Some(Line::Mobile),
            (false, false) => None,
        }
    }

    /// Whether a number that begins like this is this territory's, when that alone says so.
    fn begins(&self, national: &str) -> Option<bool> {
        let text = self.field(2);
        let pattern = Pattern::read(text).filter(|_| !text.is_empty())?;
        Some(pattern.begins(national))
    }

    /// A national number as it is written within the country.
    fn write(&self, national: &str) -> Option<String> {
        self.field(FORMATS).split(" ; ").find_map(|one| {
            let mut parts = one.split('>');
            let (pattern, format) = (Pattern::read(parts.next()?)?, parts.next()?);
            let (leading, rule) = (parts.next()?, parts.next()?);
            let fits = leading.is_empty() || Pattern::read(leading)?.begins(national);
            let groups = pattern.groups(national).filter(|_| fits)?;
            let format =
                if rule.is_empty() { format.to_owned() } else { format.replacen("$1", rule, 1) };
            let mut written = format;
            for (at, (start, end)) in groups.iter().enumerate().rev() {
                written = written.replace(&format!("${}", at + 1), &national[*start..*end]);
            }
            Some(written)
        })
    }
}

/// The territories that share the calling code that `digits` begin with, the main one first.
pub(super) fn territories(digits: &str) -> Vec<Territory> {
    let all = TABLE.lines().filter(|line| !line.starts_with('#'));
    let of_code = all.filter(|line| {
        let code = line.split('\t').nth(1).unwrap_or_default();
        !code.is_empty() && digits.starts_with(code)
    });
    of_code.map(|line| Territory { fields: line.split('\t').collect() }).collect()
}

/// The main territory of a country.
pub(super) fn of_country(country: &str) -> Option<Territory> {
    let line = TABLE.lines().find(|line| {
        !line.starts_with('#')
            && line.split('\t').next().is_some_and(|code| code.eq_ignore_ascii_case(country))
    })?;
    Some(Territory { fields: line.split('\t').collect() })
}

/// The territory of a national number among those that share a calling code, and its kind.
pub(super) fn place<'t>(
    territories: &'t [Territory],
    national: &str,
) -> Option<(&'t Territory, Line)> {
    territories.iter().find_map(|territory| {
        if territory.begins(national) == Some(false) {
            return None;
        }
        Some((territory, territory.line(national)?))
    })
}

/// A national number as it is written: by its own territory's rules, else by the main one's.
pub(super) fn written(territories: &[Territory], own: &Territory, national: &str) -> String {
    let main = territories.first().and_then(|main| main.write(national));
    own.write(national).or(main).unwrap_or_else(|| national.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_the_table_is_one_of_ours() {
        let mut count = 0;
        for line in TABLE.lines().skip(1) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), FORMATS + 1, "{line}");
            let formats = fields[FORMATS].split(" ; ").filter(|one| !one.is_empty());
            let formats = formats.flat_map(|one| {
                let parts: Vec<&str> = one.split('>').collect();
                assert_eq!(parts.len(), 4, "{one}");
                [parts[0], parts[2]]
            });
            let patterns = fields[5..FORMATS].iter().copied().chain([fields[2]]).chain(formats);
            for pattern in patterns {
                assert!(Pattern::read(pattern).is_some(), "{} {pattern}", fields[0]);
                count += 1;
            }
        }
        assert!(count > 3000, "{count}");
    }
}
