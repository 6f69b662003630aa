//! `--map PUBLIC=LOCAL`: requests for a public URL are signed for it and connected elsewhere.
//!
//! The map plays the part of the tunnel or proxy in front of the application: the `Host` header
//! stays public, only the place that is dialled changes. Read from the flag by the server, used
//! once per attempt by the client.
//! A mapped place is the operator's own choice, so the guard is not asked about it.

use std::borrow::Cow;
use std::str::FromStr;

use exchange::webhooks::url::Url;

/// One mapping of a URL prefix to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    public: Url,
    local: Url,
}

/// Why a `--map` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("--map {text:?} cannot be used: {why}")]
pub struct MapError {
    text: String,
    why: String,
}

impl FromStr for Map {
    type Err = MapError;

    /// Reads `https://app.example.com=http://localhost:3000`, each side a URL with or without a
    /// path, and nothing behind the path.
    fn from_str(text: &str) -> Result<Map, MapError> {
        let error = |why: String| MapError { text: text.to_owned(), why };
        // Paths may contain an equals sign; the second URL begins where "=http" does.
        let Some(at) = text.find("=http").or_else(|| text.find('=')) else {
            return Err(error("it has to be PUBLIC=LOCAL".to_owned()));
        };
        let read = |side: &str| {
            let url = Url::parse(side).map_err(|bad| error(bad.to_string()))?;
            let extra =
                url.credentials().is_some() || url.fragment().is_some() || side.contains('?');
            if extra {
                return Err(error("a side is scheme, host, port and path only".to_owned()));
            }
            Ok(url)
        };
        Ok(Map { public: read(&text[..at])?, local: read(&text[at + 1..])? })
    }
}

impl Map {
    /// The public URL, and where it is answered.
    pub fn sides(&self) -> (String, String) {
        (self.public.to_string(), self.local.to_string())
    }

    fn prefix(&self) -> &str {
        self.public.target().trim_end_matches('/')
    }

    /// What remains of `target` behind the public prefix, if the URL lies below it.
    fn rest<'t>(&self, url: &Url, target: &'t str) -> Option<&'t str> {
        if !self.public.same_origin(url) {
            return None;
        }
        let rest = target.strip_prefix(self.prefix())?;
        (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
    }
}

/// Where a request is sent: whose scheme, host and port, and with which path and query.
pub(crate) struct Target<'a> {
    pub url: &'a Url,
    pub path: Cow<'a, str>,
    pub mapped: bool,
}

/// Finds the place for `url`, whose path and query as requested are `target`. The longest public
/// prefix wins.
pub(crate) fn target<'a>(maps: &'a [Map], url: &'a Url, target: &'a str) -> Target<'a> {
    let fitting = maps.iter().filter_map(|map| map.rest(url, target).map(|rest| (map, rest)));
    match fitting.max_by_key(|(map, _)| map.prefix().len()) {
        None => Target { url, path: with_slash(Cow::Borrowed(target)), mapped: false },
        Some((map, rest)) => {
            let path = format!("{}{rest}", map.local.target().trim_end_matches('/'));
            Target { url: &map.local, path: with_slash(Cow::Owned(path)), mapped: true }
        }
    }
}

/// A request line needs a path, even where the signed URL has none.
fn with_slash(target: Cow<'_, str>) -> Cow<'_, str> {
    if target.starts_with('/') { target } else { Cow::Owned(format!("/{target}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maps(texts: &[&str]) -> Vec<Map> {
        texts.iter().map(|text| text.parse().expect("a valid map")).collect()
    }

    #[test]
    fn the_longest_prefix_decides_where_a_request_goes() {
        let maps = maps(&[
            "https://app.example=http://localhost:3000",
            "https://app.example/v2/=http://localhost:4000/api",
            "http://app.example:8080/a=b=https://other.example/",
        ]);
        for (url, expected) in [
            ("https://app.example", "localhost:3000 /"),
            ("https://APP.example:443/x?y", "localhost:3000 /x?y"),
            ("https://app.example?y", "localhost:3000 /?y"),
            ("https://app.example/v2", "localhost:4000 /api"),
            ("https://app.example/v2/x", "localhost:4000 /api/x"),
            ("https://app.example/v2?x", "localhost:4000 /api?x"),
            ("https://app.example/v22", "localhost:3000 /v22"),
            ("http://app.example:8080/a=b/c", "other.example /c"),
            ("http://app.example/x", "app.example /x"),
            ("https://app.example:444", "app.example:444 /"),
            ("https://x.app.example?q", "x.app.example /?q"),
        ] {
            let url = Url::parse(url).expect("valid");
            let target = target(&maps, &url, url.target());
            assert_eq!(format!("{} {}", target.url.host_header(), target.path), expected);
        }
    }

    #[test]
    fn unusable_maps_are_refused_with_their_text() {
        for text in
            ["", "x", "https://a.example", "a=b", "https://a=ftp://b", "https://a?x=http://b"]
        {
            let error = text.parse::<Map>().expect_err(text).to_string();
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
    }
}
