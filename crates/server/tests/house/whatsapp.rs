//! WhatsApp addresses on the simulator: both ways, read receipts, and the window of 24 hours.

use crate::customer::Say;
use crate::media::show_pictures;
use crate::support::{NUMBER, Opened, open, sid_of};
use exchange::messages::State;
use serde_json::Value;

const PERSON: &str = "whatsapp:+12025550199";
const SENDER: &str = "whatsapp:+12025550100";
const PHONE: &str = "/offhook/v1/Phones/whatsapp%3A%2B12025550199";
const DAY_SECONDS: i64 = 24 * 3600;

/// A person on WhatsApp writes.
async fn write(house: &Opened, form: &[(&str, &str)]) -> Value {
    let (status, shown) = house.call("POST", &format!("{PHONE}/Messages"), form).await;
    assert_eq!(status, 201, "{shown}");
    shown
}

/// The customer writes to the person, told at `/status`.
async fn send(house: &Opened, form: &[(&str, &str)]) -> (u16, Value) {
    let callback = house.customer.url("/status");
    house.customer.on("/status", [Say::status(204)]);
    let base = [("To", PERSON), ("From", SENDER), ("StatusCallback", &callback)];
    house.send(&[&base[..], form].concat()).await
}

#[tokio::test]
async fn a_person_on_whatsapp_writes_and_is_answered_there() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("<Message>“hi” back</Message>")]);
    let shown = write(&house, &[("To", NUMBER), ("Body", &"é".repeat(200))]).await;
    assert_eq!((shown["to"].as_str(), shown["from"].as_str()), (Some(SENDER), Some(PERSON)));
    let asked = house.heard().await;
    let names = "AccountSid ApiVersion Body ChannelMetadata From MessageSid MessageType NumMedia NumSegments \
                 ProfileName ReferralNumMedia SmsMessageSid SmsSid SmsStatus To WaId";
    assert_eq!(asked.names().join(" "), names);
    for (name, value) in [
        ("From", PERSON),
        ("To", SENDER),
        ("NumSegments", "1"),
        ("ProfileName", "+12025550199"),
        ("WaId", "12025550199"),
        ("MessageType", "text"),
        ("ReferralNumMedia", "0"),
        (
            "ChannelMetadata",
            r#"{"type":"whatsapp","data":{"context":{"ProfileName":"+12025550199","WaId":"12025550199"}}}"#,
        ),
    ] {
        assert_eq!(asked.get(name).as_deref(), Some(value), "{name}");
    }
    house.quiet().await;
    let reply = house.replies(sid_of(&shown)).remove(0);
    assert_eq!((reply.from.as_str(), reply.to.as_str()), (SENDER, PERSON));
    assert_eq!((reply.state, reply.num_segments), (State::Delivered, 1));

    house.call("POST", PHONE, &[("ProfileName", "Ada \"\\\" 👋")]).await;
    show_pictures(&house.customer);
    let cat = house.customer.url("/cat.png");
    write(&house, &[("To", SENDER), ("Body", "stop"), ("MediaUrl", &cat)]).await;
    house.customer.heard_on("/cat.png").await;
    let asked = house.heard_on("/sms").await;
    let one = |name: &str| asked.get(name).expect("there");
    assert_eq!((one("ProfileName"), one("MessageType")), ("Ada \"\\\" 👋".into(), "image".into()));
    let metadata: Value = serde_json::from_str(&one("ChannelMetadata")).expect("JSON");
    assert_eq!(metadata["data"]["context"]["ProfileName"], "Ada \"\\\" 👋");
    assert_eq!(one("MediaContentType0"), "image/png");
    // STOP is a word of texts.
    house.quiet().await;
    assert_eq!(house.replies(sid_of(&shown)).len(), 1);
    house.finish().await;
}

#[tokio::test]
async fn a_message_by_whatsapp_is_delivered_read_and_told_with_its_channel() {
    let mut house = open().await;
    let (status, shown) = send(&house, &[("Body", &"x".repeat(500))]).await;
    assert_eq!(status, 201, "{shown}");
    assert_eq!((shown["num_segments"].as_str(), shown["from"].as_str()), (Some("1"), Some(SENDER)));
    for (state, event_type) in [("sent", None), ("delivered", Some("DELIVERED"))] {
        let told = house.heard().await;
        let names = "AccountSid ApiVersion ChannelInstallSid ChannelPrefix ChannelToAddress \
                     From MessageSid MessageStatus SmsSid SmsStatus To";
        let mut found = told.names();
        found.retain(|name| name != "EventType");
        assert_eq!(found.join(" "), names);
        assert_eq!(told.get("EventType").as_deref(), event_type);
        assert_eq!(told.get("ChannelToAddress").as_deref(), Some("+1202555XXXX"));
        assert_eq!(told.get("MessageStatus").as_deref(), Some(state));
        assert_eq!(told.get("ChannelPrefix").as_deref(), Some("whatsapp"));
    }
    let sid = sid_of(&shown);
    for _ in 0..2 {
        let path = format!("{PHONE}/Messages/{sid}/Read");
        let (status, read) = house.call("POST", &path, &[]).await;
        assert_eq!((status, read["status"].as_str()), (200, Some("read")), "{read}");
    }
    let told = house.heard().await;
    assert_eq!(told.get("MessageStatus").as_deref(), Some("read"));
    assert_eq!(told.get("EventType").as_deref(), Some("READ"));
    house.quiet().await;
    assert_eq!(house.message(sid).state, State::Read);
    // A text has no receipts.
    let sms = house.send(&[("To", "+12025550199"), ("From", NUMBER), ("Body", "x")]).await.1;
    house.quiet().await;
    let path = format!("/offhook/v1/Phones/+12025550199/Messages/{}/Read", sid_of(&sms));
    assert_eq!(house.call("POST", &path, &[]).await.0, 400);
    house.finish().await;
}

#[tokio::test]
async fn a_handset_reads_by_itself_when_it_is_set_to_and_after_a_restart() {
    let mut house = open().await;
    house.stand_still();
    let unread = sid_of(&send(&house, &[("Body", "before")]).await.1);
    house.quiet().await;
    let set = house.call("POST", PHONE, &[("ReadAfter", "PT5S")]).await.1;
    assert_eq!(set["read_after"], "PT5S");
    house.advance(5).await;
    assert_eq!(house.message(unread).state, State::Read, "what lay there is read, too");
    let later = sid_of(&send(&house, &[("Body", "later")]).await.1);
    house.quiet().await;
    house.advance(4).await;
    assert_eq!(house.message(later).state, State::Delivered);
    house.customer.unread();
    let mut house = house.stop().await.reopen().await;
    house.stand_still();
    house.advance(10).await;
    assert_eq!(house.message(later).state, State::Read);
    house.call("POST", PHONE, &[("ReadAfter", "PT0S")]).await;
    let at_once = sid_of(&send(&house, &[("Body", "now")]).await.1);
    house.quiet().await;
    assert_eq!(house.message(at_once).state, State::Read);
    let told: Vec<_> = house
        .customer
        .unread()
        .into_iter()
        .filter_map(|seen| {
            let of = seen.get("MessageSid")?;
            (of == at_once.as_str()).then(|| seen.get("MessageStatus").unwrap_or_default())
        })
        .collect();
    assert_eq!(told, ["sent", "delivered", "read"]);
    house.finish().await;
}

#[tokio::test]
async fn a_day_after_the_persons_last_message_whatsapp_takes_no_more() {
    let mut house = open().await;
    house.stand_still();
    house.customer.on("/sms", [Say::status(204)]);
    let free = sid_of(&send(&house, &[("Body", "nobody minds")]).await.1);
    house.call("POST", PHONE, &[("ServiceWindow", "true")]).await;
    let early = sid_of(&send(&house, &[("Body", "hello?")]).await.1);
    house.quiet().await;
    house.customer.unread();
    write(&house, &[("To", NUMBER), ("Body", "hi")]).await;
    house.advance(DAY_SECONDS - 1).await;
    let within = sid_of(&send(&house, &[("Body", "hello!")]).await.1);
    house.advance(2).await;
    house.customer.unread();
    let late = sid_of(&send(&house, &[("Body", "still there?")]).await.1);
    let told = house.heard().await;
    for (name, value) in [
        ("MessageStatus", "failed"),
        ("ErrorCode", "63016"),
        ("ChannelStatusMessage", "Freeform message sent outside the allowed window"),
    ] {
        assert_eq!(told.get(name).as_deref(), Some(value), "{name}");
    }
    house.quiet().await;
    for (sid, state, code) in [
        (free, State::Delivered, None),
        (early, State::Failed, Some(63_016)),
        (within, State::Delivered, None),
        (late, State::Failed, Some(63_016)),
    ] {
        let message = house.message(sid);
        assert_eq!((message.state, message.error_code), (state, code), "{}", message.body);
    }
    house.finish().await;
}

#[tokio::test]
async fn channels_are_not_mixed_and_senders_are_the_accounts() {
    let house = open().await;
    for (to, from, code) in [
        (PERSON, NUMBER, 21_910),
        ("+12025550199", SENDER, 21_910),
        (PERSON, "whatsapp:+12025550111", 63_007),
        ("whatsapp:nobody", SENDER, 21_211),
        (SENDER, SENDER, 21_266),
    ] {
        let (status, refused) = house.send(&[("To", to), ("From", from), ("Body", "x")]).await;
        assert_eq!((status, refused["code"].as_u64()), (400, Some(code)), "{refused}");
    }
    let form = [("To", SENDER), ("Body", "x")];
    let (_, refused) = house.call("POST", "/offhook/v1/Phones/+12025550199/Messages", &form).await;
    assert_eq!(refused["code"], 21_910, "{refused}");
    // A number of the house is no handset on WhatsApp either.
    let phone = "/offhook/v1/Phones/whatsapp%3A%2B12025550100";
    assert_eq!(house.call("GET", phone, &[]).await.0, 400);
    for form in [("ReadAfter", "soon"), ("ServiceWindow", "perhaps"), ("ProfileName", "a\nb")] {
        let (status, refused) = house.call("POST", PHONE, &[form]).await;
        assert_eq!((status, refused["code"].as_u64()), (400, Some(20_422)), "{refused}");
    }
    assert!(house.messages().is_empty());
    house.finish().await;
}

#[tokio::test]
async fn two_numbers_of_the_house_write_to_each_other_and_a_service_has_senders_there() {
    let mut house = open().await;
    let other = house.customer.url("/other");
    house.customer.on("/other", [Say::status(204)]);
    house.add_number("+12025550101", &other).await;
    let form = [("To", "whatsapp:+12025550101"), ("From", SENDER), ("Body", "look")];
    assert_eq!(house.send(&form).await.0, 201);
    let asked = house.heard().await;
    assert_eq!(asked.get("To").as_deref(), Some("whatsapp:+12025550101"));
    assert_eq!(asked.get("WaId").as_deref(), Some("12025550100"));
    let service = crate::pools::service(&house, &[], &[NUMBER]).await;
    let form = [("To", PERSON), ("MessagingServiceSid", service.as_str()), ("Body", "hi")];
    let (status, shown) = house.send(&form).await;
    assert_eq!((status, shown["status"].as_str()), (201, Some("accepted")), "{shown}");
    house.quiet().await;
    let message = house.message(sid_of(&shown));
    assert_eq!((message.from.as_str(), message.state), (SENDER, State::Delivered));
    house.finish().await;
}
