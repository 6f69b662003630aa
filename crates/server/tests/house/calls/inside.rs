//! Calls between numbers of the house: what one application says, the other one hears.

use super::{
    SECOND, add_second, calls, create, dial, has, lines, person, ready, ready_with, told_the_end,
    transcript,
};
use crate::customer::Say;
use crate::support::{NUMBER, PERSON};
use exchange::calls::Direction;
use offhook::calls::Did;

#[tokio::test]
async fn words_and_keys_of_one_application_are_heard_by_the_other() {
    let mut opened = ready().await;
    let hears = "<Gather input=\"dtmf speech\" numDigits=\"2\" speechTimeout=\"1\" timeout=\"20\" \
                 action=\"/heard\"/>";
    add_second(&opened, hears).await;
    opened.customer.on("/heard", [Say::verbs(hears), Say::verbs("<Hangup/>")]);
    let says = "<Response><Say>I am a robot</Say><Pause length=\"5\"/><Play digits=\"w4w2\"/>\
                <Pause length=\"30\"/></Response>";
    let sid = create(&opened, SECOND, &[("Twiml", says)]).await;
    has(&opened.heard_on("/second").await, &[("From", NUMBER), ("To", SECOND)]);
    opened.advance(20).await;
    has(&opened.heard_on("/heard").await, &[("SpeechResult", "I am a robot")]);
    has(&opened.heard_on("/heard").await, &[("Digits", "42")]);
    opened.quiet().await;
    let other = calls(&opened).into_iter().find(|call| call.direction == Direction::Inbound);
    let other = other.expect("there").sid;
    let heard = lines(&opened, other);
    assert!(heard.iter().any(|line| line.ends_with("> speech \"I am a robot\"")), "{heard:#?}");
    assert_eq!(super::state(&opened, sid), "completed");
    opened.finish().await;
}

#[tokio::test]
async fn keys_that_are_sent_after_the_answer_wait_as_they_say() {
    let mut opened = ready().await;
    add_second(&opened, "<Say>Welcome, one moment</Say><Gather numDigits=\"1\" action=\"/key\"/>")
        .await;
    opened.customer.on("/key", [Say::verbs("<Hangup/>")]);
    let form = [("Twiml", "<Response><Pause length=\"20\"/></Response>"), ("SendDigits", "WWW7")];
    create(&opened, SECOND, &form).await;
    opened.heard_on("/second").await;
    opened.advance(30).await;
    has(&opened.heard_on("/key").await, &[("Digits", "7")]);
    opened.finish().await;
}

#[tokio::test]
async fn two_applications_that_call_each_other_come_to_an_end() {
    let mut opened = ready().await;
    let talks = "<Gather input=\"speech\" timeout=\"3\" speechTimeout=\"1\" action=\"/talk\">\
                 <Say>What did you say?</Say></Gather>";
    add_second(&opened, talks).await;
    opened.customer.on("/talk", [Say::verbs(talks)]);
    let twiml =
        format!("<Response>{talks}</Response>").replace("/talk", &opened.customer.url("/talk"));
    let form = [("Twiml", twiml.as_str()), ("TimeLimit", "600")];
    let sid = create(&opened, SECOND, &form).await;
    opened.advance(700).await;
    for call in calls(&opened) {
        assert_eq!(call.state.as_str(), "completed", "{}", transcript(&opened, sid));
    }
    opened.customer.unread();
    opened.finish().await;
}

#[tokio::test]
async fn a_number_that_dials_itself_comes_to_an_end() {
    for verb in [
        format!("<Dial>{NUMBER}</Dial>"),
        format!("<Dial answerOnBridge=\"true\" action=\"/voice\">{NUMBER}</Dial>"),
        format!(
            "<Dial answerOnBridge=\"true\"><Number>{NUMBER}</Number><Number>{NUMBER}</Number></Dial>"
        ),
    ] {
        let mut opened = ready_with(&verb).await;
        dial(&opened).await;
        opened.advance(3600).await;
        let all = calls(&opened);
        assert!(all.len() < 1000, "{}", all.len());
        assert!(opened.codes().contains(&13_224), "{:?}", opened.codes());
        for call in all {
            assert!(exchange::calls::is_final(call.state), "{call:#?}");
        }
        opened.customer.unread();
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_caller_is_forwarded_to_another_number_of_the_house() {
    let mut opened = ready_with(&format!("<Dial action=\"/after\">{SECOND}</Dial>")).await;
    let menu = "<Gather input=\"dtmf speech\" speechTimeout=\"1\" numDigits=\"1\" action=\"/chosen\">\
                <Say>Press a key</Say></Gather>";
    add_second(&opened, menu).await;
    opened.customer.on("/chosen", [Say::verbs(menu), Say::verbs("<Hangup/>")]);
    opened.customer.on("/after", [Say::verbs("<Say>Back</Say>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    has(&opened.heard_on("/second").await, &[("From", PERSON)]);
    opened.advance(1).await;
    super::press(&opened, sid, "3").await;
    has(&opened.heard_on("/chosen").await, &[("Digits", "3")]);
    opened.advance(2).await;
    super::say(&opened, sid, "goodbye then").await;
    opened.advance(4).await;
    has(&opened.heard_on("/chosen").await, &[("SpeechResult", "goodbye then")]);
    has(&opened.heard_on("/after").await, &[("DialCallStatus", "completed")]);
    opened.advance(4).await;
    told_the_end(&mut opened, "completed").await;
    let heard = transcript(&opened, sid);
    assert!(heard.contains("< speech \"Press a key\""), "{heard}");
    opened.finish().await;
}

#[tokio::test]
async fn a_caller_who_gives_up_takes_the_other_number_along() {
    let verb = format!("<Dial answerOnBridge=\"true\">{SECOND}</Dial>");
    let mut opened = ready_with(&verb).await;
    // It rings there, too, and nobody answers: a Dial that answers with its callee.
    let rings = "<Dial answerOnBridge=\"true\">+12025550111</Dial>";
    add_second(&opened, rings).await;
    let sid = dial(&opened).await;
    for path in ["/voice", "/second"] {
        opened.heard_on(path).await;
    }
    opened.advance(3).await;
    let states: Vec<_> = calls(&opened).iter().map(|call| call.state.as_str()).collect();
    assert_eq!(states, ["ringing"; 4]);
    person(&opened, sid, Did::HangUp).await;
    let states: Vec<_> = calls(&opened).iter().map(|call| call.state.as_str()).collect();
    assert_eq!(states, ["no-answer", "canceled", "no-answer", "canceled"]);
    told_the_end(&mut opened, "no-answer").await;
    opened.finish().await;
}

#[tokio::test]
async fn nobody_holds_a_handset_at_the_number_that_is_called() {
    let mut opened = ready().await;
    add_second(&opened, "<Play digits=\"w\"/><Pause length=\"20\"/>").await;
    let twiml = "<Response><Pause length=\"20\"/></Response>";
    let sid = create(&opened, SECOND, &[("Twiml", twiml)]).await;
    opened.heard_on("/second").await;
    for did in [Did::HangUp, Did::Digits("1".into()), super::words("x")] {
        assert!(opened.does(sid, did).await.is_err());
    }
    opened.advance(30).await;
    opened.finish().await;
}
