//! Kill -9 with live calls: each ends, is told, and has an alert; finished recordings are there.

use crate::customer::Say;
use crate::support::{self, NUMBER, Opened};
use crate::{House, TURN, asker};
use exchange::calls::recordings::RecordingStatus;
use exchange::calls::{Call, State};
use exchange::sid::{AccountSid, CallSid};
use serde_json::Value;
use std::collections::HashMap;
use store::{CallFilter, RecordingFilter};

/// Calls of each kind.
const CALLS: u32 = 20;

/// What asks the running binary.
struct Asker {
    url: String,
    auth: String,
    account: AccountSid,
}

impl Asker {
    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let path = path.replace("{AC}", self.account.as_str());
        let request = asker::form_request("POST", &path, &self.auth, form);
        let got = asker::exchange(&self.url, &request).await.expect("an answer");
        assert!(got.status < 300, "{}", got.text());
        got.json()
    }
}

fn calls(house: &Opened) -> HashMap<CallSid, Call> {
    let filter = CallFilter::default();
    let found = house.house.store.calls(house.sid, &filter, 1000).expect("readable");
    found.into_iter().map(|call| (call.sid, call)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_calls_end_told_and_with_an_alert_and_finished_recordings_are_there() {
    let _turn = TURN.lock().await;
    let setup = support::open().await;
    let (voice, told) = (setup.customer.url("/voice"), setup.customer.url("/told"));
    setup.number(|number| number.voice.url = voice.clone()).await;
    setup.number(|number| number.status_callback = told.clone()).await;
    // A message of a second is recorded, then another begins that never ends.
    let record = "<Record playBeep=\"false\" timeout=\"0\" maxLength=\"2\" trim=\"do-not-trim\" \
                  action=\"/kept\"/>";
    let endless = "<Record playBeep=\"false\" timeout=\"0\" maxLength=\"3600\"/>";
    setup.customer.on("/voice", [Say::verbs(record)]);
    setup.customer.on("/kept", [Say::verbs(endless)]);
    setup.customer.on("/told", [Say::status(204)]);
    let auth = asker::basic(setup.sid.as_str(), &setup.token);
    let account = setup.sid;
    let mut closed = setup.stop().await;

    let house = House::start(closed.folder.path(), "");
    let asker = Asker { url: house.url.clone(), auth, account };
    for n in 0..CALLS {
        let phones = format!("/offhook/v1/Phones/+120255506{:02}/Calls", n % 100);
        asker.post(&phones, &[("To", NUMBER)]).await;
        let to = format!("+120255507{:02}", n % 100);
        let form = [
            ("To", to.as_str()),
            ("From", NUMBER),
            ("Twiml", "<Response/>"),
            ("StatusCallback", &told),
        ];
        asker.post("/2010-04-01/Accounts/{AC}/Calls.json", &form).await;
    }
    for _ in 0..CALLS {
        closed.customer.heard_on("/kept").await;
    }
    house.kill();

    let mut house = closed.reopen().await;
    let mut ended = HashMap::new();
    for _ in 0..2 * CALLS {
        let seen = house.customer.heard_on("/told").await;
        seen.verify(&house.token).expect("signed");
        let sid = CallSid::parse(&seen.get("CallSid").expect("a sid")).expect("a call's");
        let status = seen.get("CallStatus").expect("a status");
        assert_eq!(ended.insert(sid, status), None, "{sid} was told twice");
    }
    house.quiet().await;
    let calls = calls(&house);
    assert_eq!(calls.len(), 2 * CALLS as usize);
    for (sid, call) in &calls {
        let expected = if call.answered.is_some() { State::Completed } else { State::Failed };
        assert_eq!((call.state, ended[sid].as_str()), (expected, expected.as_str()));
        // A second was recorded; what comes after it may be less than the millisecond that counts.
        let long = call.duration_seconds() >= Some(1);
        assert_eq!(long, expected == State::Completed, "the time that is known");
    }
    let lost = house.codes().into_iter().filter(|code| *code == 12400).count();
    assert_eq!(lost, calls.len());
    let filter = RecordingFilter::default();
    let kept = house.house.store.recordings(house.sid, &filter, 1000).expect("readable");
    let of = |status| kept.iter().filter(move |one| one.status == status);
    let counts = [RecordingStatus::Completed, RecordingStatus::Failed].map(|s| of(s).count());
    // The second one of a call may not have begun.
    assert_eq!((counts[0], counts[0] + counts[1]), (CALLS as usize, kept.len()), "{kept:#?}");
    for recording in of(RecordingStatus::Completed) {
        let name = format!("recordings/{}.wav", recording.sid);
        let bytes = std::fs::read(house.folder.path().join(name)).expect("its sound");
        let samples = media::decode::decode("audio/wav", &bytes, 100_000).expect("audio");
        assert_eq!(Some(media::ms_of(samples.len())), recording.duration_ms);
    }
    house.stop().await;
}
