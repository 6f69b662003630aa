//! The first start: an account, a number, and a demo bin that the number points to.

use crate::house::House;
use exchange::accounts::{Account, AccountStatus, Settings};
use exchange::bins::{Bin, BinAccess};
use exchange::numbers::{Attachments, Hook, Method, Number, PhoneNumber};
use exchange::sid::{AccountSid, BinSid, NumberSid, Parts};
use jiff::Timestamp;
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
}

impl Start<'_> {
    fn parts(&self) -> Parts {
        self.house.ids.parts(self.house.clock.wire_us())
    }

    /// A new account; the environment's when it names one.
    pub fn account(&self) -> Account {
        let (sid, auth_token) = match &self.house.settings.first_account {
            Some((sid, token)) => (*sid, token.clone()),
            None => (AccountSid::from_parts(self.parts()), self.house.ids.auth_token()),
        };
        Account {
            sid,
            owner: sid,
            friendly_name: "Offhook".into(),
            auth_token,
            status: AccountStatus::Active,
            created: self.now,
            updated: self.now,
            settings: Settings::default(),
        }
    }

    /// The writes of a house that nobody described.
    pub fn writes(&self) -> Vec<Write> {
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
        let url = format!("{}/bins/{}", self.house.settings.public_url, bin.sid);
        let hook = Hook { url, ..Hook::default() };
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

/// A number with Twilio's defaults (rest.md 4.3).
pub fn number(
    account: AccountSid,
    sid: NumberSid,
    phone_number: &str,
    now: Timestamp,
) -> Number {
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
