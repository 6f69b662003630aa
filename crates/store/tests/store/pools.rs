//! Messaging Services, their senders, scheduled messages and opt-outs.

use crate::{Folder, account, message, now};
use exchange::messages::{Message, State};
use exchange::pools::{Sender, Service};
use exchange::sid::{ServiceSid, Sid};
use jiff::SignedDuration;
use store::{Change, Place, Store, StoreError, Write};

fn service(n: u32) -> Service {
    let sid = ServiceSid::parse(&format!("MG{n:032}")).expect("a sid");
    Service { friendly_name: format!("service {n}"), ..Service::new(sid, account(), now()) }
}

fn sender(n: u32, service: &Service) -> Sender {
    Sender {
        sid: Sid::parse(&format!("AI{n:032}")).expect("a sid"),
        service: service.sid,
        account: account(),
        address: format!("Sender{n}"),
        created: now(),
    }
}

async fn save(store: &Store, write: Write) -> Result<(), StoreError> {
    store.save(Change::one(write)).await
}

#[tokio::test]
async fn a_service_and_its_senders_come_back_and_go_together() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let (one, two) = (service(1), service(2));
    for service in [&one, &two] {
        save(&store, Write::InsertService(Box::new(service.clone()))).await.expect("saved");
    }
    assert_eq!(store.service(one.sid).expect("read"), Some(one.clone()));
    let first = sender(1, &one);
    save(&store, Write::InsertSender(Box::new(first.clone()))).await.expect("saved");
    save(&store, Write::InsertSender(Box::new(sender(2, &one)))).await.expect("saved");
    let twice = Sender { service: two.sid, ..first.clone() };
    let refused = save(&store, Write::InsertSender(Box::new(twice))).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "a sender is in one service only");
    let nowhere = save(&store, Write::InsertSender(Box::new(sender(3, &service(9))))).await;
    assert!(matches!(nowhere, Err(StoreError::Conflict)), "its service has to be there");
    assert_eq!(store.pool(one.sid).expect("read"), [first.clone(), sender(2, &one)]);
    let page = store.senders(one.sid, "AI", Place::Top, 1).expect("read");
    assert_eq!(page, [sender(2, &one)]);
    let after = store.senders(one.sid, "AI", Place::After(page[0].sid), 9).expect("read");
    assert_eq!(after, [first]);
    let sticky = Write::PutSticky {
        service: one.sid,
        peer: "+12025550199".into(),
        address: "Sender1".into(),
    };
    save(&store, sticky).await.expect("saved");
    let known = || store.sticky(one.sid, "+12025550199").expect("read");
    assert_eq!(known().as_deref(), Some("Sender1"));
    let mut changed = one.clone();
    changed.updated = now() + SignedDuration::from_secs(1);
    for expected in [true, false] {
        let write = Write::UpdateService { was: one.updated, now: Box::new(changed.clone()) };
        assert_eq!(save(&store, write).await.is_ok(), expected, "a stale update conflicts");
    }
    let delete = Write::DeleteService { sid: one.sid, account: account() };
    save(&store, delete).await.expect("saved");
    assert_eq!(store.pool(one.sid).expect("read"), []);
    assert_eq!(known(), None);
    assert_eq!(store.services(account(), Place::Top, 9).expect("read"), [two]);
}

#[tokio::test]
async fn scheduled_messages_are_found_by_their_time_and_counted() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let at = |seconds| now() + SignedDuration::from_secs(seconds);
    for (n, seconds) in [(1, 300), (2, 100), (3, 100), (4, 200)] {
        let scheduled =
            Message { state: State::Scheduled, send_at: Some(at(seconds)), ..message(n) };
        save(&store, Write::InsertMessage(Box::new(scheduled))).await.expect("saved");
    }
    let sids = |found: Vec<Message>| -> Vec<_> {
        found.iter().map(|message| message.sid.parts().key).collect()
    };
    let first = store.due_messages(at(200), None, 2).expect("read");
    assert_eq!(sids(first.clone()), [2, 3]);
    let last = &first[1];
    let after = Some((last.send_at.expect("set"), last.sid));
    assert_eq!(sids(store.due_messages(at(200), after, 9).expect("read")), [4]);
    assert_eq!(store.next_due(at(0)).expect("read"), Some(at(100)));
    assert_eq!(store.next_due(at(100)).expect("read"), Some(at(200)));
    assert_eq!(store.next_due(at(300)).expect("read"), None);
    assert_eq!(store.scheduled_count(account(), 3).expect("read"), 3);
    assert_eq!(store.scheduled_count(account(), 9).expect("read"), 4);
    assert_eq!(store.moving_messages(None, 9).expect("read"), [], "they do not move yet");
    let accepted = Message { state: State::Accepted, ..message(5) };
    save(&store, Write::InsertMessage(Box::new(accepted))).await.expect("saved");
    assert_eq!(sids(store.moving_messages(None, 9).expect("read")), [5]);
}

#[tokio::test]
async fn who_is_out_is_out_of_what_they_left_and_of_nothing_else() {
    let folder = Folder::new();
    let (store, _committed) = folder.open();
    let (number, peer) = ("+12025550100".to_owned(), "+12025550199");
    let out = |scope: &str, peer: &str| {
        store.is_out(account(), &["MG1".into(), scope.to_owned()], peer).expect("read")
    };
    let put = || Write::PutOptOut {
        account: account(),
        scope: number.clone(),
        peer: peer.into(),
        at: now(),
    };
    for _ in 0..2 {
        save(&store, put()).await.expect("twice is as once");
    }
    assert!(out(&number, peer));
    assert!(!out("+12025550101", peer) && !out(&number, "+12025550198"));
    let scopes = vec!["MG1".into(), number.clone()];
    let delete = Write::DeleteOptOuts { account: account(), scopes, peer: peer.into() };
    save(&store, delete).await.expect("saved");
    assert!(!out(&number, peer));
}
