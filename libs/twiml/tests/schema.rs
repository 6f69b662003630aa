//! Every element and attribute of the schema is read, written back, defaulted and checked.

mod table;

use table::{Row, bad, content, document, element, good, read, rows, tag};
use twiml::Realm;

/// The attribute rows with each place their element can stand.
fn attributes(rows: &[Row]) -> impl Iterator<Item = (&Row, &'static str)> {
    let attributes = rows.iter().filter(|row| !row.is_content());
    let places = attributes.flat_map(|row| row.parents.iter().map(move |parent| (row, *parent)));
    places.filter(|(row, parent)| (row.attribute, *parent) != ("digits", "Gather"))
}

fn with(rows: &[Row], row: &Row, parent: &str, value: &str) -> (String, Realm) {
    let inside = content(rows, row.element);
    document(rows, &element(row.element, &[(row.attribute, value)], inside), parent)
}

fn without(rows: &[Row], row: &Row, parent: &str) -> (String, Realm) {
    document(rows, &element(row.element, &[], content(rows, row.element)), parent)
}

#[test]
fn every_element_stands_where_it_may() {
    let rows = rows();
    for row in rows.iter().filter(|row| row.is_content()) {
        for parent in &row.parents {
            let (xml, realm) = without(&rows, row, parent);
            let (read_one, problems) = read(&xml, realm);
            assert_eq!(problems, [], "{xml}");
            let written = read_one.to_xml();
            assert_eq!(read(&written, realm), (read_one, vec![]), "{xml} written as {written}");
        }
    }
}

#[test]
fn every_value_of_every_attribute_is_read_and_written_back() {
    let rows = rows();
    let mut count = 0;
    for (row, parent) in attributes(&rows) {
        for value in good(row.kind) {
            let (xml, realm) = with(&rows, row, parent, &value);
            let (document, problems) = read(&xml, realm);
            assert_eq!(problems, [], "{xml}");
            let written = document.to_xml();
            // A required attribute is written whatever it is; another only if it is no default.
            let alias =
                row.kind.ends_with("any,true,false") && good("one true,false").contains(&value);
            if value != row.default && !alias {
                let name = format!(" {}=\"", row.attribute);
                assert!(written.contains(&name), "{xml} written as {written}");
            }
            assert_eq!(read(&written, realm), (document, vec![]), "{xml} written as {written}");
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn a_text_is_written_back_as_it_was() {
    let rows = rows();
    for (row, parent) in attributes(&rows) {
        for value in good(row.kind).iter().filter(|_| row.kind == "text" || row.kind == "url") {
            let (xml, realm) = with(&rows, row, parent, value);
            let written = read(&xml, realm).0.to_xml().replace("&gt;", ">");
            let attribute = format!(" {}=\"{}\"", row.attribute, table::escape(value));
            assert!(written.contains(&attribute), "{xml} written as {written}");
        }
    }
}

#[test]
fn a_default_is_the_same_as_nothing() {
    let rows = rows();
    let mut count = 0;
    for (row, parent) in attributes(&rows).filter(|(row, _)| row.default != "-") {
        let (xml, realm) = with(&rows, row, parent, row.default);
        let (document, problems) = read(&xml, realm);
        assert_eq!(problems, [], "{xml}");
        let (bare, realm) = without(&rows, row, parent);
        assert_eq!(document, read(&bare, realm).0, "{xml}");
        count += 1;
    }
    assert!(count > 150, "{count}");
}

#[test]
fn a_bad_value_is_one_problem_and_leaves_the_default() {
    let rows = rows();
    for (row, parent) in attributes(&rows) {
        for value in bad(row.kind) {
            let (xml, realm) = with(&rows, row, parent, &value);
            let (document, problems) = read(&xml, realm);
            assert_eq!(problems.len(), 1, "{xml}: {problems:?}");
            let problem = &problems[0];
            assert!(problem.message.contains(row.attribute), "{problem}");
            let at = xml.find(&format!(" {}=\"", row.attribute)).unwrap_or_default() + 2;
            assert_eq!((problem.at.line, problem.at.column as usize), (1, at), "{xml}");
            // A message goes nowhere rather than to somebody else, a bad socket is kept, and
            // without its name or code an element is skipped.
            let needed = matches!(row.element, "Parameter" | "Config" | "Header" | "Language");
            if needed || matches!(row.kind, "url" | "wss" | "to" | "from") {
                continue;
            }
            let (bare, realm) = without(&rows, row, parent);
            assert_eq!(document, read(&bare, realm).0, "{xml}");
        }
    }
}

#[test]
fn an_unknown_attribute_is_a_problem_and_nothing_else() {
    let rows = rows();
    for row in rows.iter().filter(|row| row.is_content()) {
        for parent in &row.parents {
            // Wrong case is as unknown as a word of no language.
            for name in ["bogus", "Action", "VOICE"] {
                let attributes = [(name, "1")];
                let inside = content(&rows, row.element);
                let (xml, realm) =
                    document(&rows, &element(row.element, &attributes, inside), parent);
                let (document, problems) = read(&xml, realm);
                let expected = format!(
                    "Attribute '{name}' is not allowed to appear in element '{}'.",
                    tag(row.element)
                );
                let messages: Vec<_> = problems.iter().map(|p| (p.code, &*p.message)).collect();
                assert_eq!(messages, [(12200, &*expected)], "{xml}");
                let (bare, realm) = without(&rows, row, parent);
                assert_eq!(document, read(&bare, realm).0, "{xml}");
            }
        }
    }
}

#[test]
fn an_element_stands_nowhere_else() {
    let rows = rows();
    let elements: Vec<&Row> = rows.iter().filter(|row| row.is_content()).collect();
    let stands = |element: &str, parent: &str| {
        elements.iter().any(|row| tag(row.element) == tag(element) && row.parents.contains(&parent))
    };
    let mut parents: Vec<&str> = elements.iter().map(|row| row.element).collect();
    parents.extend(["Response", "Messaging"]);
    for row in &elements {
        for parent in parents.iter().filter(|parent| !parent.contains(' ')) {
            if stands(row.element, parent) || (row.element, *parent) == ("Sms", "Messaging") {
                continue;
            }
            let inner = element(row.element, &[], content(&rows, row.element));
            let (xml, realm) = document(&rows, &inner, parent);
            let (document, problems) = read(&xml, realm);
            let code = |problem: &twiml::Problem| {
                matches!(problem.code, 12200 | 13215 | 13320 | 14110 | 14300)
            };
            assert!(problems.iter().any(code), "{xml}: {problems:?}");
            // What was skipped is not in what is left, which stands without it.
            let written = document.to_xml();
            assert_eq!(read(&written, realm).0, document, "{xml} written as {written}");
        }
    }
}

#[test]
fn names_count_in_their_exact_case() {
    let rows = rows();
    for row in rows.iter().filter(|row| row.is_content()) {
        let name = tag(row.element);
        let flipped = if name.starts_with(char::is_uppercase) {
            name.to_lowercase()
        } else {
            name[..1].to_uppercase() + &name[1..]
        };
        let inner = format!("<{flipped}/>");
        let (xml, realm) = document(&rows, &inner, row.parents[0]);
        let (_, problems) = read(&xml, realm);
        let expected = format!("Invalid content was found starting with element '{flipped}'.");
        // `S` and `P` in another case are no elements either.
        assert!(
            problems.iter().any(|problem| problem.message.starts_with(&expected)),
            "{xml}: {problems:?}"
        );
    }
}
