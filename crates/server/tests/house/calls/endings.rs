//! Ends: the caller hangs up in every verb, the house is reset or stopped with live calls.

use super::{
    FRIEND, calls, create, dial, has, person, ready, ready_with, state, told_the_end, transcript,
};
use crate::customer::{Gate, Say};
use crate::support::{NUMBER, PERSON, open};
use offhook::calls::Did;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_caller_hangs_up_in_every_verb() {
    for (verb, action) in [
        ("<Say>One two three four five six seven</Say><Redirect>/never</Redirect>", None),
        ("<Play digits=\"wwwwwwww1\"/><Redirect>/never</Redirect>", None),
        ("<Play loop=\"0\">/tone.wav</Play><Redirect>/never</Redirect>", None),
        ("<Play digits=\"w\"/><Pause length=\"9\"/><Redirect>/never</Redirect>", None),
        (
            "<Gather input=\"dtmf speech\" timeout=\"9\" action=\"/never\"><Say>Hm?</Say></Gather>",
            None,
        ),
        ("<Record action=\"/after\"/>", Some(("RecordingDuration", "1"))),
        ("<Dial action=\"/after\">+12025550111</Dial>", Some(("DialCallStatus", "canceled"))),
        ("<Start><Recording/></Start><Play digits=\"w\"/><Pause length=\"9\"/>", None),
    ] {
        let mut opened = ready_with(verb).await;
        opened.customer.on("/after", [Say::verbs("<Say>Nobody hears this</Say>")]);
        let tone = Say::typed("audio/wav", super::wav(&super::tone(500.0)));
        opened.customer.on("/tone.wav", [tone]);
        let sid = dial(&opened).await;
        opened.heard_on("/voice").await;
        if verb.contains("tone.wav") {
            opened.customer.heard_on("/tone.wav").await;
        }
        opened.advance(1).await;
        person(&opened, sid, Did::HangUp).await;
        let end = opened.heard_on("/number-status").await;
        has(&end, &[("CallStatus", "completed"), ("CallDuration", "1")]);
        if let Some(parameter) = action {
            let asked = opened.heard_on("/after").await;
            has(&asked, &[parameter, ("CallStatus", "completed")]);
        }
        opened.advance(60).await;
        let heard = transcript(&opened, sid);
        assert!(!heard.contains("play say \"Nobody"), "{verb}: {heard}");
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_caller_gives_up_before_the_document_comes() {
    let mut opened = ready().await;
    let gate = Gate::new();
    opened.customer.on("/voice", [Say::verbs("<Say>Hello?</Say>").behind(&gate)]);
    let path = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let (_, shown) = opened.call("POST", &path, &[("To", NUMBER)]).await;
    let sid = super::sid_of(&shown);
    opened.heard_on("/voice").await;
    opened.does(sid, Did::HangUp).await.expect("it rings");
    gate.open();
    told_the_end(&mut opened, "no-answer").await;
    let heard = transcript(&opened, sid);
    assert!(heard.contains("> document") && !heard.contains("< play"), "{heard}");
    assert_eq!(opened.log().len(), 2, "the document is in the log");
    opened.finish().await;
}

#[tokio::test]
async fn a_caller_hangs_up_while_audio_is_fetched_and_the_log_has_it() {
    let mut opened = ready_with("<Play>/slow.wav</Play>").await;
    let gate = Gate::new();
    opened.customer.on("/slow.wav", [Say::status(500).behind(&gate)]);
    let path = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let (_, shown) = opened.call("POST", &path, &[("To", NUMBER)]).await;
    let sid = super::sid_of(&shown);
    opened.heard_on("/voice").await;
    opened.customer.heard_on("/slow.wav").await;
    opened.does(sid, Did::HangUp).await.expect("it is live");
    gate.open();
    told_the_end(&mut opened, "completed").await;
    assert!(opened.log().iter().any(|entry| entry.webhook.url.ends_with("/slow.wav")));
    assert_eq!(opened.codes(), [11_200]);
    opened.finish().await;
}

#[tokio::test]
async fn a_reset_forgets_live_calls_and_nothing_of_them_comes_after() {
    let mut opened = ready().await;
    let gate = Gate::new();
    opened.customer.on(
        "/voice",
        [
            Say::verbs("<Start><Recording/></Start><Record/>"),
            Say::verbs(&format!("<Dial>{FRIEND}</Dial>")),
            Say::verbs("<Say>late</Say>").behind(&gate),
        ],
    );
    super::handset(&opened, PERSON, &[("Lines", "9")]).await;
    dial(&opened).await;
    dial(&opened).await;
    let path = format!("/offhook/v1/Phones/{PERSON}/Calls");
    assert_eq!(opened.call("POST", &path, &[("To", NUMBER)]).await.0, 201);
    for _ in 0..3 {
        opened.heard_on("/voice").await;
    }
    offhook::reset::reset(&opened.house).await.expect("it is reset");
    gate.open();
    opened.quiet().await;
    assert!(calls(&opened).is_empty());
    assert!(opened.log().is_empty(), "{:#?}", opened.log());
    assert!(opened.alerts().is_empty());
    opened.stand_still();
    opened.advance(7200).await;
    assert!(opened.log().is_empty(), "{:#?}", opened.log());
    assert!(opened.house.store.live_recordings().expect("readable").is_empty());
    opened.finish().await;
}

#[tokio::test]
async fn many_live_calls_end_within_the_time_of_a_stop() {
    const CALLS: usize = 200;
    let opened = ready().await;
    opened.customer.on("/voice", [Say::verbs("<Record/><Pause length=\"600\"/>")]);
    super::handset(&opened, PERSON, &[("Lines", "100")]).await;
    let twiml = "<Response><Record/><Pause length=\"600\"/></Response>";
    let mut sids = Vec::new();
    for n in 0..CALLS {
        let to = format!("+1303555{n:04}");
        let sid = create(&opened, &to, &[("Twiml", twiml)]).await;
        if n % 2 == 0 {
            opened.does(sid, Did::Answer).await.expect("it rings");
        }
        sids.push(sid);
    }
    opened.advance(5).await;
    let begun = Instant::now();
    let mut opened = opened.stop().await.reopen().await;
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    opened.quiet().await;
    for (n, sid) in sids.into_iter().enumerate() {
        let expected = if n % 2 == 0 { "completed" } else { "failed" };
        assert_eq!(state(&opened, sid), expected, "{n}");
    }
    let lost = opened.codes().into_iter().filter(|code| *code == 12_400);
    assert_eq!(lost.count(), CALLS);
    assert!(opened.house.store.live_recordings().expect("readable").is_empty());
    opened.customer.unread();
    opened.finish().await;
}

#[tokio::test]
async fn real_time_runs_calls_too() {
    let mut opened = open().await;
    let url = opened.customer.url("/voice");
    opened.number(|number| url.clone_into(&mut number.voice.url)).await;
    opened.customer.on("/voice", [Say::verbs("<Pause length=\"1\"/><Redirect>/next</Redirect>")]);
    opened.customer.on("/next", [Say::verbs("<Hangup/>")]);
    let begun = Instant::now();
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.heard_on("/next").await;
    assert!(begun.elapsed() >= Duration::from_millis(990));
    opened.quiet().await;
    assert_eq!(state(&opened, sid), "completed");
    opened.finish().await;
}
