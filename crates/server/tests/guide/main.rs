//! The guide (`docs/guide`) says what is so: its commands are typed into a real house, what it
//! shows is what they say, its documents are read without a problem, its tables of parameters are
//! those of the wire. In both languages.

mod check_signature;
mod documents;
mod packaging;
mod page;
mod parameters;
mod session;

/// Reads a page as somebody new would, and looks at what was sent meanwhile.
fn run(language: &str, name: &str) {
    let name = name.replace('_', "-");
    let page = page::read(language, &name);
    let mut session = session::Session::new();
    session.read(&page);
    parameters::what_was_sent_is_in_the_tables(&session, language, &page.path);
}

/// A test per page, and one that no page is forgotten.
macro_rules! pages {
    ($($name:ident)+) => {
        mod en {
            $(#[test]
            fn $name() {
                crate::run("en", stringify!($name));
            })+
        }

        mod es {
            $(#[test]
            fn $name() {
                crate::run("es", stringify!($name));
            })+
        }

        /// All pages, without the ones that list them.
        pub const PAGES: &[&str] = &[$(stringify!($name)),+];
    };
}

pages! {
    bins console first_minute limits local_testing products service signatures status_callbacks twiml_calls
        twiml_messages webhooks
}

#[test]
fn every_page_is_read_and_listed() {
    for language in ["en", "es"] {
        let folder = page::root().join("docs/guide").join(language);
        let mut found: Vec<String> = std::fs::read_dir(&folder)
            .expect("the folder")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .map(|name| name.trim_end_matches(".md").to_owned())
            .filter(|name| name != "README")
            .collect();
        found.sort_unstable();
        let names: Vec<String> = PAGES.iter().map(|name| name.replace('_', "-")).collect();
        assert_eq!(found, names, "{language}");
        let list = std::fs::read_to_string(folder.join("README.md")).expect("a list");
        for name in names {
            assert!(list.contains(&format!("({name}.md)")), "{language}: {name} is not listed");
        }
    }
}

#[test]
fn what_is_shown_is_compared() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    for (shown, said, same) in [
        ("a", "a", true),
        ("a", "b", false),
        ("a", "a\nb", false),
        ("a\n…", "a\nb\nc", true),
        ("…\nc", "a\nb\nc", true),
        ("…\nc", "a\nb\nd", false),
        ("SM… is sent", "SM12 is sent", true),
        ("SM… is sent", "SM12 is lost", false),
        ("…x…y", "1x2y", true),
        ("…x…y", "1y2x", false),
        ("", "a", false),
    ] {
        let said: Vec<&str> = said.lines().collect();
        assert_eq!(session::matches(&lines(shown), &said), same, "{shown:?} {said:?}");
    }
}
