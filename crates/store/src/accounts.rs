//! Accounts.

use crate::row::{all, first, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::accounts::{Account, AccountStatus, MediaAuth, RetryProfile, Settings};
use exchange::sid::AccountSid;
use jiff::Timestamp;
use rusqlite::{Connection, Row, ToSql, params};

const COLUMNS: &str = "sid, owner, friendly_name, auth_token, status, created, updated, \
    debugger_url, retry_profile, tls_validation, media_auth, opt_out_replies, pacing, \
    secondary_token";

fn read(row: &Row<'_>) -> Result<Account, StoreError> {
    let sid = |i| -> Result<AccountSid, StoreError> {
        word(AccountSid::parse(&row.get::<_, String>(i)?), "account sid")
    };
    Ok(Account {
        sid: sid(0)?,
        owner: sid(1)?,
        friendly_name: row.get(2)?,
        auth_token: row.get(3)?,
        secondary_token: row.get(13)?,
        status: word(AccountStatus::parse(&row.get::<_, String>(4)?), "account status")?,
        created: time(row.get(5)?)?,
        updated: time(row.get(6)?)?,
        settings: Settings {
            debugger_url: row.get(7)?,
            retry_profile: word(RetryProfile::parse(&row.get::<_, String>(8)?), "retry profile")?,
            tls_validation: row.get(9)?,
            media_auth: word(MediaAuth::parse(&row.get::<_, String>(10)?), "media auth")?,
            opt_out_replies: row.get(11)?,
            pacing: row.get(12)?,
        },
    })
}

pub(crate) fn insert(db: &Connection, account: &Account) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO accounts ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        account.sid.as_str(),
        account.owner.as_str(),
        account.friendly_name,
        account.auth_token,
        account.status.as_str(),
        us(account.created),
        us(account.updated),
        account.settings.debugger_url,
        account.settings.retry_profile.as_str(),
        account.settings.tls_validation,
        account.settings.media_auth.as_str(),
        account.settings.opt_out_replies,
        account.settings.pacing,
        account.secondary_token,
    ]))
}

pub(crate) fn update(db: &Connection, was: Timestamp, account: &Account) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "UPDATE accounts SET friendly_name=?, auth_token=?, status=?, updated=?, debugger_url=?, \
         retry_profile=?, tls_validation=?, media_auth=?, opt_out_replies=?, pacing=?, \
         secondary_token=? WHERE sid=? AND updated=?",
    )?;
    expect_one(statement.execute(params![
        account.friendly_name,
        account.auth_token,
        account.status.as_str(),
        us(account.updated),
        account.settings.debugger_url,
        account.settings.retry_profile.as_str(),
        account.settings.tls_validation,
        account.settings.media_auth.as_str(),
        account.settings.opt_out_replies,
        account.settings.pacing,
        account.secondary_token,
        account.sid.as_str(),
        us(was),
    ])?)
}

/// Which accounts of a family a list shows.
#[derive(Debug, Default, Clone)]
pub struct AccountFilter {
    /// The exact name.
    pub friendly_name: Option<String>,
    /// Only those of this status.
    pub status: Option<AccountStatus>,
    /// The place to go on from.
    pub place: Place<AccountSid>,
}

impl Store {
    /// The account of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn account(&self, sid: AccountSid) -> Result<Option<Account>, StoreError> {
        let read = |db: &Connection| {
            let sql = format!("SELECT {COLUMNS} FROM accounts WHERE sid=?");
            first(db.prepare_cached(&sql)?.query([sid.as_str()])?, read)
        };
        self.cache.account(sid.as_str(), || self.reader.read(read))
    }

    /// Every account, the oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM accounts ORDER BY created, sid");
            all(db.prepare_cached(&sql)?.query([])?, read)
        })
    }

    /// `owner` and its subaccounts, `limit` at most: the owner first, then the newest sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn family(
        &self,
        owner: AccountSid,
        filter: &AccountFilter,
        limit: u64,
    ) -> Result<Vec<Account>, StoreError> {
        let mut sql = format!("SELECT {COLUMNS} FROM accounts WHERE (owner=?1 OR sid=?1)");
        let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(owner.to_string())];
        if let Some(name) = &filter.friendly_name {
            sql.push_str(" AND friendly_name=?");
            values.push(Box::new(name.clone()));
        }
        if let Some(status) = filter.status {
            sql.push_str(" AND status=?");
            values.push(Box::new(status.as_str()));
        }
        let mut order = "sid=?1 DESC, sid DESC";
        match filter.place {
            Place::Top => {}
            Place::After(after) => {
                sql.push_str(" AND sid<>?1");
                if after != owner {
                    sql.push_str(" AND sid<?");
                    values.push(Box::new(after.to_string()));
                }
            }
            // Nothing stands before the owner.
            Place::Before(before) if before == owner => return Ok(Vec::new()),
            Place::Before(before) => {
                sql.push_str(" AND (sid=?1 OR sid>?)");
                values.push(Box::new(before.to_string()));
                order = "sid=?1, sid";
            }
        }
        sql.push_str(&format!(" ORDER BY {order} LIMIT ?"));
        values.push(Box::new(limit as i64));
        let mut rows = self.reader.read(|db| {
            let values = rusqlite::params_from_iter(values.iter());
            all(db.prepare_cached(&sql)?.query(values)?, read)
        })?;
        if matches!(filter.place, Place::Before(_)) {
            rows.reverse();
        }
        Ok(rows)
    }
}
