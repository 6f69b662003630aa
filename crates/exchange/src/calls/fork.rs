//! A call goes on from an earlier point: what it was told up to there is told to a new script,
//! and what follows is live.
//!
//! ```text
//!  log: 0 ── input 1 ── … ── input n ── …        point n: after input n
//!                               └──▶ a new call, told 1…n again, at this time of the house
//! ```
//!
//! Nothing of what the replay wants is done again: no request, no text, no recording. What was
//! under way at the point is (a document that was asked for, the rest of a sound, a recording), so
//! that the script gets its answers. The log of inputs is [`Log`]; the server's switchboard owns
//! the new call. Contract: DESIGN sections 1 and 4.

use super::script::{Heard, Input, Log, Output, Role, Script, Sound, Ticket, transcript};
use super::{Call, Direction, State};
use crate::refusal::Refusal;
use crate::sid::CallSid;
use crate::webhooks::cookies::Jar;
use jiff::{SignedDuration, Timestamp};

/// Events of a call made by REST that has been answered: initiated, ringing, answered.
const EVENTS_OF_ANSWERED: u32 = 3;

/// What is known of a call, live or over.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its record, as it is or was at its end.
    pub call: Call,
    /// When its transcript begins; a script begins later, with the answer of who was called.
    pub began: Timestamp,
    /// What its script was told.
    pub log: Log,
    /// The cookies it had after so many inputs, where they changed.
    pub jars: Vec<(usize, Jar)>,
}

/// A point from which a call can go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// How many inputs come before it.
    pub at: usize,
    /// House time since the call began, in milliseconds.
    pub after_ms: i64,
    /// What has just happened; `None` at the beginning.
    pub happened: Option<String>,
    /// What the script wanted then.
    pub wanted: Vec<String>,
    /// The verb that takes its time there.
    pub verb: Option<&'static str>,
}

/// A sound that is heard at the point, and since when in the new call's time.
#[derive(Debug, Clone, PartialEq)]
pub struct Sounding {
    /// Its order.
    pub ticket: Ticket,
    /// When it began.
    pub since: Timestamp,
}

/// A call that goes on from a point.
#[derive(Debug)]
pub struct Fork {
    /// Its record: new, and not yet saved.
    pub call: Call,
    /// Its script, which has been told everything up to the point.
    pub script: Script,
    /// When it would have begun.
    pub began: Timestamp,
    /// What of the transcript is replayed: when, `<` or `>`, and what.
    pub lines: Vec<(Timestamp, char, String)>,
    /// What is to be done now, in this order.
    pub under_way: Vec<Output>,
    /// Which of those is a sound that began before.
    pub sounding: Option<Sounding>,
    /// Everything that the replay wanted.
    pub outputs: Vec<Output>,
    /// Its cookies.
    pub jar: Jar,
}

/// What is under way in a script, as its outputs and inputs tell.
#[derive(Debug, Default)]
struct UnderWay {
    orders: Vec<(Timestamp, Ticket, Output)>,
    recordings: Vec<Output>,
    is_speaking: bool,
}

impl UnderWay {
    fn told(&mut self, input: &Input) {
        match input {
            Input::Document(ticket, _)
            | Input::Played(ticket, _)
            | Input::Recorded(ticket, _)
            | Input::Dialed(ticket, _)
            | Input::Sent(ticket, _)
            | Input::Referred(ticket, _) => self.done(*ticket),
            Input::Voice(is_on) => self.is_speaking = *is_on,
            _ => {}
        }
    }

    fn done(&mut self, ticket: Ticket) {
        self.orders.retain(|(_, order, _)| *order != ticket);
    }

    fn wanted(&mut self, now: Timestamp, output: Output) {
        let ticket = match &output {
            // Only the newest is waited for.
            Output::Fetch(ticket, _) => {
                self.orders.retain(|(_, _, order)| !matches!(order, Output::Fetch(..)));
                *ticket
            }
            Output::Play(ticket, _)
            | Output::Listen(ticket, _)
            | Output::Record(ticket, _)
            | Output::Dial(ticket, _)
            | Output::Refer(ticket, _)
            | Output::Send(ticket, _) => *ticket,
            Output::StopPlaying(ticket) | Output::StopListening(ticket) => {
                return self.done(*ticket);
            }
            // Its end is on the way.
            Output::StopRecording(ticket) => {
                self.done(*ticket);
                *ticket
            }
            Output::StartRecording(..) => return self.recordings.push(output),
            Output::StopTap(name) => return self.stop_recording(name.as_deref()),
            _ => return,
        };
        self.orders.push((now, ticket, output));
    }

    fn stop_recording(&mut self, wanted: Option<&str>) {
        let is_it = |output: &Output| match output {
            Output::StartRecording(name, _) => wanted.is_none() || name.as_deref() == wanted,
            _ => false,
        };
        if let Some(place) = self.recordings.iter().rposition(is_it) {
            self.recordings.remove(place);
        }
    }

    /// Why nothing can go on from here.
    fn obstacle(&self, script: &Script) -> Option<&'static str> {
        if script.is_gone() {
            return Some("the call is over there");
        }
        if self.is_speaking {
            return Some("somebody is speaking there");
        }
        self.orders.iter().find_map(|(_, _, order)| match order {
            Output::Dial(..) => Some("others are called there: take a point before"),
            Output::StopRecording(_) => Some("a recording is being kept there"),
            Output::Refer(..) | Output::Send(..) => Some("an answer is on its way there"),
            _ => None,
        })
    }
}

/// The points from which a call can go on, in their order; none for a log that is not whole.
pub fn points(past: &Past) -> Vec<Point> {
    let log = &past.log;
    let mut points = Vec::new();
    if !log.is_whole() {
        return points;
    }
    let (mut at, mut under_way) = (0, UnderWay::default());
    log.follow(|script, now, told, wanted| {
        if let Some(input) = told {
            at += 1;
            under_way.told(input);
        }
        let lines = wanted.iter().map(transcript::output_line).collect::<Vec<_>>();
        wanted.into_iter().for_each(|output| under_way.wanted(now, output));
        let happened = told.and_then(happened);
        let is_seen = told.is_none() || happened.is_some() || !lines.is_empty();
        if is_seen && under_way.obstacle(script).is_none() {
            let after_ms = now.duration_since(past.began).as_millis();
            points.push(Point {
                at,
                after_ms: i64::try_from(after_ms).unwrap_or(i64::MAX),
                happened: happened.or_else(|| told.map(transcript::input_line)),
                wanted: lines,
                verb: script.verb(),
            });
        }
    });
    points
}

/// What a transcript shows of an input, if anything.
fn happened(input: &Input) -> Option<String> {
    match input {
        Input::Tick
        | Input::Voice(_)
        | Input::Played(_, Ok(()))
        | Input::Speech(_, Heard::Partial(_))
        | Input::FallbackSet(_)
        | Input::TimeLimitSet(_) => None,
        Input::Speech(ticket, Heard::Final { text, .. }) => {
            let heard = Heard::Final { text: text.clone(), confidence: String::new() };
            Some(transcript::input_line(&Input::Speech(*ticket, heard)))
        }
        input => Some(transcript::input_line(input)),
    }
}

/// `past` goes on from a point, the newest one unless `at` names it, as the call `sid`.
///
/// # Errors
/// It can't go on from there.
pub fn fork(past: &Past, at: Option<usize>, sid: CallSid, now: Timestamp) -> Result<Fork, Refusal> {
    let log = &past.log;
    check(&past.call)?;
    if !log.is_whole() || log.setup().role == Role::Whisper {
        return Err(Refusal::conflict("of this call not everything that happened is kept"));
    }
    let at = match at {
        Some(at) if at > log.inputs().len() => return Err(no_point(log.inputs().len())),
        Some(at) => at,
        None => {
            let newest = points(past).last().map(|point| point.at);
            newest.ok_or_else(|| Refusal::conflict("it can go on from none of its points"))?
        }
    };
    let moment = match at.checked_sub(1) {
        Some(last) => log.inputs()[last].0,
        None => log.began(),
    };
    replay(past, at, sid, (moment, now))
}

/// Whether a call can be forked at all.
///
/// # Errors
/// A `<Dial>` made it: what becomes of it is its parent's.
pub fn check(call: &Call) -> Result<(), Refusal> {
    let Some(parent) = call.parent else { return Ok(()) };
    let what = format!("the leg of a <Dial> can't be forked: fork {parent}, which dialled");
    Err(Refusal::conflict(what))
}

fn no_point(most: usize) -> Refusal {
    Refusal::parameter_invalid("At", format!("the last point of this call is {most}"))
}

/// Tells a new script what the old one was told, as if the point's `moment` was `now`.
fn replay(
    past: &Past,
    at: usize,
    sid: CallSid,
    (moment, now): (Timestamp, Timestamp),
) -> Result<Fork, Refusal> {
    let log = past.log.until(at).shifted(now.duration_since(moment));
    let (mut under_way, mut lines, mut outputs) = (UnderWay::default(), Vec::new(), Vec::new());
    let script = log.follow(|_, time, told, wanted| {
        if let Some(input) = told {
            under_way.told(input);
            lines.extend(happened(input).map(|text| (time, '>', text)));
        }
        for output in wanted {
            lines.push((time, '<', transcript::output_line(&output)));
            outputs.push(output.clone());
            under_way.wanted(time, output);
        }
    });
    if let Some(why) = under_way.obstacle(&script) {
        return Err(Refusal::parameter_invalid("At", why));
    }
    // A document that something else came in the place of is not waited for.
    let asked = script.asks();
    under_way
        .orders
        .retain(|(_, ticket, order)| !matches!(order, Output::Fetch(..)) || asked == Some(*ticket));
    let is_sound = |order: &Output| matches!(order, Output::Play(..));
    let sounding = under_way.orders.iter().find(|(_, _, order)| is_sound(order));
    let sounding = sounding.map(|(since, ticket, _)| Sounding { ticket: *ticket, since: *since });
    let orders = under_way.orders.into_iter().map(|(_, _, order)| order);
    let under_way = orders.chain(under_way.recordings).collect();
    let mut jars = past.jars.iter().filter(|(inputs, _)| *inputs <= at);
    let jar = jars.next_back().map(|(_, jar)| jar.clone()).unwrap_or_default();
    let call = record(&past.call, sid, script.is_answered(), now);
    let began = log.began();
    Ok(Fork { call, script, began, lines, under_way, sounding, outputs, jar })
}

/// The record of the new call: it began now, and nobody was told of it.
fn record(was: &Call, sid: CallSid, is_answered: bool, now: Timestamp) -> Call {
    let mut call = Call { sid, ..was.clone() };
    call.plan.forked_from = Some(was.sid);
    call.state = if is_answered { State::InProgress } else { State::Ringing };
    call.events = match call.direction {
        Direction::Inbound => u32::from(is_answered),
        _ => EVENTS_OF_ANSWERED,
    };
    call.sip_response_code = None;
    (call.created, call.updated, call.started) = (now, now, Some(now));
    call.answered = is_answered.then_some(now);
    call.ended = None;
    call
}

impl Log {
    /// The first inputs of it.
    fn until(&self, inputs: usize) -> Log {
        let mut log = Log::new(self.setup().clone(), self.began());
        self.inputs().iter().take(inputs).for_each(|(time, input)| log.keep(*time, input));
        log
    }

    /// The same at another time.
    fn shifted(&self, by: SignedDuration) -> Log {
        let at = |time: Timestamp| time.checked_add(by).unwrap_or(time);
        let mut log = Log::new(self.setup().clone(), at(self.began()));
        self.inputs().iter().for_each(|(time, input)| log.keep(at(*time), input));
        log
    }
}

impl Fork {
    /// The sound of an order that is under way.
    pub fn sound(&self) -> Option<&Sound> {
        self.under_way.iter().find_map(|order| match order {
            Output::Play(_, sound) => Some(sound),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::script::{First, Setup};
    use crate::calls::testing::{at, call};
    use crate::documents::Answer;
    use crate::numbers::{Method, Target};
    use webhook::Direction as Way;

    fn target(path: &str) -> Target {
        Target { url: format!("https://app.example{path}"), method: Method::Post }
    }

    fn document(ticket: u32, verbs: &str) -> Input {
        let answer = Answer::Document {
            status: 200,
            url: "https://app.example/voice".into(),
            content_type: Some("text/xml".into()),
            body: format!("<Response>{verbs}</Response>"),
        };
        Input::Document(Ticket(ticket), answer)
    }

    /// A caller who hears a menu, presses 1, hears of it, and hangs up.
    fn a_menu() -> Past {
        let call = call(Way::Inbound);
        let setup = Setup {
            role: Role::Inbound,
            first: First::Ask(target("/voice")),
            fallback: None,
            time_limit_seconds: None,
            peer: call.from.clone(),
            own: call.to.clone(),
        };
        let menu =
            "<Say>Hi</Say><Gather numDigits=\"1\" action=\"/menu\"><Say>Press</Say></Gather>";
        let mut script = Script::begin(setup, at(0));
        for (ms, input) in [
            (0, document(1, menu)),
            (500, Input::Played(Ticket(2), Ok(()))),
            (900, Input::Digit('1')),
            (1000, document(4, "<Sms to=\"+12025550111\">x</Sms><Say>One</Say>")),
            (
                1000,
                Input::Sent(
                    Ticket(5),
                    Err(crate::documents::Remark { code: 14_101, message: "no".into(), at: None }),
                ),
            ),
            (1400, Input::HungUp),
        ] {
            script.input(at(ms), input);
        }
        while script.output().is_some() {}
        Past { call, began: at(0), log: script.into_log(), jars: Vec::new() }
    }

    fn forked(past: &Past, point: Option<usize>) -> Result<Fork, (u32, String)> {
        let sid = CallSid::parse("CA00000000000000000000000000000002").expect("a sid");
        fork(past, point, sid, at(60_000)).map_err(|why| (why.code, why.message))
    }

    #[test]
    fn points_are_where_a_call_can_go_on() {
        let past = a_menu();
        let found: Vec<_> = points(&past)
            .into_iter()
            .map(|point| (point.at, point.after_ms, point.happened.unwrap_or_default(), point.verb))
            .collect();
        let digit = "digit 1".to_owned();
        let ats: Vec<usize> = found.iter().map(|point| point.0).collect();
        assert_eq!(ats, [0, 1, 2, 3, 5], "not while a text is sent, and not after the end");
        assert_eq!(found[0], (0, 0, String::new(), None));
        assert_eq!(found[2], (2, 500, "played".to_owned(), Some("Gather")));
        assert_eq!(found[3], (3, 900, digit, None));
        // Times are those of the transcript, which began before the script.
        let rang = Past { began: at(-20_000), ..past.clone() };
        let after: Vec<i64> = points(&rang).iter().map(|point| point.after_ms).collect();
        assert_eq!(after[..4], [20_000, 20_000, 20_500, 20_900]);
        assert_eq!(forked(&past, Some(4)).err().map(|why| why.0), Some(20_422));
        assert_eq!(forked(&past, Some(6)).err().map(|why| why.0), Some(20_422));
        let beyond = forked(&past, Some(7)).expect_err("refused");
        assert!(beyond.1.contains("the last point of this call is 6"), "{beyond:?}");
    }

    #[test]
    fn a_fork_is_a_new_call_at_its_own_time_with_what_was_under_way() {
        let past = a_menu();
        let fork = forked(&past, Some(2)).expect("a point");
        assert_eq!(fork.call.plan.forked_from, Some(past.call.sid));
        assert_eq!((fork.call.state, fork.call.answered), (State::InProgress, Some(at(60_000))));
        assert_eq!(fork.began, at(59_500));
        let sounding = Sounding { ticket: Ticket(3), since: at(60_000) };
        assert_eq!((fork.sounding.clone(), fork.sound().is_some()), (Some(sounding), true));
        assert!(matches!(fork.under_way[..], [Output::Play(..)]), "{:#?}", fork.under_way);
        let first = (at(59_500), '<', "fetch POST /voice".to_owned());
        assert_eq!(fork.lines.first(), Some(&first));

        let asked = forked(&past, Some(3)).expect("a point");
        assert!(matches!(asked.under_way[..], [Output::Fetch(Ticket(4), _)]));
        let ringing = forked(&past, Some(0)).expect("a point");
        assert_eq!((ringing.call.state, ringing.call.answered), (State::Ringing, None));
        let newest = forked(&past, None).expect("a point");
        assert_eq!(newest.script.log().inputs().len(), 5);
        assert!(!newest.under_way.iter().any(|order| matches!(order, Output::Send(..))));
    }

    #[test]
    fn told_the_same_a_fork_does_the_same() {
        let past = a_menu();
        let whole: Vec<Output> = past.log.replay().into_iter().map(|(_, output)| output).collect();
        for point in points(&past) {
            let mut fork = forked(&past, Some(point.at)).expect("a point");
            let by = fork.began.duration_since(past.log.began());
            for (time, input) in &past.log.inputs()[point.at..] {
                fork.script.input(*time + by, input.clone());
            }
            let mut outputs = fork.outputs;
            outputs.extend(std::iter::from_fn(|| fork.script.output()));
            assert_eq!(outputs, whole, "from point {}", point.at);
            // And so does a fork of it.
            let again = fork.script.into_log().replay().into_iter().map(|(_, output)| output);
            assert_eq!(again.collect::<Vec<_>>(), whole);
        }
    }

    #[test]
    fn a_dialled_leg_and_a_log_with_gaps_are_refused() {
        let mut past = a_menu();
        past.call.parent = CallSid::parse("CA00000000000000000000000000000009");
        let why = forked(&past, Some(0)).expect_err("refused");
        assert!(why.0 == 20_409 && why.1.contains("00009, which dialled"), "{why:?}");
        let mut past = a_menu();
        for _ in 0..crate::calls::script::LOG_INPUTS_MAX {
            past.log.keep(at(2000), &Input::Digit('1'));
        }
        assert_eq!(forked(&past, Some(0)).err().map(|why| why.0), Some(20_409));
        assert!(points(&past).is_empty());
    }

    #[test]
    fn cookies_are_those_of_the_point() {
        let mut past = a_menu();
        let url = crate::webhooks::url::Url::parse("https://app.example/voice").expect("a URL");
        let mut jar = Jar::default();
        jar.set(&url, b"visit=one", at(0)).expect("a cookie");
        past.jars.push((1, jar.clone()));
        assert_eq!(forked(&past, Some(0)).expect("a point").jar, Jar::default());
        assert_eq!(forked(&past, Some(1)).expect("a point").jar, jar);
    }
}
