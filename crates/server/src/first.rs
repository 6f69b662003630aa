//! The first start: an account, a number, and a demo bin that the number points to; or what the
//! seed describes. A reset begins here, too, with the accounts that it keeps.

use crate::house::House;
use exchange::accounts::{Account, AccountStatus, Settings};
use exchange::bins::{Bin, BinAccess};
use exchange::numbers::{Attachments, Hook, Method, Number, PhoneNumber};
use exchange::sid::{AccountSid, BinSid, NumberSid, Parts};
use jiff::{SignedDuration, Timestamp};
use store::Write;

/// The number of a fresh house.
pub const FIRST_NUMBER: &str = "+12025550100";

/// One document for texts and calls: the part of the other is skipped.
pub const DEMO_BIN: &str = include_str!("demo.xml");

/// Sids, tokens and times of the writes of a start.
pub struct Start<'a> {
    /// Where sids come from.
    pub house: &'a House,
    /// House time.
    pub now: Timestamp,
    /// Accounts of before, the oldest first, whose sid and token go on; empty at a first start.
    pub kept: Vec<Account>,
}

impl Start<'_> {
    /// Parts of a new sid.
    pub fn parts(&self) -> Parts {
        self.house.ids.parts(self.house.clock.wire_us())
    }

    /// A main account with nothing set: the environment's sid and token when it names one, else
    /// those of the oldest account kept, else new ones.
    pub fn account(&self) -> Account {
        let environment = self.house.settings.first_account.clone();
        let kept = self.kept.iter().find(|account| account.owner == account.sid);
        match environment.or_else(|| kept.map(|kept| (kept.sid, kept.auth_token.clone()))) {
            Some((sid, auth_token)) => self.bare(sid, auth_token),
            None => self.new_account(),
        }
    }

    /// A main account with new credentials.
    pub fn new_account(&self) -> Account {
        self.bare(AccountSid::from_parts(self.parts()), self.house.ids.auth_token())
    }

    /// A main account with these credentials.
    pub fn bare(&self, sid: AccountSid, auth_token: String) -> Account {
        Account {
            sid,
            owner: sid,
            friendly_name: "Offhook".into(),
            auth_token,
            secondary_token: None,
            status: AccountStatus::Active,
            created: self.now,
            updated: self.now,
            settings: Settings::default(),
        }
    }

    /// What the house begins with: the seed's records or the demo's, and every main account that
    /// is kept or that the environment names.
    ///
    /// # Errors
    /// What is wrong with the seed, and where.
    pub fn writes(&self) -> Result<Vec<Write>, String> {
        let mut writes = match &self.house.settings.seed {
            Some(seed) => crate::seed::writes(self, seed)?,
            None => self.demo(),
        };
        let environment = self.house.settings.first_account.iter().cloned();
        let kept = self.kept.iter().filter(|account| account.owner == account.sid);
        let kept = kept.map(|account| (account.sid, account.auth_token.clone()));
        for (sid, auth_token) in environment.chain(kept) {
            let is_sid = |write: &Write| matches!(write, Write::InsertAccount(a) if a.sid == sid);
            if !writes.iter().any(is_sid) {
                writes.push(Write::InsertAccount(Box::new(self.bare(sid, auth_token))));
            }
        }
        // Accounts are listed by age: their order stays.
        let mut age = SignedDuration::ZERO;
        for write in &mut writes {
            if let Write::InsertAccount(account) = write {
                account.created = self.now + age;
                account.updated = account.created;
                age += SignedDuration::from_micros(1);
            }
        }
        Ok(writes)
    }

    /// The records of a house that nobody described.
    fn demo(&self) -> Vec<Write> {
        let account = self.account();
        let bin = Bin {
            sid: BinSid::from_parts(self.parts()),
            account: account.sid,
            friendly_name: "Demo".into(),
            access: BinAccess::Open,
            version: 1,
            twiml: DEMO_BIN.to_owned(),
            created: self.now,
            updated: self.now,
        };
        let hook = Hook { url: bin_url(self.house, bin.sid), ..Hook::default() };
        let number = Number {
            voice: hook.clone(),
            sms: hook,
            ..number(account.sid, NumberSid::from_parts(self.parts()), FIRST_NUMBER, self.now)
        };
        vec![
            Write::InsertAccount(Box::new(account)),
            Write::InsertBin(Box::new(bin)),
            Write::InsertNumber(Box::new(number)),
        ]
    }
}

/// The URL of a bin, as numbers and applications name it.
pub fn bin_url(house: &House, sid: BinSid) -> String {
    format!("{}/bins/{sid}", house.settings.public_url)
}

/// A number with Twilio's defaults (rest.md 4.3).
pub fn number(account: AccountSid, sid: NumberSid, phone_number: &str, now: Timestamp) -> Number {
    let friendly = PhoneNumber::parse(phone_number, None).map(|number| number.friendly());
    Number {
        sid,
        account,
        phone_number: phone_number.to_owned(),
        friendly_name: friendly.unwrap_or_else(|_| phone_number.to_owned()),
        voice: Hook::default(),
        sms: Hook::default(),
        status_callback: String::new(),
        status_callback_method: Method::Post,
        voice_application: None,
        sms_application: None,
        voice_caller_id_lookup: false,
        voice_receive_mode: "voice".into(),
        attachments: Attachments::default(),
        created: now,
        updated: now,
    }
}
