//! What may be written: data, not code.
//!
//! A [`Change`] is one decision of the house. Its writes and the asks and tells it causes are
//! applied together or not at all. A write that expects a state which is no longer there makes
//! the whole change a conflict: the caller loads and decides again.

use crate::usage::Counted;
use crate::{ChatWrite, SinkWrite, VerifyWrite};
use exchange::accounts::{Account, TestCredentials};
use exchange::addresses::PostalAddress;
use exchange::alerts::Alert;
use exchange::audit::Entry;
use exchange::bins::Bin;
use exchange::caller_ids::{CallerId, Validation};
use exchange::calls::Call;
use exchange::calls::recordings::Recording;
use exchange::keys::ApiKey;
use exchange::messages::{Feedback, Media, Message, State};
use exchange::numbers::{Application, Number};
use exchange::phones::Handset;
use exchange::pools::{Sender, Service};
use exchange::sid::{
    AccountSid, ApplicationSid, BinSid, CallSid, KeySid, MediaSid, MessageSid, NumberSid,
    PostalSid, RecordingSid, ServiceSid, Sid, TriggerSid,
};
use exchange::usage::triggers::Trigger;
use exchange::webhooks::{Finish, Webhook};
use jiff::Timestamp;

/// One decision: its writes, and the webhooks it causes.
#[derive(Debug, Default)]
pub struct Change {
    /// Applied in order.
    pub writes: Vec<Write>,
    /// Asks and tells, saved with the writes and handed to their workers after the commit.
    pub webhooks: Vec<Webhook>,
    /// Travels with the change and is dropped by whoever takes up its consequences: a token of
    /// unfinished work, say. The store never looks at it.
    pub ticket: Option<Box<dyn std::any::Any + Send>>,
}

impl Change {
    /// A change of one write that causes nothing.
    pub fn one(write: Write) -> Change {
        Change { writes: vec![write], ..Change::default() }
    }

    /// Whether it changes nothing: saving it waits for what was submitted before.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.webhooks.is_empty()
    }

    /// Another becomes part of this one, after it: both are kept, or neither.
    pub fn append(&mut self, mut later: Change) {
        self.writes.append(&mut later.writes);
        self.webhooks.append(&mut later.webhooks);
        self.ticket = self.ticket.take().or(later.ticket);
    }
}

/// A single write. "Expects" means: a conflict unless it is so.
#[derive(Debug)]
pub enum Write {
    /// Expects that no account has the sid.
    InsertAccount(Box<Account>),
    /// Expects `was` as the record's `updated`.
    UpdateAccount {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Account>,
    },
    /// The same for an account whose settings alone are new: who watches is told so.
    UpdateSettings {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Account>,
    },
    /// Expects that no key has the sid.
    InsertKey(Box<ApiKey>),
    /// Expects that the key exists.
    UpdateKey {
        /// The key.
        sid: KeySid,
        /// Whose it is: for who watches.
        account: AccountSid,
        /// The new name.
        friendly_name: String,
        /// What a restricted one permits from now on.
        policy: Vec<String>,
        /// House time.
        at: Timestamp,
    },
    /// Expects that the key exists.
    DeleteKey {
        /// The key.
        sid: KeySid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// Replaces the test credentials that the account has.
    PutTestCredentials(Box<TestCredentials>),
    /// Expects that the account has test credentials.
    DeleteTestCredentials(AccountSid),
    /// Expects that no number of the house has the phone number.
    InsertNumber(Box<Number>),
    /// Expects `was` as the record's `updated`.
    UpdateNumber {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Number>,
    },
    /// Expects that the number exists.
    DeleteNumber {
        /// The number.
        sid: NumberSid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// Expects that no application has the sid.
    InsertApplication(Box<Application>),
    /// Expects `was` as the record's `updated`.
    UpdateApplication {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Application>,
    },
    /// Expects that the application exists.
    DeleteApplication {
        /// The application.
        sid: ApplicationSid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// Expects that no bin has the sid. Its version is kept, too.
    InsertBin(Box<Bin>),
    /// Expects `was` as the record's `updated`. A new version is kept beside the earlier ones.
    UpdateBin {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Bin>,
    },
    /// Expects that the bin exists; its versions go with it.
    DeleteBin {
        /// The bin.
        sid: BinSid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// Expects that no service has the sid.
    InsertService(Box<Service>),
    /// Expects `was` as the record's `updated`.
    UpdateService {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Service>,
    },
    /// Expects that the service exists; its senders and what people left of it go with it.
    DeleteService {
        /// The service.
        sid: ServiceSid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// Expects that the service exists and that the sender is in none.
    InsertSender(Box<Sender>),
    /// Expects that the sender is in a service.
    DeleteSender {
        /// The sender.
        sid: Sid,
        /// Its service.
        service: ServiceSid,
        /// Whose both are: for who watches.
        account: AccountSid,
    },
    /// The sender of a service that a person knows from now on.
    PutSticky {
        /// The service.
        service: ServiceSid,
        /// The person's address.
        peer: String,
        /// The sender's.
        address: String,
    },
    /// A person wants no more texts.
    PutOptOut {
        /// The number's account.
        account: AccountSid,
        /// A number of the house, or the sid of a service.
        scope: String,
        /// The person's address.
        peer: String,
        /// House time.
        at: Timestamp,
    },
    /// A person wants texts again.
    DeleteOptOuts {
        /// The number's account.
        account: AccountSid,
        /// Numbers and sids of services.
        scopes: Vec<String>,
        /// The person's address.
        peer: String,
    },
    /// Sets how a handset behaves.
    PutHandset(Box<Handset>),
    /// A new message.
    InsertMessage(Box<Message>),
    /// Expects the message in one of the states `from`.
    AdvanceMessage {
        /// The message.
        sid: MessageSid,
        /// Whose it is: for who watches.
        account: AccountSid,
        /// Where it may stand.
        from: &'static [State],
        /// Where it will stand.
        to: State,
        /// Why it failed, for the states that say so.
        error_code: Option<u32>,
        /// The sender that its service picked.
        sender: Option<String>,
        /// Set when the network took it.
        sent: Option<Timestamp>,
        /// House time.
        at: Timestamp,
    },
    /// Expects that the message exists; empties its body, also in the log of its webhooks.
    RedactMessage {
        /// The message.
        sid: MessageSid,
        /// House time.
        at: Timestamp,
    },
    /// Expects that the message exists; sets what is known of its effect.
    SetFeedback {
        /// The message.
        sid: MessageSid,
        /// What was said.
        feedback: Feedback,
        /// House time.
        at: Timestamp,
    },
    /// Expects that the message exists; its text goes from the log of its webhooks, too.
    DeleteMessage {
        /// The message.
        sid: MessageSid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// Expects that the message exists; the content of its media has come.
    PutMedia {
        /// The message.
        message: MessageSid,
        /// All its media, in order.
        media: Vec<Media>,
    },
    /// Expects that the message has the medium.
    DeleteMedia {
        /// The message.
        message: MessageSid,
        /// The medium.
        media: MediaSid,
        /// House time.
        at: Timestamp,
    },
    /// A new call.
    InsertCall(Box<Call>),
    /// Expects that the call exists, and `was` as its `updated` where that is named. Who owns a
    /// live call is the only one to write it and names none.
    UpdateCall {
        /// The record's `updated` when it was read.
        was: Option<Timestamp>,
        /// The new record.
        now: Box<Call>,
        /// Whether its plan has changed, too; else that is not written.
        with_plan: bool,
    },
    /// Expects that the call exists; its transcript goes with it.
    DeleteCall {
        /// The call.
        sid: CallSid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// What was heard and done on a call; replaces what was kept of it before. How much of it is
    /// kept is the caller's to bound.
    PutTranscript {
        /// The call.
        call: CallSid,
        /// The transcript.
        text: String,
    },
    /// A new recording.
    InsertRecording(Box<Recording>),
    /// Expects that the recording exists.
    UpdateRecording(Box<Recording>),
    /// Expects that the recording exists.
    DeleteRecording {
        /// The recording.
        sid: RecordingSid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// A webhook that was sent already, with how that ended: an ask of a live call. It never waits
    /// and is never sent from here; both are given their row's id.
    LogWebhook(Box<Webhook>, Box<Finish>),
    /// Expects the webhook to be waiting still.
    FinishWebhook(Box<Finish>),
    /// Expects that the webhook exists and is not waiting; makes it wait again, for a bulk replay
    /// of dead letters.
    ReviveWebhook {
        /// The row.
        id: i64,
        /// When it is due; house time.
        due: Timestamp,
    },
    /// Takes rows out of the log, with their exchanges; those that wait stay. Webhooks are numbered
    /// on.
    DeleteWebhooks(Vec<i64>),
    /// Expects that the account has no such number.
    InsertCallerId(Box<CallerId>),
    /// Expects `was` as the record's `updated`.
    UpdateCallerId {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<CallerId>,
    },
    /// Expects that the caller id exists.
    DeleteCallerId {
        /// The caller id.
        sid: NumberSid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// Expects that the call verifies nothing yet.
    InsertValidation(Box<Validation>),
    /// Expects that the call verifies something.
    DeleteValidation(CallSid),
    /// Expects that no address has the sid.
    InsertAddress(Box<PostalAddress>),
    /// Expects `was` as the record's `updated`.
    UpdateAddress {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<PostalAddress>,
    },
    /// Expects that the address exists.
    DeleteAddress {
        /// The address.
        sid: PostalSid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// Counts something that was used, if it counts; before the write that ends it.
    Count(Counted),
    /// Expects that no trigger has the sid.
    InsertTrigger(Box<Trigger>),
    /// Expects `was` as the record's `updated`.
    UpdateTrigger {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Trigger>,
    },
    /// Expects that the trigger exists.
    DeleteTrigger {
        /// The trigger.
        sid: TriggerSid,
        /// Whose it is: for who watches.
        account: AccountSid,
    },
    /// A debugger event.
    InsertAlert(Box<Alert>),
    /// An entry of the audit log.
    InsertAudit(Box<Entry>),
    /// The cookies of a conversation.
    PutCookies(Box<Cookies>),
    /// The base of the house's own URLs, to know when it has moved.
    PutBase(String),
    /// The seed that a Reset goes back to.
    PutSeed(String),
    /// Of Verify.
    Verify(VerifyWrite),
    /// Of Event Streams.
    Sinks(SinkWrite),
    /// Of conversations.
    Chats(ChatWrite),
    /// Deletes everything; the writes after it in the same change make the new start. Webhooks
    /// are numbered on, so that no sid of before ever names something of after.
    Clear,
}

/// The cookie jar of the conversation between a number and a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Cookies {
    /// The number's account.
    pub account: AccountSid,
    /// The number of the house.
    pub number: String,
    /// The person's address.
    pub peer: String,
    /// The jar as text.
    pub jar: String,
    /// Last use; house time.
    pub used: Timestamp,
}
