//! Signatures that Twilio, its SDKs' tests and we ourselves have published, one table.

use webhook::{Form, Key, Mismatch, Request, append_query, verify};

const U: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const BODY: &[u8] = br#"{"property": "value", "boolean": true}"#;
const BODY_HASH: &str = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
const JSON: Option<&str> = Some("application/json");

type Pairs = &'static [(&'static str, &'static str)];

const CALL: Pairs = &[
    ("To", "+18005551212"),
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("Caller", "+14158675309"),
    ("From", "+14158675309"),
];
const OTHER_CALLER: Pairs = &[
    ("To", "+18005551212"),
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("Caller", "+14158675310"),
    ("From", "+14158675310"),
];
const CONFERENCE: Pairs = &[
    ("ReasonConferenceEnded", "test"),
    ("Reason", "Participant"),
    ("To", "+18005551212"),
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("Caller", "+14158675309"),
    ("From", "+14158675309"),
];
const REPEATED: Pairs = &[
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
];
const EMPTY_VALUES: Pairs = &[("Digits", ""), ("CallSid", "CA1234567890ABCDE"), ("NullParam", "")];
const GREEK: Pairs =
    &[("Zebra", "last"), ("Alpha", "first"), ("Beta", "second"), ("Gamma", "third")];

/// Number in the contract, token, URL, parameters, signature.
const FORMS: &[(u8, &str, &str, Pairs, &str)] = &[
    (1, "12345", U, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (
        2,
        "12345",
        "https://mycompany.com:443/myapp.php?foo=1&bar=2",
        CALL,
        "kvajT1Ptam85bY51eRf/AJRuM3w=",
    ),
    (
        3,
        "12345",
        "https://mycompany.com:1234/myapp.php?foo=1&bar=2",
        CALL,
        "CYn1h0gLBdNxDGkKJg6hYohgeD8=",
    ),
    (
        4,
        "12345",
        "http://mycompany.com:80/myapp.php?foo=1&bar=2",
        CALL,
        "0ZXoZLH/DfblKGATFgpif+LLRf4=",
    ),
    (
        5,
        "12345",
        "http://mycompany.com:1234/myapp.php?foo=1&bar=2",
        CALL,
        "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
    ),
    (9, "12345", U, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    (11, "12345", U, CONFERENCE, "vOEb5UThFn24KEfnOFLQY2AE5FY="),
    (
        12,
        "12345",
        "http://mycompany.com/myapp.php?foo=1&bar=2",
        CONFERENCE,
        "n2xBNyzSW7rfYStDtOFiFMv7qNo=",
    ),
    (14, "12345", U, &[("property", "value"), ("boolean", "true")], "NBdBDr/T/lgjI+tlgpXjKZQZs/k="),
    (15, "12345", U, &[], "zYQTYrRWXE7LtzbG4PfP7/bkkGo="),
    (16, "12345", "https://mycompany.com/myapp.php", CALL, "1xaxFBvyzXYvWplzNOSs28HWO94="),
    (
        17,
        "12345",
        "https://mycompany.com/myapp.php?foo=1&bar=2\
         &type=thiswontbeusedinthesignaturegeneratorandsoshouldbeignored",
        CALL,
        "hYkNsTBttoNGkyCS0p+wWmQoRTg=",
    ),
    (21, "12345", U, EMPTY_VALUES, "L9lTTwIlxM1xGAtLRwhOSZggRhM="),
    (22, "12345", U, GREEK, "enveUe73ZTVLAekHxez3Qx6JuuQ="),
    (
        26,
        "12345",
        "https://MyCompany.com/myapp.php?foo=1&bar=2",
        CALL,
        "g9IN/x4Cft2g517EjYvEvM/W7LU=",
    ),
    (
        28,
        "12345",
        "http://username:password@MyCompany.com/myapp.php?foo=1&bar=2",
        CALL,
        "PJ08CxXr7KLPjEQCTc8LkUSMwSM=",
    ),
    (
        29,
        "12345",
        "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2",
        CALL,
        "CukzLTc1tT5dXEDIHm/tKBanW10=",
    ),
    (
        30,
        "12345",
        "https://user:pass@mycompany.com:443/myapp.php?foo=1&bar=2",
        CALL,
        "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=",
    ),
    (
        31,
        "12345",
        "https://user@mycompany.com/myapp.php?foo=1&bar=2",
        CALL,
        "2YRLlVAflCqxaNicjMpJcSTgzSs=",
    ),
    (
        32,
        "12345",
        "https://user@mycompany.com:443/myapp.php?foo=1&bar=2",
        CALL,
        "aZfj4hyX1MLZhSS6QIL18Vn2/RA=",
    ),
    (
        34,
        "12345",
        "https://example.com/myapp.php?foo=1&bar=2",
        OTHER_CALLER,
        "L/OH5YylLD5NRKLltdqwSvS0BnU=",
    ),
    (35, "qwerty", "https://example.com/test", &[("foo", "bar")], "TR9Skm9jiF4WVRJznU5glK5I83k="),
];

fn form(pairs: Pairs) -> Form {
    Form::from_pairs(pairs.iter().copied())
}

fn post<'a>(url: &'a str, body: &'a [u8], signature: &'a str) -> Request<'a> {
    Request { method: "POST", url, body, content_type: None, signature: Some(signature) }
}

#[test]
fn every_published_form_signature_is_made_and_accepted() {
    for (number, token, url, pairs, signature) in FORMS {
        let form = form(pairs);
        assert_eq!(Key::new(token).sign_form(url, &form), *signature, "vector {number}");
        let body = form.encode();
        let verified = verify(token, &post(url, body.as_bytes(), signature));
        let verified = verified.unwrap_or_else(|mismatch| panic!("vector {number}: {mismatch}"));
        assert_eq!(verified.url, *url, "vector {number}");
    }
}

#[test]
fn every_published_body_signature_is_made_and_accepted() {
    let empty = "https://mycompany.com:443/myapp.php?foo=1&bar=2";
    let rack = br#"{"message": "a post body"}"#.as_slice();
    let cases: [(u8, &str, &str, &[u8], &str); 4] = [
        (6, "12345", U, BODY, "a9nBmqA0ju/hNViExpshrM61xv4="),
        (7, "12345", "https://mycompany.com/myapp.php", BODY, "y77kIzt2vzLz71DgmJGsen2scGs="),
        (8, "12345", empty, b"{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc="),
        (36, "qwerty", "https://example.com/test", rack, "zR5Oq4f6cijN5oz5bisiVuxYnTU="),
    ];
    for (number, token, url, body, signature) in cases {
        let (signed_url, made) = Key::new(token).sign_body(url, body);
        assert_eq!(made, signature, "vector {number}");
        let request = Request { content_type: JSON, ..post(&signed_url, body, signature) };
        assert!(verify(token, &request).is_ok(), "vector {number}");
    }
    let (url, _) = Key::new("12345").sign_body(U, BODY);
    assert_eq!(url, format!("{U}&bodySHA256={BODY_HASH}"));
}

#[test]
fn a_body_signed_with_the_port_is_accepted_where_the_port_was_not_seen() {
    let url = "https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256=\
               44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let request =
        Request { content_type: JSON, ..post(url, b"{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc=") };
    let verified = verify("12345", &request).unwrap();
    assert!(verified.url.starts_with("https://mycompany.com:443/myapp.php?"));
}

#[test]
fn names_are_sorted_and_not_the_joined_texts() {
    let body = form(CONFERENCE).encode();
    let request = post(U, body.as_bytes(), "95+Bu0JVPi0r/SsESZCVf0dWAjw=");
    assert_eq!(verify("12345", &request), Err(Mismatch::WrongTokenOrUrl));
}

#[test]
fn a_body_without_its_hash_in_the_url_is_refused() {
    // The signature is right for the URL alone (vector 15): the body could be anybody's.
    let request = Request { content_type: JSON, ..post(U, BODY, "zYQTYrRWXE7LtzbG4PfP7/bkkGo=") };
    assert_eq!(verify("12345", &request), Err(Mismatch::UnsignedBody));
}

#[test]
fn a_body_that_differs_from_its_hash_is_refused() {
    let url = format!("{U}&bodySHA256={BODY_HASH}");
    let request =
        Request { content_type: JSON, ..post(&url, b"{}", "a9nBmqA0ju/hNViExpshrM61xv4=") };
    let mismatch = verify("12345", &request).unwrap_err();
    let Mismatch::BodyHashDiffers { signed, seen } = mismatch else {
        panic!("{mismatch}");
    };
    assert_eq!(signed, BODY_HASH);
    assert!(seen.starts_with("44136fa355b3678a"));
}

#[test]
fn sockets_and_gets_are_signed_by_their_url_alone() {
    let get = "https://example.com/sms?x=1&Body=hi+there&From=%2B15551230000&To=%2B15559870000";
    let form =
        Form::from_pairs([("Body", "hi there"), ("From", "+15551230000"), ("To", "+15559870000")]);
    assert_eq!(append_query("https://example.com/sms?x=1", &form), get);
    let cases = [
        ("wss://example.com/media", "7PR3qMkpDyEJtMrVOY/LDyNq8J8="),
        ("wss://example.com/media/", "T+WBXwUXC0/CyoZ1DA+p9ilZORs="),
        (get, "qlbHq7dz2hHgTptc/UikR68sJns="),
    ];
    for (url, signature) in cases {
        assert_eq!(Key::new("12345").sign_url(url), signature, "{url}");
        let request = Request { method: "GET", ..post(url, b"", signature) };
        assert_eq!(verify("12345", &request).unwrap().url, url);
    }
}
