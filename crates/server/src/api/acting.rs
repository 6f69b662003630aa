//! The house as somebody acts on it by the APIs: what they change is noted in the audit log, in the
//! same commit. What only reads goes to the house itself.

use crate::house::House;
use exchange::audit::{self, Entry, Fields};
use exchange::sid::{AccountSid, AuditSid, Sid};
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use store::{Change, StoreError, Write};

/// Who acts, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    /// The account or key whose credentials were given.
    pub sid: Sid,
    /// The address that asked, when it is known.
    pub source_ip: Option<IpAddr>,
}

/// The house, and who acts on it.
#[derive(Clone)]
pub(crate) struct Acting {
    house: Arc<House>,
    actor: Actor,
}

impl Deref for Acting {
    type Target = Arc<House>;

    fn deref(&self) -> &Arc<House> {
        &self.house
    }
}

/// What a write does to a resource: whose it is, its sid, the event and the fields before and after.
struct Done {
    account: AccountSid,
    sid: Sid,
    event: (&'static str, &'static str),
    before: Fields,
    after: Fields,
}

/// The same without what was before.
type Plain = (AccountSid, Sid, (&'static str, &'static str), Fields);

impl Acting {
    pub(crate) fn new(house: Arc<House>, actor: Actor) -> Acting {
        Acting { house, actor }
    }

    /// As [`House::save`].
    pub(crate) async fn save(&self, mut change: Change) -> Result<(), StoreError> {
        self.note(&mut change)?;
        self.house.save(change).await
    }

    /// As [`House::decide`].
    pub(crate) async fn decide<T, E: From<StoreError>>(
        &self,
        mut decide: impl FnMut() -> Result<(Change, T), E>,
    ) -> Result<T, E> {
        let noted = || {
            let (mut change, outcome) = decide()?;
            self.note(&mut change)?;
            Ok((change, outcome))
        };
        self.house.decide(noted).await
    }

    /// Adds an entry of the audit log for each resource that a change makes, changes or deletes.
    fn note(&self, change: &mut Change) -> Result<(), StoreError> {
        let mut entries = Vec::new();
        for write in &change.writes {
            if let Some(done) = self.done(write)? {
                entries.push(Write::InsertAudit(Box::new(self.entry(done))));
            }
        }
        change.writes.append(&mut entries);
        Ok(())
    }

    fn entry(&self, done: Done) -> Entry {
        let house = &self.house;
        let (resource_type, did) = done.event;
        Entry {
            sid: AuditSid::from_parts(house.parts()),
            account: done.account,
            actor: self.actor.sid,
            event_type: format!("{resource_type}.{did}"),
            resource_type: resource_type.to_owned(),
            resource: done.sid,
            source_ip: self.actor.source_ip.map(|ip| ip.to_string()).unwrap_or_default(),
            data: audit::difference(&done.before, &done.after),
            created: house.now(),
        }
    }

    fn done(&self, write: &Write) -> Result<Option<Done>, StoreError> {
        let store = &self.house.store;
        let none = Fields::new;
        let done = |account, sid, event, before, after| {
            Ok(Some(Done { account, sid, event, before, after }))
        };
        match write {
            Write::InsertAccount(one) => {
                done(one.owner, one.sid.sid(), ("account", "created"), none(), audit::account(one))
            }
            Write::UpdateAccount { now, .. } => {
                let before = store.account(now.sid)?.map_or_else(none, |was| audit::account(&was));
                done(now.sid, now.sid.sid(), ("account", "updated"), before, audit::account(now))
            }
            Write::InsertNumber(one) => {
                let after = audit::number(one);
                done(one.account, one.sid.sid(), ("phone-number", "created"), none(), after)
            }
            Write::UpdateNumber { now, .. } => {
                let before = store.number(now.sid)?.map_or_else(none, |was| audit::number(&was));
                let after = audit::number(now);
                done(now.account, now.sid.sid(), ("phone-number", "updated"), before, after)
            }
            Write::InsertApplication(one) => {
                let after = audit::application(one);
                done(one.account, one.sid.sid(), ("application", "created"), none(), after)
            }
            Write::UpdateApplication { now, .. } => {
                let was = store.application(now.sid)?;
                let before = was.map_or_else(none, |was| audit::application(&was));
                let after = audit::application(now);
                done(now.account, now.sid.sid(), ("application", "updated"), before, after)
            }
            other => Ok(self.plain(other).map(|(account, sid, event, after)| Done {
                account,
                sid,
                event,
                before: none(),
                after,
            })),
        }
    }

    /// Those of which no fields of before are told.
    fn plain(&self, write: &Write) -> Option<Plain> {
        let nothing = Fields::new();
        let named = |name: &str| Fields::from([("friendly_name", name.to_owned())]);
        Some(match write {
            Write::DeleteNumber { sid, account } => {
                (*account, sid.sid(), ("phone-number", "deleted"), nothing)
            }
            Write::DeleteApplication { sid, account } => {
                (*account, sid.sid(), ("application", "deleted"), nothing)
            }
            Write::InsertKey(one) => {
                (one.account, one.sid.sid(), ("api-key", "created"), named(&one.friendly_name))
            }
            Write::UpdateKey { sid, account, friendly_name, .. } => {
                (*account, sid.sid(), ("api-key", "updated"), named(friendly_name))
            }
            Write::DeleteKey { sid, account } => {
                (*account, sid.sid(), ("api-key", "deleted"), nothing)
            }
            Write::InsertService(one) => (
                one.account,
                one.sid.sid(),
                ("messaging-service", "created"),
                named(&one.friendly_name),
            ),
            Write::UpdateService { now, .. } => (
                now.account,
                now.sid.sid(),
                ("messaging-service", "updated"),
                named(&now.friendly_name),
            ),
            Write::DeleteService { sid, account } => {
                (*account, sid.sid(), ("messaging-service", "deleted"), nothing)
            }
            Write::InsertBin(one) => {
                (one.account, one.sid.sid(), ("twiml-bin", "created"), named(&one.friendly_name))
            }
            Write::UpdateBin { now, .. } => {
                (now.account, now.sid.sid(), ("twiml-bin", "updated"), named(&now.friendly_name))
            }
            Write::DeleteBin { sid, account } => {
                (*account, sid.sid(), ("twiml-bin", "deleted"), nothing)
            }
            Write::UpdateCallerId { now, .. } => (
                now.account,
                now.sid.sid(),
                ("outgoing-caller-id", "updated"),
                named(&now.friendly_name),
            ),
            Write::DeleteCallerId { sid, account } => {
                (*account, sid.sid(), ("outgoing-caller-id", "deleted"), nothing)
            }
            other => return of_the_world(other),
        })
    }
}

/// Addresses and triggers of usage.
fn of_the_world(write: &Write) -> Option<Plain> {
    let named = |name: &str| Fields::from([("friendly_name", name.to_owned())]);
    Some(match write {
        Write::InsertAddress(one) => {
            (one.account, one.sid.sid(), ("address", "created"), named(&one.friendly_name))
        }
        Write::UpdateAddress { now, .. } => {
            (now.account, now.sid.sid(), ("address", "updated"), named(&now.friendly_name))
        }
        Write::DeleteAddress { sid, account } => {
            (*account, sid.sid(), ("address", "deleted"), Fields::new())
        }
        Write::InsertTrigger(one) => {
            (one.account, one.sid.sid(), ("usage-trigger", "created"), named(&one.friendly_name))
        }
        Write::UpdateTrigger { now, .. } => {
            (now.account, now.sid.sid(), ("usage-trigger", "updated"), named(&now.friendly_name))
        }
        Write::DeleteTrigger { sid, account } => {
            (*account, sid.sid(), ("usage-trigger", "deleted"), Fields::new())
        }
        _ => return None,
    })
}
