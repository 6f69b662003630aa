//! The store through its public door: what is saved together, what conflicts, what a reopened
//! folder still knows.

mod calls;
mod pools;

use exchange::messages::{Direction, Message, State};
use exchange::numbers::Method;
use exchange::sid::{AccountSid, MessageSid, Parts};
use exchange::webhooks::{AttemptRecord, Finish, Kind, Purpose, Status, Webhook};
use jiff::Timestamp;
use store::{Change, Committed, Store, StoreError, Write};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    fn new() -> Folder {
        Folder { dir: tempfile::tempdir().expect("a folder for the test") }
    }

    fn open(&self) -> (Store, UnboundedReceiver<Committed>) {
        let (sender, committed) = unbounded_channel();
        (open(self.dir.path(), None, sender).expect("a store"), committed)
    }
}

fn open(
    dir: &std::path::Path,
    size_bytes_max: Option<u64>,
    sender: UnboundedSender<Committed>,
) -> Result<Store, StoreError> {
    // A test that has seen enough drops its receiver.
    Store::open(dir, size_bytes_max, move |committed| drop(sender.send(committed)))
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("in range")
}

fn account() -> AccountSid {
    AccountSid::parse("AC00000000000000000000000000000001").expect("a sid")
}

fn message(n: i64) -> Message {
    Message {
        sid: MessageSid::of(Parts { key: n, tail: 7 }, false),
        account: account(),
        direction: Direction::OutboundApi,
        from: "+12025550100".into(),
        to: "+12025550199".into(),
        body: format!("message {n}"),
        state: State::Queued,
        error_code: None,
        num_segments: 1,
        media: Vec::new(),
        service: None,
        status_callback: None,
        in_reply_to: None,
        created: now(),
        updated: now(),
        sent: None,
        feedback: None,
        send_at: None,
        expires: None,
    }
}

fn tell(message: &Message) -> Webhook {
    Webhook {
        id: 0,
        account: message.account,
        kind: Kind::Tell,
        purpose: Purpose::MessageStatus,
        resource: message.sid.sid(),
        url: "http://user@127.0.0.1:3000/status?a=b#rc=2".into(),
        method: Method::Post,
        parameters: "MessageStatus=sent".into(),
        token: 42,
        fallback: None,
        context: String::new(),
        due: now(),
        created: now(),
        failures: 0,
    }
}

fn advance(message: &Message, from: &'static [State], to: State) -> Write {
    Write::AdvanceMessage {
        sid: message.sid,
        account: message.account,
        from,
        to,
        error_code: None,
        sender: None,
        sent: Some(now()),
        at: now(),
    }
}

#[tokio::test]
async fn a_message_and_its_tell_are_saved_together_and_handed_on() {
    let folder = Folder::new();
    let (store, mut committed) = folder.open();
    let message = message(1);
    store.save(Change::one(Write::InsertMessage(Box::new(message.clone())))).await.expect("saved");
    assert_eq!(store.message(message.sid).expect("read"), Some(message.clone()));

    store
        .save(Change {
            writes: vec![advance(&message, &[State::Queued], State::Sent)],
            webhooks: vec![tell(&message)],
            ..Change::default()
        })
        .await
        .expect("saved");
    let mut handed_on = Vec::new();
    while handed_on.is_empty() {
        let Some(Committed::Changes(changes)) = committed.recv().await else { panic!("closed") };
        handed_on.extend(changes.into_iter().flat_map(|change| change.webhooks));
    }
    assert_eq!(handed_on.len(), 1);
    let entry = store.webhook(handed_on[0].id).expect("read").expect("there");
    assert_eq!((entry.status, &entry.webhook), (Status::Waiting, &handed_on[0]));
}

#[tokio::test]
async fn a_conflict_writes_nothing_of_its_change_and_fails_only_its_caller() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let (first, second) = (message(1), message(2));
    for message in [&first, &second] {
        store
            .save(Change::one(Write::InsertMessage(Box::new(message.clone()))))
            .await
            .expect("saved");
    }
    // The second write conflicts: the first of the same change must go, too.
    let bad = Change {
        writes: vec![
            advance(&first, &[State::Queued], State::Sent),
            advance(&second, &[State::Delivered], State::Read),
        ],
        webhooks: vec![tell(&first)],
        ..Change::default()
    };
    let good = Change::one(advance(&second, &[State::Queued], State::Sent));
    let (bad, good) = tokio::join!(store.save(bad), store.save(good));
    assert!(matches!(bad, Err(StoreError::Conflict)), "{bad:?}");
    good.expect("saved");
    let state = |message: &Message| store.message(message.sid).expect("read").expect("there").state;
    assert_eq!((state(&first), state(&second)), (State::Queued, State::Sent));
    assert!(store.webhooks(account(), &Default::default(), 10).expect("read").is_empty());
}

#[tokio::test]
async fn a_reopened_folder_knows_what_waits_and_what_moves() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let message = message(9);
    store
        .save(Change {
            writes: vec![Write::InsertMessage(Box::new(message.clone()))],
            webhooks: vec![tell(&message), tell(&message)],
            ..Change::default()
        })
        .await
        .expect("saved");
    drop(store);

    let (store, _committed) = folder.open();
    let destinations = store.waiting_destinations().expect("read");
    assert_eq!(destinations.len(), 1);
    assert_eq!(destinations[0].host, "127.0.0.1:3000");
    let waiting = store.waiting(&destinations[0], 0, 10).expect("read");
    assert_eq!(waiting.len(), 2);
    assert_eq!(waiting[0].token, 42);
    assert_eq!(store.waiting(&destinations[0], waiting[0].id, 10).expect("read"), waiting[1..]);
    assert_eq!(store.moving_messages(None, 10).expect("read"), vec![message]);
}

#[tokio::test]
async fn a_finish_is_written_once_with_its_exchange() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let message = message(3);
    store
        .save(Change {
            writes: vec![Write::InsertMessage(Box::new(message.clone()))],
            webhooks: vec![tell(&message)],
            ..Change::default()
        })
        .await
        .expect("saved");
    let id = store.webhooks(account(), &Default::default(), 1).expect("read")[0].webhook.id;
    let attempt = AttemptRecord {
        why: "first",
        url: "http://127.0.0.1:3000/status".into(),
        method: "POST",
        request_headers: [("X-Twilio-Signature", "x")].into_iter().collect(),
        status: Some(200),
        error: Some((11200, "why \"not\"".into())),
        ..AttemptRecord::default()
    };
    let finish = || {
        Change::one(Write::FinishWebhook(Box::new(Finish {
            id,
            status: Status::Done,
            due: now(),
            failures: 0,
            late: false,
            begun_us: 7,
            attempts: vec![attempt.clone()],
            answer: None,
            problems: Vec::new(),
        })))
    };
    store.save(finish()).await.expect("saved");
    assert!(matches!(store.save(finish()).await, Err(StoreError::Conflict)));
    let exchanges = store.exchanges(id).expect("read");
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].attempts, vec![attempt]);
    let sid = store.webhook_sid(id);
    assert_eq!(store.webhook_id(sid), Some(id));
}

#[test]
fn a_newer_folder_is_refused() {
    let folder = Folder::new();
    drop(folder.open());
    let db = rusqlite::Connection::open(folder.dir.path().join("offhook.sqlite3")).expect("opened");
    db.pragma_update(None, "user_version", 999).expect("written");
    drop(db);
    let (sender, _committed) = unbounded_channel();
    let refused = open(folder.dir.path(), None, sender).map(drop);
    assert!(matches!(refused, Err(StoreError::Newer { found: 999, .. })), "{refused:?}");
}

#[tokio::test]
async fn after_a_clear_webhooks_are_numbered_on_even_over_a_restart() {
    let folder = Folder::new();
    let (store, committed) = folder.open();
    let told = |n| Change { webhooks: vec![tell(&message(n))], ..Change::default() };
    let before = store.save_webhook(told(1)).await.expect("saved");
    store.save(Change::one(Write::Clear)).await.expect("saved");
    assert_eq!(store.webhook(before).expect("read"), None);
    drop((store, committed));

    let (store, _committed) = folder.open();
    let after = store.save_webhook(told(2)).await.expect("saved");
    assert!(after > before, "{after} > {before}");
}

#[tokio::test]
async fn no_room_fails_the_change_and_the_store_recovers() {
    let folder = Folder::new();
    let (sender, _committed) = unbounded_channel();
    let store = open(folder.dir.path(), Some(600_000), sender).expect("a store");
    let mut refused = None;
    let mut kept = Vec::new();
    for n in 1..2000 {
        let mut message = message(n);
        message.body = "x".repeat(1600);
        let sid = message.sid;
        match store.save(Change::one(Write::InsertMessage(Box::new(message)))).await {
            Ok(()) => kept.push(sid),
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    assert!(matches!(refused, Some(StoreError::Full)), "{refused:?}");
    // Reads go on, and room that is made is used again.
    assert!(store.message(kept[0]).expect("read").is_some());
    for sid in &kept[..20] {
        store
            .save(Change::one(Write::DeleteMessage { sid: *sid, account: account() }))
            .await
            .expect("saved");
    }
    store.save(Change::one(Write::InsertMessage(Box::new(message(5000))))).await.expect("saved");
}

fn handset(lines: u32) -> Write {
    let handset = exchange::phones::Handset { lines, ..exchange::phones::Handset::new("+1") };
    Write::PutHandset(Box::new(handset))
}

#[tokio::test]
async fn what_is_kept_in_memory_is_never_older_than_what_was_acknowledged() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let lines = || store.handset("+1").expect("read").lines;
    assert_eq!(lines(), 1, "the default, and now it is kept");
    for n in 2..200 {
        store.save(Change::one(handset(n))).await.expect("saved");
        assert_eq!((lines(), lines()), (n, n));
    }
    // Together with a write that conflicts, and with a reset.
    let bad = Change {
        writes: vec![handset(999), advance(&message(1), &[State::Queued], State::Sent)],
        ..Change::default()
    };
    assert!(matches!(store.save(bad).await, Err(StoreError::Conflict)));
    assert_eq!(lines(), 199);
    store.save(Change::one(Write::Clear)).await.expect("saved");
    assert_eq!(lines(), 1);
}

#[tokio::test]
async fn readers_at_the_time_of_a_commit_never_see_it_and_then_what_was_before_it() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let last = std::sync::atomic::AtomicU32::new(1);
    let done = std::sync::atomic::AtomicBool::new(false);
    let order = std::sync::atomic::Ordering::SeqCst;
    store.save(Change::one(handset(1))).await.expect("saved");
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut seen = 0;
                while !done.load(order) {
                    let acknowledged = last.load(order);
                    let kept = store.handset("+1").expect("read").lines;
                    assert!(kept >= seen && kept >= acknowledged, "{kept} {seen} {acknowledged}");
                    // The list is read from the database itself.
                    seen = store.handsets().expect("read")[0].lines;
                    assert!(seen >= kept, "{seen} {kept}");
                }
            });
        }
        let writer = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            runtime.expect("a runtime").block_on(async {
                for n in 2..200 {
                    store.save(Change::one(handset(n))).await.expect("saved");
                    last.store(n, order);
                }
            });
        });
        // Readers end also when the writer fails.
        let written = writer.join();
        done.store(true, order);
        written.expect("it writes");
    });
}
