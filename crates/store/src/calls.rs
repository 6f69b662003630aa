//! Calls and their transcripts.

use crate::list::List;
use crate::place::Place;
use crate::row::{all, first, time, time_opt, us, word};
use crate::writer::expect_one;
use crate::{Store, StoreError};
use exchange::calls::{AnsweredBy, Call, Direction, Plan, State};
use exchange::sid::{AccountSid, ApplicationSid, CallSid, NumberSid, Parts};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "id, tail, account, parent, direction, from_address, to_address, state, \
    events, number, application, forwarded_from, caller_name, answered_by, sip_response_code, \
    plan, created, updated, started, answered, ended";

/// States in the order of their stored numbers, from 2; the first three are those of schema's
/// partial index.
const STATES: [State; 8] = [
    State::Queued,
    State::Ringing,
    State::InProgress,
    State::Completed,
    State::Busy,
    State::Failed,
    State::NoAnswer,
    State::Canceled,
];
const STATE_FIRST: usize = 2;
/// The highest number of a state that goes on; the partial index in `schema_live.sql` says it, too.
const LIVE_MAX: i64 = 4;

fn state_number(state: State) -> i64 {
    // No record is `initiated`; such a call would still be on its way.
    let place = STATES.iter().position(|known| *known == state).unwrap_or(0);
    (place + STATE_FIRST) as i64
}

/// Whether a call is among those of the partial index: queued, ringing, in-progress.
pub(crate) fn is_live(state: State) -> bool {
    state_number(state) <= LIVE_MAX
}

fn direction_number(direction: Direction) -> i64 {
    let place = Direction::ALL.iter().position(|known| *known == direction);
    place.expect("the table lists every direction") as i64
}

fn read(row: &Row<'_>) -> Result<Call, StoreError> {
    let parts = Parts { key: row.get(0)?, tail: row.get::<_, i64>(1)? as u64 };
    let text = |column: usize| row.get::<_, Option<String>>(column);
    let state = (row.get::<_, i64>(7)? as usize).checked_sub(STATE_FIRST);
    let plan: String = row.get(15)?;
    Ok(Call {
        sid: CallSid::from_parts(parts),
        account: word(AccountSid::parse(&row.get::<_, String>(2)?), "account sid")?,
        parent: text(3)?.map(|t| word(CallSid::parse(&t), "call sid")).transpose()?,
        direction: word(
            Direction::ALL.get(row.get::<_, i64>(4)? as usize).copied(),
            "call direction",
        )?,
        from: row.get(5)?,
        to: row.get(6)?,
        state: word(state.and_then(|n| STATES.get(n).copied()), "call state")?,
        events: row.get(8)?,
        number: text(9)?.map(|t| word(NumberSid::parse(&t), "number sid")).transpose()?,
        application: text(10)?
            .map(|t| word(ApplicationSid::parse(&t), "application sid"))
            .transpose()?,
        forwarded_from: row.get(11)?,
        caller_name: row.get(12)?,
        answered_by: text(13)?.map(|t| word(AnsweredBy::parse(&t), "answerer")).transpose()?,
        sip_response_code: row.get(14)?,
        plan: word(Plan::from_context(&plan), "plan")?,
        created: time(row.get(16)?)?,
        updated: time(row.get(17)?)?,
        started: time_opt(row.get(18)?)?,
        answered: time_opt(row.get(19)?)?,
        ended: time_opt(row.get(20)?)?,
    })
}

pub(crate) fn insert(db: &Connection, call: &Call) -> Result<(), StoreError> {
    let parts = call.sid.parts();
    db.prepare_cached(
        "INSERT INTO calls (id, tail, account, parent, direction, from_address, to_address, state, \
         events, number, application, forwarded_from, caller_name, answered_by, \
         sip_response_code, plan, created, updated, started, answered, ended, peer) \
         VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    )?
    .execute(params![
        parts.key,
        parts.tail as i64,
        call.account.as_str(),
        call.parent.as_ref().map(|sid| sid.as_str()),
        direction_number(call.direction),
        call.from,
        call.to,
        state_number(call.state),
        call.events,
        call.number.as_ref().map(|sid| sid.as_str()),
        call.application.as_ref().map(|sid| sid.as_str()),
        call.forwarded_from,
        call.caller_name,
        call.answered_by.map(AnsweredBy::as_str),
        call.sip_response_code,
        call.plan.to_context(),
        us(call.created),
        us(call.updated),
        call.started.map(us),
        call.answered.map(us),
        call.ended.map(us),
        call.peer(),
    ])?;
    Ok(())
}

/// Writes what can change while a call lives; its plan only when that has changed, too.
pub(crate) fn update(
    db: &Connection,
    was: Option<Timestamp>,
    call: &Call,
    with_plan: bool,
) -> Result<(), StoreError> {
    let parts = call.sid.parts();
    let mut statement = db.prepare_cached(
        "UPDATE calls SET state=?, events=?, updated=?, started=?, answered=?, ended=?, \
         sip_response_code=?, answered_by=? WHERE id=? AND tail=? AND (?11 IS NULL OR updated=?11)",
    )?;
    expect_one(statement.execute(params![
        state_number(call.state),
        call.events,
        us(call.updated),
        call.started.map(us),
        call.answered.map(us),
        call.ended.map(us),
        call.sip_response_code,
        call.answered_by.map(AnsweredBy::as_str),
        parts.key,
        parts.tail as i64,
        was.map(us),
    ])?)?;
    if with_plan {
        let mut statement = db.prepare_cached("UPDATE calls SET plan=? WHERE id=?")?;
        expect_one(statement.execute(params![call.plan.to_context(), parts.key])?)?;
    }
    Ok(())
}

pub(crate) fn delete(db: &Connection, sid: CallSid) -> Result<(), StoreError> {
    let parts = sid.parts();
    let mut statement = db.prepare_cached("DELETE FROM calls WHERE id=? AND tail=?")?;
    expect_one(statement.execute(params![parts.key, parts.tail as i64])?)?;
    db.prepare_cached("DELETE FROM transcripts WHERE call=?")?.execute([parts.key])?;
    Ok(())
}

pub(crate) fn put_transcript(db: &Connection, call: CallSid, text: &str) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR REPLACE INTO transcripts (call, text) VALUES (?,?)")?
        .execute(params![call.parts().key, text])?;
    Ok(())
}

/// Which calls a list shows.
#[derive(Debug, Default, Clone)]
pub struct CallFilter {
    /// Who was called.
    pub to: Option<String>,
    /// Who called.
    pub from: Option<String>,
    /// The address outside the house, whoever called.
    pub peer: Option<String>,
    /// Only legs that this call's `<Dial>`s made.
    pub parent: Option<CallSid>,
    /// Only those that stand so.
    pub state: Option<State>,
    /// Begun not before; inclusive.
    pub started_from: Option<Timestamp>,
    /// Begun not after; inclusive.
    pub started_to: Option<Timestamp>,
    /// Ended not before; inclusive.
    pub ended_from: Option<Timestamp>,
    /// Ended not after; inclusive.
    pub ended_to: Option<Timestamp>,
    /// Where the page lies.
    pub place: Place<CallSid>,
}

impl Store {
    /// The call of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn call(&self, sid: CallSid) -> Result<Option<Call>, StoreError> {
        let parts = sid.parts();
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM calls WHERE id=? AND tail=?");
            first(db.prepare_cached(&sql)?.query(params![parts.key, parts.tail as i64])?, read)
        })
    }

    /// Calls of an account, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn calls(
        &self,
        account: AccountSid,
        filter: &CallFilter,
        limit: u64,
    ) -> Result<Vec<Call>, StoreError> {
        let list = List::of((COLUMNS, "calls"), "account=?", account.as_str())
            .only("peer=?", filter.peer.as_deref())
            .only("to_address=?", filter.to.as_deref())
            .only("from_address=?", filter.from.as_deref())
            .only("parent=?", filter.parent.map(|sid| sid.to_string()))
            .only("state=?", filter.state.map(state_number))
            .only("started>=?", filter.started_from.map(us))
            .only("started<=?", filter.started_to.map(us))
            .only("ended>=?", filter.ended_from.map(us))
            .only("ended<=?", filter.ended_to.map(us))
            .by_id(filter.place.map(|sid| sid.parts().key), limit);
        self.reader.list(list, read)
    }

    /// Calls that are not over, in the order of their sids, after `after`: what a restart ends or
    /// dials.
    ///
    /// # Errors
    /// What the database says.
    pub fn live_calls(&self, after: Option<CallSid>, limit: u64) -> Result<Vec<Call>, StoreError> {
        let after = after.map_or(0, |sid| sid.parts().key);
        self.reader.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM calls WHERE state <= 4 AND id>? ORDER BY id LIMIT ?"
            );
            all(db.prepare_cached(&sql)?.query(params![after, limit as i64])?, read)
        })
    }

    /// How many calls of a handset are not over, whoever's they are: how many lines it uses.
    pub fn live_calls_at(&self, peer: &str) -> usize {
        self.lines.at(peer)
    }

    /// What was heard and done on a call, once that is kept.
    ///
    /// # Errors
    /// What the database says.
    pub fn transcript(&self, call: CallSid) -> Result<Option<String>, StoreError> {
        let parts = call.parts();
        self.reader.read(|db| {
            let sql = "SELECT text FROM transcripts JOIN calls ON calls.id=transcripts.call \
                       WHERE call=? AND tail=?";
            first(db.prepare_cached(sql)?.query(params![parts.key, parts.tail as i64])?, |row| {
                Ok(row.get(0)?)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_number_of_its_own_and_live_ones_are_those_of_the_index() {
        for state in STATES {
            assert_eq!(STATES[state_number(state) as usize - STATE_FIRST], state);
        }
        let live = [State::Queued, State::Ringing, State::InProgress].map(state_number);
        assert_eq!(live, [2, 3, 4]);
        let kept = STATES.into_iter().filter(|state| is_live(*state)).map(state_number);
        assert_eq!(kept.collect::<Vec<_>>(), live);
    }
}
