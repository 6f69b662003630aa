//! The entries of a seed become records, judged as the REST API judges them.

use super::Seed;
use super::entry::Entry;
use crate::first::{self, Start, bin_url};
use exchange::accounts::{self, Account, is_token};
use exchange::bins::Bin;
use exchange::bins::save::{self, Draft};
use exchange::numbers::{Address, Application, Hook, Method, Number, PhoneNumber, configure};
use exchange::phones::{self, Handset};
use exchange::pools::{self, Sender, Service};
use exchange::sid::{
    AccountSid, AlphaSenderSid, ApplicationSid, BinSid, NumberSid, ServiceSid, Sid,
};
use std::collections::HashSet;
use store::Write;

pub(super) const ACCOUNT_KEYS: &[&str] = &[
    "FriendlyName",
    "AccountSid",
    "AuthToken",
    "OwnerAccountSid",
    "DebuggerUrl",
    "RetryProfile",
    "TlsValidation",
    "MediaAuth",
    "OptOutReplies",
    "Pacing",
];
pub(super) const BIN_KEYS: &[&str] = &["AccountSid", "FriendlyName", "Twiml", "Access"];
pub(super) const APPLICATION_KEYS: &[&str] = &[
    "AccountSid",
    "FriendlyName",
    "VoiceUrl",
    "VoiceMethod",
    "VoiceFallbackUrl",
    "VoiceFallbackMethod",
    "SmsUrl",
    "SmsMethod",
    "SmsFallbackUrl",
    "SmsFallbackMethod",
    "StatusCallback",
    "StatusCallbackMethod",
    "MessageStatusCallback",
    "SmsStatusCallback",
    "VoiceCallerIdLookup",
    "PublicApplicationConnectEnabled",
];
pub(super) const SERVICE_KEYS: &[&str] = &[
    "AccountSid",
    "FriendlyName",
    "InboundRequestUrl",
    "InboundMethod",
    "FallbackUrl",
    "FallbackMethod",
    "StatusCallback",
    "StickySender",
    "SmartEncoding",
    "AreaCodeGeomatch",
    "ValidityPeriod",
    "UseInboundWebhookOnNumber",
    "AdvancedOptOut",
    "AlphaSender",
];
pub(super) const NUMBER_KEYS: &[&str] = &[
    "AccountSid",
    "PhoneNumber",
    "FriendlyName",
    "VoiceUrl",
    "VoiceMethod",
    "VoiceFallbackUrl",
    "VoiceFallbackMethod",
    "VoiceApplicationSid",
    "VoiceCallerIdLookup",
    "VoiceReceiveMode",
    "SmsUrl",
    "SmsMethod",
    "SmsFallbackUrl",
    "SmsFallbackMethod",
    "SmsApplicationSid",
    "MessagingServiceSid",
    "StatusCallback",
    "StatusCallbackMethod",
];
pub(super) const PHONE_KEYS: &[&str] = &[
    "Address",
    "OnCall",
    "AnswerAfter",
    "OnMessage",
    "ErrorCode",
    "DeliverAfter",
    "Lines",
    "ProfileName",
    "ReadAfter",
    "ServiceWindow",
];

/// Names that hold a URL, or an application's sid: what may name another entry.
fn is_url(name: &str) -> bool {
    name.ends_with("Url") || name.ends_with("Callback")
}

/// Records made so far: what later entries may name.
struct Records<'a> {
    start: &'a Start<'a>,
    accounts: Vec<Account>,
    bins: Vec<Bin>,
    applications: Vec<Application>,
    services: Vec<Service>,
    numbers: Vec<Number>,
    senders: Vec<Sender>,
    handsets: Vec<Handset>,
}

pub(super) fn writes(start: &Start<'_>, seed: &Seed) -> Result<Vec<Write>, String> {
    let mut records = Records {
        start,
        accounts: Vec::new(),
        bins: Vec::new(),
        applications: Vec::new(),
        services: Vec::new(),
        numbers: Vec::new(),
        senders: Vec::new(),
        handsets: Vec::new(),
    };
    records.add_accounts(&seed.accounts)?;
    seed.bins.iter().try_for_each(|entry| records.add_bin(entry))?;
    seed.applications.iter().try_for_each(|entry| records.add_application(entry))?;
    seed.services.iter().try_for_each(|entry| records.add_service(entry))?;
    seed.numbers.iter().try_for_each(|entry| records.add_number(entry))?;
    seed.phones.iter().try_for_each(|entry| records.add_phone(entry))?;
    let mut writes = Vec::new();
    writes.extend(records.accounts.into_iter().map(|one| Write::InsertAccount(Box::new(one))));
    writes.extend(records.bins.into_iter().map(|one| Write::InsertBin(Box::new(one))));
    let applications = records.applications.into_iter();
    writes.extend(applications.map(|one| Write::InsertApplication(Box::new(one))));
    writes.extend(records.services.into_iter().map(|one| Write::InsertService(Box::new(one))));
    writes.extend(records.numbers.into_iter().map(|one| Write::InsertNumber(Box::new(one))));
    writes.extend(records.senders.into_iter().map(|one| Write::InsertSender(Box::new(one))));
    writes.extend(records.handsets.into_iter().map(|one| Write::PutHandset(Box::new(one))));
    Ok(writes)
}

impl Records<'_> {
    fn add_accounts(&mut self, entries: &[Entry]) -> Result<(), String> {
        let named: HashSet<&str> =
            entries.iter().filter_map(|entry| entry.get("AccountSid")).collect();
        let mut kept = self.start.kept.clone();
        kept.retain(|account| !named.contains(account.sid.as_str()));
        let environment = self.start.house.settings.first_account.clone();
        let mut environment = environment.filter(|(sid, _)| !named.contains(sid.as_str()));
        for entry in entries {
            let mut account = self.account(entry, &mut kept, &mut environment)?;
            if let Some(name) = entry.get("FriendlyName") {
                account.friendly_name = name.to_owned();
            }
            let form = entry.form(|_, value| Ok(value.to_owned()))?;
            accounts::configure(&mut account.settings, &form)
                .map_err(|why| entry.wrong(&why.message))?;
            let twin = self.accounts.iter().find(|other| {
                other.sid == account.sid || other.friendly_name == account.friendly_name
            });
            if twin.is_some() {
                return Err(entry.wrong(&"another account has this AccountSid or FriendlyName"));
            }
            self.accounts.push(account);
        }
        if self.accounts.is_empty() {
            self.accounts.push(self.start.account());
        }
        Ok(())
    }

    /// Sid, token and owner of an account.
    fn account(
        &self,
        entry: &Entry,
        kept: &mut Vec<Account>,
        environment: &mut Option<(AccountSid, String)>,
    ) -> Result<Account, String> {
        let owner = match entry.get("OwnerAccountSid") {
            None => None,
            Some(name) => Some(
                self.account_named(name)
                    .map_err(|why| entry.wrong(&format!("OwnerAccountSid: {why}")))?,
            ),
        };
        if owner.is_some_and(|owner| owner.owner != owner.sid) {
            return Err(entry.wrong(&"OwnerAccountSid: subaccounts cannot contain subaccounts"));
        }
        let (sid, token) = (entry.get("AccountSid"), entry.get("AuthToken"));
        if token.is_some_and(|token| !is_token(token)) {
            return Err(entry.wrong(&"AuthToken may have letters and digits only"));
        }
        let mut account = match sid {
            Some(text) => {
                let sid = AccountSid::parse(text).ok_or_else(|| {
                    entry.wrong(&"AccountSid is not AC and 32 lower-case hex digits")
                })?;
                let same = self.start.house.settings.first_account.iter().find(|one| one.0 == sid);
                let token = match (token, same) {
                    (Some(token), Some((_, other))) if token != other => {
                        let why = "AuthToken is not the one that OFFHOOK_AUTH_TOKEN names";
                        return Err(entry.wrong(&why));
                    }
                    (Some(token), _) => token.to_owned(),
                    (None, Some((_, token))) => token.clone(),
                    (None, None) => return Err(entry.wrong(&"AccountSid needs an AuthToken")),
                };
                self.start.bare(sid, token)
            }
            None if token.is_some() => return Err(entry.wrong(&"AuthToken needs an AccountSid")),
            None => {
                let main = owner.is_none();
                let name = entry.get("FriendlyName").unwrap_or_default();
                let is_it = |account: &Account| (account.owner == account.sid) == main;
                let place = kept
                    .iter()
                    .position(|account| is_it(account) && account.friendly_name == name)
                    .or_else(|| kept.iter().position(is_it).filter(|_| main));
                match (environment.take_if(|_| main), place) {
                    (Some((sid, token)), _) => {
                        kept.retain(|account| account.sid != sid);
                        self.start.bare(sid, token)
                    }
                    (None, Some(place)) => {
                        let same = kept.remove(place);
                        self.start.bare(same.sid, same.auth_token)
                    }
                    (None, None) => self.start.new_account(),
                }
            }
        };
        account.owner = owner.map_or(account.sid, |owner| owner.sid);
        Ok(account)
    }

    fn account_named(&self, name: &str) -> Result<&Account, String> {
        let is_it =
            |account: &&Account| account.sid.as_str() == name || account.friendly_name == name;
        self.accounts.iter().find(is_it).ok_or_else(|| format!("no account before it is {name}"))
    }

    /// The account of an entry: the one it names, else the first.
    fn owner(&self, entry: &Entry) -> Result<AccountSid, String> {
        match entry.get("AccountSid") {
            // There is always one: `add_accounts` has seen to it.
            None => Ok(self.accounts[0].sid),
            Some(name) => match self.account_named(name) {
                Ok(account) => Ok(account.sid),
                Err(why) => Err(entry.wrong(&format!("AccountSid: {why}"))),
            },
        }
    }

    fn add_bin(&mut self, entry: &Entry) -> Result<(), String> {
        let account = self.owner(entry)?;
        let name = entry.need("FriendlyName")?;
        let draft = Draft {
            friendly_name: Some(name),
            twiml: Some(entry.need("Twiml")?),
            access: entry.get("Access"),
        };
        let sid = BinSid::from_parts(self.start.parts());
        let (bin, _problems) = save::create(&draft, account, sid, self.start.now)
            .map_err(|refused| entry.wrong(&refused.refusal.message))?;
        if self.bins.iter().any(|other| other.account == account && other.friendly_name == name) {
            return Err(entry.wrong(&format!("FriendlyName: another bin is {name}")));
        }
        self.bins.push(bin);
        Ok(())
    }

    /// An entry's parameters, with the bins and applications that it names put in.
    fn parameters(&self, entry: &Entry, account: AccountSid) -> Result<webhook::Form, String> {
        entry.form(|name, value| match value.strip_prefix("bin:").map(str::trim) {
            Some(bin) if is_url(name) => {
                let is_it = |one: &&Bin| one.account == account && one.friendly_name == bin;
                let found = self.bins.iter().find(is_it);
                let found =
                    found.ok_or_else(|| format!("{name}: no bin of its account is {bin}"))?;
                Ok(bin_url(self.start.house, found.sid))
            }
            _ if name.ends_with("ApplicationSid") && !value.is_empty() => {
                let is_it =
                    |one: &&Application| one.account == account && one.friendly_name == value;
                let found = self.applications.iter().find(is_it);
                let found = found
                    .ok_or_else(|| format!("{name}: no application of its account is {value}"))?;
                Ok(found.sid.to_string())
            }
            _ => Ok(value.to_owned()),
        })
    }

    fn add_application(&mut self, entry: &Entry) -> Result<(), String> {
        let account = self.owner(entry)?;
        let name = entry.need("FriendlyName")?;
        let mut application = Application {
            sid: ApplicationSid::from_parts(self.start.parts()),
            account,
            friendly_name: String::new(),
            voice: Hook::default(),
            sms: Hook::default(),
            status_callback: String::new(),
            status_callback_method: Method::Post,
            message_status_callback: String::new(),
            sms_status_callback: String::new(),
            voice_caller_id_lookup: false,
            public_application_connect_enabled: false,
            created: self.start.now,
            updated: self.start.now,
        };
        let form = self.parameters(entry, account)?;
        configure::application(&mut application, &form).map_err(|why| entry.wrong(&why.message))?;
        let is_it = |other: &Application| other.account == account && other.friendly_name == name;
        if self.applications.iter().any(is_it) {
            return Err(entry.wrong(&format!("FriendlyName: another application is {name}")));
        }
        self.applications.push(application);
        Ok(())
    }

    fn add_service(&mut self, entry: &Entry) -> Result<(), String> {
        let account = self.owner(entry)?;
        let name = entry.need("FriendlyName")?;
        let sid = ServiceSid::from_parts(self.start.parts());
        let mut service = Service::new(sid, account, self.start.now);
        let form = self.parameters(entry, account)?;
        pools::configure::service(&mut service, &form)
            .and_then(|()| pools::configure::opt_out(&mut service, &form))
            .map_err(|why| entry.wrong(&why.message))?;
        let is_it = |other: &Service| other.account == account && other.friendly_name == name;
        if self.services.iter().any(is_it) {
            return Err(entry.wrong(&format!("FriendlyName: another service is {name}")));
        }
        if entry.get("AlphaSender").is_some() {
            let address = pools::configure::alpha_sender(&form)
                .map_err(|why| entry.wrong(&format!("AlphaSender: {}", why.message)))?;
            let sid = AlphaSenderSid::from_parts(self.start.parts()).sid();
            self.add_sender(sid, &service, address);
        }
        self.services.push(service);
        Ok(())
    }

    fn add_sender(&mut self, sid: Sid, service: &Service, address: String) {
        let (account, created) = (service.account, self.start.now);
        self.senders.push(Sender { sid, service: service.sid, account, address, created });
    }

    /// Puts a number into the service that its entry names.
    fn join(&mut self, entry: &Entry, number: &Number) -> Result<(), String> {
        let Some(name) = entry.get("MessagingServiceSid") else { return Ok(()) };
        let is_it = |one: &&Service| one.account == number.account && one.friendly_name == name;
        let Some(service) = self.services.iter().find(is_it).cloned() else {
            let why = format!("MessagingServiceSid: no service of its account is {name}");
            return Err(entry.wrong(&why));
        };
        self.add_sender(number.sid.sid(), &service, number.phone_number.clone());
        Ok(())
    }

    fn add_number(&mut self, entry: &Entry) -> Result<(), String> {
        let account = self.owner(entry)?;
        let phone = PhoneNumber::parse(entry.need("PhoneNumber")?, Some("US"))
            .map_err(|why| entry.wrong(&format!("PhoneNumber: {why}")))?;
        let sid = NumberSid::from_parts(self.start.parts());
        let mut number = first::number(account, sid, phone.as_str(), self.start.now);
        let form = self.parameters(entry, account)?;
        configure::number(&mut number, &form).map_err(|why| entry.wrong(&why.message))?;
        if self.numbers.iter().any(|other| other.phone_number == number.phone_number) {
            return Err(entry.wrong(&"PhoneNumber is there twice"));
        }
        self.join(entry, &number)?;
        self.numbers.push(number);
        Ok(())
    }

    fn add_phone(&mut self, entry: &Entry) -> Result<(), String> {
        let address = Address::parse(entry.need("Address")?, Some("US"))
            .map_err(|why| entry.wrong(&format!("Address: {why}")))?
            .to_string();
        if self.numbers.iter().any(|number| number.phone_number == address) {
            return Err(entry.wrong(&"Address is a number of the house, not a handset"));
        }
        let mut handset = Handset::new(address);
        let form = entry.form(|_, value| Ok(value.to_owned()))?;
        phones::configure(&mut handset, &form).map_err(|why| entry.wrong(&why.message))?;
        self.handsets.push(handset);
        Ok(())
    }
}
