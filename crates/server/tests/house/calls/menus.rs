//! Menus: keys, words, time, cookies, texts, and applications that fail.

use super::{
    dial, has, lines, person, press, ready, ready_with, say, state, told_the_end, transcript,
};
use crate::customer::{Gate, Say};
use crate::support::{NUMBER, PERSON};
use offhook::calls::Did;

const MENU: &str = "<Gather numDigits=\"1\" action=\"/menu\"><Say>For sales press 1</Say></Gather>\
                    <Redirect>/voice</Redirect>";

#[tokio::test]
async fn ten_minutes_of_a_menu_have_the_same_transcript_on_every_machine() {
    let mut opened = ready_with(MENU).await;
    let wrong = Say::verbs("<Say>Wrong key</Say><Redirect>/voice</Redirect>");
    opened.customer.on("/menu", [wrong, Say::verbs("<Say>Thank you</Say>")]);
    let begun = std::time::Instant::now();
    let sid = dial(&opened).await;
    let first = opened.heard_on("/voice").await;
    has(&first, &[("CallStatus", "ringing"), ("From", PERSON), ("Called", NUMBER)]);
    opened.advance(1).await;
    press(&opened, sid, "9").await;
    has(&opened.heard_on("/menu").await, &[("Digits", "9"), ("CallStatus", "in-progress")]);
    opened.advance(600).await;
    press(&opened, sid, "1").await;
    opened.advance(10).await;
    let spent = begun.elapsed();
    has(&opened.heard_on("/menu").await, &[("Digits", "1")]);
    told_the_end(&mut opened, "completed").await;
    let menu = format!("<Response>{MENU}</Response>");
    let mut expected = vec![
        format!("0 > call from {PERSON} to {NUMBER}"),
        "0 < fetch POST /voice".to_owned(),
        format!("0 > document {menu}"),
        "0 < answer".to_owned(),
        "0 < play say \"For sales press 1\"".to_owned(),
        "1000 > digit 9".to_owned(),
        "1000 < stop playing".to_owned(),
        "1000 < fetch POST /menu msg=\"Gather End\" Digits=9 FinishedOnKey=\"\"".to_owned(),
        "1000 > document <Response><Say>Wrong key</Say><Redirect>/voice</Redirect></Response>"
            .to_owned(),
        "1000 < play say \"Wrong key\"".to_owned(),
    ];
    // The prompt takes 1105 ms, then five seconds pass, again and again.
    let mut at = 1000 + 585;
    while at < 601_000 {
        expected.push(format!("{at} < fetch POST /voice"));
        expected.push(format!("{at} > document {menu}"));
        expected.push(format!("{at} < play say \"For sales press 1\""));
        opened.heard_on("/voice").await;
        at += 6105;
    }
    expected.extend([
        "601000 > digit 1".to_owned(),
        "601000 < fetch POST /menu msg=\"Gather End\" Digits=1 FinishedOnKey=\"\"".to_owned(),
        "601000 > document <Response><Say>Thank you</Say></Response>".to_owned(),
        "601000 < play say \"Thank you\"".to_owned(),
        "601585 < hang up".to_owned(),
        "601585 < ended completed".to_owned(),
    ]);
    let heard = lines(&opened, sid);
    assert_eq!(heard, expected, "{}", heard.join("\n"));
    assert!(spent < std::time::Duration::from_secs(10), "{spent:?}");
    opened.finish().await;
}

#[tokio::test]
async fn cookies_belong_to_one_call() {
    let gather = "<Gather numDigits=\"1\" action=\"/next\" timeout=\"60\"/>";
    let mut opened = ready().await;
    let first = Say::verbs(gather).header("Set-Cookie", "visit=one; Path=/");
    opened.customer.on("/voice", [first, Say::verbs(gather)]);
    opened.customer.on("/next", [Say::verbs("<Hangup/>")]);
    let one = dial(&opened).await;
    assert_eq!(opened.heard_on("/voice").await.header("Cookie"), None);
    press(&opened, one, "1").await;
    assert_eq!(opened.heard_on("/next").await.header("Cookie"), Some("visit=one"));
    told_the_end(&mut opened, "completed").await;
    let other = dial(&opened).await;
    assert_eq!(opened.heard_on("/voice").await.header("Cookie"), None);
    press(&opened, other, "1").await;
    assert_eq!(opened.heard_on("/next").await.header("Cookie"), None);
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn words_are_understood_with_what_was_heard_before_the_end() {
    let gather = "<Gather input=\"speech\" action=\"/said\" partialResultCallback=\"/partly\" \
                  speechTimeout=\"1\"><Say>Who are you?</Say></Gather>";
    let mut opened = ready_with(gather).await;
    opened.customer.on("/partly", [Say::status(204)]);
    opened.customer.on("/said", [Say::verbs("<Hangup/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(2).await;
    say(&opened, sid, "a customer").await;
    let partly = opened.heard_on("/partly").await;
    has(&partly, &[("UnstableSpeechResult", "a customer"), ("CallSid", sid.as_str())]);
    opened.advance(5).await;
    let said = opened.heard_on("/said").await;
    has(&said, &[("SpeechResult", "a customer"), ("Confidence", "0.9")]);
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn a_text_is_sent_from_a_call() {
    let mut opened = ready_with("<Sms statusCallback=\"/sent\">See you</Sms><Say>Bye</Say>").await;
    opened.customer.on("/sent", [Say::status(204)]);
    dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(5).await;
    told_the_end(&mut opened, "completed").await;
    let text = opened.messages().remove(0);
    assert_eq!((text.from.as_str(), text.to.as_str()), (NUMBER, PERSON));
    assert_eq!(text.body, "See you");
    for status in ["sent", "delivered"] {
        has(&opened.heard_on("/sent").await, &[("MessageStatus", status)]);
    }
    opened.finish().await;
}

#[tokio::test]
async fn an_endless_redirect_ends_with_the_sentence() {
    let mut opened = ready_with("<Redirect>/voice</Redirect>").await;
    let sid = dial(&opened).await;
    opened.advance(20).await;
    told_the_end(&mut opened, "completed").await;
    let asked = opened.customer.unread();
    assert!(asked.len() > 50 && asked.len() < 200, "{}", asked.len());
    assert_eq!(opened.codes().last(), Some(&11_215));
    assert!(transcript(&opened, sid).contains("play application error"));
    opened.finish().await;
}

#[tokio::test]
async fn every_document_has_its_fallback_and_then_the_sentence() {
    let mut opened = ready().await;
    let fallback = opened.customer.url("/fallback");
    opened.number(|number| fallback.clone_into(&mut number.voice.fallback_url)).await;
    opened.customer.on("/voice", [Say::status(500)]);
    opened.customer.on("/fallback", [Say::verbs("<Redirect>/gone</Redirect>"), Say::status(404)]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let asked = opened.heard_on("/fallback").await;
    has(&asked, &[("ErrorCode", "11200")]);
    assert!(asked.get("ErrorUrl").is_some_and(|url| url.ends_with("/voice")));
    opened.heard_on("/gone").await;
    opened.heard_on("/fallback").await;
    opened.advance(20).await;
    told_the_end(&mut opened, "completed").await;
    let heard = transcript(&opened, sid);
    assert!(heard.contains("play application error"), "{heard}");
    assert_eq!(opened.codes(), [11_200, 11_200, 11_200]);
    let about = opened
        .alerts()
        .iter()
        .all(|alert| alert.resource.map(|resource| resource.to_string()) == Some(sid.to_string()));
    assert!(about, "{:#?}", opened.alerts());
    opened.finish().await;
}

#[tokio::test]
async fn time_stands_still_until_a_slow_application_answers() {
    let mut opened = ready().await;
    let gate = Gate::new();
    opened.customer.on("/voice", [Say::verbs("<Say>At last</Say>").behind(&gate)]);
    let path = format!("/offhook/v1/Phones/{PERSON}/Calls");
    assert_eq!(opened.call("POST", &path, &[("To", NUMBER)]).await.0, 201);
    opened.heard_on("/voice").await;
    let before = opened.house.now();
    assert!(!opened.house.clock.is_quiet());
    gate.open();
    opened.quiet().await;
    assert_eq!(opened.house.now(), before);
    opened.advance(5).await;
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn an_application_that_says_nothing_for_fifteen_seconds_has_failed() {
    let mut opened = ready().await;
    let gate = Gate::new();
    opened.customer.on("/voice", [Say::verbs("<Say>Too late</Say>").behind(&gate)]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(10).await;
    told_the_end(&mut opened, "completed").await;
    assert!(transcript(&opened, sid).contains("play application error"));
    assert_eq!(opened.codes(), [11_200]);
    gate.open();
    opened.finish().await;
}

#[tokio::test]
async fn audio_is_in_the_log_and_what_is_wrong_with_it_is_an_alert_of_its_own() {
    let mut opened = ready_with(
        "<Play>/tone.wav</Play><Play>/none.wav</Play><Play>/page.wav</Play>\
                                 <Gather timeout=\"1\"><Play>/page.wav</Play></Gather>",
    )
    .await;
    let samples = media::tones::sines(&[440.0], 8000.0, media::samples_of(1000));
    opened.customer.on("/tone.wav", [Say::typed("audio/wav", super::wav(&samples))]);
    opened.customer.on("/page.wav", [Say::typed("text/html", "<p>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(10).await;
    for path in ["/tone.wav", "/none.wav"] {
        opened.customer.heard_on(path).await;
    }
    opened.customer.heard_on("/page.wav").await;
    opened.customer.heard_on("/page.wav").await;
    told_the_end(&mut opened, "completed").await;
    let audio: Vec<_> = opened
        .log()
        .into_iter()
        .filter(|entry| entry.webhook.url.ends_with(".wav"))
        .map(|entry| {
            (entry.webhook.url.rsplit('/').next().expect("a path").to_owned(), entry.status)
        })
        .collect();
    assert_eq!(audio.len(), 4);
    assert_eq!(opened.codes(), [11_200, 13_420, 13_325]);
    for alert in opened.alerts() {
        assert_eq!(alert.resource.map(|one| one.to_string()), Some(sid.to_string()));
        assert!(alert.request.is_some(), "{alert:#?}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn a_number_without_a_url_takes_no_calls() {
    let mut opened = ready().await;
    opened.number(|number| number.voice.url.clear()).await;
    let sid = dial(&opened).await;
    told_the_end(&mut opened, "failed").await;
    assert_eq!(state(&opened, sid), "failed");
    assert_eq!(opened.codes(), [11_100]);
    opened.finish().await;
}

#[tokio::test]
async fn a_rejected_caller_is_never_answered() {
    for (verb, ends) in [("<Reject/>", "no-answer"), ("<Reject reason=\"busy\"/>", "busy")] {
        let mut opened = ready_with(verb).await;
        let sid = dial(&opened).await;
        opened.heard_on("/voice").await;
        told_the_end(&mut opened, ends).await;
        assert!(super::record(&opened, sid).answered.is_none());
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_call_lasts_four_hours_at_most() {
    let mut opened = ready_with("<Play digits=\"w\"/><Pause length=\"36000\"/>").await;
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(4 * 3600 - 1).await;
    assert_eq!(state(&opened, sid), "in-progress");
    opened.advance(2).await;
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn a_person_who_did_hang_up_can_do_nothing_more() {
    let mut opened = ready_with("<Play digits=\"w\"/><Pause length=\"60\"/>").await;
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    person(&opened, sid, Did::HangUp).await;
    for did in [Did::Answer, Did::Reject, Did::HangUp, Did::Digits("1".into()), super::words("x")] {
        assert!(opened.does(sid, did).await.is_err());
    }
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}
