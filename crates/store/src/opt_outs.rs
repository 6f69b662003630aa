//! Who wants no more texts: a person, and the number or service they left.

use crate::row::us;
use crate::{Store, StoreError};
use exchange::sid::AccountSid;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

pub(crate) fn put(
    db: &Connection,
    (account, scope, peer): (AccountSid, &str, &str),
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO opt_outs (account, scope, peer, at) VALUES (?,?,?,?)";
    db.prepare_cached(sql)?.execute(params![account.as_str(), scope, peer, us(at)])?;
    Ok(())
}

pub(crate) fn delete(
    db: &Connection,
    account: AccountSid,
    scopes: &[String],
    peer: &str,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM opt_outs WHERE account=? AND scope=? AND peer=?";
    for scope in scopes {
        db.prepare_cached(sql)?.execute(params![account.as_str(), scope, peer])?;
    }
    Ok(())
}

impl Store {
    /// Whether a person left any of the scopes: a number, or the service that has it.
    ///
    /// # Errors
    /// What the database says.
    pub fn is_out(
        &self,
        account: AccountSid,
        scopes: &[String],
        peer: &str,
    ) -> Result<bool, StoreError> {
        if !self.has_leavers(account)? {
            return Ok(false);
        }
        self.reader.read(|db| {
            let sql = "SELECT 1 FROM opt_outs WHERE account=? AND scope=? AND peer=?";
            let mut statement = db.prepare_cached(sql)?;
            for scope in scopes {
                let row = statement.query_row(params![account.as_str(), scope, peer], |_| Ok(()));
                if row.optional()?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// Whether anybody left anything of an account's.
    fn has_leavers(&self, account: AccountSid) -> Result<bool, StoreError> {
        self.cache.leavers(account.as_str(), || {
            self.reader.read(|db| {
                let sql = "SELECT EXISTS (SELECT 1 FROM opt_outs WHERE account=?)";
                Ok(db.prepare_cached(sql)?.query_row([account.as_str()], |row| row.get(0))?)
            })
        })
    }
}
