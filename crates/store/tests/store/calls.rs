//! Calls, recordings, transcripts, and asks that are logged when they are over.

use crate::{Folder, account, now};
use exchange::calls::recordings::{Recording, RecordingSource, RecordingStatus};
use exchange::calls::script::First;
use exchange::calls::{
    AnsweredBy, Call, CallEvent, Callback, Direction, Events, Plan, RecordPlan, RecordingTrack,
    State, Trim,
};
use exchange::numbers::{Method, Target};
use exchange::sid::{CallSid, NumberSid, Parts, RecordingSid};
use exchange::webhooks::{AnswerRecord, AttemptRecord, Finish, Kind, Purpose, Status, Webhook};
use jiff::{SignedDuration, Timestamp};
use store::{CallFilter, Change, Place, RecordingFilter, Store, StoreError, Write};

fn at(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn target(url: &str) -> Target {
    Target { url: url.into(), method: Method::Get }
}

/// An outbound call with all that a record can have before it is dialled.
fn call(n: i64) -> Call {
    Call {
        sid: CallSid::from_parts(Parts { key: n, tail: u64::MAX }),
        account: account(),
        parent: None,
        direction: Direction::OutboundApi,
        from: "+12025550100".into(),
        to: "+12025550199".into(),
        state: State::Queued,
        events: 0,
        number: NumberSid::parse("PN00000000000000000000000000000001"),
        application: None,
        forwarded_from: None,
        caller_name: None,
        answered_by: None,
        sip_response_code: None,
        plan: Plan {
            first: Some(First::Twiml("<Response><Say>é & \"x\"</Say></Response>".into())),
            fallback: Some(target("https://user:p%40ss@a.example/f#rc=2")),
            callback: Some(Callback {
                target: target("https://a.example/s"),
                events: Events::of([CallEvent::Ringing]),
                of_number: false,
            }),
            delay_seconds: 5,
            timeout_seconds: 60,
            time_limit_seconds: Some(14_400),
            send_digits: Some("1w2#".into()),
            record: Some(RecordPlan {
                dual: true,
                from_ringing: false,
                track: RecordingTrack::Both,
                trim: Trim::DoNotTrim,
                callback: None,
            }),
            detection: None,
            forked_from: CallSid::parse("CA00000000000000000000000000000077"),
            parameters: vec![("a&b".into(), "=".into())],
        },
        created: at(0),
        updated: at(0),
        started: None,
        answered: None,
        ended: None,
    }
}

async fn insert(store: &Store, call: &Call) {
    store.save(Change::one(Write::InsertCall(Box::new(call.clone())))).await.expect("saved");
}

async fn update(
    store: &Store,
    was: Option<Timestamp>,
    now: &Call,
    with_plan: bool,
) -> Result<(), StoreError> {
    let now = Box::new(now.clone());
    store.save(Change::one(Write::UpdateCall { was, now, with_plan })).await
}

#[tokio::test]
async fn a_call_is_read_back_as_it_was_written_all_its_life() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let mut call = call(1);
    insert(&store, &call).await;
    assert_eq!(store.call(call.sid).expect("read"), Some(call.clone()));

    call.state = State::InProgress;
    (call.started, call.answered, call.updated) = (Some(at(1)), Some(at(5)), at(5));
    call.events = 3;
    update(&store, None, &call, false).await.expect("saved");
    assert_eq!(store.call(call.sid).expect("read"), Some(call.clone()));

    call.state = State::Completed;
    (call.ended, call.updated) = (Some(at(9)), at(9));
    call.answered_by = Some(AnsweredBy::MachineEndBeep);
    call.sip_response_code = Some(200);
    call.plan.callback = None;
    update(&store, Some(at(5)), &call, true).await.expect("saved");
    drop(store);
    let (store, _committed) = folder.open();
    assert_eq!(store.call(call.sid).expect("read"), Some(call.clone()));

    // Somebody else was first; another sid with the same key.
    let conflict = update(&store, Some(at(5)), &call, false).await;
    assert!(matches!(conflict, Err(StoreError::Conflict)), "{conflict:?}");
    let stranger = CallSid::from_parts(Parts { key: 1, tail: 0 });
    let conflict = update(&store, None, &Call { sid: stranger, ..call.clone() }, false).await;
    assert!(matches!(conflict, Err(StoreError::Conflict)), "{conflict:?}");
    assert_eq!(store.call(stranger).expect("read"), None);
}

#[tokio::test]
async fn lists_of_calls_show_what_their_filter_names_the_newest_first() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let first = Call { started: Some(at(10)), ..call(1) };
    let leg = Call {
        parent: Some(first.sid),
        direction: Direction::OutboundDial,
        state: State::Busy,
        to: "client:alice".into(),
        started: Some(at(20)),
        ended: Some(at(30)),
        ..call(2)
    };
    let inbound = Call {
        direction: Direction::Inbound,
        from: "+12025550199".into(),
        to: "+12025550100".into(),
        state: State::Ringing,
        started: Some(at(40)),
        ..call(3)
    };
    for call in [&first, &leg, &inbound] {
        insert(&store, call).await;
    }
    let all = CallFilter::default;
    let text = |text: &str| Some(text.to_owned());
    for (filter, found) in [
        (all(), vec![3, 2, 1]),
        (CallFilter { to: text("client:alice"), ..all() }, vec![2]),
        (CallFilter { from: text("+12025550100"), ..all() }, vec![2, 1]),
        (CallFilter { peer: text("+12025550199"), ..all() }, vec![3, 1]),
        (CallFilter { parent: Some(first.sid), ..all() }, vec![2]),
        (CallFilter { state: Some(State::Busy), ..all() }, vec![2]),
        (CallFilter { started_from: Some(at(20)), ..all() }, vec![3, 2]),
        (CallFilter { started_to: Some(at(20)), ..all() }, vec![2, 1]),
        (CallFilter { ended_from: Some(at(30)), ..all() }, vec![2]),
        (CallFilter { ended_to: Some(at(29)), ..all() }, vec![]),
        (CallFilter { place: Place::After(inbound.sid), ..all() }, vec![2, 1]),
    ] {
        let calls = store.calls(account(), &filter, 10).expect("read");
        let keys: Vec<i64> = calls.iter().map(|call| call.sid.parts().key).collect();
        assert_eq!(keys, found, "{filter:?}");
    }
    let live = store.live_calls(None, 10).expect("read");
    assert_eq!(live, [first.clone(), inbound.clone()]);
    assert_eq!(store.live_calls(Some(first.sid), 10).expect("read"), [inbound]);
    assert_eq!(store.calls(account(), &all(), 1).expect("read").len(), 1);
}

#[tokio::test]
async fn a_transcript_is_kept_with_its_call_and_goes_with_it() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let call = call(1);
    insert(&store, &call).await;
    assert_eq!(store.transcript(call.sid).expect("read"), None);
    for text in ["    0 < answer", "    0 < answer\n  900 < hangup"] {
        let write = Write::PutTranscript { call: call.sid, text: text.into() };
        store.save(Change::one(write)).await.expect("saved");
        assert_eq!(store.transcript(call.sid).expect("read").as_deref(), Some(text));
    }
    let delete = || Change::one(Write::DeleteCall { sid: call.sid, account: account() });
    store.save(delete()).await.expect("saved");
    assert_eq!(store.call(call.sid).expect("read"), None);
    assert_eq!(store.transcript(call.sid).expect("read"), None);
    assert!(matches!(store.save(delete()).await, Err(StoreError::Conflict)));
}

fn recording(n: i64, call: i64) -> Recording {
    Recording {
        sid: RecordingSid::from_parts(Parts { key: n, tail: 3 }),
        account: account(),
        call: CallSid::from_parts(Parts { key: call, tail: u64::MAX }),
        status: RecordingStatus::InProgress,
        source: RecordingSource::DialVerb,
        channels: 2,
        track: RecordingTrack::Outbound,
        duration_ms: None,
        error_code: None,
        started: at(n),
        created: at(n),
        updated: at(n),
    }
}

#[tokio::test]
async fn lines_in_use_follow_what_is_acknowledged_and_are_known_after_a_restart() {
    let folder = Folder::new();
    let peer = "+12025550199";
    let (store, committed) = folder.open();
    assert_eq!(store.live_calls_at(peer), 0);
    let mut calls: Vec<Call> = (1..=4).map(call).collect();
    // The same person calls: then it is the caller's line.
    calls[2].direction = Direction::Inbound;
    (calls[2].from, calls[2].to) = (peer.into(), "+12025550100".into());
    calls[3].to = "+12025550198".into();
    for call in &calls {
        insert(&store, call).await;
    }
    assert_eq!((store.live_calls_at(peer), store.live_calls_at("+12025550198")), (3, 1));
    calls[0].state = State::InProgress;
    update(&store, None, &calls[0], false).await.expect("written");
    assert_eq!(store.live_calls_at(peer), 3);
    calls[0].state = State::Completed;
    for _ in 0..2 {
        update(&store, None, &calls[0], false).await.expect("written");
        assert_eq!(store.live_calls_at(peer), 2);
    }
    // What is not written does not count.
    let again = Change::one(Write::InsertCall(Box::new(calls[1].clone())));
    assert!(store.save(again).await.is_err());
    assert_eq!(store.live_calls_at(peer), 2);
    drop((store, committed));

    let (store, _committed) = folder.open();
    assert_eq!((store.live_calls_at(peer), store.live_calls_at("+12025550198")), (2, 1));
    let delete = Change::one(Write::DeleteCall { sid: calls[2].sid, account: account() });
    store.save(delete).await.expect("saved");
    assert_eq!(store.live_calls_at(peer), 1);
    store.save(Change::one(Write::Clear)).await.expect("saved");
    assert_eq!(store.live_calls_at(peer), 0);
}

#[tokio::test]
async fn a_recording_is_kept_listed_changed_and_deleted() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let mut first = recording(10, 1);
    for one in [&first, &recording(11, 2)] {
        let write = Write::InsertRecording(Box::new(one.clone()));
        store.save(Change::one(write)).await.expect("saved");
    }
    first.status = RecordingStatus::Completed;
    first.duration_ms = Some(u64::from(u32::MAX) + 1);
    first.error_code = Some(16_101);
    first.updated = at(60);
    let write = || Change::one(Write::UpdateRecording(Box::new(first.clone())));
    store.save(write()).await.expect("saved");
    assert_eq!(store.recording(first.sid).expect("read"), Some(first.clone()));
    let all = RecordingFilter::default;
    for (filter, found) in [
        (all(), vec![11, 10]),
        (RecordingFilter { call: Some(first.call), ..all() }, vec![10]),
        (RecordingFilter { created_from: Some(at(11)), ..all() }, vec![11]),
        (RecordingFilter { created_to: Some(at(10)), ..all() }, vec![10]),
        (RecordingFilter { place: Place::After(recording(11, 2).sid), ..all() }, vec![10]),
    ] {
        let recordings = store.recordings(account(), &filter, 10).expect("read");
        let keys: Vec<i64> = recordings.iter().map(|one| one.sid.parts().key).collect();
        assert_eq!(keys, found, "{filter:?}");
    }
    let delete = Change::one(Write::DeleteRecording { sid: first.sid, account: account() });
    store.save(delete).await.expect("saved");
    assert_eq!(store.recording(first.sid).expect("read"), None);
    assert!(matches!(store.save(write()).await, Err(StoreError::Conflict)));
}

fn asked(call: &Call, status: Status) -> (Webhook, Finish) {
    let webhook = Webhook {
        id: 0,
        account: account(),
        kind: Kind::Ask,
        purpose: Purpose::Voice,
        resource: call.sid.sid(),
        url: "https://a.example/voice".into(),
        method: Method::Post,
        parameters: "CallStatus=ringing".into(),
        token: 5,
        fallback: None,
        context: String::new(),
        due: at(0),
        created: at(0),
        failures: 0,
    };
    let attempt =
        AttemptRecord { why: "first", method: "POST", status: Some(200), ..Default::default() };
    let answer = AnswerRecord { status: 200, body: "<Response/>".into(), ..Default::default() };
    let finish = Finish {
        id: 0,
        status,
        due: at(1),
        failures: 0,
        late: false,
        begun_us: 7,
        attempts: vec![attempt],
        answer: Some(answer),
        problems: Vec::new(),
    };
    (webhook, finish)
}

#[tokio::test]
async fn an_ask_is_logged_when_it_is_over_and_never_waits() {
    let folder = Folder::new();
    let (store, mut committed) = folder.open();
    let call = call(1);
    insert(&store, &call).await;
    let log = |status| {
        let (webhook, finish) = asked(&call, status);
        Write::LogWebhook(Box::new(webhook), Box::new(finish))
    };
    let told = asked(&call, Status::Done).0;
    let change = Change {
        // One that claims to wait was sent all the same.
        writes: vec![log(Status::Done), log(Status::Failed), log(Status::Waiting)],
        webhooks: vec![Webhook { kind: Kind::Tell, purpose: Purpose::CallStatus, ..told }],
        ..Change::default()
    };
    let row = store.save_webhook(change).await.expect("saved");
    assert_eq!(row, 4, "rows are numbered in the order of the change");
    let mut entries = store.webhooks(account(), &Default::default(), 10).expect("read");
    entries.reverse();
    let stands: Vec<_> = entries.iter().map(|e| (e.webhook.id, e.status, e.webhook.kind)).collect();
    let expected = [
        (1, Status::Done, Kind::Ask),
        (2, Status::Failed, Kind::Ask),
        (3, Status::Failed, Kind::Ask),
        (4, Status::Waiting, Kind::Tell),
    ];
    assert_eq!(stands, expected);
    assert_eq!((entries[0].webhook.purpose, entries[0].due), (Purpose::Voice, at(1)));
    let exchanges = store.exchanges(1).expect("read");
    assert_eq!(exchanges[0].answer.as_ref().map(|a| a.body.as_str()), Some("<Response/>"));
    let waiting = store.waiting_destinations().expect("read");
    assert!(waiting.iter().all(|destination| destination.kind == Kind::Tell), "{waiting:?}");

    // Whoever watches commits sees the rows that were given.
    let mut ids = Vec::new();
    while ids.is_empty() {
        let Some(store::Committed::Changes(changes)) = committed.recv().await else {
            panic!("closed")
        };
        for write in changes.iter().flat_map(|change| &change.writes) {
            if let Write::LogWebhook(webhook, finish) = write {
                ids.push((webhook.id, finish.id));
            }
        }
    }
    assert_eq!(ids, [(1, 1), (2, 2), (3, 3)]);
}

#[tokio::test]
async fn sids_begin_above_those_of_calls_and_recordings_and_a_clear_takes_them_all() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    insert(&store, &call(50)).await;
    assert_eq!(store.last_key().expect("read"), 50);
    let write = Write::InsertRecording(Box::new(recording(60, 50)));
    store.save(Change::one(write)).await.expect("saved");
    assert_eq!(store.last_key().expect("read"), 60);
    let text = Write::PutTranscript { call: call(50).sid, text: "x".into() };
    store.save(Change::one(text)).await.expect("saved");
    store.save(Change::one(Write::Clear)).await.expect("saved");
    assert_eq!(store.call(call(50).sid).expect("read"), None);
    assert_eq!(store.recording(recording(60, 50).sid).expect("read"), None);
    insert(&store, &call(50)).await;
    assert_eq!(store.transcript(call(50).sid).expect("read"), None);
}

#[tokio::test]
async fn a_folder_of_the_first_version_is_taken_along() {
    let folder = Folder::new();
    let path = folder.dir.path().join("offhook.sqlite3");
    let db = rusqlite::Connection::open(path).expect("opened");
    db.execute_batch(include_str!("../../src/schema.sql")).expect("the first schema");
    db.execute(
        "INSERT INTO alerts (id, tail, account, code, text, created) VALUES (70, 1, ?, 11200, '', 0)",
        [account().as_str()],
    )
    .expect("written");
    db.pragma_update(None, "user_version", 1).expect("written");
    drop(db);
    let (store, _committed) = folder.open();
    assert_eq!(store.alerts(account(), &Default::default(), 10).expect("read").len(), 1);
    insert(&store, &call(71)).await;
    assert_eq!(store.last_key().expect("read"), 71);
}
