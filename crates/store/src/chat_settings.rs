//! Services of conversations, and what the conversations of an account have in common.

use crate::row::{all, first, method, time, us, word};
use crate::writer::unique;
use crate::{Span, Store, StoreError};
use exchange::chats::{ChatService, ChatSettings, Hooks};
use exchange::sid::{AccountSid, ChatServiceSid};
use rusqlite::{Connection, Row, params};

const SERVICE: &str =
    "sid, account, friendly_name, method, filters, pre_url, post_url, created, updated";

pub(crate) fn put_settings(db: &Connection, one: &ChatSettings) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO chat_settings \
               (account, method, filters, pre_url, post_url, service) VALUES (?,?,?,?,?,?)";
    db.prepare_cached(sql)?.execute(params![
        one.account.as_str(),
        one.hooks.method.as_str(),
        one.hooks.filters.join(" "),
        one.hooks.pre_url,
        one.hooks.post_url,
        one.default_service.as_ref().map(|sid| sid.as_str()),
    ])?;
    Ok(())
}

pub(crate) fn insert(db: &Connection, one: &ChatService) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO chat_services ({SERVICE}) VALUES (?,?,?,?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.account.as_str(),
        one.friendly_name,
        one.hooks.method.as_str(),
        one.hooks.filters.join(" "),
        one.hooks.pre_url,
        one.hooks.post_url,
        us(one.created),
        us(one.updated),
    ]))
}

/// Takes a service out with all of its conversations.
pub(crate) fn delete(db: &Connection, sid: ChatServiceSid) -> Result<(), StoreError> {
    let texts = "DELETE FROM chat_texts WHERE message IN (SELECT m.sid FROM chat_messages m \
                 JOIN chats c ON c.sid=m.chat WHERE c.service=?)";
    db.prepare_cached(texts)?.execute([sid.as_str()])?;
    crate::chat_media::remove_of_service(db, sid)?;
    for table in ["chat_participants", "chat_messages", "chat_hooks"] {
        let sql =
            format!("DELETE FROM {table} WHERE chat IN (SELECT sid FROM chats WHERE service=?)");
        db.prepare_cached(&sql)?.execute([sid.as_str()])?;
    }
    db.prepare_cached("DELETE FROM chats WHERE service=?")?.execute([sid.as_str()])?;
    crate::chats::delete(db, "chat_services", sid.as_str())
}

fn read(row: &Row<'_>) -> Result<ChatService, StoreError> {
    Ok(ChatService {
        sid: word(ChatServiceSid::parse(&row.get::<_, String>(0)?), "service sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        friendly_name: row.get(2)?,
        hooks: hooks(row, 3)?,
        created: time(row.get(7)?)?,
        updated: time(row.get(8)?)?,
    })
}

/// `method, filters, pre_url, post_url` from a column on.
fn hooks(row: &Row<'_>, at: usize) -> Result<Hooks, StoreError> {
    Ok(Hooks {
        method: method(&row.get::<_, String>(at)?)?,
        filters: crate::chats::words(&row.get::<_, String>(at + 1)?),
        pre_url: row.get(at + 2)?,
        post_url: row.get(at + 3)?,
    })
}

impl Store {
    /// What an account's conversations have in common, if that was ever said.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_settings(&self, account: AccountSid) -> Result<Option<ChatSettings>, StoreError> {
        let sql = "SELECT method, filters, pre_url, post_url, service FROM chat_settings \
                   WHERE account=?";
        self.reader.read(|db| {
            first(db.prepare_cached(sql)?.query([account.as_str()])?, |row| {
                let default_service = match row.get::<_, Option<String>>(4)? {
                    Some(text) => Some(word(ChatServiceSid::parse(&text), "service sid")?),
                    None => None,
                };
                Ok(ChatSettings { account, default_service, hooks: hooks(row, 0)? })
            })
        })
    }

    /// The service of conversations of a sid, if it was ever made or changed: the one that an
    /// account begins with need not have been.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_service(&self, sid: ChatServiceSid) -> Result<Option<ChatService>, StoreError> {
        let sql = format!("SELECT {SERVICE} FROM chat_services WHERE sid=?");
        self.reader.read(|db| first(db.prepare_cached(&sql)?.query([sid.as_str()])?, read))
    }

    /// Services of conversations that an account made or changed, in the order of their sids.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_services(
        &self,
        account: AccountSid,
        span: Span,
    ) -> Result<Vec<ChatService>, StoreError> {
        let sql = format!("SELECT {SERVICE} FROM chat_services WHERE account=?{}", span.sql("sid"));
        self.reader.read(|db| all(db.prepare(&sql)?.query([account.as_str()])?, read))
    }
}
