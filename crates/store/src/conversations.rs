//! Cookie jars of conversations (webhooks.md 1.3).

use crate::row::{first, time, us};
use crate::{Cookies, Store, StoreError};
use exchange::sid::AccountSid;
use rusqlite::{Connection, params};

pub(crate) fn put(db: &Connection, cookies: &Cookies) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO conversations (account, number, peer, jar, used) \
         VALUES (?,?,?,?,?)",
    )?
    .execute(params![
        cookies.account.as_str(),
        cookies.number,
        cookies.peer,
        cookies.jar,
        us(cookies.used)
    ])?;
    Ok(())
}

impl Store {
    /// The jar of the conversation between a number and a person, if cookies were ever set in it.
    ///
    /// # Errors
    /// What the database says.
    pub fn cookies(
        &self,
        account: AccountSid,
        number: &str,
        peer: &str,
    ) -> Result<Option<Cookies>, StoreError> {
        let are_there = self.cache.jars(account.as_str(), || {
            self.reader.read(|db| {
                let sql = "SELECT EXISTS (SELECT 1 FROM conversations WHERE account=?)";
                Ok(db.prepare_cached(sql)?.query_row([account.as_str()], |row| row.get(0))?)
            })
        })?;
        if !are_there {
            return Ok(None);
        }
        self.reader.read(|db| {
            let sql = "SELECT jar, used FROM conversations WHERE account=? AND number=? AND peer=?";
            first(db.prepare_cached(sql)?.query(params![account.as_str(), number, peer])?, |row| {
                Ok(Cookies {
                    account,
                    number: number.to_owned(),
                    peer: peer.to_owned(),
                    jar: row.get(0)?,
                    used: time(row.get(1)?)?,
                })
            })
        })
    }
}
