//! Conversations with their participants, messages, webhooks and the texts that brought them.

use crate::row::{all, first, method, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Store, StoreError};
use crate::{chat_media, chat_settings};
use exchange::chats::{
    ChatHook, ChatMedium, ChatMessage, ChatService, ChatSettings, ChatText, Conversation,
    Participant, Standing,
};
use exchange::sid::{
    AccountSid, ChatMessageSid, ChatServiceSid, ConversationSid, MediaSid, MessageSid,
    ParticipantSid, ReceiptSid, WebhookSid,
};
use jiff::Timestamp;
use rusqlite::{Connection, Row, ToSql, params};

/// A write of conversations.
#[derive(Debug)]
pub enum ChatWrite {
    /// What an account's conversations have in common.
    PutSettings(Box<ChatSettings>),
    /// Expects that no service has the sid.
    InsertService(Box<ChatService>),
    /// Expects `was` as the record's `updated`.
    UpdateService {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<ChatService>,
    },
    /// Expects that it exists; its conversations go with it.
    DeleteService(ChatServiceSid),
    /// Expects that no conversation has the sid, nor the service one of the unique name.
    InsertConversation(Box<Conversation>),
    /// Expects `was` as the record's `updated`.
    UpdateConversation {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Conversation>,
    },
    /// Expects that it exists; all that is in it goes with it.
    DeleteConversation(ConversationSid),
    /// Expects that its conversation exists.
    InsertParticipant(Box<Participant>),
    /// Expects `was` as the record's `updated`.
    UpdateParticipant {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Participant>,
    },
    /// Expects that the participant exists.
    DeleteParticipant(ParticipantSid),
    /// Expects that its conversation exists, and that no other message has its place.
    InsertMessage(Box<ChatMessage>),
    /// Expects `was` as the record's `updated`.
    UpdateMessage {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<ChatMessage>,
    },
    /// Expects that the message exists; its receipts and media go with it.
    DeleteMessage(ChatMessageSid),
    /// Expects that no medium has the sid; its content is on the disk.
    InsertMedium(Box<ChatMedium>),
    /// Expects that the medium exists, and is on no message.
    AttachMedium {
        /// The medium.
        medium: MediaSid,
        /// The message that has it from now on.
        message: ChatMessageSid,
        /// House time.
        at: Timestamp,
    },
    /// Expects that the medium exists.
    DeleteMedium(MediaSid),
    /// A text that brings a message to a participant.
    InsertText(Box<ChatText>),
    /// Expects that its conversation exists.
    InsertHook(Box<ChatHook>),
    /// Expects `was` as the record's `updated`.
    UpdateHook {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<ChatHook>,
    },
    /// Expects that the webhook exists.
    DeleteHook(WebhookSid),
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Items before it.
    pub offset: u64,
    /// Items at most.
    pub limit: u64,
    /// Whether the list begins with its last item.
    pub backwards: bool,
}

impl Span {
    /// The whole list.
    pub const ALL: Span = Span { offset: 0, limit: u32::MAX as u64, backwards: false };

    pub(crate) fn sql(self, column: &str) -> String {
        let order = if self.backwards { "DESC" } else { "ASC" };
        let (limit, offset) = (self.limit, self.offset.min(i64::MAX as u64));
        format!(" ORDER BY {column} {order} LIMIT {limit} OFFSET {offset}")
    }
}

const CHAT: &str =
    "sid, account, friendly_name, unique_name, attributes, standing, created, updated, service";
const PARTICIPANT: &str = "sid, chat, account, identity, address, proxy, attributes, last_read, \
    created, updated";
const MESSAGE: &str =
    "sid, chat, account, place, author, body, attributes, participant, created, updated, text";
const HOOK: &str = "sid, chat, account, url, method, filters, created, updated";

pub(crate) fn apply(db: &Connection, write: &ChatWrite) -> Result<(), StoreError> {
    match write {
        ChatWrite::PutSettings(one) => chat_settings::put_settings(db, one),
        ChatWrite::InsertService(one) => chat_settings::insert(db, one),
        ChatWrite::UpdateService { was, now } => {
            take(db, "chat_services", now.sid.as_str(), *was)?;
            chat_settings::insert(db, now)
        }
        ChatWrite::DeleteService(sid) => chat_settings::delete(db, *sid),
        ChatWrite::InsertConversation(one) => insert_chat(db, one),
        ChatWrite::UpdateConversation { was, now } => {
            take(db, "chats", now.sid.as_str(), *was)?;
            insert_chat(db, now)
        }
        ChatWrite::DeleteConversation(sid) => delete_chat(db, *sid),
        ChatWrite::InsertParticipant(one) => insert_participant(db, one),
        ChatWrite::UpdateParticipant { was, now } => {
            take(db, "chat_participants", now.sid.as_str(), *was)?;
            insert_participant(db, now)
        }
        ChatWrite::DeleteParticipant(sid) => delete(db, "chat_participants", sid.as_str()),
        ChatWrite::InsertMessage(one) => insert_message(db, one),
        ChatWrite::UpdateMessage { was, now } => {
            take(db, "chat_messages", now.sid.as_str(), *was)?;
            insert_message(db, now)
        }
        ChatWrite::DeleteMessage(sid) => {
            db.prepare_cached("DELETE FROM chat_texts WHERE message=?")?.execute([sid.as_str()])?;
            chat_media::remove_of_message(db, *sid)?;
            delete(db, "chat_messages", sid.as_str())
        }
        ChatWrite::InsertMedium(one) => chat_media::insert(db, one),
        ChatWrite::AttachMedium { medium, message, at } => {
            chat_media::attach(db, (*medium, *message), *at)
        }
        ChatWrite::DeleteMedium(sid) => chat_media::remove(db, *sid),
        ChatWrite::InsertText(one) => insert_text(db, one),
        ChatWrite::InsertHook(one) => insert_hook(db, one),
        ChatWrite::UpdateHook { was, now } => {
            take(db, "chat_hooks", now.sid.as_str(), *was)?;
            insert_hook(db, now)
        }
        ChatWrite::DeleteHook(sid) => delete(db, "chat_hooks", sid.as_str()),
    }
}

fn insert_text(db: &Connection, one: &ChatText) -> Result<(), StoreError> {
    let sql = "INSERT INTO chat_texts (sid, message, participant, text) VALUES (?,?,?,?)";
    unique(db.prepare_cached(sql)?.execute(params![
        one.sid.as_str(),
        one.message.as_str(),
        one.participant.as_str(),
        one.text.as_str(),
    ]))
}

/// Takes a record out that is put back changed: one list of columns is enough.
fn take(db: &Connection, table: &str, sid: &str, was: Timestamp) -> Result<(), StoreError> {
    let sql = format!("DELETE FROM {table} WHERE sid=? AND updated=?");
    expect_one(db.prepare_cached(&sql)?.execute(params![sid, us(was)])?)
}

pub(crate) fn delete(db: &Connection, table: &str, sid: &str) -> Result<(), StoreError> {
    let sql = format!("DELETE FROM {table} WHERE sid=?");
    expect_one(db.prepare_cached(&sql)?.execute([sid])?)
}

/// What was inserted if its conversation is there; else a conflict.
fn inserted(result: rusqlite::Result<usize>) -> Result<(), StoreError> {
    match result {
        Ok(rows) => expect_one(rows),
        broken => unique(broken),
    }
}

fn insert_chat(db: &Connection, one: &Conversation) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO chats ({CHAT}) VALUES (?,?,?,?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.account.as_str(),
        one.friendly_name,
        one.unique_name,
        one.attributes,
        one.standing.as_str(),
        us(one.created),
        us(one.updated),
        one.service.as_str(),
    ]))
}

fn delete_chat(db: &Connection, sid: ConversationSid) -> Result<(), StoreError> {
    let texts = "DELETE FROM chat_texts WHERE message IN \
                 (SELECT sid FROM chat_messages WHERE chat=?)";
    db.prepare_cached(texts)?.execute([sid.as_str()])?;
    chat_media::remove_of_chat(db, sid)?;
    for table in ["chat_participants", "chat_messages", "chat_hooks"] {
        let sql = format!("DELETE FROM {table} WHERE chat=?");
        db.prepare_cached(&sql)?.execute([sid.as_str()])?;
    }
    delete(db, "chats", sid.as_str())
}

fn insert_participant(db: &Connection, one: &Participant) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO chat_participants ({PARTICIPANT}) SELECT ?,?,?,?,?,?,?,?,?,? \
         WHERE EXISTS (SELECT 1 FROM chats WHERE sid=?2)"
    );
    inserted(db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.conversation.as_str(),
        one.account.as_str(),
        one.identity,
        one.address,
        one.proxy,
        one.attributes,
        one.last_read_index,
        us(one.created),
        us(one.updated),
    ]))
}

fn insert_message(db: &Connection, one: &ChatMessage) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO chat_messages ({MESSAGE}) SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11 \
         WHERE EXISTS (SELECT 1 FROM chats WHERE sid=?2)"
    );
    inserted(db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.conversation.as_str(),
        one.account.as_str(),
        one.index,
        one.author,
        one.body,
        one.attributes,
        one.participant.map(|sid| sid.to_string()),
        us(one.created),
        us(one.updated),
        one.text.map(|sid| sid.to_string()),
    ]))
}

fn insert_hook(db: &Connection, one: &ChatHook) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO chat_hooks ({HOOK}) SELECT ?,?,?,?,?,?,?,? \
         WHERE EXISTS (SELECT 1 FROM chats WHERE sid=?2)"
    );
    inserted(db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.conversation.as_str(),
        one.account.as_str(),
        one.url,
        one.method.as_str(),
        one.filters.join(" "),
        us(one.created),
        us(one.updated),
    ]))
}

fn account_at(row: &Row<'_>, at: usize) -> Result<AccountSid, StoreError> {
    word(AccountSid::parse(&row.get::<_, String>(at)?), "account sid")
}

fn chat_at(row: &Row<'_>, at: usize) -> Result<ConversationSid, StoreError> {
    word(ConversationSid::parse(&row.get::<_, String>(at)?), "conversation sid")
}

pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn read_chat(row: &Row<'_>) -> Result<Conversation, StoreError> {
    Ok(Conversation {
        sid: chat_at(row, 0)?,
        account: account_at(row, 1)?,
        friendly_name: row.get(2)?,
        unique_name: row.get(3)?,
        attributes: row.get(4)?,
        standing: word(Standing::parse(&row.get::<_, String>(5)?), "standing")?,
        created: time(row.get(6)?)?,
        updated: time(row.get(7)?)?,
        service: word(ChatServiceSid::parse(&row.get::<_, String>(8)?), "service sid")?,
    })
}

fn read_participant(row: &Row<'_>) -> Result<Participant, StoreError> {
    Ok(Participant {
        sid: word(ParticipantSid::parse(&row.get::<_, String>(0)?), "participant sid")?,
        conversation: chat_at(row, 1)?,
        account: account_at(row, 2)?,
        identity: row.get(3)?,
        address: row.get(4)?,
        proxy: row.get(5)?,
        attributes: row.get(6)?,
        last_read_index: row.get(7)?,
        created: time(row.get(8)?)?,
        updated: time(row.get(9)?)?,
    })
}

fn read_message(row: &Row<'_>) -> Result<ChatMessage, StoreError> {
    let participant = match row.get::<_, Option<String>>(7)? {
        Some(text) => Some(word(ParticipantSid::parse(&text), "participant sid")?),
        None => None,
    };
    let text = match row.get::<_, Option<String>>(10)? {
        Some(text) => Some(word(MessageSid::parse(&text), "message sid")?),
        None => None,
    };
    Ok(ChatMessage {
        sid: word(ChatMessageSid::parse(&row.get::<_, String>(0)?), "message sid")?,
        conversation: chat_at(row, 1)?,
        account: account_at(row, 2)?,
        index: row.get(3)?,
        author: row.get(4)?,
        body: row.get(5)?,
        attributes: row.get(6)?,
        participant,
        text,
        media: Vec::new(),
        created: time(row.get(8)?)?,
        updated: time(row.get(9)?)?,
    })
}

fn read_text(row: &Row<'_>) -> Result<ChatText, StoreError> {
    Ok(ChatText {
        sid: word(ReceiptSid::parse(&row.get::<_, String>(0)?), "receipt sid")?,
        message: word(ChatMessageSid::parse(&row.get::<_, String>(1)?), "message sid")?,
        participant: word(ParticipantSid::parse(&row.get::<_, String>(2)?), "participant sid")?,
        text: word(MessageSid::parse(&row.get::<_, String>(3)?), "message sid")?,
    })
}

fn read_hook(row: &Row<'_>) -> Result<ChatHook, StoreError> {
    Ok(ChatHook {
        sid: word(WebhookSid::parse(&row.get::<_, String>(0)?), "webhook sid")?,
        conversation: chat_at(row, 1)?,
        account: account_at(row, 2)?,
        url: row.get(3)?,
        method: method(&row.get::<_, String>(4)?)?,
        filters: words(&row.get::<_, String>(5)?),
        created: time(row.get(6)?)?,
        updated: time(row.get(7)?)?,
    })
}

impl Store {
    fn one_of<T>(
        &self,
        sql: &str,
        values: &[&dyn ToSql],
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.reader.read(|db| first(db.prepare_cached(sql)?.query(values)?, &read))
    }

    fn all_of<T>(
        &self,
        sql: &str,
        values: &[&dyn ToSql],
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.reader.read(|db| all(db.prepare(sql)?.query(values)?, &read))
    }

    /// The conversation of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn conversation(&self, sid: ConversationSid) -> Result<Option<Conversation>, StoreError> {
        let sql = format!("SELECT {CHAT} FROM chats WHERE sid=?");
        self.one_of(&sql, &[&sid.as_str()], read_chat)
    }

    /// The conversation of a sid or of a unique name in a service.
    ///
    /// # Errors
    /// What the database says.
    pub fn conversation_in(
        &self,
        service: ChatServiceSid,
        name: &str,
    ) -> Result<Option<Conversation>, StoreError> {
        let sql = format!(
            "SELECT {CHAT} FROM chats WHERE service=?1 \
             AND (sid=?2 OR (unique_name=?2 AND unique_name<>''))"
        );
        self.one_of(&sql, &[&service.as_str(), &name], read_chat)
    }

    /// Conversations of a service in the order in which they were made.
    ///
    /// # Errors
    /// What the database says.
    pub fn conversations(
        &self,
        service: ChatServiceSid,
        standing: Option<Standing>,
        span: Span,
    ) -> Result<Vec<Conversation>, StoreError> {
        let sql = format!(
            "SELECT {CHAT} FROM chats WHERE service=?1 AND (?2 IS NULL OR standing=?2){}",
            span.sql("sid")
        );
        let standing = standing.map(Standing::as_str);
        self.all_of(&sql, &[&service.as_str(), &standing], read_chat)
    }

    /// The participants of a conversation in the order in which they came.
    ///
    /// # Errors
    /// What the database says.
    pub fn participants(
        &self,
        chat: ConversationSid,
        span: Span,
    ) -> Result<Vec<Participant>, StoreError> {
        let sql =
            format!("SELECT {PARTICIPANT} FROM chat_participants WHERE chat=?{}", span.sql("sid"));
        self.all_of(&sql, &[&chat.as_str()], read_participant)
    }

    /// The participants who text with a number from an address, in conversations that are not
    /// closed. Whether an account has anybody who texts is kept in memory: most have nobody, and
    /// then nothing is read.
    ///
    /// # Errors
    /// What the database says.
    pub fn bound(
        &self,
        account: AccountSid,
        proxy: &str,
        address: &str,
    ) -> Result<Option<Participant>, StoreError> {
        if !self.has_chats_by_texts(account)? {
            return Ok(None);
        }
        let columns = PARTICIPANT.split(", ").map(|name| format!("p.{name}"));
        let sql = format!(
            "SELECT {} FROM chat_participants p JOIN chats c ON c.sid=p.chat \
             WHERE p.account=? AND p.proxy=? AND p.address=? AND p.address<>'' \
             AND c.standing<>'closed'",
            columns.collect::<Vec<_>>().join(", ")
        );
        self.one_of(&sql, &[&account.as_str(), &proxy, &address], read_participant)
    }

    /// Whether anybody takes part in a conversation of an account's by texts, or was sent one that
    /// is still remembered. Kept in memory.
    ///
    /// # Errors
    /// What the database says.
    fn has_chats_by_texts(&self, account: AccountSid) -> Result<bool, StoreError> {
        self.cache.binders(account.as_str(), || {
            let bound = "SELECT 1 FROM chat_participants WHERE account=? AND address<>'' LIMIT 1";
            let sent = "SELECT 1 FROM chats c JOIN chat_messages m ON m.chat=c.sid \
                        JOIN chat_texts t ON t.message=m.sid WHERE c.account=? LIMIT 1";
            for sql in [bound, sent] {
                if self.one_of(sql, &[&account.as_str()], |_| Ok(()))?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// What a text was sent for, when it brought a message of a conversation to somebody. Nothing
    /// is read for an account without such texts.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_text_of(
        &self,
        account: AccountSid,
        text: MessageSid,
    ) -> Result<Option<ChatText>, StoreError> {
        if !self.has_chats_by_texts(account)? {
            return Ok(None);
        }
        let sql = "SELECT sid, message, participant, text FROM chat_texts WHERE text=?";
        self.one_of(sql, &[&text.as_str()], read_text)
    }

    /// Where somebody takes part, by an identity or an address, in the conversations of a service.
    ///
    /// # Errors
    /// What the database says.
    pub fn participations(
        &self,
        service: ChatServiceSid,
        (identity, address): (&str, &str),
        span: Span,
    ) -> Result<Vec<Participant>, StoreError> {
        let columns = PARTICIPANT.split(", ").map(|name| format!("p.{name}"));
        let sql = format!(
            "SELECT {} FROM chats c JOIN chat_participants p ON p.chat=c.sid WHERE c.service=?1 \
             AND ((p.identity=?2 AND ?2<>'') OR (p.address=?3 AND ?3<>'')){}",
            columns.collect::<Vec<_>>().join(", "),
            span.sql("p.sid")
        );
        self.all_of(&sql, &[&service.as_str(), &identity, &address], read_participant)
    }

    /// Messages with their media.
    fn messages_of(&self, sql: &str, value: &str) -> Result<Vec<ChatMessage>, StoreError> {
        self.reader.read(|db| {
            let mut found = all(db.prepare_cached(sql)?.query([value])?, read_message)?;
            chat_media::add_to(db, &mut found)?;
            Ok(found)
        })
    }

    /// The messages of a conversation in their order.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_messages(
        &self,
        chat: ConversationSid,
        span: Span,
    ) -> Result<Vec<ChatMessage>, StoreError> {
        let sql = format!("SELECT {MESSAGE} FROM chat_messages WHERE chat=?{}", span.sql("place"));
        self.messages_of(&sql, chat.as_str())
    }

    /// The message of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_message(&self, sid: ChatMessageSid) -> Result<Option<ChatMessage>, StoreError> {
        let sql = format!("SELECT {MESSAGE} FROM chat_messages WHERE sid=?");
        Ok(self.messages_of(&sql, sid.as_str())?.pop())
    }

    /// The message that a text said in a conversation, if it did.
    ///
    /// # Errors
    /// What the database says.
    pub fn said_by_text(&self, text: MessageSid) -> Result<Option<ChatMessage>, StoreError> {
        let sql = format!("SELECT {MESSAGE} FROM chat_messages WHERE text=? AND text IS NOT NULL");
        Ok(self.messages_of(&sql, text.as_str())?.pop())
    }

    /// The texts that brought a message, in their order.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_texts(
        &self,
        message: ChatMessageSid,
        span: Span,
    ) -> Result<Vec<ChatText>, StoreError> {
        let sql = format!(
            "SELECT sid, message, participant, text FROM chat_texts WHERE message=?{}",
            span.sql("sid")
        );
        self.all_of(&sql, &[&message.as_str()], read_text)
    }

    /// The webhooks of a conversation in the order in which they were made.
    ///
    /// # Errors
    /// What the database says.
    pub fn chat_hooks(
        &self,
        chat: ConversationSid,
        span: Span,
    ) -> Result<Vec<ChatHook>, StoreError> {
        let sql = format!("SELECT {HOOK} FROM chat_hooks WHERE chat=?{}", span.sql("sid"));
        self.all_of(&sql, &[&chat.as_str()], read_hook)
    }
}
