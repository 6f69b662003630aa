//! Messages.

use crate::list::List;
use crate::row::{all, first, target, time, time_opt, us, word};
use crate::writer::expect_one;
use crate::{Place, Store, StoreError, Write};
use exchange::messages::{Direction, Feedback, Media, Message, State};
use exchange::sid::{AccountSid, MediaSid, MessageSid, Parts, ServiceSid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "id, tail, with_media, account, direction, from_address, to_address, body, \
    state, error_code, num_segments, media, service, callback_url, callback_method, in_reply_to, \
    created, updated, sent, feedback, send_at, expires";

/// States in the order of their stored numbers, from 2: all of one byte, so that a change of
/// state leaves the row's length alone.
const STATES: [State; 13] = [
    State::Accepted,
    State::Scheduled,
    State::Queued,
    State::Sending,
    State::Sent,
    State::Delivered,
    State::Undelivered,
    State::Failed,
    State::Read,
    State::Canceled,
    State::PartiallyDelivered,
    State::Receiving,
    State::Received,
];
const STATE_FIRST: usize = 2;

const DIRECTIONS: [Direction; 4] =
    [Direction::Inbound, Direction::OutboundApi, Direction::OutboundCall, Direction::OutboundReply];

fn state_number(state: State) -> i64 {
    let place = STATES.iter().position(|s| *s == state).expect("the table lists every state");
    (place + STATE_FIRST) as i64
}

fn direction_number(direction: Direction) -> i64 {
    let place = DIRECTIONS.iter().position(|d| *d == direction);
    place.expect("the table lists every direction") as i64
}

/// The type of a medium whose content is not there.
const NOT_KEPT: &str = "-";

/// Media as one text: a line each, `sid type url`.
fn media_text(media: &[Media]) -> Option<String> {
    if media.is_empty() {
        return None;
    }
    let lines = media.iter().map(|one| {
        let content_type = if one.is_kept() { &one.content_type } else { NOT_KEPT };
        format!("{} {content_type} {}", one.sid, one.url)
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

fn read_media(text: &str) -> Result<Vec<Media>, StoreError> {
    let line = |line: &str| {
        let mut fields = line.splitn(3, ' ');
        Some(Media {
            sid: MediaSid::parse(fields.next()?)?,
            content_type: fields
                .next()
                .map(|text| if text == NOT_KEPT { String::new() } else { text.to_owned() })?,
            url: fields.next()?.to_owned(),
        })
    };
    text.lines().map(|l| word(line(l), "media")).collect()
}

fn read(row: &Row<'_>) -> Result<Message, StoreError> {
    let parts = Parts { key: row.get(0)?, tail: row.get::<_, i64>(1)? as u64 };
    let direction = DIRECTIONS.get(row.get::<_, i64>(4)? as usize).copied();
    let state = (row.get::<_, i64>(8)? as usize).checked_sub(STATE_FIRST);
    let media: Option<String> = row.get(11)?;
    let service: Option<String> = row.get(12)?;
    let in_reply_to: Option<String> = row.get(15)?;
    let feedback: Option<String> = row.get(19)?;
    Ok(Message {
        sid: MessageSid::of(parts, row.get(2)?),
        account: word(AccountSid::parse(&row.get::<_, String>(3)?), "account sid")?,
        direction: word(direction, "direction")?,
        from: row.get(5)?,
        to: row.get(6)?,
        body: row.get(7)?,
        state: word(state.and_then(|n| STATES.get(n).copied()), "message state")?,
        error_code: row.get(9)?,
        num_segments: row.get(10)?,
        media: media.as_deref().map(read_media).transpose()?.unwrap_or_default(),
        service: service.map(|t| word(ServiceSid::parse(&t), "service sid")).transpose()?,
        status_callback: target(row, 13)?,
        in_reply_to: in_reply_to.map(|t| word(MessageSid::parse(&t), "message sid")).transpose()?,
        created: time(row.get(16)?)?,
        updated: time(row.get(17)?)?,
        sent: time_opt(row.get(18)?)?,
        feedback: feedback.map(|t| word(Feedback::parse(&t), "feedback")).transpose()?,
        send_at: time_opt(row.get(20)?)?,
        expires: time_opt(row.get(21)?)?,
    })
}

pub(crate) fn insert(db: &Connection, message: &Message) -> Result<(), StoreError> {
    let parts = message.sid.parts();
    let callback = message.status_callback.as_ref();
    db.prepare_cached(
        "INSERT INTO messages (id, tail, with_media, account, direction, from_address, \
         to_address, body, state, error_code, num_segments, media, service, callback_url, \
         callback_method, in_reply_to, created, updated, sent, feedback, peer, send_at, \
         expires) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    )?
    .execute(params![
        parts.key,
        parts.tail as i64,
        message.sid.sid().prefix() == "MM",
        message.account.as_str(),
        direction_number(message.direction),
        message.from,
        message.to,
        message.body,
        state_number(message.state),
        message.error_code,
        message.num_segments,
        media_text(&message.media),
        message.service.as_ref().map(|sid| sid.as_str()),
        callback.map(|c| c.url.as_str()),
        callback.map(|c| c.method.as_str()),
        message.in_reply_to.as_ref().map(|sid| sid.as_str()),
        us(message.created),
        us(message.updated),
        message.sent.map(us),
        message.feedback.map(Feedback::as_str),
        message.peer(),
        message.send_at.map(us),
        message.expires.map(us),
    ])?;
    Ok(())
}

pub(crate) fn advance(db: &Connection, write: &Write) -> Result<(), StoreError> {
    let Write::AdvanceMessage { sid, from, to, error_code, sender, sent, at, .. } = write else {
        unreachable!("the writer calls this for an advance only")
    };
    let parts = sid.parts();
    let mut may_stand = 0i64;
    for state in *from {
        may_stand |= 1 << state_number(*state);
    }
    let mut statement = db.prepare_cached(
        "UPDATE messages SET state=?, updated=?, error_code=coalesce(?, error_code), \
         from_address=coalesce(?, from_address), sent=coalesce(?, sent) WHERE id=? AND tail=? AND (? & (1 << state)) != 0",
    )?;
    expect_one(statement.execute(params![
        state_number(*to),
        us(*at),
        error_code,
        sender,
        sent.map(us),
        parts.key,
        parts.tail as i64,
        may_stand,
    ])?)
}

pub(crate) fn redact(db: &Connection, sid: MessageSid, at: Timestamp) -> Result<(), StoreError> {
    let parts = sid.parts();
    let mut statement =
        db.prepare_cached("UPDATE messages SET body='', updated=? WHERE id=? AND tail=?")?;
    expect_one(statement.execute(params![us(at), parts.key, parts.tail as i64])?)
}

pub(crate) fn set_feedback(
    db: &Connection,
    sid: MessageSid,
    feedback: Feedback,
    at: Timestamp,
) -> Result<(), StoreError> {
    let parts = sid.parts();
    let mut statement =
        db.prepare_cached("UPDATE messages SET feedback=?, updated=? WHERE id=? AND tail=?")?;
    expect_one(statement.execute(params![
        feedback.as_str(),
        us(at),
        parts.key,
        parts.tail as i64
    ])?)
}

pub(crate) fn delete(db: &Connection, sid: MessageSid) -> Result<(), StoreError> {
    let parts = sid.parts();
    let mut statement = db.prepare_cached("DELETE FROM messages WHERE id=? AND tail=?")?;
    expect_one(statement.execute(params![parts.key, parts.tail as i64])?)
}

/// Takes one medium out of a message.
pub(crate) fn delete_media(
    db: &Connection,
    sid: MessageSid,
    media: MediaSid,
    at: Timestamp,
) -> Result<(), StoreError> {
    let parts = sid.parts();
    let kept: Option<Option<String>> = first(
        db.prepare_cached("SELECT media FROM messages WHERE id=? AND tail=?")?
            .query(params![parts.key, parts.tail as i64])?,
        |row| Ok(row.get(0)?),
    )?;
    let mut all = match kept.flatten() {
        Some(text) => read_media(&text)?,
        None => return Err(StoreError::Conflict),
    };
    let before = all.len();
    all.retain(|one| one.sid != media);
    if all.len() == before {
        return Err(StoreError::Conflict);
    }
    let mut statement =
        db.prepare_cached("UPDATE messages SET media=?, updated=? WHERE id=? AND tail=?")?;
    let values = params![media_text(&all), us(at), parts.key, parts.tail as i64];
    expect_one(statement.execute(values)?)
}

/// Sets the media of a message: their content has come.
pub(crate) fn put_media(
    db: &Connection,
    sid: MessageSid,
    media: &[Media],
) -> Result<(), StoreError> {
    let parts = sid.parts();
    let mut statement = db.prepare_cached("UPDATE messages SET media=? WHERE id=? AND tail=?")?;
    expect_one(statement.execute(params![media_text(media), parts.key, parts.tail as i64])?)
}

/// Which messages a list shows.
#[derive(Debug, Default, Clone)]
pub struct MessageFilter {
    /// The receiver's address.
    pub to: Option<String>,
    /// The sender's address.
    pub from: Option<String>,
    /// The address outside the house, whoever sent.
    pub peer: Option<String>,
    /// Sent (or come in) not before; inclusive.
    pub sent_from: Option<Timestamp>,
    /// Sent (or come in) not after; inclusive.
    pub sent_to: Option<Timestamp>,
    /// Only replies of the session that this message began.
    pub in_reply_to: Option<MessageSid>,
    /// The place to go on from.
    pub place: Place<MessageSid>,
}

impl Store {
    /// The message of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn message(&self, sid: MessageSid) -> Result<Option<Message>, StoreError> {
        let parts = sid.parts();
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM messages WHERE id=? AND tail=?");
            first(db.prepare_cached(&sql)?.query(params![parts.key, parts.tail as i64])?, read)
        })
    }

    /// Messages of an account, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn messages(
        &self,
        account: AccountSid,
        filter: &MessageFilter,
        limit: u64,
    ) -> Result<Vec<Message>, StoreError> {
        let list = List::of((COLUMNS, "messages"), "account=?", account.as_str())
            .only("peer=?", filter.peer.as_deref())
            .only("to_address=?", filter.to.as_deref())
            .only("from_address=?", filter.from.as_deref())
            .only("sent>=?", filter.sent_from.map(us))
            .only("sent<=?", filter.sent_to.map(us))
            .only("in_reply_to=?", filter.in_reply_to.map(|sid| sid.to_string()))
            // Replies are younger than what they answer; this bounds the scan.
            .only("id>?", filter.in_reply_to.map(|sid| sid.parts().key))
            .by_id(filter.place.map(|sid| sid.parts().key), limit);
        self.reader.list(list, read)
    }

    /// Outgoing messages on their way (accepted, queued, sending, sent), in the order of their sids, after
    /// `after`: what a restart takes up again.
    ///
    /// # Errors
    /// What the database says.
    pub fn moving_messages(
        &self,
        after: Option<MessageSid>,
        limit: u64,
    ) -> Result<Vec<Message>, StoreError> {
        let after = after.map_or(0, |sid| sid.parts().key);
        self.reader.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM messages WHERE state <= 6 AND state <> 3 AND id>? \
                 ORDER BY id LIMIT ?"
            );
            all(db.prepare_cached(&sql)?.query(params![after, limit as i64])?, read)
        })
    }

    /// Scheduled messages that are due `by` then, the earliest first, `limit` at most after `after`.
    ///
    /// # Errors
    /// What the database says.
    pub fn due_messages(
        &self,
        by: Timestamp,
        after: Option<(Timestamp, MessageSid)>,
        limit: u64,
    ) -> Result<Vec<Message>, StoreError> {
        let (at, id) = after.map_or((i64::MIN, 0), |(at, sid)| (us(at), sid.parts().key));
        self.reader.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM messages WHERE state=3 AND send_at<=? \
                 AND (send_at, id)>(?, ?) ORDER BY send_at, id LIMIT ?"
            );
            all(db.prepare_cached(&sql)?.query(params![us(by), at, id, limit as i64])?, read)
        })
    }

    /// Whether a person wrote to a number of the account's since then.
    ///
    /// # Errors
    /// What the database says.
    pub fn has_written(
        &self,
        account: AccountSid,
        (peer, number): (&str, &str),
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT EXISTS (SELECT 1 FROM messages WHERE account=? AND peer=? \
                       AND direction=0 AND to_address=? AND created>=?)";
            let values = params![account.as_str(), peer, number, us(since)];
            Ok(db.prepare_cached(sql)?.query_row(values, |row| row.get(0))?)
        })
    }

    /// Messages that a handset has and nobody has read, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn unread_messages(
        &self,
        account: AccountSid,
        peer: &str,
        limit: u64,
    ) -> Result<Vec<Message>, StoreError> {
        self.reader.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM messages WHERE account=? AND peer=? AND state=7 \
                 ORDER BY id DESC LIMIT ?"
            );
            let values = params![account.as_str(), peer, limit as i64];
            all(db.prepare_cached(&sql)?.query(values)?, read)
        })
    }

    /// When the next scheduled message is due, later than `after`.
    ///
    /// # Errors
    /// What the database says.
    pub fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT min(send_at) FROM messages WHERE state=3 AND send_at>?";
            time_opt(db.prepare_cached(sql)?.query_row([us(after)], |row| row.get(0))?)
        })
    }

    /// How many messages of an account are scheduled, counted up to `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub fn scheduled_count(&self, account: AccountSid, limit: u64) -> Result<u64, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT count(*) FROM \
                       (SELECT 1 FROM messages WHERE account=? AND state=3 LIMIT ?)";
            let values = params![account.as_str(), limit as i64];
            let count: i64 = db.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    /// The greatest key that any sid of the growing tables carries: new sids begin above it.
    ///
    /// # Errors
    /// What the database says.
    pub fn last_key(&self) -> Result<i64, StoreError> {
        self.reader.read(|db| {
            Ok(db.query_row(
                "SELECT max(coalesce((SELECT max(id) FROM messages), 0), \
                 coalesce((SELECT max(id) FROM calls), 0), \
                 coalesce((SELECT max(id) FROM recordings), 0), \
                 coalesce((SELECT max(id) FROM audit), 0), \
                 coalesce((SELECT max(id) FROM alerts), 0))",
                [],
                |row| row.get(0),
            )?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_number_of_its_own_and_comes_back() {
        for state in STATES {
            let number = state_number(state) as usize;
            assert_eq!(STATES[number - STATE_FIRST], state);
        }
        // The partial indexes of schema_services.sql name these numbers.
        assert_eq!([State::Queued, State::Sending, State::Sent].map(state_number), [4, 5, 6]);
        assert_eq!([State::Accepted, State::Scheduled].map(state_number), [2, 3]);
        // A query for what was not read names this one.
        assert_eq!(state_number(State::Delivered), 7);
        assert_eq!(direction_number(Direction::Inbound), 0);
    }
}
