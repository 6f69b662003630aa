//! The receiver's end: which spellings of a URL pass, and what a refusal says.

use webhook::{Form, FormErrorKind, Key, Mismatch, Request, Verified, append_query, verify};

const TOKEN: &str = "12345";

fn text() -> Form {
    Form::from_pairs([("MessageSid", "SM1"), ("Body", "it's 5 o'clock"), ("FromCity", "")])
}

/// Signs a POST of [`text`] for one URL and lets it arrive at another.
fn post(signed: &str, seen: &str) -> Result<Verified, Mismatch> {
    let signature = Key::new(TOKEN).sign_form(signed, &text());
    arrive("POST", seen, &text().encode(), &signature)
}

/// Signs a URL alone and lets a request without body arrive.
fn get(signed: &str, seen: &str) -> Result<Verified, Mismatch> {
    arrive("GET", seen, "", &Key::new(TOKEN).sign_url(signed))
}

fn arrive(method: &str, url: &str, body: &str, signature: &str) -> Result<Verified, Mismatch> {
    let content_type = Some("Application/X-WWW-Form-Urlencoded ; charset=utf-8");
    let signature = Some(signature);
    verify(TOKEN, &Request { method, url, body: body.as_bytes(), content_type, signature })
}

#[test]
fn spellings_of_the_same_url_pass() {
    let cases = [
        // signed, seen
        ("https://h.com/a", "https://h.com/a#rc=2"),
        ("https://h.com:443/a", "https://h.com/a"),
        ("https://h.com/a", "https://h.com:443/a"),
        ("https://h.com/a", "https://h.com:8443/a"),
        ("http://h.com:80/a", "http://h.com/a"),
        ("http://[::1]/a", "http://[::1]:8080/a"),
        ("https://h.com/a", "https://user:pass@h.com/a"),
        ("https://user:pass@h.com:443/a", "https://user:pass@h.com/a"),
        ("https://h.com/a", "HTTPS://H.com/a"),
        ("https://h.com", "https://h.com/"),
        ("https://h.com/", "https://h.com"),
        ("https://h.com?a=b", "https://h.com/?a=b"),
        ("https://h.com/a?", "https://h.com/a"),
        ("https://h.com/a", "https://h.com/a?"),
        ("https://h.com?", "https://h.com/"),
        ("https://h.com", "https://h.com/?"),
        ("https://h.com/a?q=it%27s", "https://h.com/a?q=it's"),
        ("https://h.com/a?q=%22x%22&u=%C3%A9", "https://h.com/a?q=\"x\"&u=é"),
        ("https://h.com/a?q=it's&x=a%20b", "https://h.com/a?q=it%27s&x=a+b"),
        ("https://h.com/a?x=1&x=3&y=2&z=", "https://h.com/a?x=1&y=2&x=3&z"),
    ];
    for (signed, seen) in cases {
        let verified = post(signed, seen).unwrap_or_else(|why| panic!("{seen}: {why}"));
        assert_eq!(verified, Verified { url: signed.to_owned(), parameters: text() });
        assert_eq!(get(signed, seen).map(|verified| verified.url).as_deref(), Ok(signed));
    }
}

#[test]
fn a_socket_passes_with_and_without_its_last_slash() {
    for (signed, seen) in [
        ("wss://h.com/media/", "wss://h.com/media/"),
        ("wss://h.com/media", "wss://h.com/media/"),
        ("wss://h.com", "wss://h.com/"),
        ("wss://h.com/media", "wss://h.com:8443/media"),
    ] {
        assert_eq!(get(signed, seen).map(|verified| verified.url).as_deref(), Ok(signed));
    }
}

#[test]
fn a_refusal_names_the_scheme_port_path_or_query_that_was_signed() {
    type Expected = fn(&Mismatch) -> bool;
    let cases: [(&str, &str, Expected); 10] = [
        ("https://h.com/a", "http://h.com/a", |why| {
            matches!(why, Mismatch::SignedForOtherScheme { scheme, seen, .. }
                if scheme == "https" && seen == "http")
        }),
        ("https://h.com/a", "http://h.com:8080/a", |why| {
            matches!(why, Mismatch::SignedForOtherScheme { .. })
        }),
        ("https://h.com/a/", "http://h.com/a", |why| {
            matches!(why, Mismatch::SignedForOtherScheme { .. })
        }),
        (
            "http://h.com/a",
            "https://h.com/a",
            |why| matches!(why, Mismatch::SignedForOtherScheme { scheme, .. } if scheme == "http"),
        ),
        (
            "wss://h.com/media",
            "https://h.com/media",
            |why| matches!(why, Mismatch::SignedForOtherScheme { scheme, .. } if scheme == "wss"),
        ),
        ("https://h.com:8443/a", "https://h.com/a", |why| {
            matches!(why, Mismatch::SignedForOtherPort { .. })
        }),
        ("http://h.com:3000/a?b=c", "http://h.com:4000/a?b=c", |why| {
            matches!(why, Mismatch::SignedForOtherPort { .. })
        }),
        ("https://h.com/a/", "https://h.com/a", |why| {
            matches!(why, Mismatch::SignedForOtherPath { .. })
        }),
        ("https://h.com/a?b=c", "https://h.com/a/?b=c", |why| {
            matches!(why, Mismatch::SignedForOtherPath { .. })
        }),
        ("https://h.com/a", "https://h.com/a?added=1", |why| {
            matches!(why, Mismatch::SignedForOtherQuery { .. })
        }),
    ];
    for (signed, seen, expected) in cases {
        for why in [post(signed, seen).unwrap_err(), get(signed, seen).unwrap_err()] {
            assert!(expected(&why), "{signed} seen as {seen}: {why}");
            assert_eq!(why.signed_url(), Some(signed));
            assert!(why.reason().contains(signed), "{why}");
        }
    }
}

#[test]
fn a_refusal_names_the_method_that_was_signed() {
    let url = append_query("https://h.com/a?x=1", &text());
    let as_get = Key::new(TOKEN).sign_url(&url);
    let why = arrive("POST", "https://h.com/a?x=1", &text().encode(), &as_get).unwrap_err();
    let expected = Mismatch::SignedForOtherMethod { method: "GET", seen: "POST".into(), url };
    assert_eq!(why, expected);

    for signed in ["https://h.com/a?x=1&y", "https://h.com/a"] {
        let as_post = Key::new(TOKEN).sign_form(signed, &text());
        let why = arrive("get", &append_query(signed, &text()), "", &as_post).unwrap_err();
        let expected = Mismatch::SignedForOtherMethod {
            method: "POST",
            seen: "GET".into(),
            url: signed.into(),
        };
        assert_eq!(why, expected);
    }
}

#[test]
fn a_refusal_names_the_parameter_that_was_added_or_padded() {
    let url = "https://h.com/a".to_owned();
    let signature = Key::new(TOKEN).sign_form(&url, &text());

    let mut added = text();
    added.push("controller", "webhooks");
    let why = arrive("POST", &url, &added.encode(), &signature).unwrap_err();
    assert_eq!(why, Mismatch::ParameterChanged { name: "controller".into(), url: url.clone() });

    let mut padded = text();
    padded.set("Body", " it's 5 o'clock\n");
    let why = arrive("POST", &url, &padded.encode(), &signature).unwrap_err();
    assert_eq!(why, Mismatch::ParameterChanged { name: "Body".into(), url: url.clone() });

    let alone = Key::new(TOKEN).sign_url(&url);
    let why = arrive("POST", &url, &text().encode(), &alone).unwrap_err();
    assert_eq!(why, Mismatch::SignedWithoutParameters { url });
}

#[test]
fn a_body_whose_hash_was_lost_from_the_query_is_explained() {
    let (signed, signature) = Key::new(TOKEN).sign_body("https://h.com/a?x=1", b"{}");
    let request = Request {
        method: "POST",
        url: "https://h.com/a?x=1",
        body: b"{}",
        content_type: Some("application/json"),
        signature: Some(&signature),
    };
    let why = verify(TOKEN, &request).unwrap_err();
    assert_eq!(why, Mismatch::SignedForOtherQuery { url: signed.clone() });

    let request = Request { url: &signed, ..request };
    assert_eq!(verify(TOKEN, &request).unwrap().parameters.get("x"), Some("1"));
    let why = verify("other", &request).unwrap_err();
    assert_eq!(why, Mismatch::WrongTokenOrUrl);
}

#[test]
fn the_last_body_hash_counts_when_the_url_had_one_of_its_own() {
    let (url, signature) = Key::new(TOKEN).sign_body("https://h.com/a?bodySHA256=old", b"{}");
    let request = Request {
        method: "POST",
        url: &url,
        body: b"{}",
        content_type: Some("application/json"),
        signature: Some(&signature),
    };
    assert!(verify(TOKEN, &request).is_ok());
    // A sender that treats forms like any other body is believed too: the hash protects them.
    let body = text().encode();
    let (url, signature) = Key::new(TOKEN).sign_body("https://h.com/a", body.as_bytes());
    assert!(arrive("POST", &url, &body, &signature).is_ok());
    assert!(arrive("POST", &url, "MessageSid=SM2", &signature).is_err());
}

#[test]
fn what_is_no_signature_is_told_apart_from_a_wrong_one() {
    use Mismatch::{MalformedSignature, MissingSignature, WrongTokenOrUrl};
    let url = "https://h.com/a";
    let cases = [
        (None, MissingSignature),
        (Some(""), MissingSignature),
        (Some("RSOYDt4T1cUTdK1PDd93/VVr8B8"), MalformedSignature),
        (Some("RSOYDt4T1cUTdK1PDd93_VVr8B8="), MalformedSignature),
        (Some("RSOYDt4T1cUTdK1PDd93/VVr8B8=="), MalformedSignature),
        (Some("RSOYDt4T1cUTdK1PDd93/VVr8B8B"), MalformedSignature),
        (Some("RSOYDt4T1cUTdK1PDd93/VVr8B9="), MalformedSignature), // bits after the last byte
        (Some("ééééééééééééé="), MalformedSignature),
        (Some("RSOYDt4T1cUTdK1PDd93/VVr8B8="), WrongTokenOrUrl),
    ];
    for (signature, expected) in cases {
        let request = Request { method: "POST", url, body: b"", content_type: None, signature };
        assert_eq!(verify(TOKEN, &request), Err(expected), "{signature:?}");
    }
}

#[test]
fn a_form_that_cannot_be_read_is_refused_with_its_position() {
    let signature = Key::new(TOKEN).sign_url("https://h.com/a");
    let why = arrive("POST", "https://h.com/a", "Body=100%", &signature).unwrap_err();
    let Mismatch::UnreadableBody(error) = why else { panic!("{why}") };
    assert_eq!((error.kind, error.at_byte), (FormErrorKind::BadEscape, 8));
}

#[test]
fn the_body_of_a_get_plays_no_part() {
    let url = "https://h.com/a?Body=hi";
    let verified = arrive("GET", url, "%%%", &Key::new(TOKEN).sign_url(url)).unwrap();
    assert_eq!(verified.parameters, Form::from_pairs([("Body", "hi")]));
}

#[test]
fn a_url_that_is_none_is_refused_quietly() {
    for seen in ["", "/a", "h.com/a", "https://", "://", "https:///?", "https://]:@[:/"] {
        assert_eq!(post("https://h.com/a", seen), Err(Mismatch::WrongTokenOrUrl), "{seen}");
        assert!(post(seen, seen).is_ok(), "{seen}");
    }
}

#[test]
fn a_huge_forged_request_gets_no_explanation() {
    let mut form = text();
    form.push("Filler", "x".repeat(40_000));
    let signature = Key::new(TOKEN).sign_form("https://h.com/a", &form);
    let body = form.encode();
    assert!(arrive("POST", "https://h.com/a", &body, &signature).is_ok());
    let why = arrive("POST", "http://h.com/a", &body, &signature).unwrap_err();
    assert_eq!(why, Mismatch::WrongTokenOrUrl);
}
