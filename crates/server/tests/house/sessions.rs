//! What an answer sets off: replies, more documents, limits, alerts (webhooks.md 2a, 4.6).

use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON, open, said};
use exchange::messages::State;
use exchange::webhooks::{Kind, Status};

/// Texts the house and gives back the bodies of the replies and the codes of new alerts.
async fn session(house: &mut Opened) -> (Vec<String>, Vec<u32>) {
    let before = house.codes().len();
    let sid = house.text("hello").await;
    house.quiet().await;
    let replies = house.replies(sid).into_iter().map(|reply| reply.body).collect();
    (replies, house.codes().split_off(before))
}

#[tokio::test]
async fn an_answer_is_taken_by_its_content_type() {
    let mut house = open().await;
    let document = "<Response><Message>hi</Message></Response>";
    let cases: [(&str, Say, &[&str], &[u32]); 17] = [
        ("text/xml", Say::twiml(document), &["hi"], &[]),
        ("application/xml", Say::typed("application/xml; charset=utf-8", document), &["hi"], &[]),
        ("text/html", Say::typed("TEXT/HTML", document), &["hi"], &[]),
        ("text/plain", Say::typed("text/plain", "just words"), &["just words"], &[]),
        ("plain TwiML is words", Say::typed("text/plain", document), &[document], &[]),
        ("json", Say::typed("application/json", "{}"), &[], &[12300]),
        ("no type", Say::status(200).header("X-Other", "1"), &[], &[]),
        (
            "no type with a body",
            Say::raw("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n<Response/>"),
            &[],
            &[12300],
        ),
        ("empty 200", Say::typed("text/xml", ""), &[], &[]),
        ("204", Say::status(204), &[], &[]),
        (
            "201",
            Say::raw(format!(
                "HTTP/1.1 201 Created\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{document}",
                document.len()
            )),
            &["hi"],
            &[],
        ),
        ("no verbs", Say::verbs(""), &[], &[]),
        ("two", Say::verbs("<Message>a</Message><Message>b</Message>"), &["a", "b"], &[]),
        ("old verb", Say::verbs("<Sms>old</Sms>"), &["old"], &[]),
        ("nested", Say::verbs("<Message><Body>in &amp; out</Body></Message>"), &["in & out"], &[]),
        (
            "an unknown verb",
            Say::verbs("<Message>a</Message><Massage>b</Massage>"),
            &["a"],
            &[12200],
        ),
        ("a voice verb", Say::verbs("<Say>b</Say><Message>a</Message>"), &["a"], &[14110]),
    ];
    for (name, say, replies, codes) in cases {
        house.customer.on("/sms", [say]);
        let (found, alerts) = session(&mut house).await;
        house.heard().await;
        assert_eq!(found, replies, "{name}");
        assert_eq!(alerts, codes, "{name}");
    }
    house.finish().await;
}

#[tokio::test]
async fn redirects_lead_on_from_the_document_they_stand_in() {
    let mut house = open().await;
    let elsewhere = house.customer.url("/there");
    for (start, verb, method, target) in [
        ("/a/sms", "<Redirect>next?x=1</Redirect>", "POST", "/a/next?x=1"),
        ("/a/sms", "<Redirect>/root</Redirect>", "POST", "/root"),
        ("/a/sms", "<Redirect>../up</Redirect>", "POST", "/up"),
        ("/a/sms", "<Redirect>?page=2</Redirect>", "POST", "/a/sms?page=2"),
        ("/a/sms", "<Redirect method='GET'>/root</Redirect>", "GET", "/root"),
        ("/a/sms", &format!("<Redirect> {elsewhere} </Redirect>"), "POST", "/there"),
    ] {
        house.point(&house.customer.url(start)).await;
        house.customer.on("/a/sms", [Say::verbs(verb), Say::verbs("<Message>end</Message>")]);
        let path = &target[..target.find('?').unwrap_or(target.len())];
        if path != "/a/sms" {
            house.customer.on("/a/sms", [Say::verbs(verb)]);
            house.customer.on(path, [Say::verbs("<Message>end</Message>")]);
        }
        let sid = house.text("hello").await;
        let first = house.heard().await;
        let second = house.heard().await;
        assert_eq!(second.method, method, "{verb}");
        assert!(second.target.starts_with(target), "{verb} led to {}", second.target);
        for name in ["MessageSid", "SmsSid", "From", "To", "Body", "SmsStatus", "NumSegments"] {
            assert_eq!(second.get(name), first.get(name), "{name}");
        }
        assert_ne!(second.token(), first.token());
        house.quiet().await;
        assert_eq!(house.replies(sid).len(), 1, "{verb}");
    }
    assert!(house.alerts().is_empty());
    house.finish().await;
}

#[tokio::test]
async fn verbs_after_a_redirect_are_never_reached() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("<Redirect>/b</Redirect><Message>no</Message>")]);
    house.customer.on("/b", [Say::verbs("<Message>yes</Message>")]);
    assert_eq!(session(&mut house).await, (vec!["yes".to_owned()], vec![]));
    house.heard().await;
    house.heard().await;
    house.finish().await;
}

#[tokio::test]
async fn an_action_is_asked_once_when_its_message_is_queued() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("<Message action='/act'>one</Message>")]);
    house.customer.on("/act", [Say::verbs("")]);
    let sid = house.text("hello").await;
    let asked = house.heard_on("/sms").await;
    let mut acts =
        [house.heard_on("/act").await, house.heard_on("/act").await, house.heard_on("/act").await];
    house.quiet().await;
    let reply = house.replies(sid).remove(0);
    // The ask names the reply, and is otherwise the first request again; the two others tell how
    // it fares. They travel apart, so their order is open.
    let place = acts.iter().position(|seen| seen.get("Body").is_some()).expect("an ask");
    acts.swap(0, place);
    let [action, tells @ ..] = &acts;
    assert_eq!(action.get("MessageSid").as_deref(), Some(reply.sid.as_str()));
    assert_eq!(action.get("MessageStatus").as_deref(), Some("queued"));
    assert_eq!(action.get("SmsStatus").as_deref(), Some("queued"));
    assert_eq!(action.get("From"), asked.get("From"));
    assert_eq!(action.get("Body"), asked.get("Body"));
    let statuses: Vec<_> = tells.iter().map(|seen| seen.get("MessageStatus").unwrap()).collect();
    assert_eq!(statuses, ["sent", "delivered"]);
    assert_eq!(house.log_of(Kind::Ask).len(), 2);
    house.finish().await;
}

#[tokio::test]
async fn an_actions_verbs_replace_the_rest_and_no_verbs_let_it_go_on() {
    let mut house = open().await;
    let two = "<Message action='/act' statusCallback='/told'>one</Message><Message>two</Message>";
    for (name, act, replies, codes) in [
        ("a verb", Say::verbs("<Message>other</Message>"), vec!["one", "other"], vec![]),
        ("a redirect", Say::verbs("<Redirect>/b</Redirect>"), vec!["one", "far"], vec![]),
        ("no verbs", Say::verbs(""), vec!["one", "two"], vec![]),
        ("nothing", Say::status(204), vec!["one", "two"], vec![]),
        ("words", Say::typed("text/plain", "words"), vec!["one", "words"], vec![]),
        ("a failure", Say::status(500), vec!["one"], vec![11200]),
    ] {
        house.customer.on("/sms", [Say::verbs(two)]);
        house.customer.on("/act", [act]);
        house.customer.on("/b", [Say::verbs("<Message>far</Message>")]);
        house.customer.on("/told", [Say::status(200)]);
        let found = session(&mut house).await;
        assert_eq!(found, (replies.into_iter().map(str::to_owned).collect(), codes), "{name}");
        let paths: Vec<_> =
            house.customer.unread().iter().map(|seen| seen.path().to_owned()).collect();
        let count = |path: &str| paths.iter().filter(|found| *found == path).count();
        // Statuses of the first message go to its statusCallback, none to its action.
        assert_eq!((count("/act"), count("/told")), (1, 2), "{name}: {paths:?}");
    }
    house.finish().await;
}

#[tokio::test]
async fn fifty_documents_are_fetched_and_not_one_more() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("<Redirect>/sms</Redirect>")]);
    house.text("hello").await;
    house.quiet().await;
    assert_eq!(house.customer.unread().len(), 50);
    assert_eq!(house.codes(), [14106]);
    house.finish().await;
}

#[tokio::test]
async fn ten_replies_go_out_and_each_further_one_is_an_alert() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs(&"<Message>again</Message>".repeat(12))]);
    let (replies, codes) = session(&mut house).await;
    assert_eq!((replies.len(), codes), (10, vec![14109, 14109]));
    house.heard().await;
    house.finish().await;
}

#[tokio::test]
async fn the_sixteenth_close_reply_fails_and_half_a_minute_later_they_go_again() {
    let mut house = open().await;
    house.stand_still();
    let told = "<Message statusCallback='/told'>loop</Message>";
    house.customer.on("/sms", [Say::verbs("<Message>loop</Message>")]);
    for n in 0..15 {
        let sid = house.text("hello").await;
        house.heard().await;
        house.quiet().await;
        assert_eq!(house.replies(sid)[0].state, State::Delivered, "reply {n}");
        house.advance(20).await;
    }
    house.customer.on("/sms", [Say::verbs(told)]);
    house.customer.on("/told", [Say::status(200)]);
    let sid = house.text("hello").await;
    house.heard_on("/sms").await;
    let tell = house.heard_on("/told").await;
    assert_eq!(tell.get("MessageStatus").as_deref(), Some("failed"));
    assert_eq!(tell.get("ErrorCode").as_deref(), Some("14107"));
    house.quiet().await;
    let reply = house.replies(sid).remove(0);
    assert_eq!((reply.state, reply.error_code), (State::Failed, Some(14107)));
    assert_eq!(house.codes(), [14107]);
    let path = format!("/offhook/v1/Phones/{PERSON}/Messages?PageSize=4");
    let (_, list) = house.call("GET", &path, &[]).await;
    let directions = list["messages"].as_array().expect("a list").iter();
    let directions: Vec<_> = directions.map(|one| one["direction"].as_str()).collect();
    assert_eq!(directions, [Some("not-received"), Some("sent"), Some("received"), Some("sent")]);
    house.advance(31).await;
    let sid = house.text("hello").await;
    house.quiet().await;
    assert_eq!(house.replies(sid)[0].state, State::Delivered);
    house.customer.unread();
    house.finish().await;
}

#[tokio::test]
async fn two_numbers_that_answer_each_other_are_stopped() {
    let house = open().await;
    let other = "+12025550101";
    let bin = house
        .add_bin("<Response><Message>ping</Message></Response>", exchange::bins::BinAccess::Open)
        .await;
    house.point(&bin).await;
    house.add_number(other, &bin).await;
    let (status, shown) = house.send(&[("To", other), ("From", NUMBER), ("Body", "go")]).await;
    assert_eq!(status, 201, "{shown}");
    house.quiet().await;
    let failed = house.messages().into_iter().filter(|m| m.state == State::Failed).count();
    assert_eq!((failed, house.codes()), (1, vec![14107]));
    house.finish().await;
}

#[tokio::test]
async fn replies_carry_media_and_go_where_they_are_told() {
    let mut house = open().await;
    house.add_number("+12025550101", "").await;
    crate::media::show_pictures(&house.customer);
    let verbs = "<Message to='+12025550188' from='+12025550101'><Body>pic</Body>\
         <Media>/dog.gif</Media></Message>";
    house.customer.on("/sms", [Say::verbs(verbs)]);
    let sid = house.text("hello").await;
    house.heard_on("/sms").await;
    house.customer.heard_on("/dog.gif").await;
    house.quiet().await;
    let reply = house.replies(sid).remove(0);
    assert_eq!((reply.from.as_str(), reply.to.as_str()), ("+12025550101", "+12025550188"));
    assert_eq!(reply.media[0].content_type, "image/gif");
    assert!(reply.sid.as_str().starts_with("MM"));
    assert_eq!(reply.state, State::Delivered);
    house.finish().await;
}

#[tokio::test]
async fn what_is_wrong_in_a_document_is_told_with_its_place() {
    let mut house = open().await;
    for (verbs, replies, code, line, column) in [
        ("<Message to='bob'>x</Message>", 0, 14101, 2, 10),
        ("<Message to='bob'>x</Message>\n<Message>y</Message>", 1, 14101, 2, 10),
        ("<Message from='+12025550123'>x</Message>", 0, 14108, 2, 1),
        ("<Message method='x'>x</Message>", 1, 14104, 2, 10),
        ("<Message/>", 0, 14103, 2, 1),
        ("<Message>x</Message>\n  <Massage/>", 1, 12200, 3, 3),
        ("<Redirect>ftp://x.example/</Redirect>", 0, 11100, 2, 1),
        ("<Message statusCallback='ftp://x/'>x</Message>", 1, 14105, 2, 10),
    ] {
        house.customer.on("/sms", [Say::twiml(&format!("<Response>\n{verbs}\n</Response>"))]);
        let before = house.alerts().len();
        let sid = house.text("hello").await;
        house.heard().await;
        house.quiet().await;
        let alerts = house.alerts().split_off(before);
        let codes: Vec<u32> = alerts.iter().map(|alert| alert.code).collect();
        assert_eq!(house.replies(sid).len(), replies, "{verbs}: {codes:?}");
        assert_eq!(codes, [code], "{verbs}");
        let at = (said(&alerts[0], "line"), said(&alerts[0], "cols"));
        assert_eq!(at, (Some(line.to_string()), Some(column.to_string())), "{verbs}");
        assert_eq!(alerts[0].resource, Some(sid.sid()), "{verbs}");
        let entry = house.log().pop().expect("an entry");
        assert_eq!(entry.status, Status::Done, "{verbs}");
        let exchanges = house.house.store.exchanges(entry.webhook.id).expect("readable");
        assert_eq!(exchanges[0].problems[0].at, Some((line, column)), "{verbs}");
    }
    house.finish().await;
}

#[tokio::test]
async fn a_person_sees_the_session_close_when_every_reply_is_there() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("<Message>a</Message><Redirect>/b</Redirect>")]);
    house.customer.on("/b", [Say::verbs("<Message>b</Message>")]);
    let sid = house.text("hello").await;
    house.heard().await;
    house.heard().await;
    house.quiet().await;
    let path = format!("/offhook/v1/Phones/{PERSON}/Messages/{sid}");
    let (status, shown) = house.call("GET", &path, &[]).await;
    assert_eq!((status, shown["reply_session"].as_str()), (200, Some("closed")), "{shown}");
    assert_eq!(shown["replies"][1]["body"], "b");
    house.finish().await;
}
