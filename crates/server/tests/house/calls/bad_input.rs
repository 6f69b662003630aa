//! Floods, hostile documents, sounds without an end: bounded, clear, and nothing is left.

use super::{dial, person, press, ready, ready_with, told_the_end, transcript, words};
use crate::customer::{Gate, Say};
use crate::support::NUMBER;
use offhook::calls::{CallError, Did};

#[tokio::test]
async fn ten_thousand_keys_are_heard_and_the_call_goes_on() {
    let mut opened = ready_with("<Gather finishOnKey=\"#\" action=\"/keys\"/>").await;
    opened.customer.on("/keys", [Say::verbs("<Record playBeep=\"false\" finishOnKey=\"\"/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    press(&opened, sid, &"12345".repeat(2000)).await;
    press(&opened, sid, "#").await;
    let digits = opened.heard_on("/keys").await.get("Digits").expect("keys");
    assert!(digits.len() <= 10_000 && digits.starts_with("12345"));
    press(&opened, sid, &"67890".repeat(2000)).await;
    person(&opened, sid, Did::HangUp).await;
    opened.customer.unread();
    let text = transcript(&opened, sid);
    assert!(text.lines().count() <= 5001 && text.ends_with("no more lines are kept\n"));
    opened.finish().await;
}

#[tokio::test]
async fn more_words_than_can_wait_are_refused() {
    let mut opened = ready_with("<Play digits=\"w\"/><Pause length=\"600\"/>").await;
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let mut said = 0;
    let refusal = loop {
        match opened.does(sid, words("and another thing")).await {
            Ok(_) => said += 1,
            Err(error) => break error,
        }
        assert!(said < 100, "there is no limit");
    };
    assert!(matches!(refusal, CallError::Wrong(_)), "{refusal:?}");
    assert_eq!(said, 33, "one is said, the others wait");
    opened.advance(120).await;
    assert!(opened.does(sid, words("once more")).await.is_ok());
    person(&opened, sid, Did::HangUp).await;
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn audio_that_is_huge_or_empty_or_none_is_left_out() {
    let mut opened = ready_with(
        "<Play>/endless.wav</Play><Play loop=\"0\">/empty.wav</Play><Play>/cut.wav</Play>\
         <Play>ftp://nowhere/</Play><Say>Still here</Say>",
    )
    .await;
    opened.customer.on("/endless.wav", [Say::endless("audio/wav", &"RIFF".repeat(16_384))]);
    opened.customer.on("/empty.wav", [Say::typed("audio/wav", super::wav(&[]))]);
    opened.customer.on("/cut.wav", [Say::typed("audio/wav", &b"RIFF\xff\xff\xff\xffWAVE"[..])]);
    let sid = dial(&opened).await;
    opened.advance(60).await;
    told_the_end(&mut opened, "completed").await;
    let heard = transcript(&opened, sid);
    assert!(heard.contains("play say \"Still here\""), "{heard}");
    assert!(opened.codes().len() >= 3, "{:?}", opened.codes());
    opened.customer.unread();
    opened.finish().await;
}

#[tokio::test]
async fn hostile_documents_end_every_call_in_time() {
    let deep = format!("{}{}", "<Gather>".repeat(5000), "</Gather>".repeat(5000));
    let many = "<Say>x</Say>".repeat(4000);
    let nouns = format!("<Dial>{}</Dial>", "<Number>+12025550111</Number>".repeat(500));
    let long = format!("<Say>{}</Say>", "x".repeat(50_000));
    for (what, verbs) in [
        ("deep", deep.as_str()),
        ("many", &many),
        ("nouns", &nouns),
        ("long", &long),
        ("loop", "<Say loop=\"0\"></Say>"),
        ("loop", "<Play loop=\"4000000000\" digits=\"w\"/>"),
        ("wait", "<Pause length=\"99999999999\"/>"),
        ("gather", "<Gather numDigits=\"-1\" timeout=\"99999999999\" finishOnKey=\"🦀\"/>"),
        ("record", "<Record maxLength=\"0\" timeout=\"-5\" action=\"::\"/>"),
        ("dial", "<Dial timeout=\"-1\" timeLimit=\"x\" callerId=\"&#0;\">&#10;</Dial>"),
        ("dial", "<Dial><Sip>x</Sip></Dial><Dial><Client/></Dial><Dial/>"),
        ("refer", "<Refer><Sip>sip:</Sip></Refer><Refer/>"),
        ("sms", "<Sms to=\"nobody\" from=\"1\"></Sms><Sms>x</Sms>"),
        ("redirect", "<Redirect>http://[::1</Redirect>"),
        ("start", "<Start><Recording name=\"a\"/><Recording name=\"a\"/></Start><Stop/>"),
        ("later", "<Pay/><Conference/><Connect><Stream url=\"x\"/></Connect><Enqueue>q</Enqueue>"),
        ("entities", "&bomb;"),
        ("text", "no verbs at all"),
    ] {
        let mut opened = ready_with(verbs).await;
        let sid = dial(&opened).await;
        opened.advance(5 * 3600).await;
        assert!(exchange::calls::is_final(super::record(&opened, sid).state), "{what}");
        assert!(transcript(&opened, sid).len() < 3_000_000, "{what}");
        opened.customer.unread();
        opened.finish().await;
    }
}

#[tokio::test]
async fn answers_that_are_no_documents_are_told_and_the_sentence_is_heard() {
    for (answer, code) in [
        (Say::typed("text/xml", "<Response>"), 12_100),
        (Say::typed("application/json", "{}"), 12_300),
        (Say::close(), 11_205),
        (Say::endless("text/xml", "<Response>"), 11_750),
        (Say::raw("no HTTP"), 11_206),
        (Say::redirect(302, "/voice"), 11_215),
    ] {
        let mut opened = ready().await;
        opened.customer.on("/voice", [answer]);
        let sid = dial(&opened).await;
        opened.advance(20).await;
        assert!(transcript(&opened, sid).contains("play application error"), "{code}");
        assert_eq!(opened.codes().first(), Some(&code));
        opened.customer.unread();
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_crowd_of_callers_takes_turns_at_a_slow_application() {
    let mut opened = ready().await;
    let gate = Gate::new();
    opened.customer.on("/voice", [Say::verbs("<Hangup/>").behind(&gate)]);
    for caller in 600..670 {
        let path = format!("/offhook/v1/Phones/+12025550{caller}/Calls");
        let (status, shown) = opened.call("POST", &path, &[("To", NUMBER)]).await;
        assert_eq!(status, 201, "{shown}");
    }
    for _ in 0..64 {
        opened.heard_on("/voice").await;
    }
    // Something that takes a few turns of everybody's loop.
    opened.call("GET", "/2010-04-01/Accounts/{AC}/Calls.json", &[]).await;
    assert!(opened.customer.unread().is_empty(), "more than 64 at once");
    gate.open();
    for _ in 0..6 {
        opened.heard_on("/voice").await;
    }
    for _ in 0..70 {
        told_the_end(&mut opened, "completed").await;
    }
    opened.finish().await;
}
