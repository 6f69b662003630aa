//! REST changes a live call, whatever it does.

use super::{
    FRIEND, change, children, create, dial, has, person, ready, ready_with, state, told_the_end,
    transcript,
};
use crate::customer::{Gate, Say};
use crate::support::{NUMBER, Opened, PERSON};
use exchange::calls::update;
use exchange::sid::CallSid;
use offhook::calls::{CallError, Did};

/// What the call is told to go on with.
async fn sent_elsewhere(opened: &mut Opened, sid: CallSid) {
    let url = opened.customer.url("/elsewhere");
    opened.customer.on("/elsewhere", [Say::verbs("<Say>Elsewhere</Say>")]);
    let (status, shown) = change(opened, sid, &[("Url", &url)]).await;
    assert_eq!(status, 200, "{shown}");
    has(&opened.heard_on("/elsewhere").await, &[("CallSid", sid.as_str())]);
    opened.advance(5).await;
}

/// What a call may be in the middle of, and what is asked because it was left.
const STATES: &[(&str, &[&str])] = &[
    ("<Say>One two three four five six seven eight nine ten</Say>", &[]),
    ("<Play digits=\"w\"/><Pause length=\"60\"/>", &[]),
    ("<Gather timeout=\"60\" input=\"dtmf speech\" action=\"/never\"><Say>Hm?</Say></Gather>", &[]),
    ("<Record action=\"/never\"/>", &[]),
    ("<Dial action=\"/never\">+12025550111</Dial>", &[]),
    (
        "<Dial answerOnBridge=\"false\" record=\"record-from-ringing\" action=\"/never\">\
      <Number url=\"/never\">+12025550111</Number></Dial>",
        &[],
    ),
];

#[tokio::test]
async fn a_call_goes_on_elsewhere_from_every_verb() {
    for (verb, asked) in STATES {
        let mut opened = ready_with(verb).await;
        let sid = dial(&opened).await;
        opened.heard_on("/voice").await;
        opened.advance(1).await;
        sent_elsewhere(&mut opened, sid).await;
        told_the_end(&mut opened, "completed").await;
        for path in *asked {
            opened.heard_on(path).await;
        }
        let heard = transcript(&opened, sid);
        assert!(heard.contains("play say \"Elsewhere\""), "{verb}: {heard}");
        for leg in children(&opened, sid) {
            assert_eq!(leg.state.as_str(), "canceled", "{verb}");
        }
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_call_is_ended_in_every_verb() {
    for (verb, _) in STATES {
        let mut opened = ready_with(verb).await;
        let sid = dial(&opened).await;
        opened.customer.on("/never", [Say::verbs("<Say>too late</Say>")]);
        opened.heard_on("/voice").await;
        opened.advance(1).await;
        let (status, shown) = change(&opened, sid, &[("Status", "completed")]).await;
        assert_eq!((status, &shown["status"]), (200, &"completed".into()));
        told_the_end(&mut opened, "completed").await;
        opened.advance(60).await;
        // What was recorded or dialled has its action; a Gather has none.
        let actions = opened.customer.unread().len();
        let expected = usize::from(verb.contains("Record") || verb.contains("Dial"));
        assert_eq!(actions, expected, "{verb}");
        assert!(!transcript(&opened, sid).contains("too late\""), "{verb}");
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_document_on_its_way_is_forgotten() {
    let mut opened = ready_with("<Redirect>/slow</Redirect>").await;
    let gate = Gate::new();
    opened
        .customer
        .on("/voice", [Say::verbs("<Play digits=\"w\"/><Pause/><Redirect>/slow</Redirect>")]);
    opened.customer.on("/slow", [Say::verbs("<Say>Slow</Say>").behind(&gate)]);
    opened.customer.on("/elsewhere", [Say::verbs("<Gather timeout=\"9\"/><Say>Here</Say>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let clock = opened.house.clock.clone();
    let until = opened.house.now() + jiff::SignedDuration::from_secs(30);
    let advancing =
        tokio::spawn(async move { clock.advance(offhook::clock::Until::Time(until)).await });
    opened.heard_on("/slow").await;
    let form =
        webhook::Form::parse(format!("Url={}", opened.customer.url("/elsewhere")).as_bytes());
    let call = super::record(&opened, sid);
    let order = update::update(&call, &form.expect("a form")).expect("it can be");
    opened.house.calls.update(sid, order).await.expect("it is live");
    opened.heard_on("/elsewhere").await;
    gate.open();
    advancing.await.expect("it advances");
    told_the_end(&mut opened, "completed").await;
    let heard = transcript(&opened, sid);
    assert!(heard.contains("\"Here\"") && !heard.contains("play say \"Slow\""), "{heard}");
    opened.finish().await;
}

#[tokio::test]
async fn two_who_talk_are_parted_when_one_of_them_is_sent_elsewhere() {
    // The parent: its child ends. The child: its parent goes on with its action.
    for of_child in [false, true] {
        let mut opened = ready_with(&format!("<Dial action=\"/after\">{FRIEND}</Dial>")).await;
        opened.customer.on("/after", [Say::verbs("<Say>After</Say>")]);
        let sid = dial(&opened).await;
        opened.heard_on("/voice").await;
        let leg = children(&opened, sid).remove(0).sid;
        person(&opened, leg, Did::Answer).await;
        opened.advance(3).await;
        if of_child {
            sent_elsewhere(&mut opened, leg).await;
            has(&opened.heard_on("/after").await, &[("DialCallStatus", "completed")]);
        } else {
            sent_elsewhere(&mut opened, sid).await;
        }
        assert_eq!(state(&opened, leg), "completed");
        told_the_end(&mut opened, "completed").await;
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_child_is_sent_elsewhere_in_its_whisper_and_nothing_of_the_whisper_is_left() {
    let verb = format!("<Dial action=\"/after\"><Number url=\"/whisper\">{FRIEND}</Number></Dial>");
    let mut opened = ready_with(&verb).await;
    opened.customer.on("/whisper", [Say::verbs("<Say>A long sentence is being said here</Say>")]);
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let leg = children(&opened, sid).remove(0).sid;
    person(&opened, leg, Did::Answer).await;
    opened.heard_on("/whisper").await;
    opened.customer.on(
        "/elsewhere",
        [Say::verbs(
            "<Say>This takes longer than the whisper did, \
                                                  and must be heard to its end</Say>",
        )],
    );
    let url = opened.customer.url("/elsewhere");
    assert_eq!(change(&opened, leg, &[("Url", &url)]).await.0, 200);
    opened.heard_on("/elsewhere").await;
    has(&opened.heard_on("/after").await, &[("DialCallStatus", "no-answer")]);
    told_the_end(&mut opened, "completed").await;
    opened.advance(3).await;
    assert_eq!(state(&opened, leg), "in-progress");
    opened.advance(5).await;
    assert_eq!(state(&opened, leg), "completed");
    opened.finish().await;
}

#[tokio::test]
async fn a_call_that_waits_for_a_machine_goes_elsewhere_once() {
    let mut opened = ready().await;
    opened.customer.on("/go", [Say::verbs("<Say>Not this</Say>")]);
    let url = opened.customer.url("/go");
    let form = [("Url", url.as_str()), ("MachineDetection", "DetectMessageEnd")];
    super::handset(&opened, PERSON, &[("OnCall", "machine")]).await;
    let sid = create(&opened, PERSON, &form).await;
    opened.advance(1).await;
    let url = opened.customer.url("/elsewhere");
    opened.customer.on("/elsewhere", [Say::verbs("<Pause length=\"30\"/>")]);
    assert_eq!(change(&opened, sid, &[("Url", &url)]).await.0, 200);
    opened.heard_on("/elsewhere").await;
    opened.advance(60).await;
    assert_eq!(state(&opened, sid), "completed");
    opened.finish().await;
}

#[tokio::test]
async fn a_document_can_be_given_in_place_of_a_url() {
    let mut opened = ready_with("<Play digits=\"w\"/><Pause length=\"60\"/>").await;
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let twiml = "<Response><Say>Here</Say><Nonsense/></Response>";
    assert_eq!(change(&opened, sid, &[("Twiml", twiml)]).await.0, 200);
    opened.advance(5).await;
    told_the_end(&mut opened, "completed").await;
    assert_eq!(opened.codes().len(), 1, "{:?}", opened.codes());
    opened.finish().await;
}

#[tokio::test]
async fn states_that_allow_no_change_say_so_again_and_again() {
    let opened = ready().await;
    let twiml = "<Response><Pause length=\"60\"/></Response>";
    let sid = create(&opened, PERSON, &[("Twiml", twiml)]).await;
    for _ in 0..20 {
        let (status, shown) = change(&opened, sid, &[("Twiml", twiml)]).await;
        assert_eq!((status, &shown["code"]), (400, &21_220.into()), "it rings");
    }
    person(&opened, sid, Did::Answer).await;
    for _ in 0..20 {
        assert_eq!(change(&opened, sid, &[("Twiml", twiml)]).await.0, 200);
        let (status, shown) = change(&opened, sid, &[("Status", "canceled")]).await;
        assert_eq!((status, &shown["status"]), (200, &"in-progress".into()));
    }
    for _ in 0..3 {
        let (status, shown) = change(&opened, sid, &[("Status", "completed")]).await;
        assert_eq!((status, &shown["status"]), (200, &"completed".into()));
    }
    let (status, shown) = change(&opened, sid, &[("Twiml", twiml)]).await;
    assert_eq!((status, &shown["code"]), (400, &21_220.into()));
    opened.finish().await;
}

#[tokio::test]
async fn an_order_that_comes_too_late_changes_nothing() {
    let mut opened = ready_with("<Play digits=\"w\"/><Pause length=\"60\"/>").await;
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let call = super::record(&opened, sid);
    let form = webhook::Form::parse(b"Status=completed").expect("a form");
    let order = update::update(&call, &form).expect("it can be");
    person(&opened, sid, Did::HangUp).await;
    let late = opened.house.calls.update(sid, order).await;
    assert!(matches!(late, Err(CallError::NotLive)), "{late:?}");
    told_the_end(&mut opened, "completed").await;
    assert_eq!(super::record(&opened, sid).to, NUMBER);
    opened.finish().await;
}
