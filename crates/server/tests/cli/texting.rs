//! `text`: the person's side, against a real server and small applications.

use crate::support::{Folder, Server, Small, against};

#[test]
fn json_and_no_wait_are_for_scripts() {
    let server = Server::start(&[]);
    let ran = server.run(&["text", "+12025550100", "hello", "--json"]);
    let reply: serde_json::Value = serde_json::from_str(&ran.stdout).expect("one line of JSON");
    assert_eq!(reply["body"], "Offhook here. You wrote: hello");
    let ran = server.run(&["text", "+12025550100", "hello", "--no-wait", "--from", "+12025550177"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.starts_with("SM") && ran.stdout.trim().len() == 34, "{ran:?}");
    let ran = server.run(&["text", "+12025550100", "hi", "--from", "whatsapp:+12025550177"]);
    assert_eq!(ran.stdout, "whatsapp:+12025550100 ▸ Offhook here. You wrote: hi\n", "{ran:?}");
    let nowhere = Small::application(404, "text/plain", "");
    let url = format!("{}/cat.png", nowhere.url);
    let ran = server.run(&["text", "+12025550100", "--media", &url]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("(code 11200)"), "{ran:?}");
    let ran = server.run(&["phones", "messages", "+12025550199", "--json", "--limit", "100"]);
    let bodies: Vec<String> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|message| message["body"].as_str().expect("a body").to_owned())
        .collect();
    assert!(bodies.contains(&"Offhook here. You wrote: hello".into()), "{bodies:?}");
}

#[test]
fn who_cannot_be_texted_is_said_in_the_servers_words() {
    let server = Server::start(&[]);
    for (to, from, says) in [
        ("+12025550111", "+12025550199", "21211"),
        ("nonsense", "+12025550199", "21211"),
        ("+12025550100", "+12025550100", "is a number of this house, not a handset"),
    ] {
        let ran = server.run(&["text", to, "hi", "--from", from]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
        assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains(says), "{ran:?}");
    }
}

#[test]
fn an_application_of_ones_own_answers_and_its_faults_are_shown() {
    let server = Server::start(&[]);
    for (status, content_type, body, code, stdout, stderr) in [
        (
            200,
            "text/xml",
            "<Response><Message>one</Message><Message>two\nlines</Message></Response>",
            0,
            "+12025550100 ▸ one\n+12025550100 ▸ two\n               lines\n",
            "",
        ),
        (200, "text/plain", "plain", 0, "+12025550100 ▸ plain\n", ""),
        (204, "text/xml", "", 0, "", "no reply"),
        (200, "text/xml", "<Response>\n<Message>x</Response>", 1, "", "2:11: error 12100"),
        (200, "application/json", "{}", 1, "", "error 12300"),
        (500, "text/plain", "oops", 1, "", "error 11200"),
        (
            200,
            "text/xml",
            "<Response><Message nope=\"1\">x</Message></Response>",
            0,
            "+12025550100 ▸ x\n",
            "1:20: warning 12200",
        ),
    ] {
        let application = Small::application(status, content_type, body);
        let url = format!("{}/sms", application.url);
        let ran = server.run(&["numbers", "update", "+12025550100", "--sms-url", &url]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let ran = server.run(&["text", "+12025550100", "hi"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (code, stdout), "{body}: {ran:?}");
        assert!(ran.stderr.contains(stderr), "{body}: {ran:?}");
        assert!(stderr.is_empty() || code == 0 || ran.stderr.contains(&url), "{body}: {ran:?}");
    }
    server.run(&["numbers", "update", "+12025550100", "--sms-url", ""]);
    let ran = server.run(&["text", "+12025550100", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
    assert!(ran.stderr.contains("has no URL for texts"), "{ran:?}");
}

#[test]
fn who_takes_part_in_a_conversation_reads_what_became_of_the_text_there() {
    let chat = "CH0123456789abcdef0123456789abcdef";
    for (message, says) in [
        ("\"IM01\"", format!("said in conversation {chat} as IM01")),
        ("null", format!("not said in conversation {chat}: its pre-action webhook rejected it")),
    ] {
        let house = Small::by(move |got| {
            let (status, body) = match got.line.split(['?', ' ']).nth(1).unwrap_or_default() {
                "/offhook/v1/Webhooks" => (200, r#"{"webhooks":[]}"#.to_owned()),
                _ if got.line.starts_with("POST") => (201, text_of_person("")),
                _ => {
                    let more = r#","reply_session":"closed","replies":[],"conversation""#;
                    let conversation =
                        format!(r#":{{"conversation_sid":"{chat}","message_sid":{message}}}"#);
                    (200, text_of_person(&format!("{more}{conversation}")))
                }
            };
            (status, "application/json", body)
        });
        let ran = against(&house, &["text", "+12025550100", "hi"], "");
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
        assert!(ran.stderr.contains(&says) && !ran.stderr.contains("has no URL"), "{ran:?}");
    }
}

fn text_of_person(more: &str) -> String {
    let message = r#"{"sid":"SM01","from":"+12025550199","to":"+12025550100","body":"hi""#;
    format!("{message}{more}}}")
}

#[test]
fn a_file_of_this_machine_is_sent_and_media_of_a_reply_are_shown() {
    let folder = Folder::new();
    folder.file("cat.png", b"\x89PNG\r\n\x1a\n.");
    folder.file("page.html", "<html>");
    let server = Server::start_in(folder, &[]);
    let echo = Small::by(|got| {
        let form = webhook::Form::parse(got.body.as_bytes()).expect("a form");
        let media = form.get("MediaUrl0").unwrap_or("none");
        let document = format!("<Response><Message><Media>{media}</Media></Message></Response>");
        (200, "text/xml", document)
    });
    let ran = server.run(&["numbers", "update", "+12025550100", "--sms-url", &echo.url]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = server.run(&["text", "+12025550100", "--media", "cat.png"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let shown = "+12025550100 ▸ [image/png] http://127.0.0.1:";
    assert!(ran.stdout.starts_with(shown) && ran.stdout.contains("/Media/ME"), "{ran:?}");
    let ran = server.run(&["text", "+12025550100", "--media", "page.html"]);
    assert_eq!((ran.code, ran.stderr.contains("(code 12300)")), (1, true), "{ran:?}");
    let ran = server.run(&["text", "+12025550100", "--media", "missing.png"]);
    assert_eq!((ran.code, ran.stderr.contains("neither a URL nor a file")), (2, true), "{ran:?}");
}

#[test]
fn waiting_has_an_end() {
    let silent = Small::answering(vec![(0, "", String::new())]);
    let server = Server::start(&[]);
    let ran = server.run(&["numbers", "update", "+12025550100", "--sms-url", &silent.url]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = server.run(&["text", "+12025550100", "hi", "--timeout", "1"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("has not ended within 1 s"), "{ran:?}");
}
