//! `check`, `sign` and `verify`: what works without a server.

use crate::support::{Folder, Small, run};

const VOICE: &str = "<Response>\n  <Say>Hi</Say>\n</Response>";
const WARNED: &str = "<Response>\n  <Pause length=\"long\"/>\n</Response>";
const TEXTS: &str = "<Response><Message>Hi</Message></Response>";
const BROKEN: &str = "<Response>\n <Message>Hi</Response>";
const WRONG_ROOT: &str = "<Html/>";
const MISTAKES: &str = "<Response><Message to='nobody'>Hi</Message><Mesage>Hi</Mesage></Response>";
const BIN: &str = "<Response><Message>{{Body}}</Message><Say loop=\"{{X}}\">x</Say></Response>";

#[test]
fn check_names_the_place_and_the_code_and_fails_on_errors_only() {
    let folder = Folder::new();
    let huge = format!("<Response><Say>{}</Say></Response>", "x".repeat(70_000));
    for (document, flags, code, says) in [
        (VOICE, "", 0, "f.xml: voice TwiML, no problems"),
        (TEXTS, "", 0, "f.xml: messaging TwiML, no problems"),
        (BIN, "", 0, "f.xml: TwiML Bin, no problems"),
        (WARNED, "", 0, "f.xml:2:10: warning 13910: "),
        (MISTAKES, "", 0, "f.xml:1:20: warning 14101: "),
        (TEXTS, "--voice", 0, "f.xml:1:11: warning 12200: "),
        (BROKEN, "", 1, "f.xml:2:13: error 12100: "),
        (BROKEN, "--messaging", 1, "f.xml:2:13: error 12100: "),
        (WRONG_ROOT, "", 1, "f.xml:1:1: error 12102: "),
        (&huge, "", 1, "f.xml:1:1: error 11750: "),
        (BROKEN, "--json", 1, r#"{"code":12100,"column":13,"file":"f.xml","line":2,"#),
        (VOICE, "--json", 0, ""),
    ] {
        folder.file("f.xml", document);
        let mut arguments = vec!["check"];
        arguments.extend(flags.split(' ').filter(|flag| !flag.is_empty()));
        arguments.push("f.xml");
        let ran = folder.run(&arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        assert!(ran.stdout.starts_with(says), "{arguments:?}: {ran:?}");
        assert_eq!(ran.stderr, "", "{arguments:?}");
    }
}

#[test]
fn check_reads_the_standard_input_and_refuses_what_is_no_text() {
    let folder = Folder::new();
    let ran = run(&mut folder.command(&["check", "-"]), TEXTS);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "stdin: messaging TwiML, no problems\n"));
    folder.file("f.xml", b"<Response>\n \xff</Response>");
    let ran = folder.run(&["check", "f.xml"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "error: f.xml:2:2: the text is not UTF-8\n"));
    assert_eq!(folder.run(&["check", "nosuch.xml"]).code, 2);
    assert_eq!(folder.run(&["check", "--voice", "--messaging", "f.xml"]).code, 2);
}

#[test]
fn check_asks_a_url_as_a_webhook_would() {
    let folder = Folder::new();
    for (status, content_type, body, code, says) in [
        (200, "text/xml", VOICE, 0, "voice TwiML, no problems"),
        (200, "application/xml; charset=utf-8", BROKEN, 1, "error 12100"),
        (200, "text/plain", "hello", 0, "plain text, no problems"),
        (200, "application/json", "{}", 1, "error 12300"),
        (404, "text/xml", VOICE, 1, "error 11200"),
    ] {
        let application = Small::application(status, content_type, body);
        let url = format!("{}/twiml?x=1", application.url);
        let ran = folder.run(&["check", "--token", "12345", &url]);
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains(says), "{says}: {ran:?}");
        let asked = application.next();
        assert_eq!(asked.line, "GET /twiml?x=1");
        let signature = webhook::Key::new("12345").sign_url(&url);
        assert!(asked.headers.contains(&signature), "{asked:?}");
    }
    let guarded = folder.run(&["check", "http://169.254.169.254/"]);
    assert_eq!(guarded.code, 1);
    assert!(guarded.stderr.contains("--allow 169.254.169.254/32"), "{guarded:?}");
}

/// Twilio's own example, and the ones of the SDKs' tests.
const FORM: &[&str] = &[
    "CallSid=CA1234567890ABCDE",
    "Caller=+14158675309",
    "Digits=1234",
    "From=+14158675309",
    "To=+18005551212",
];
const FORM_URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const JSON: &str = r#"{"property": "value", "boolean": true}"#;
const JSON_URL: &str = "https://mycompany.com/myapp.php";
const HASH: &str = "bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";

#[test]
fn sign_prints_the_signature_alone() {
    let folder = Folder::new();
    folder.file("b.json", JSON);
    folder.file(
        "b.form",
        "To=%2B18005551212&From=%2B14158675309&Digits=1234&Caller=%2B14158675309\
        &CallSid=CA1234567890ABCDE",
    );
    let hashed = format!("{JSON_URL}?{HASH}");
    let form = [&[FORM_URL][..], FORM].concat();
    let get = [
        "--method",
        "get",
        "https://example.com/sms?x=1",
        "Body=hi there",
        "From=+15551230000",
        "To=+15559870000",
    ];
    for (arguments, signature) in [
        (&form[..], "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (&["--body", "b.form", FORM_URL], "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (&get, "qlbHq7dz2hHgTptc/UikR68sJns="),
        (&["--body", "b.json", JSON_URL], "y77kIzt2vzLz71DgmJGsen2scGs="),
        (&["--body", "b.json", &hashed], "y77kIzt2vzLz71DgmJGsen2scGs="),
    ] {
        let ran = folder.run(&[&["sign", "--token", "12345"], arguments].concat());
        assert_eq!(
            (ran.code, ran.stdout, ran.stderr),
            (0, format!("{signature}\n"), String::new())
        );
    }
    let sign = |arguments: &[&str]| folder.run(&[&["sign", "--token", "1"], arguments].concat());
    let with_port = sign(&["https://h:8443/x"]).stdout;
    assert_eq!(sign(&["--voice", "https://h:8443/x"]).stdout, sign(&["https://h/x"]).stdout);
    assert_ne!(with_port, sign(&["https://h/x"]).stdout);
    for wrong in [
        &["https://h/x", "noequals"][..],
        &["h/x"],
        &[],
        &["--body", "nosuch", "https://h/x"],
        &["--body", "b.json", "https://h/x", "A=B"],
        &["--body", "b.json", "--method", "get", "https://h/x"],
        &["--body", "b.json", "https://h/x?bodySHA256=00"],
        &["--method", "PUT", "https://h/x"],
    ] {
        assert_eq!(sign(wrong).code, 2, "{wrong:?}");
    }
    assert_eq!(folder.run(&["sign", "https://h/x"]).code, 2, "no token");
    assert_eq!(folder.run(&["sign", "--token", "", "https://h/x"]).code, 2, "an empty one");
}

#[test]
fn verify_says_why_a_signature_is_wrong() {
    let folder = Folder::new();
    folder.file("b.json", JSON);
    folder.file("other.json", "{}");
    let right = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    let hashed = format!("{JSON_URL}?{HASH}");
    let seen_as_http = FORM_URL.replace("https", "http");
    let with = |url| [&[url][..], FORM].concat();
    let changed = [&[FORM_URL][..], &FORM[..4], &["To=+18005551213"]].concat();
    for (signature, arguments, code, says) in [
        (right, &with(FORM_URL)[..], 0, "valid: signed for https://mycompany.com/"),
        (right, &with(&seen_as_http), 1, "invalid: signed for https, but you saw http"),
        (right, &changed, 1, "invalid: "),
        ("", &with(FORM_URL), 1, "invalid: the request has no X-Twilio-Signature"),
        ("-", &with(FORM_URL), 1, "invalid: X-Twilio-Signature is not the base64"),
        ("y77kIzt2vzLz71DgmJGsen2scGs=", &["--body", "b.json", &hashed], 0, "valid"),
        (
            "y77kIzt2vzLz71DgmJGsen2scGs=",
            &["--body", "other.json", &hashed],
            1,
            "invalid: the signature fits, but the body does not",
        ),
        ("y77kIzt2vzLz71DgmJGsen2scGs=", &["--method", "GET", &hashed], 0, "valid"),
    ] {
        let ran = folder
            .run(&[&["verify", "--token", "12345", "--signature", signature], arguments].concat());
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        assert!(ran.stdout.starts_with(says), "{arguments:?}: {ran:?}");
        assert!(!ran.stdout.contains("12345"), "the token stays unsaid");
    }
    assert_eq!(folder.run(&["verify", "--token", "1", "https://h/x"]).code, 2, "no signature");
}
