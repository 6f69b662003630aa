//! What an application is told of a call: the parameters of every ask, and the rows of the tells
//! that are no status of the call itself.
//!
//! Called by the server's switchboard, which sends asks while the call lives and saves tells as
//! rows. Never decides whether something is asked or told, except where a subscription says so.
//! Contract: webhooks.md 2b, 2e and 2e.2.

use crate::calls::recordings::{Recording, RecordingStatus};
use crate::calls::script::Tell;
use crate::calls::{AnsweredBy, Call, RecordingCallback, State};
use crate::messages::inbound::place;
use crate::numbers::Target;
use crate::sid::TranscriptionSid;
use crate::webhooks::{Kind, Purpose, Webhook};
use jiff::Timestamp;
use twiml::RecordingEvent;
use webhook::{Form, VoiceRequest};

/// When a webhook leaves, and the token that its attempts share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// `I-Twilio-Idempotency-Token`.
    pub token: u128,
    /// House time.
    pub at: Timestamp,
}

/// The standard set of `call`, as it stands in `state`.
pub(crate) fn standard(call: &Call, state: State) -> VoiceRequest {
    let (from, to) = (call.from.as_str(), call.to.as_str());
    let mut wire = VoiceRequest::new(call.sid.as_str(), call.account.as_str(), from, to, state);
    wire.direction = call.direction;
    wire.from_place = place(from);
    wire.to_place = place(to);
    let details = &mut wire.details;
    details.application_sid = call.application.map(|sid| sid.to_string());
    details.parent_call_sid = call.parent.map(|sid| sid.to_string());
    details.forwarded_from = call.forwarded_from.clone();
    details.called_via = call.forwarded_from.clone();
    details.caller_name = call.caller_name.clone();
    details.answered_by = call.answered_by.map(|by| by.as_str().to_owned());
    wire
}

/// The parameters of an ask: the standard set, the application's own parameters, and what this
/// ask adds, which wins. An own parameter never hides one of the standard set.
pub fn parameters(call: &Call, extra: &[(String, String)]) -> Form {
    let mut form = standard(call, call.state).to_form();
    for (name, value) in &call.plan.parameters {
        if form.get(name).is_none() {
            form.push(name.as_str(), value.as_str());
        }
    }
    for (name, value) in extra {
        form.set(name, value.as_str());
    }
    form
}

/// An ask of the call as a row: what is logged of it when it has ended.
pub fn ask(call: &Call, target: &Target, extra: &[(String, String)], stamp: Stamp) -> Webhook {
    let form = parameters(call, extra);
    Webhook { kind: Kind::Ask, ..row(call, Purpose::Voice, target, &form, stamp) }
}

/// A tell that a script ordered, with the standard set before its own parameters.
pub fn tell(call: &Call, tell: &Tell, purpose: Purpose, stamp: Stamp) -> Webhook {
    row(call, purpose, &tell.target, &parameters(call, &tell.parameters), stamp)
}

/// The tell of a recording's new status, if that is one of those asked for. Its sound is shown
/// under `base`, the house's public URL.
pub fn recording(
    call: &Call,
    recording: &Recording,
    callback: &RecordingCallback,
    base: &str,
    stamp: Stamp,
) -> Option<Webhook> {
    let event = match recording.status {
        RecordingStatus::InProgress => RecordingEvent::InProgress,
        // Who waits for the sound must hear that there will be none.
        RecordingStatus::Completed | RecordingStatus::Failed => RecordingEvent::Completed,
        RecordingStatus::Absent => RecordingEvent::Absent,
        RecordingStatus::Paused | RecordingStatus::Stopped => return None,
    };
    if !callback.events.contains(&event) {
        return None;
    }
    let mut form = Form::new();
    form.push("AccountSid", recording.account.as_str());
    form.push("CallSid", recording.call.as_str());
    form.push("RecordingSid", recording.sid.as_str());
    form.push("RecordingUrl", recording_url(recording, base));
    form.push("RecordingStatus", recording.status.as_str());
    if let Some(seconds) = recording.duration_seconds() {
        form.push("RecordingDuration", seconds.to_string());
    }
    form.push("RecordingChannels", recording.channels.to_string());
    form.push("RecordingStartTime", rfc2822(recording.started));
    form.push("RecordingSource", recording.source.as_str());
    form.push("RecordingTrack", recording.track.as_str());
    form.push("ErrorCode", recording.error_code.unwrap_or(0).to_string());
    Some(row(call, Purpose::RecordingStatus, &callback.target, &form, stamp))
}

/// The words of a recording, for [`transcription`].
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// The transcription.
    pub sid: TranscriptionSid,
    /// Its text; `None` when it could not be made.
    pub text: Option<String>,
}

/// The tell of a recording's words (`<Record transcribeCallback>`).
pub fn transcription(
    call: &Call,
    recording: &Recording,
    words: &Words,
    (target, base): (&Target, &str),
    stamp: Stamp,
) -> Webhook {
    let url = recording_url(recording, base);
    let status = if words.text.is_some() { "completed" } else { "failed" };
    let mut form = parameters(call, &[]);
    form.set("TranscriptionSid", words.sid.as_str());
    form.set("TranscriptionText", words.text.as_deref().unwrap_or_default());
    form.set("TranscriptionStatus", status);
    form.set("TranscriptionUrl", format!("{url}/Transcriptions/{}", words.sid));
    form.set("RecordingSid", recording.sid.as_str());
    form.set("RecordingUrl", url);
    row(call, Purpose::Transcription, target, &form, stamp)
}

/// The tell of who or what answered, where the call did not wait for it.
pub fn amd_status(
    call: &Call,
    target: &Target,
    by: AnsweredBy,
    after_ms: u32,
    stamp: Stamp,
) -> Webhook {
    let mut form = Form::new();
    form.push("CallSid", call.sid.as_str());
    form.push("AccountSid", call.account.as_str());
    form.push("AnsweredBy", by.as_str());
    form.push("MachineDetectionDuration", after_ms.to_string());
    row(call, Purpose::AmdStatus, target, &form, stamp)
}

/// Where a recording's sound is served, without an extension (webhooks.md 2e).
pub fn recording_url(recording: &Recording, base: &str) -> String {
    format!("{base}/2010-04-01/Accounts/{}/Recordings/{}", recording.account, recording.sid)
}

/// A tell of `call`; its resource is the call, so that its log has all that was said about it.
pub(crate) fn row(
    call: &Call,
    purpose: Purpose,
    target: &Target,
    form: &Form,
    stamp: Stamp,
) -> Webhook {
    Webhook {
        id: 0,
        account: call.account,
        kind: Kind::Tell,
        purpose,
        resource: call.sid.sid(),
        url: target.url.clone(),
        method: target.method,
        parameters: form.encode(),
        token: stamp.token,
        fallback: None,
        context: String::new(),
        due: stamp.at,
        created: stamp.at,
        failures: 0,
    }
}

/// `Fri, 20 Aug 2010 01:13:42 +0000`.
pub(crate) fn rfc2822(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::recordings::RecordingSource;
    use crate::calls::testing::{at, call};
    use crate::numbers::Method;
    use crate::sid::{CallSid, RecordingSid};
    use twiml::RecordingTrack;
    use webhook::Direction;

    fn target() -> Target {
        Target { url: "https://example.com/told".into(), method: Method::Post }
    }

    fn pairs(webhook: &Webhook) -> Form {
        Form::parse(webhook.parameters.as_bytes()).expect("we encoded it")
    }

    const STAMP: Stamp = Stamp { token: 7, at: Timestamp::UNIX_EPOCH };

    #[test]
    fn an_ask_has_both_families_of_names_and_what_is_added_wins() {
        let mut call = call(Direction::OutboundDial);
        call.parent = CallSid::parse("CA00000000000000000000000000000009");
        call.forwarded_from = Some("+12025550111".into());
        call.plan.parameters =
            vec![("Plan".into(), "gold".into()), ("CallSid".into(), "mine".into())];
        let extra = [("Digits".to_owned(), "1".to_owned()), ("Plan".into(), "silver".into())];
        let form = parameters(&call, &extra);
        for (name, value) in [
            ("CallSid", call.sid.as_str()),
            ("From", "+12025550199"),
            ("Caller", "+12025550199"),
            ("To", "+12025550100"),
            ("Called", "+12025550100"),
            ("CallStatus", "queued"),
            ("ApiVersion", "2010-04-01"),
            ("Direction", "outbound-dial"),
            ("ParentCallSid", "CA00000000000000000000000000000009"),
            ("ForwardedFrom", "+12025550111"),
            ("CalledVia", "+12025550111"),
            ("FromCountry", "US"),
            ("CallerCountry", "US"),
            ("CalledCity", ""),
            ("Digits", "1"),
            ("Plan", "silver"),
        ] {
            assert_eq!(form.get(name), Some(value), "{name}");
        }
        assert_eq!(form.get_all("Plan").count(), 1);
        assert_eq!(form.get_all("CallSid").count(), 1);
        call.to = "client:alice".into();
        assert_eq!(parameters(&call, &[]).get("ToCountry"), None, "a client is in no country");
    }

    fn a_recording(status: RecordingStatus) -> Recording {
        Recording {
            sid: RecordingSid::parse("RE00000000000000000000000000000001").expect("a sid"),
            account: call(Direction::Inbound).account,
            call: call(Direction::Inbound).sid,
            status,
            source: RecordingSource::DialVerb,
            channels: 2,
            track: RecordingTrack::Both,
            duration_ms: Some(1200),
            error_code: None,
            started: at(0),
            created: at(0),
            updated: at(0),
        }
    }

    #[test]
    fn a_recording_is_told_to_who_asked_for_that_status() {
        use RecordingEvent::{Absent, Completed, InProgress};
        let call = call(Direction::Inbound);
        for (status, events, told) in [
            (RecordingStatus::InProgress, vec![Completed], false),
            (RecordingStatus::InProgress, vec![InProgress, Completed], true),
            (RecordingStatus::Paused, vec![InProgress, Completed, Absent], false),
            (RecordingStatus::Completed, vec![Completed], true),
            (RecordingStatus::Failed, vec![Completed], true),
            (RecordingStatus::Absent, vec![Completed], false),
            (RecordingStatus::Absent, vec![Absent], true),
        ] {
            let callback = RecordingCallback { target: target(), events };
            let sent = recording(&call, &a_recording(status), &callback, "https://h", STAMP);
            assert_eq!(sent.is_some(), told, "{status:?}");
            let Some(sent) = sent else { continue };
            assert_eq!((sent.purpose, sent.resource), (Purpose::RecordingStatus, call.sid.sid()));
            let form = pairs(&sent);
            let url = "https://h/2010-04-01/Accounts/AC00000000000000000000000000000001/Recordings/\
                RE00000000000000000000000000000001";
            for (name, value) in [
                ("RecordingUrl", url),
                ("RecordingStatus", status.as_str()),
                ("RecordingDuration", "2"),
                ("RecordingChannels", "2"),
                ("RecordingSource", "DialVerb"),
                ("RecordingTrack", "both"),
                ("RecordingStartTime", "Wed, 15 Jan 2020 08:00:00 +0000"),
                ("ErrorCode", "0"),
            ] {
                assert_eq!(form.get(name), Some(value), "{name}");
            }
            assert_eq!(form.get("From"), None);
        }
    }

    #[test]
    fn words_and_verdicts_have_their_own_forms() {
        let call = call(Direction::Inbound);
        let words = Words {
            sid: TranscriptionSid::parse("TR00000000000000000000000000000001").expect("a sid"),
            text: None,
        };
        let kept = a_recording(RecordingStatus::Completed);
        let sent = transcription(&call, &kept, &words, (&target(), "https://h"), STAMP);
        let form = pairs(&sent);
        assert_eq!(form.get("TranscriptionStatus"), Some("failed"));
        assert_eq!(form.get("TranscriptionText"), Some(""));
        assert!(form.get("TranscriptionUrl").is_some_and(|url| url.ends_with(
            "/Recordings/RE00000000000000000000000000000001/Transcriptions/\
             TR00000000000000000000000000000001"
        )));
        assert_eq!(form.get("From"), Some("+12025550199"));

        let sent = amd_status(&call, &target(), AnsweredBy::MachineStart, 2400, STAMP);
        let expected = format!(
            "CallSid={}&AccountSid={}&AnsweredBy=machine_start&MachineDetectionDuration=2400",
            call.sid, call.account
        );
        assert_eq!(sent.parameters, expected);
        assert_eq!((sent.kind, sent.purpose), (Kind::Tell, Purpose::AmdStatus));

        let sent = ask(&call, &target(), &[("Digits".into(), "1".into())], STAMP);
        assert_eq!((sent.kind, sent.purpose, sent.token), (Kind::Ask, Purpose::Voice, 7));
        assert_eq!(pairs(&sent).get("Digits"), Some("1"));
    }
}
