//! What a 3xx answer means: which are followed, how often, and with which method.
//!
//! Called by the guarded client after each answer.
//! It never sends anything; the guard judges the new address when it is dialled.
//! The contract is spec/webhooks.md 1.5.

use super::failure::Failure;
use super::url::Url;
use crate::numbers::Method;

/// Redirects followed in one exchange; the next one is 11215.
pub const REDIRECTS_MAX: u32 = 10;

/// Where a redirect leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The new address. Connection overrides in its fragment have no effect.
    pub url: Url,
    /// The method of the next request. A POST that became a GET has lost its parameters.
    pub method: Method,
}

/// Whether the status asks for another request elsewhere (any 3xx does).
pub fn is_redirect(status: u16) -> bool {
    (300..400).contains(&status)
}

/// Decides on a 3xx answer to a `method` request for `from`, after `followed` earlier redirects.
///
/// # Errors
/// 11216 for a code other than 301, 302, 303, 307 and for a missing or unusable `Location`;
/// 11215 when [`REDIRECTS_MAX`] were followed already.
pub fn follow(
    status: u16,
    location: Option<&str>,
    from: &Url,
    method: Method,
    followed: u32,
) -> Result<Hop, Failure> {
    let method = match status {
        // What browsers do, and what customers see: the parameters of a POST are lost.
        301..=303 => Method::Get,
        307 => method,
        _ => {
            return Err(Failure::BadRedirect(format!("status {status} is not followed")));
        }
    };
    let Some(location) = location.filter(|text| !text.is_empty()) else {
        return Err(Failure::BadRedirect(format!("status {status} came without a Location")));
    };
    if followed >= REDIRECTS_MAX {
        return Err(Failure::TooManyRedirects);
    }
    match from.join(location) {
        Ok(url) => Ok(Hop { url, method }),
        Err(error) => Err(Failure::BadRedirect(format!("the Location cannot be used: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(status: u16, location: Option<&str>, method: Method) -> Result<Hop, Failure> {
        let from = Url::parse("https://u:p@app.example/a/b?x=1").expect("valid");
        follow(status, location, &from, method, 0)
    }

    #[test]
    fn four_codes_are_followed_and_only_307_keeps_a_post() {
        for (status, sent, next) in [
            (301, Method::Post, Method::Get),
            (302, Method::Post, Method::Get),
            (303, Method::Post, Method::Get),
            (307, Method::Post, Method::Post),
            (301, Method::Get, Method::Get),
            (307, Method::Get, Method::Get),
        ] {
            let hop = after(status, Some("../c"), sent).expect("followed");
            assert_eq!((hop.method, hop.url.bare()), (next, "https://app.example/c"), "{status}");
        }
    }

    #[test]
    fn other_codes_and_bad_locations_are_11216() {
        for (status, location) in [
            (300, Some("/c")),
            (304, None),
            (305, Some("/c")),
            (306, Some("/c")),
            (308, Some("/c")),
            (399, Some("/c")),
            (302, None),
            (302, Some("")),
            (302, Some("ftp://a/")),
            (302, Some("javascript:alert(1)")),
            (302, Some("http://")),
        ] {
            let failure = after(status, location, Method::Post).expect_err("refused");
            assert_eq!(failure.code(), 11216, "{status} {location:?}");
        }
    }

    #[test]
    fn the_eleventh_redirect_is_11215() {
        let from = Url::parse("http://a.example/").expect("valid");
        assert!(follow(302, Some("/x"), &from, Method::Get, REDIRECTS_MAX - 1).is_ok());
        let failure = follow(302, Some("/x"), &from, Method::Get, REDIRECTS_MAX);
        assert_eq!(failure.expect_err("too many").code(), 11215);
    }

    #[test]
    fn userinfo_stays_with_relative_locations_only() {
        let login = |to| after(307, Some(to), Method::Post).expect("followed").url;
        assert!(login("/x").credentials().is_some());
        assert!(login("https://app.example/x").credentials().is_none());
        assert!(login("//evil.example/x").credentials().is_none());
    }
}
