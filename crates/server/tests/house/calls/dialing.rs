//! `<Dial>`: who is called, who answers, who is cancelled, and what the caller's application hears.

use super::{
    FRIEND, children, dial, handset, has, lines, person, press, ready, ready_with, record, say,
    state, told_the_end, transcript,
};
use crate::customer::Say;
use crate::support::{NUMBER, PERSON};
use exchange::calls::State;
use offhook::calls::Did;

/// Somebody else again.
const OTHER: &str = "+12025550112";

#[tokio::test]
async fn two_handsets_talk_through_a_dial_and_its_action_is_asked() {
    let mut opened = ready().await;
    let status = opened.customer.url("/leg");
    let verb = format!(
        "<Dial action=\"/after\" answerOnBridge=\"true\"><Number statusCallback=\"{status}\" \
         statusCallbackEvent=\"initiated ringing answered completed\">{FRIEND}</Number></Dial>"
    );
    opened.customer.on("/voice", [Say::verbs(&verb)]);
    opened.customer.on("/leg", [Say::status(204)]);
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let leg = children(&opened, sid).remove(0);
    assert_eq!((leg.state, leg.from.as_str(), leg.to.as_str()), (State::Ringing, PERSON, FRIEND));
    assert_eq!(state(&opened, sid), "ringing");
    opened.advance(3).await;
    person(&opened, leg.sid, Did::Answer).await;
    assert_eq!(state(&opened, sid), "in-progress");
    say(&opened, sid, "hello").await;
    press(&opened, leg.sid, "5").await;
    opened.advance(10).await;
    person(&opened, leg.sid, Did::HangUp).await;
    for (number, status) in ["initiated", "ringing", "in-progress", "completed"].iter().enumerate()
    {
        let told = opened.heard_on("/leg").await;
        let number = number.to_string();
        has(&told, &[("CallStatus", status), ("SequenceNumber", &number)]);
        has(&told, &[("ParentCallSid", sid.as_str()), ("CallSid", leg.sid.as_str())]);
    }
    let asked = opened.heard_on("/after").await;
    has(
        &asked,
        &[
            ("DialCallStatus", "completed"),
            ("DialCallSid", leg.sid.as_str()),
            ("DialCallDuration", "10"),
            ("DialBridged", "true"),
        ],
    );
    opened.quiet().await;
    has(&opened.heard_on("/number-status").await, &[("CallDuration", "10")]);
    let heard = transcript(&opened, leg.sid);
    assert!(heard.contains("< speech \"hello\""), "{heard}");
    let heard = transcript(&opened, sid);
    assert!(heard.contains("< digit 5"), "{heard}");
    opened.finish().await;
}

#[tokio::test]
async fn a_handset_that_can_not_be_had_says_why() {
    for (on_call, status, code) in [
        ("busy", "busy", 486),
        ("reject", "busy", 603),
        ("no-answer", "no-answer", 487),
        ("unreachable", "failed", 404),
    ] {
        let mut opened =
            ready_with(&format!("<Dial timeout=\"10\" action=\"/after\">{FRIEND}</Dial>")).await;
        opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
        handset(&opened, FRIEND, &[("OnCall", on_call)]).await;
        let sid = dial(&opened).await;
        opened.heard_on("/voice").await;
        opened.advance(15).await;
        let asked = opened.heard_on("/after").await;
        has(&asked, &[("DialCallStatus", status), ("DialBridged", "false")]);
        told_the_end(&mut opened, "completed").await;
        let leg = children(&opened, sid).remove(0);
        assert_eq!((leg.state.as_str(), leg.sip_response_code), (status, Some(code)), "{on_call}");
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_handset_whose_lines_are_in_use_is_busy() {
    let mut opened = ready_with(&format!("<Dial timeout=\"10\">{FRIEND}</Dial>")).await;
    handset(&opened, PERSON, &[("Lines", "2")]).await;
    let first = dial(&opened).await;
    person(&opened, children(&opened, first)[0].sid, Did::Answer).await;
    let second = dial(&opened).await;
    assert_eq!(children(&opened, second)[0].state, State::Busy);
    told_the_end(&mut opened, "completed").await;
    person(&opened, first, Did::HangUp).await;
    told_the_end(&mut opened, "completed").await;
    let third = dial(&opened).await;
    let leg = children(&opened, third).remove(0);
    assert_eq!(leg.state, State::Ringing);
    person(&opened, leg.sid, Did::Reject).await;
    told_the_end(&mut opened, "completed").await;
    for _ in 0..3 {
        opened.heard_on("/voice").await;
    }
    opened.finish().await;
}

#[tokio::test]
async fn the_first_to_answer_wins_and_the_others_ring_no_more() {
    let verb = format!(
        "<Dial action=\"/after\"><Number>{FRIEND}</Number><Number>{OTHER}</Number>\
         <Client>alice</Client></Dial>"
    );
    let mut opened = ready_with(&verb).await;
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(2).await;
    let legs = children(&opened, sid);
    assert_eq!(legs.len(), 3);
    person(&opened, legs[1].sid, Did::Answer).await;
    let states: Vec<_> = children(&opened, sid).iter().map(|leg| leg.state.as_str()).collect();
    assert_eq!(states, ["canceled", "in-progress", "canceled"]);
    opened.advance(5).await;
    person(&opened, sid, Did::HangUp).await;
    let asked = opened.heard_on("/after").await;
    has(&asked, &[("DialCallSid", legs[1].sid.as_str()), ("DialCallStatus", "completed")]);
    told_the_end(&mut opened, "completed").await;
    assert_eq!(state(&opened, legs[1].sid), "completed");
    opened.finish().await;
}

#[tokio::test]
async fn one_after_the_other_is_called_until_somebody_answers() {
    let verb = format!(
        "<Dial sequential=\"true\" timeout=\"5\" action=\"/after\"><Number>{FRIEND}</Number>\
         <Number>{OTHER}</Number><Number>+12025550113</Number></Dial>"
    );
    let mut opened = ready_with(&verb).await;
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    handset(&opened, FRIEND, &[("OnCall", "busy")]).await;
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    assert_eq!(children(&opened, sid).len(), 2);
    opened.advance(10).await;
    let legs = children(&opened, sid);
    let states: Vec<_> = legs.iter().map(|leg| leg.state.as_str()).collect();
    assert_eq!(states, ["busy", "no-answer", "ringing"]);
    person(&opened, legs[2].sid, Did::Answer).await;
    opened.advance(3).await;
    person(&opened, legs[2].sid, Did::HangUp).await;
    has(&opened.heard_on("/after").await, &[("DialCallSid", legs[2].sid.as_str())]);
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn a_callee_hears_a_whisper_and_accepts_or_declines() {
    for (key, status) in [("1", "completed"), ("2", "no-answer")] {
        let verb =
            format!("<Dial action=\"/after\"><Number url=\"/whisper\">{FRIEND}</Number></Dial>");
        let mut opened = ready_with(&verb).await;
        let gather =
            "<Gather numDigits=\"1\" action=\"/choice\"><Say>Press 1</Say></Gather><Hangup/>";
        opened.customer.on("/whisper", [Say::verbs(gather)]);
        let choice = if key == "1" { "<Say>Go ahead</Say>" } else { "<Hangup/>" };
        opened.customer.on("/choice", [Say::verbs(choice)]);
        opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
        let sid = dial(&opened).await;
        opened.heard_on("/voice").await;
        let leg = children(&opened, sid).remove(0);
        person(&opened, leg.sid, Did::Answer).await;
        let whisper = opened.heard_on("/whisper").await;
        has(&whisper, &[("CallSid", leg.sid.as_str()), ("ParentCallSid", sid.as_str())]);
        opened.advance(1).await;
        press(&opened, leg.sid, key).await;
        has(&opened.heard_on("/choice").await, &[("Digits", key)]);
        opened.advance(5).await;
        if key == "1" {
            assert!(opened.customer.unread().is_empty(), "they talk");
            person(&opened, leg.sid, Did::HangUp).await;
        }
        has(&opened.heard_on("/after").await, &[("DialCallStatus", status)]);
        told_the_end(&mut opened, "completed").await;
        opened.finish().await;
    }
}

#[tokio::test]
async fn the_caller_leaves_with_a_star_and_hears_more() {
    let verb =
        format!("<Dial hangupOnStar=\"true\" action=\"/after\">{FRIEND}</Dial><Say>unheard</Say>");
    let mut opened = ready_with(&verb).await;
    opened.customer.on("/after", [Say::verbs("<Say>Anything else?</Say>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let leg = children(&opened, sid).remove(0);
    person(&opened, leg.sid, Did::Answer).await;
    opened.advance(3).await;
    press(&opened, sid, "1*2").await;
    has(&opened.heard_on("/after").await, &[("DialCallStatus", "completed")]);
    opened.advance(3).await;
    told_the_end(&mut opened, "completed").await;
    let heard = lines(&opened, leg.sid);
    assert!(heard.iter().any(|line| line == "3000 < digit 1"), "{heard:#?}");
    assert!(!heard.iter().any(|line| line.contains("digit 2")), "{heard:#?}");
    opened.finish().await;
}

#[tokio::test]
async fn they_may_talk_for_so_long_and_no_longer() {
    let verb = format!("<Dial timeLimit=\"30\" action=\"/after\">{FRIEND}</Dial>");
    let mut opened = ready_with(&verb).await;
    opened.customer.on("/after", [Say::verbs("<Say>Time is up</Say>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let leg = children(&opened, sid).remove(0);
    person(&opened, leg.sid, Did::Answer).await;
    opened.advance(29).await;
    assert_eq!(state(&opened, leg.sid), "in-progress");
    opened.advance(2).await;
    has(&opened.heard_on("/after").await, &[("DialCallDuration", "30")]);
    assert_eq!(state(&opened, leg.sid), "completed");
    opened.advance(3).await;
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn a_machine_is_found_out_while_it_is_connected() {
    let verb = format!(
        "<Dial action=\"/after\"><Number machineDetection=\"Enable\" \
         amdStatusCallback=\"/amd\">{FRIEND}</Number></Dial>"
    );
    let mut opened = ready_with(&verb).await;
    opened.customer.on("/amd", [Say::status(204)]);
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    handset(&opened, FRIEND, &[("OnCall", "machine"), ("AnswerAfter", "PT2S")]).await;
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(10).await;
    let leg = children(&opened, sid).remove(0);
    person(&opened, leg.sid, Did::HangUp).await;
    let told = opened.heard_on("/amd").await;
    has(&told, &[("AnsweredBy", "machine_start"), ("CallSid", leg.sid.as_str())]);
    has(&opened.heard_on("/after").await, &[("DialCallStatus", "completed")]);
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn a_caller_id_that_is_not_the_accounts_calls_nobody() {
    let verb = format!("<Dial callerId=\"+12025550177\" action=\"/after\">{FRIEND}</Dial>");
    let mut opened = ready_with(&verb).await;
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    has(&opened.heard_on("/after").await, &[("DialCallStatus", "failed")]);
    told_the_end(&mut opened, "completed").await;
    assert!(children(&opened, sid).is_empty());
    assert_eq!(opened.codes(), [13_214]);
    assert!(record(&opened, sid).answered.is_some());
    opened.finish().await;
}

#[tokio::test]
async fn an_application_of_the_account_takes_a_dial_and_nobody_elses_does() {
    let mut opened = ready().await;
    let voice = opened.customer.url("/application");
    let path = "/2010-04-01/Accounts/{AC}/Applications.json";
    let (status, made) = opened.call("POST", path, &[("VoiceUrl", &voice)]).await;
    assert_eq!(status, 201, "{made}");
    let application = made["sid"].as_str().expect("a sid");
    let dial_verb = |sid: &str| {
        format!(
            "<Dial action=\"/after\"><Application copyParentTo=\"true\" customerId=\"c7\">\
             <ApplicationSid>{sid}</ApplicationSid><Parameter name=\"plan\" value=\"gold\"/>\
             </Application></Dial>"
        )
    };
    opened.customer.on("/application", [Say::verbs("<Say>Your plan is gold</Say>")]);
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    let nobodys = "AP00000000000000000000000000000000";
    for (sid, end) in [(application, "completed"), (nobodys, "failed")] {
        opened.customer.on("/voice", [Say::verbs(&dial_verb(sid))]);
        let call = dial(&opened).await;
        opened.heard_on("/voice").await;
        if sid == application {
            let asked = opened.heard_on("/application").await;
            has(&asked, &[("To", NUMBER), ("plan", "gold"), ("CustomerId", "c7")]);
            has(&asked, &[("ApplicationSid", application), ("From", PERSON)]);
        }
        opened.advance(10).await;
        has(&opened.heard_on("/after").await, &[("DialCallStatus", end)]);
        opened.quiet().await;
        told_the_end(&mut opened, "completed").await;
        let heard = transcript(&opened, children(&opened, call)[0].sid);
        assert_eq!(heard.contains("speech \"Your plan is gold\""), sid == application, "{heard}");
    }
    assert_eq!(opened.codes(), [13224]);
    opened.finish().await;
}
