//! Media of conversations' messages.

use crate::chats::delete;
use crate::row::{all, first, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Store, StoreError};
use exchange::chats::{ChatMedium, ChatMessage};
use exchange::sid::{
    AccountSid, ChatMessageSid, ChatServiceSid, ConversationSid, MediaSid, MessageSid,
};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const MEDIUM: &str =
    "sid, account, service, message, text, content_type, size, filename, created, updated";

pub(crate) fn insert(db: &Connection, one: &ChatMedium) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO chat_media ({MEDIUM}) VALUES (?,?,?,?,?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.account.as_str(),
        one.service.as_str(),
        one.message.map(|sid| sid.to_string()),
        one.text.map(|sid| sid.to_string()),
        one.content_type,
        one.size as i64,
        one.filename,
        us(one.created),
        us(one.updated),
    ]))
}

/// Puts a medium on a message, when it is on none.
pub(crate) fn attach(
    db: &Connection,
    (medium, message): (MediaSid, ChatMessageSid),
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE chat_media SET message=?, updated=? WHERE sid=? AND message IS NULL";
    let values = params![message.as_str(), us(at), medium.as_str()];
    expect_one(db.prepare_cached(sql)?.execute(values)?)
}

pub(crate) fn remove(db: &Connection, sid: MediaSid) -> Result<(), StoreError> {
    delete(db, "chat_media", sid.as_str())
}

pub(crate) fn remove_of_message(db: &Connection, sid: ChatMessageSid) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM chat_media WHERE message=?")?.execute([sid.as_str()])?;
    Ok(())
}

pub(crate) fn remove_of_chat(db: &Connection, sid: ConversationSid) -> Result<(), StoreError> {
    let sql = "DELETE FROM chat_media WHERE message IN \
               (SELECT sid FROM chat_messages WHERE chat=?)";
    db.prepare_cached(sql)?.execute([sid.as_str()])?;
    Ok(())
}

pub(crate) fn remove_of_service(db: &Connection, sid: ChatServiceSid) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM chat_media WHERE service=?")?.execute([sid.as_str()])?;
    Ok(())
}

/// Adds to messages what media they have.
pub(crate) fn add_to(db: &Connection, messages: &mut [ChatMessage]) -> Result<(), StoreError> {
    let sql = format!("SELECT {MEDIUM} FROM chat_media WHERE message=? ORDER BY sid");
    let mut statement = db.prepare_cached(&sql)?;
    for message in messages {
        message.media = all(statement.query([message.sid.as_str()])?, read)?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<ChatMedium, StoreError> {
    let message = match row.get::<_, Option<String>>(3)? {
        Some(text) => Some(word(ChatMessageSid::parse(&text), "message sid")?),
        None => None,
    };
    let text = match row.get::<_, Option<String>>(4)? {
        Some(text) => Some(word(MessageSid::parse(&text), "message sid")?),
        None => None,
    };
    Ok(ChatMedium {
        sid: word(MediaSid::parse(&row.get::<_, String>(0)?), "media sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        service: word(ChatServiceSid::parse(&row.get::<_, String>(2)?), "service sid")?,
        message,
        text,
        content_type: row.get(5)?,
        size: word(u64::try_from(row.get::<_, i64>(6)?).ok(), "size")?,
        filename: row.get(7)?,
        created: time(row.get(8)?)?,
        updated: time(row.get(9)?)?,
    })
}

impl Store {
    /// The medium of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_medium(&self, sid: MediaSid) -> Result<Option<ChatMedium>, StoreError> {
        let sql = format!("SELECT {MEDIUM} FROM chat_media WHERE sid=?");
        self.reader.read(|db| first(db.prepare_cached(&sql)?.query([sid.as_str()])?, read))
    }

    /// The media of all messages of a conversation.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_media_in(&self, chat: ConversationSid) -> Result<Vec<ChatMedium>, StoreError> {
        let sql = format!(
            "SELECT {MEDIUM} FROM chat_media WHERE message IN \
             (SELECT sid FROM chat_messages WHERE chat=?) ORDER BY sid"
        );
        self.reader.read(|db| all(db.prepare_cached(&sql)?.query([chat.as_str()])?, read))
    }

    /// The media of a service, also those on no message.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_media_of(&self, service: ChatServiceSid) -> Result<Vec<ChatMedium>, StoreError> {
        let sql = format!("SELECT {MEDIUM} FROM chat_media WHERE service=? ORDER BY sid");
        self.reader.read(|db| all(db.prepare_cached(&sql)?.query([service.as_str()])?, read))
    }
}
