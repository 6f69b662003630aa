//! Ends and new beginnings: what was on its way, what the folder and the disk refuse.

use crate::customer::{Gate, Say};
use crate::support::{NUMBER, Opened, PERSON, open, open_with, options};
use exchange::accounts::RetryProfile;
use exchange::calls::recordings::RecordingStatus;
use exchange::chats::ChatSettings;
use exchange::messages::State;
use exchange::pools::Service;
use exchange::sid::{AccountSid, CallSid, ServiceSid, SinkSid};
use exchange::sinks::{Sink, SinkStatus};
use exchange::webhooks::Status;
use offhook::open::OpenError;
use store::{Change, ChatWrite, Place, SinkWrite, StoreError, Write};

/// Why a house does not open.
async fn refused(options: offhook::open::Options) -> OpenError {
    match offhook::open::open(options).await {
        Err(error) => error,
        Ok(_) => panic!("it opened"),
    }
}

#[tokio::test]
async fn a_stop_lets_an_answer_come_home_and_the_next_start_goes_on_from_it() {
    let mut house = open().await;
    let gate = Gate::new();
    let document = "<Message statusCallback='/told'>hi</Message><Redirect>/more</Redirect>";
    house.customer.on("/sms", [Say::verbs(document).behind(&gate)]);
    house.customer.on("/told", [Say::status(200)]);
    house.customer.on("/more", [Say::verbs("<Message>more</Message>")]);
    let sid = house.text("hello").await;
    house.heard_on("/sms").await;
    let Opened { house: inner, running, customer, folder, .. } = house;
    drop(inner);
    let stopping = tokio::spawn(running.stop());
    gate.open();
    stopping.await.expect("it stops");
    let mut house = crate::support::Closed { folder, customer }.reopen().await;
    assert_eq!(house.heard_on("/told").await.get("MessageStatus").as_deref(), Some("sent"));
    assert_eq!(house.heard_on("/told").await.get("MessageStatus").as_deref(), Some("delivered"));
    house.heard_on("/more").await;
    house.quiet().await;
    let bodies: Vec<_> = house.replies(sid).into_iter().map(|reply| reply.body).collect();
    assert_eq!(bodies, ["hi", "more"]);
    house.finish().await;
}

#[tokio::test]
async fn what_did_not_come_home_is_sent_again_with_its_token() {
    let mut house = open().await;
    let gate = Gate::new();
    house
        .customer
        .on("/sms", [Say::status(500).behind(&gate), Say::verbs("<Message>hi</Message>")]);
    let sid = house.text("hello").await;
    let first = house.heard().await;
    let begun = std::time::Instant::now();
    let closed = house.stop().await;
    assert!(begun.elapsed().as_secs() < 10, "a stop takes less than ten seconds");
    gate.open();
    let mut house = closed.reopen().await;
    let again = house.heard().await;
    assert_eq!((again.token(), again.body), (first.token(), first.body));
    house.quiet().await;
    assert_eq!(house.replies(sid).len(), 1);
    house.finish().await;
}

#[tokio::test]
async fn a_retry_keeps_its_time_its_token_and_its_place_over_a_restart() {
    let mut house = open().await;
    house.settings(|settings| settings.retry_profile = RetryProfile::Durable).await;
    house.stand_still();
    house.customer.on("/status", [Say::status(500), Say::status(200)]);
    house.send_told("x").await;
    let first = house.heard().await;
    house.quiet().await;
    let due = house.log()[0].due;
    let mut house = house.stop().await.reopen().await;
    house.stand_still();
    house.quiet().await;
    assert!(house.customer.unread().is_empty(), "it is held back, and so is the next");
    let entry = house.log().remove(0);
    assert_eq!((entry.status, entry.due, entry.webhook.failures), (Status::Waiting, due, 1));
    house.advance(6).await;
    let second = house.heard().await;
    assert_eq!(
        (second.token(), second.get("MessageStatus").as_deref()),
        (first.token(), Some("sent"))
    );
    assert_eq!(house.heard().await.get("MessageStatus").as_deref(), Some("delivered"));
    assert!(house.log().iter().all(|entry| !entry.late));
    house.finish().await;
}

#[tokio::test]
async fn a_message_under_way_to_a_slow_handset_arrives_after_a_restart() {
    let mut house = open().await;
    house.customer.on("/status", [Say::status(200)]);
    house.handset(&[("DeliverAfter", "PT1H")]).await;
    let sid = house.send_told("x").await;
    house.heard().await;
    house.quiet().await;
    let mut house = house.stop().await.reopen().await;
    house.stand_still();
    house.quiet().await;
    house.advance(3599).await;
    house.advance(2).await;
    assert_eq!(house.heard().await.get("MessageStatus").as_deref(), Some("delivered"));
    assert_eq!(house.message(sid).state, State::Delivered);
    house.finish().await;
}

/// A house with a call in every state: talking and recorded, ringing out, ringing in.
async fn with_live_calls() -> (Opened, [CallSid; 3]) {
    let mut house = open().await;
    let (voice, told) = (house.customer.url("/voice"), house.customer.url("/told"));
    house
        .number(|number| {
            voice.clone_into(&mut number.voice.url);
            told.clone_into(&mut number.status_callback);
        })
        .await;
    house.customer.on("/told", [Say::status(204)]);
    let rings = "<Dial answerOnBridge='true'>+12025550111</Dial>";
    house.customer.on("/voice", [Say::verbs("<Record timeout='60'/>"), Say::verbs(rings)]);
    house.handset(&[("Lines", "2")]).await;
    house.stand_still();
    let path = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let mut sids = Vec::new();
    for _ in 0..2 {
        let (status, shown) = house.call("POST", &path, &[("To", NUMBER)]).await;
        assert_eq!(status, 201, "{shown}");
        house.heard_on("/voice").await;
        house.quiet().await;
        sids.push(call_of(&shown));
    }
    let path = "/2010-04-01/Accounts/{AC}/Calls.json";
    let form =
        [("To", "+12025550122"), ("From", NUMBER), ("Url", &voice), ("StatusCallback", &told)];
    let (_, shown) = house.call("POST", path, &form).await;
    house.advance(7).await;
    let sids = [sids[0], sids[1], call_of(&shown)];
    (house, sids)
}

fn call_of(shown: &serde_json::Value) -> CallSid {
    CallSid::parse(shown["sid"].as_str().expect("a sid")).expect("a call's")
}

/// What every call that was lost has come to: its state, an alert, its callback.
async fn assert_lost(house: &mut Opened, sids: [CallSid; 3]) {
    house.quiet().await;
    for (sid, state) in sids.into_iter().zip(["completed", "failed", "failed"]) {
        let call = house.house.store.call(sid).expect("readable").expect("there");
        assert_eq!(call.state.as_str(), state, "{call:#?}");
        let about = |alert: &&exchange::alerts::Alert| {
            alert.code == 12_400 && alert.resource.is_some_and(|one| one == sid.sid())
        };
        assert_eq!(house.alerts().iter().filter(about).count(), 1, "{call:#?}");
    }
    let first = house.house.store.call(sids[0]).expect("readable").expect("there");
    assert_eq!(first.duration_seconds(), Some(7));
    let mut told = Vec::new();
    for _ in 0..3 {
        let seen = house.heard_on("/told").await;
        told.push((seen.get("CallSid").expect("named"), seen.get("CallStatus").expect("named")));
    }
    told.sort();
    let mut expected: Vec<_> = sids
        .iter()
        .zip(["completed", "failed", "failed"])
        .map(|(sid, state)| (sid.to_string(), state.to_owned()))
        .collect();
    expected.sort();
    assert_eq!(told, expected);
    assert!(house.house.store.live_calls(None, 10).expect("readable").is_empty());
    assert!(house.house.store.live_recordings().expect("readable").is_empty());
}

#[tokio::test]
async fn a_stop_ends_live_calls_and_each_is_told() {
    let (house, sids) = with_live_calls().await;
    let begun = std::time::Instant::now();
    let mut house = house.stop().await.reopen().await;
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    assert_lost(&mut house, sids).await;
    // The message of the one that was recording is kept, and its action was asked.
    let filter = store::RecordingFilter { call: Some(sids[0]), ..Default::default() };
    let kept = house.house.store.recordings(house.sid, &filter, 10).expect("readable");
    assert_eq!(kept[0].status, RecordingStatus::Completed);
    house.customer.unread();
}

#[tokio::test]
async fn a_crash_ends_live_calls_and_dials_what_was_queued() {
    let (house, sids) = with_live_calls().await;
    let mut left: Vec<_> = house.house.store.live_calls(None, 10).expect("readable");
    assert_eq!(left.len(), 4, "one has rung somebody");
    let mut recordings = house.house.store.live_recordings().expect("readable");
    assert_eq!(recordings.len(), 1);
    let fresh = house.house.call_sid();
    let mut queued = left.iter().find(|call| call.sid == sids[2]).expect("there").clone();
    let mut closed = house.stop().await;
    closed.customer.unread();
    // The rows as a crash would have left them, and a call that nobody had begun to dial.
    queued.sid = fresh;
    (queued.state, queued.started, queued.events) = (exchange::calls::State::Queued, None, 0);
    let mut writes = vec![Write::InsertCall(Box::new(queued.clone()))];
    for call in left.drain(..) {
        writes.push(Write::UpdateCall { was: None, now: Box::new(call), with_plan: true });
    }
    let recording = recordings.remove(0);
    writes.push(Write::UpdateRecording(Box::new(recording.clone())));
    let store = store::Store::open(closed.folder.path(), None, |_| {}).expect("it opens");
    store.save(Change { writes, ..Change::default() }).await.expect("saved");
    drop(store);
    let mut house = closed.reopen().await;
    house.quiet().await;
    assert_eq!(
        house.house.store.call(queued.sid).expect("readable").expect("there").state.as_str(),
        "ringing"
    );
    let lost = house.house.store.recording(recording.sid).expect("readable").expect("there");
    assert_eq!(lost.status, RecordingStatus::Failed);
    for (sid, state) in sids.into_iter().zip(["completed", "failed", "failed"]) {
        let call = house.house.store.call(sid).expect("readable").expect("there");
        assert_eq!(call.state.as_str(), state, "{call:#?}");
    }
    let path = format!("/2010-04-01/Accounts/{{AC}}/Calls/{}.json", queued.sid);
    assert_eq!(house.call("POST", &path, &[("Status", "canceled")]).await.0, 200);
    house.quiet().await;
    house.customer.unread();
}

#[tokio::test]
async fn a_full_disk_answers_503_and_room_makes_it_work_again() {
    let mut house = open_with(|options, _| options.size_bytes_max = Some(1 << 20)).await;
    house.customer.on("/sms", [Say::verbs("<Message>hi</Message>")]);
    let body = "x".repeat(1600);
    let form = [("To", PERSON), ("From", NUMBER), ("Body", &body)];
    let mut sent = Vec::new();
    let refused = loop {
        let (status, shown) = house.send(&form).await;
        if status != 201 {
            break (status, shown);
        }
        sent.push(crate::support::sid_of(&shown));
        assert!(sent.len() < 2000, "the disk never fills");
    };
    assert_eq!((refused.0, refused.1["code"].as_u64()), (503, Some(20503)), "{}", refused.1);
    house.quiet().await;
    let there = house.messages().len();
    assert_eq!(there, sent.len(), "what was refused left nothing behind");
    // Reading goes on.
    let (status, _) = house.call("GET", "/2010-04-01/Accounts/{AC}/Messages.json", &[]).await;
    assert_eq!(status, 200);
    for sid in &sent[..sent.len() / 2] {
        let one = format!("/2010-04-01/Accounts/{{AC}}/Messages/{sid}.json");
        assert_eq!(house.ask("DELETE", &one, &[]).await.status, 204);
    }
    assert_eq!(house.send(&form).await.0, 201);
    house.text("hello").await;
    house.heard().await;
    house.finish().await;
}

#[tokio::test]
async fn a_call_that_ends_on_a_full_disk_has_ended_when_there_is_room() {
    let mut house = open_with(|options, _| options.size_bytes_max = Some(1 << 20)).await;
    let url = house.customer.url("/voice");
    house.number(|number| url.clone_into(&mut number.voice.url)).await;
    house.customer.on("/voice", [Say::verbs("<Gather timeout='600'/>")]);
    let path = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let (_, shown) = house.call("POST", &path, &[("To", NUMBER)]).await;
    let sid = call_of(&shown);
    house.heard_on("/voice").await;
    house.quiet().await;
    let body = "x".repeat(1600);
    let form = [("To", PERSON), ("From", NUMBER), ("Body", &body)];
    let mut sent = Vec::new();
    loop {
        let (status, shown) = house.send(&form).await;
        if status != 201 {
            break;
        }
        sent.push(crate::support::sid_of(&shown));
        assert!(sent.len() < 2000, "the disk never fills");
    }
    // What a person is told is not what becomes of the call.
    let _ = house.does(sid, offhook::calls::Did::HangUp).await;
    for sid in &sent[..sent.len() / 2] {
        let one = format!("/2010-04-01/Accounts/{{AC}}/Messages/{sid}.json");
        assert_eq!(house.ask("DELETE", &one, &[]).await.status, 204);
    }
    house.quiet().await;
    let call = house.house.store.call(sid).expect("readable").expect("there");
    assert_eq!(call.state.as_str(), "completed");
    house.finish().await;
}

#[tokio::test]
async fn an_answer_that_cannot_be_written_is_written_when_there_is_room() {
    let mut house = open_with(|options, _| options.size_bytes_max = Some(1 << 20)).await;
    let gate = Gate::new();
    let reply = format!("<Message>{}</Message>", "y".repeat(1500)).repeat(10);
    house.customer.on("/sms", [Say::verbs(&reply).behind(&gate)]);
    let asked = house.text("hello").await;
    house.heard().await;
    let body = "x".repeat(1600);
    let form = [("To", PERSON), ("From", NUMBER), ("Body", &body)];
    let mut sent = Vec::new();
    loop {
        let (status, shown) = house.send(&form).await;
        if status == 503 {
            break;
        }
        sent.push(crate::support::sid_of(&shown));
    }
    gate.open();
    // The answer comes home, finds no room, and waits for it.
    for sid in &sent {
        let one = format!("/2010-04-01/Accounts/{{AC}}/Messages/{sid}.json");
        let status = house.ask("DELETE", &one, &[]).await.status;
        assert!(matches!(status, 204 | 409), "{status}");
    }
    house.quiet().await;
    assert_eq!(house.replies(asked).len(), 10);
    house.finish().await;
}

#[tokio::test]
async fn a_folder_belongs_to_one_process_at_a_time() {
    let house = open().await;
    let error = refused(options(house.folder.path())).await;
    let text = error.to_string();
    assert!(text.contains("in use"), "{text}");
    assert!(text.contains(&std::process::id().to_string()) && text.contains(&house.url), "{text}");
    house.finish().await;
}

#[tokio::test]
async fn a_folder_of_a_newer_version_is_refused_and_left_as_it_is() {
    let house = open().await;
    let closed = house.stop().await;
    let file = closed.folder.path().join("offhook.sqlite3");
    let version = |set: Option<u32>| {
        let db = rusqlite::Connection::open(&file).expect("a database");
        if let Some(version) = set {
            db.pragma_update(None, "user_version", version).expect("set");
        }
        db.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0)).expect("read")
    };
    let ours = version(None);
    version(Some(ours + 1));
    let error = refused(options(closed.folder.path())).await;
    assert!(matches!(error, OpenError::Store(StoreError::Newer { .. })), "{error}");
    assert!(error.to_string().contains("newer"), "{error}");
    assert_eq!(version(None), ours + 1);
    version(Some(ours));
    closed.reopen().await.finish().await;
}

#[tokio::test]
async fn the_environments_account_has_to_be_the_folders() {
    let sid = AccountSid::parse("AC0123456789abcdef0123456789abcdef").expect("a sid");
    let token = "00112233445566778899aabbccddcdef".to_owned();
    let given = Some((sid, token.clone()));
    let house = open_with(|options, _| options.first_account.clone_from(&given)).await;
    assert_eq!((house.sid, house.token.as_str()), (sid, token.as_str()));
    let closed = house.stop().await;
    let mut other = options(closed.folder.path());
    other.first_account = Some((sid, "f".repeat(32)));
    let text = refused(other).await.to_string();
    assert!(
        text.contains(sid.as_str()) && text.contains("ffff") && text.contains("cdef"),
        "{text}"
    );
    assert!(!text.contains(&token), "a secret is not shown: {text}");
    let same = closed.reopen_with(|options, _| options.first_account.clone_from(&given)).await;
    same.expect("its own account").finish().await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let house = open().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut other = options(folder.path());
    other.listen = house.url.trim_start_matches("http://").parse().expect("an address");
    let text = refused(other).await.to_string();
    assert!(text.contains(house.url.trim_start_matches("http://")), "{text}");
    house.finish().await;
}

#[tokio::test]
async fn a_house_that_has_just_opened_is_not_quiet_before_it_took_up_what_waits() {
    let mut house = open().await;
    house.settings(|settings| settings.retry_profile = RetryProfile::Durable).await;
    house.stand_still();
    house.customer.on("/status", [Say::status(500), Say::status(500), Say::status(200)]);
    house.send_told("x").await;
    house.heard().await;
    house.advance(6).await;
    house.heard().await;
    house.quiet().await;
    // The third try is half a minute away, which is longer than this takes.
    for _ in 0..5 {
        house = house.stop().await.reopen().await;
        // Nobody gave the delivery thread a moment: its deadlines count all the same.
        house.stand_still();
        let limit = house.house.now();
        let stopped = house.house.clock.advance(offhook::clock::Until::Idle(limit)).await;
        assert_eq!(stopped, offhook::clock::StoppedBy::Limit);
    }
    house.advance(60).await;
    let mut both = [house.heard().await, house.heard().await].map(|seen| seen.get("MessageStatus"));
    both.sort();
    assert_eq!(both, [Some("delivered".to_owned()), Some("sent".to_owned())]);
    house.finish().await;
}

#[tokio::test]
async fn bins_follow_a_house_that_moves_and_other_urls_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = offhook::open::open(options(folder.path())).await.expect("it opens");
    let first = opened.url.clone();
    let bin = {
        // The debugger, and a status callback, of the same account are bins of the house as well.
        let house = &opened.house;
        let was = house.store.number_at(NUMBER).expect("read").expect("the first number");
        let bin = was.sms.url.strip_prefix(&first).expect("a bin").to_owned();
        let mut number = was.clone();
        number.status_callback = format!("{first}{bin}");
        let account = house.account(was.account).expect("there");
        let mut told = account.clone();
        told.settings.debugger_url = Some(format!("{first}{bin}?debugger=1"));
        let sid = ServiceSid::parse("MG00000000000000000000000000000001").expect("a sid");
        let mut service = Service::new(sid, was.account, house.now());
        service.inbound.url = format!("{first}{bin}");
        let mut chats = ChatSettings::new(was.account);
        chats.hooks.pre_url = format!("{first}{bin}?chats=0");
        chats.hooks.post_url = format!("{first}{bin}?chats=1");
        let writes = vec![
            Write::Sinks(SinkWrite::InsertSink(Box::new(Sink {
                sid: SinkSid::parse("DG00000000000000000000000000000001").expect("a sid"),
                account: was.account,
                description: "a bin".into(),
                destination: format!("{first}{bin}"),
                batch_events: false,
                status: SinkStatus::Initialized,
                test_id: String::new(),
                created: house.now(),
                updated: house.now(),
            }))),
            Write::Chats(ChatWrite::PutSettings(Box::new(chats))),
            Write::InsertService(Box::new(service)),
            Write::UpdateNumber { was: was.updated, now: Box::new(number) },
            Write::UpdateSettings { was: account.updated, now: Box::new(told) },
        ];
        house.save(Change { writes, ..Change::default() }).await.expect("saved");
        bin
    };
    opened.stop().await;
    // Somebody else has the port now.
    let address = first.strip_prefix("http://").expect("a URL");
    let _taken = std::net::TcpListener::bind(address).expect("the port is free again");
    let opened = offhook::open::open(options(folder.path())).await.expect("it opens again");
    let number = opened.house.store.number_at(NUMBER).expect("read").expect("the first number");
    assert!(number.sms.url.starts_with(&opened.url), "{}", number.sms.url);
    assert!(number.voice.url.starts_with(&opened.url), "{}", number.voice.url);
    assert_eq!(number.status_callback, format!("{}{bin}", opened.url));
    let account = opened.house.account(number.account).expect("there");
    let debugger = format!("{}{bin}?debugger=1", opened.url);
    assert_eq!(account.settings.debugger_url, Some(debugger));
    let services = opened.house.store.services(number.account, Place::Top, 10).expect("read");
    assert_eq!(services[0].inbound.url, format!("{}{bin}", opened.url));
    let sinks = opened.house.store.sinks(number.account, (None, None), Place::Top, 10);
    assert_eq!(sinks.expect("read")[0].destination, format!("{}{bin}", opened.url));
    let chats = opened.house.store.chat_settings(number.account).expect("read").expect("there");
    assert_eq!(chats.hooks.pre_url, format!("{}{bin}?chats=0", opened.url));
    assert_eq!(chats.hooks.post_url, format!("{}{bin}?chats=1", opened.url));
    // The demo answers there.
    let arrival = exchange::messages::inbound::Arrival {
        sid: opened.house.message_sid(false),
        from: PERSON.into(),
        to: NUMBER.into(),
        body: "hello".into(),
        media: Vec::new(),
    };
    let sid = offhook::messages::receive(&opened.house, arrival).await.expect("received");
    assert!(opened.house.clock.quiet().await);
    let filter =
        store::MessageFilter { in_reply_to: Some(sid.sid), ..store::MessageFilter::default() };
    let replies = opened.house.store.messages(number.account, &filter, 10).expect("read");
    assert_eq!(replies.len(), 1, "{replies:?}");
    opened.stop().await;
}
