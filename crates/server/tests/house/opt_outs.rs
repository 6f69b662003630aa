//! STOP, START and HELP: who is out gets nothing more, the platform confirms it, and the
//! application hears the word all the same (webhooks.md 2a; 21610).

use crate::customer::Say;
use crate::pools::{join, service};
use crate::support::{NUMBER, Opened, PERSON, open};
use exchange::messages::{Direction, State};

const SETTINGS: &str = "/offhook/v1/Settings";

/// What the person got, in order.
async fn got(house: &Opened) -> Vec<String> {
    house.quiet().await;
    let to_person = house.messages().into_iter().filter(|message| {
        message.direction != Direction::Inbound && message.state == State::Delivered
    });
    to_person.map(|message| message.body).collect()
}

/// The status and code of a message to the person.
async fn sent(house: &Opened, from: (&str, &str)) -> (u16, Option<u64>) {
    let (status, shown) = house.send(&[("To", PERSON), from, ("Body", "news")]).await;
    house.quiet().await;
    (status, shown["code"].as_u64())
}

#[tokio::test]
async fn who_texts_stop_gets_no_more_until_start() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("")]);
    let from = ("From", NUMBER);
    assert_eq!(sent(&house, from).await, (201, None));
    let stop = house.text(" Stop ").await;
    let asked = house.heard_on("/sms").await;
    assert_eq!(asked.get("Body").as_deref(), Some(" Stop "), "the application hears it, too");
    assert_eq!(asked.get("OptOutType"), None);
    house.quiet().await;
    let replies = house.replies(stop);
    assert_eq!(replies.len(), 1);
    assert!(replies[0].body.starts_with("You have successfully been unsubscribed."));
    assert_eq!((replies[0].from.as_str(), replies[0].to.as_str()), (NUMBER, PERSON));
    assert_eq!(sent(&house, from).await, (400, Some(21_610)));
    // Others, and another number, are as before.
    let (status, _) = house.send(&[("To", "+12025550198"), from, ("Body", "news")]).await;
    assert_eq!(status, 201);
    house.add_number("+12025550101", "").await;
    assert_eq!(sent(&house, ("From", "+12025550101")).await, (201, None));
    // It stays so over a restart, and a second STOP is not confirmed.
    let mut house = house.stop().await.reopen().await;
    house.customer.on("/sms", [Say::verbs("")]);
    assert_eq!(sent(&house, from).await, (400, Some(21_610)));
    let again = house.text("UNSUBSCRIBE").await;
    house.heard_on("/sms").await;
    house.quiet().await;
    assert!(house.replies(again).is_empty());
    let start = house.text("start").await;
    house.heard_on("/sms").await;
    house.quiet().await;
    assert!(house.replies(start)[0].body.contains("re-subscribed"));
    assert_eq!(sent(&house, from).await, (201, None));
    // YES from who is in is just a yes.
    let yes = house.text("yes").await;
    house.heard_on("/sms").await;
    house.quiet().await;
    assert!(house.replies(yes).is_empty());
    house.finish().await;
}

#[tokio::test]
async fn a_reply_to_who_is_out_fails_is_told_and_raises_an_alert() {
    let mut house = open().await;
    let told = house.customer.url("/told");
    let reply = format!("<Message statusCallback='{told}'>Bye</Message>");
    house.customer.on("/sms", [Say::verbs(&reply)]);
    house.customer.on("/told", [Say::status(204)]);
    let stop = house.text("STOP").await;
    house.heard_on("/sms").await;
    let seen = house.heard_on("/told").await;
    let status = (seen.get("MessageStatus"), seen.get("ErrorCode"));
    assert_eq!(status, (Some("failed".into()), Some("21610".into())));
    house.quiet().await;
    let states: Vec<_> = house.replies(stop).into_iter().map(|reply| reply.state).collect();
    assert_eq!(states, [State::Delivered, State::Failed], "the confirmation goes");
    assert_eq!(house.codes(), [21_610]);
    house.finish().await;
}

#[tokio::test]
async fn words_in_spanish_are_answered_in_spanish_and_help_changes_nothing() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("")]);
    for (text, answer, may) in [
        ("AYUDA", Some("Responda PARAR"), 201),
        ("parar", Some("Se ha dado de baja."), 400),
        ("Help", Some("Reply STOP to unsubscribe."), 400),
        ("sí", Some("Se ha suscrito de nuevo"), 201),
        ("stop it", None, 201),
    ] {
        let sid = house.text(text).await;
        house.heard_on("/sms").await;
        house.quiet().await;
        let replies = house.replies(sid);
        let body = replies.first().map(|reply| reply.body.as_str());
        let is_it = answer.is_none_or(|answer| body.is_some_and(|body| body.starts_with(answer)));
        assert!(is_it && replies.len() == usize::from(answer.is_some()), "{text}: {body:?}");
        assert_eq!(sent(&house, ("From", NUMBER)).await.0, may, "{text}");
    }
    house.finish().await;
}

#[tokio::test]
async fn the_platforms_replies_can_be_turned_off() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("")]);
    assert_eq!(house.call("POST", SETTINGS, &[("OptOutReplies", "false")]).await.0, 200);
    for text in ["STOP", "HELP"] {
        house.text(text).await;
        house.heard_on("/sms").await;
    }
    assert_eq!(got(&house).await, Vec::<String>::new());
    assert_eq!(sent(&house, ("From", NUMBER)).await, (400, Some(21_610)));
    house.finish().await;
}

#[tokio::test]
async fn who_leaves_a_service_leaves_all_its_numbers() {
    let mut house = open().await;
    house.add_number("+12025550101", "").await;
    house.customer.on("/in", [Say::verbs("")]);
    let url = house.customer.url("/in");
    let sid = service(&house, &[("InboundRequestUrl", &url)], &[NUMBER]).await;
    join(&house, &sid, "+12025550101").await;
    let path = format!("/offhook/v1/Services/{sid}");
    let (status, shown) = house.call("POST", &path, &[("AdvancedOptOut", "true")]).await;
    assert_eq!((status, &shown["advanced_opt_out"]), (200, &true.into()), "{shown}");
    let (status, _) = house.call("POST", &path, &[("AdvancedOptOut", "maybe")]).await;
    assert_eq!(status, 400);
    // What is scheduled when the person leaves fails at its time.
    house.stand_still();
    let at = house.house.now() + jiff::SignedDuration::from_secs(600);
    let at = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let (status, later) = house
        .send(&[
            ("To", PERSON),
            ("MessagingServiceSid", &sid),
            ("Body", "later"),
            ("ScheduleType", "fixed"),
            ("SendAt", &at),
        ])
        .await;
    assert_eq!(status, 201, "{later}");
    for (text, kind) in [("quit", Some("STOP")), ("hello", None), ("info", Some("HELP"))] {
        house.text(text).await;
        let asked = house.heard_on("/in").await;
        assert_eq!(asked.get("OptOutType").as_deref(), kind, "{text}");
    }
    for from in [("MessagingServiceSid", sid.as_str()), ("From", NUMBER), ("From", "+12025550101")]
    {
        assert_eq!(sent(&house, from).await, (400, Some(21_610)), "{from:?}");
    }
    house.advance(600).await;
    let message = house.message(crate::support::sid_of(&later));
    assert_eq!((message.state, message.error_code), (State::Failed, Some(21_610)));
    house.text("START").await;
    assert_eq!(house.heard_on("/in").await.get("OptOutType").as_deref(), Some("START"));
    assert_eq!(sent(&house, ("MessagingServiceSid", &sid)).await, (201, None));
    house.finish().await;
}

#[tokio::test]
async fn a_text_of_a_call_is_its_services_and_is_not_sent_to_who_left() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("")]);
    house.customer.on("/voice", [Say::verbs("<Sms action='/sent'>“Bye”</Sms>")]);
    house.customer.on("/sent", [Say::verbs("<Hangup/>")]);
    let url = house.customer.url("/voice");
    house.number(|number| url.clone_into(&mut number.voice.url)).await;
    let by_number = [("UseInboundWebhookOnNumber", "true")];
    let sid = service(&house, &by_number, &[NUMBER]).await;
    for (word, status) in [("hello", "sending"), ("STOP", "failed")] {
        house.text(word).await;
        house.heard_on("/sms").await;
        let path = format!("/offhook/v1/Phones/{PERSON}/Calls");
        let (made, call) = house.call("POST", &path, &[("To", NUMBER)]).await;
        assert_eq!(made, 201, "{call}");
        house.heard_on("/voice").await;
        let asked = house.heard_on("/sent").await;
        assert_eq!(asked.get("SmsStatus").as_deref(), Some(status), "{word}");
        house.quiet().await;
    }
    let of_calls: Vec<_> = house
        .messages()
        .into_iter()
        .filter(|message| message.direction == Direction::OutboundCall)
        .map(|message| (message.body, message.service.map(|sid| sid.to_string())))
        .collect();
    assert_eq!(of_calls, [("\"Bye\"".to_owned(), Some(sid))]);
    assert_eq!(house.codes(), [21_610]);
    house.finish().await;
}
