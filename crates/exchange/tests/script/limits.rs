//! What hostile documents, people and clocks cannot do: loops end, floods are cut, no time panics.

use exchange::calls::script::{
    DOCUMENTS_AT_ONCE_MAX, DialEnd, First, Heard, Input, Kept, LOG_BYTES_MAX, LOG_INPUTS_MAX,
    Output, RecordingEnd, Role, Script, Setup, Sound, Ticket, transcript,
};
use exchange::calls::{AnsweredBy, State};
use exchange::documents::Answer;
use exchange::numbers::{Method, Target};
use exchange::sid::{CallSid, RecordingSid};
use jiff::{SignedDuration, Timestamp};

fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().expect("a time")
}

fn setup(role: Role, first: First) -> Setup {
    Setup {
        role,
        first,
        fallback: None,
        time_limit_seconds: None,
        peer: "+12025550199".into(),
        own: "+12025550100".into(),
    }
}

fn inline(text: &str) -> Script {
    inline_at(text, start())
}

fn inline_at(text: &str, now: Timestamp) -> Script {
    let text = format!("<Response>{text}</Response>");
    Script::begin(setup(Role::Outbound, First::Twiml(text)), now)
}

fn drain(script: &mut Script) -> Vec<Output> {
    std::iter::from_fn(|| script.output()).collect()
}

fn give(script: &mut Script, now: Timestamp, input: Input) -> Vec<Output> {
    script.input(now, input);
    drain(script)
}

fn after(millis: i64) -> Timestamp {
    start() + SignedDuration::from_millis(millis)
}

fn asked() -> Script {
    let target = Target { url: "http://app.example/x".into(), method: Method::Post };
    Script::begin(setup(Role::Inbound, First::Ask(target)), start())
}

/// Answers every ask with the same document; how many there were, and what was wanted last.
fn answer_all(script: &mut Script, now: Timestamp, body: &str, most: u32) -> (u32, Vec<Output>) {
    let mut wanted = drain(script);
    for count in 0..most {
        let fetch = wanted.iter().find_map(|output| match output {
            Output::Fetch(ticket, _) => Some(*ticket),
            _ => None,
        });
        let Some(ticket) = fetch else { return (count, wanted) };
        let answer = Answer::Document {
            status: 200,
            content_type: Some("text/xml".into()),
            body: body.to_owned(),
            url: "http://app.example/x".into(),
        };
        wanted = give(script, now, Input::Document(ticket, answer));
    }
    (most, wanted)
}

fn codes(outputs: &[Output]) -> Vec<u32> {
    let code = |output: &Output| match output {
        Output::Remark(remark) => Some(remark.code),
        _ => None,
    };
    outputs.iter().filter_map(code).collect()
}

#[test]
fn redirects_without_end_end_in_the_sentence_of_an_error() {
    for body in [
        "<Response><Redirect/></Response>",
        "<Response><Enqueue action='/x'>q</Enqueue></Response>",
        "<Response><Pay/></Response>",
        "<Response><Refer action='/x'><Sip>sip:a@b.example</Sip></Refer></Response>",
    ] {
        let mut script = asked();
        let (count, wanted) = answer_all(&mut script, start(), body, 1_000);
        assert_eq!(count, DOCUMENTS_AT_ONCE_MAX + 1, "{body}");
        assert_eq!(codes(&wanted), [11215], "{body}");
        assert!(wanted.iter().any(|o| matches!(o, Output::Play(_, Sound::ApplicationError))));
    }
}

#[test]
fn a_loop_in_which_a_second_passes_may_go_on() {
    let body = "<Response><Pause length='1'/><Redirect/></Response>";
    let mut script = asked();
    for second in 0..2_000 {
        let (count, wanted) = answer_all(&mut script, after(second * 1000), body, 10);
        assert_eq!((count, codes(&wanted)), (u32::from(second == 0), vec![]));
        let asks = give(&mut script, after((second + 1) * 1000), Input::Tick);
        let Some(Output::Fetch(ticket, _)) = asks.last() else { panic!("{asks:?}") };
        let answer = Answer::Document {
            status: 200,
            content_type: Some("text/xml".into()),
            body: body.to_owned(),
            url: "http://app.example/x".into(),
        };
        assert_eq!(
            give(&mut script, after((second + 1) * 1000), Input::Document(*ticket, answer)),
            []
        );
    }
}

#[test]
fn a_fallback_and_its_document_cannot_keep_each_other_alive() {
    let target =
        |path: &str| Target { url: format!("http://a.example{path}"), method: Method::Post };
    let mut script = Script::begin(
        Setup { fallback: Some(target("/f")), ..setup(Role::Inbound, First::Ask(target("/x"))) },
        start(),
    );
    let mut wanted = drain(&mut script);
    for count in 0.. {
        assert!(count < 1_000, "it goes on");
        let Some(Output::Fetch(ticket, ask)) = wanted.last().cloned() else { break };
        let answer = match ask.target.url.ends_with("/f") {
            false => Answer::Failed { code: 11200, message: "500".into() },
            true => Answer::Document {
                status: 200,
                content_type: Some("text/xml".into()),
                body: "<Response><Redirect>/x</Redirect></Response>".into(),
                url: ask.target.url,
            },
        };
        wanted = give(&mut script, start(), Input::Document(ticket, answer));
    }
    assert!(wanted.iter().any(|o| matches!(o, Output::Play(_, Sound::ApplicationError))));
}

#[test]
fn a_loop_of_nothing_is_a_thousand_times() {
    let mut script = inline("<Say loop='0'>x</Say>");
    let mut count = 0;
    let mut wanted = drain(&mut script);
    while let Some(Output::Play(ticket, _)) = wanted.last() {
        count += 1;
        let ticket = *ticket;
        wanted = give(&mut script, start(), Input::Played(ticket, Ok(())));
    }
    assert_eq!((count, wanted), (1_000, vec![Output::Hangup]));
    let mut script = inline("<Say loop='4000000000'>x</Say>");
    assert_eq!(drain(&mut script).len(), 1);
}

#[test]
fn a_flood_of_keys_is_enough_at_some_point() {
    let mut script = inline("<Gather action='http://app.example/x' finishOnKey=''/>");
    let mut asks = Vec::new();
    for n in 0..100_000 {
        let key = char::from(b'0' + (n % 10) as u8);
        asks.extend(give(&mut script, after(n), Input::Digit(key)));
    }
    let [Output::Fetch(_, ask)] = &asks[..] else { panic!("{} asks", asks.len()) };
    let digits = ask.parameters.iter().find(|(name, _)| name == "Digits").map(|(_, v)| v.len());
    assert_eq!(digits, Some(1_000));
}

#[test]
fn what_is_no_key_is_none() {
    let mut script = inline("<Gather action='http://app.example/x' numDigits='1'/>");
    for key in ['x', 'E', ' ', 'é', '\0', 'w'] {
        assert_eq!(give(&mut script, start(), Input::Digit(key)), [], "{key:?}");
    }
    assert_eq!(give(&mut script, start(), Input::Digit('D')).len(), 1);
}

#[test]
fn a_flood_of_words_is_told_a_thousand_times_and_cut() {
    let mut script = inline(
        "<Gather input='speech' action='http://app.example/x' timeout='9' \
         partialResultCallback='http://app.example/p'/>",
    );
    let Some(Output::Listen(ticket, _)) = drain(&mut script).pop() else { panic!("no ear") };
    let mut tells = 0;
    for n in 0..5_000 {
        let text = "a word and another ".repeat(10);
        tells +=
            give(&mut script, after(n), Input::Speech(ticket, Heard::Partial(text.clone()))).len();
        let heard = Heard::Final { text, confidence: String::new() };
        assert_eq!(give(&mut script, after(n), Input::Speech(ticket, heard)), []);
    }
    assert_eq!(tells, 1_000);
    let asks = give(&mut script, after(60_000), Input::Tick);
    let Some(Output::Fetch(_, ask)) = asks.last() else { panic!("{asks:?}") };
    let length = ask.parameters[0].1.len();
    assert!((16_000..=2 * 16_384).contains(&length), "{length}");
}

#[test]
fn what_does_not_fit_into_the_log_is_left_out_and_the_log_says_so() {
    let mut script = inline("<Pause length='600'/>");
    for n in 0..LOG_INPUTS_MAX + 5 {
        script.input(after(n as i64), Input::Voice(n % 2 == 0));
    }
    assert!(!script.log().is_whole());
    assert_eq!(script.log().inputs().len(), LOG_INPUTS_MAX);

    let mut script = inline("<Pause length='600'/>");
    let text = "x".repeat(LOG_BYTES_MAX / 4);
    for n in 0..6 {
        assert_eq!(script.log().is_whole(), n < 5, "{n}");
        let heard = Heard::Partial(text.clone());
        script.input(after(n), Input::Speech(Ticket(u32::MAX), heard));
    }
    assert_eq!(script.log().inputs().len(), 4);
}

#[test]
fn a_deadline_that_nobody_told_comes_first() {
    let mut script = inline("<Gather timeout='2'/><Say>Bye</Say>");
    drain(&mut script);
    let wanted = give(&mut script, after(5_000), Input::Digit('1'));
    assert!(matches!(wanted[..], [Output::Play(_, Sound::Say(_))]), "{wanted:?}");
    // A key that comes at that very moment still counts.
    let mut script = inline("<Gather timeout='2'/><Say>Bye</Say>");
    drain(&mut script);
    assert_eq!(give(&mut script, after(2_000), Input::Digit('1')), []);
}

#[test]
fn before_its_time_a_tick_does_nothing() {
    let mut script = inline("<Pause length='5'/>");
    assert_eq!(give(&mut script, after(4_999), Input::Tick), []);
    assert_eq!(give(&mut script, after(5_000), Input::Tick), [Output::Hangup]);
}

#[test]
fn no_time_is_too_late_or_runs_back() {
    for text in [
        "<Pause length='4294967295'/>",
        "<Gather timeout='4294967295'/>",
        "<Gather input='speech' maxSpeechTime='4294967295'/>",
        "<Record playBeep='false' timeout='4294967295' maxLength='86400'/>",
    ] {
        let mut script = inline_at(text, Timestamp::MAX);
        drain(&mut script);
        assert_eq!(script.deadline(), Some(Timestamp::MAX), "{text}");
        script.input(Timestamp::MIN, Input::Tick);
        script.input(Timestamp::MIN, Input::HungUp);
        drain(&mut script);
    }
    let mut script = inline("<Pause length='1'/><Pause length='1'/>");
    give(&mut script, after(1_000), Input::Tick);
    give(&mut script, after(-50_000), Input::Tick);
    assert_eq!(script.deadline(), Some(after(2_000)));
    let limited = Setup {
        time_limit_seconds: Some(u32::MAX),
        ..setup(Role::Outbound, First::Twiml("<Response><Pause/></Response>".into()))
    };
    assert!(Script::begin(limited, Timestamp::MAX).deadline().is_some());
}

#[test]
fn a_document_of_the_largest_size_is_carried_out_without_recursion() {
    let text = "<Start><Recording/></Start><Stop><Recording/></Stop>".repeat(1_200);
    let mut script = inline(&text);
    let wanted = drain(&mut script);
    assert_eq!(wanted.len(), 2_401, "{:?}", wanted.last());
}

#[test]
fn a_line_of_a_transcript_is_one_line_and_has_an_end() {
    let body = format!("<Response>\n  <Say>{}</Say>\n</Response>", "long\nwords ".repeat(2_000));
    let answer = Answer::Document {
        status: 200,
        content_type: Some("text/xml".into()),
        body,
        url: String::new(),
    };
    let line = transcript::input_line(&Input::Document(Ticket(1), answer));
    assert!(line.starts_with("document <Response> <Say>long words long"), "{line}");
    assert!(line.ends_with('…') && !line.contains('\n'), "{line}");
    assert!(line.chars().count() <= transcript::TEXT_CHARACTERS_MAX + 10);
    assert_eq!(transcript::line(start(), after(12_345), true, "hang up"), "12345 < hang up");
}

#[test]
fn a_recorder_that_ends_by_itself_leads_to_the_action() {
    let mut script = inline("<Record playBeep='false' action='http://app.example/x'/>");
    let Some(Output::Record(ticket, _)) = drain(&mut script).pop() else { panic!("no tape") };
    let kept = Some(Kept {
        sid: RecordingSid::parse("RE00000000000000000000000000000001").expect("a sid"),
        url: "http://house/RE1".into(),
        duration_seconds: 6,
    });
    let asks = give(&mut script, start(), Input::Recorded(ticket, RecordingEnd { kept }));
    assert!(matches!(asks[..], [Output::Fetch(..)]), "{asks:?}");
}

#[test]
fn a_dials_action_is_told_all_that_is_known() {
    let mut script = inline("<Dial action='http://app.example/x'>1</Dial>");
    let Some(Output::Dial(ticket, _)) = drain(&mut script).pop() else { panic!("nobody") };
    let end = DialEnd {
        status: State::Completed,
        sid: CallSid::parse("CA00000000000000000000000000000002"),
        duration_seconds: Some(7),
        bridged: true,
        recording: Some(Kept {
            sid: RecordingSid::parse("RE00000000000000000000000000000001").expect("a sid"),
            url: "http://house/RE1".into(),
            duration_seconds: 6,
        }),
        answered_by: Some(AnsweredBy::Human),
        parameters: vec![("DialSipResponseCode".into(), "200".into())],
    };
    let asks = give(&mut script, start(), Input::Dialed(ticket, end));
    let line = transcript::output_line(&asks[0]);
    assert_eq!(
        line,
        "fetch POST /x DialCallStatus=completed DialCallSid=CA00000000000000000000000000000002 \
         DialCallDuration=7 DialBridged=true AnsweredBy=human RecordingUrl=http://house/RE1 \
         RecordingSid=RE00000000000000000000000000000001 RecordingDuration=6 \
         DialSipResponseCode=200"
    );
}

#[test]
fn ssml_reaches_the_speech_engine_as_it_was_written() {
    let xml = "<Say voice='Polly.Amy'>a <emphasis level='strong'>b</emphasis></Say>";
    let mut script = inline(xml);
    let Some(Output::Play(_, Sound::Say(say))) = drain(&mut script).pop() else {
        panic!("silence")
    };
    let (document, _) = twiml::parse(&format!("<Response>{xml}</Response>"), twiml::Realm::Voice)
        .expect("it is a document");
    assert_eq!(twiml::Verb::Say(*say), document.verbs[0].verb);
}
