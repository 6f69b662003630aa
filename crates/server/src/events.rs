//! What happens in the house, as a stream: for the console, `webhooks tail` and waiting tests.
//!
//! Fed by the delivery thread with every committed change, read by `/offhook/v1/Events` and by
//! whoever waits for something. The last [`KEPT_MAX`] are kept so that a reader can go on where it
//! was; one that was away for longer is told to begin anew. Ids grow over restarts.

use exchange::calls::State as CallState;
use exchange::calls::recordings::RecordingStatus;
use exchange::messages::State;
use exchange::sid::{
    AccountSid, AlertSid, CallSid, MessageSid, RecordingSid, Sid, VerificationSid, WebhookSid,
};
use exchange::verify::Standing;
use exchange::webhooks::{Kind, Status};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use tokio::sync::{broadcast, watch};

/// How far a reader may be behind before it loses events.
const BEHIND_MAX: usize = 4096;
/// Events kept for readers that come back.
pub const KEPT_MAX: usize = 10_000;

/// Something that happened, committed.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Grows; the `Last-Event-ID` of the stream.
    pub id: i64,
    /// Whose it is and who alone sees it; `None` concerns everybody.
    pub account: Option<AccountSid>,
    /// What.
    pub what: What,
}

/// What a person configures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// An account.
    Account,
    /// An application.
    Application,
    /// A postal address.
    Address,
    /// A bin.
    Bin,
    /// A number of another network to call from.
    CallerId,
    /// A conversation.
    Conversation,
    /// An API key.
    Key,
    /// A number of the house.
    Number,
    /// Who takes part in a conversation.
    Participant,
    /// What is said in a conversation.
    ChatMessage,
    /// A Messaging Service; its senders are part of it.
    Service,
    /// The settings of an account.
    Settings,
    /// Where events of Event Streams go.
    Sink,
    /// Which of them go there.
    Subscription,
    /// A trigger of usage; one that fires is updated.
    Trigger,
    /// A service of Verify.
    VerifyService,
}

/// What was done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// It is new.
    Created,
    /// It is another.
    Updated,
    /// It is gone.
    Deleted,
}

/// Kinds of events; the wire's names are `<noun>.<what>`.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// `message.received`, `message.queued`, `message.sent`, …: by its state.
    Message(MessageSid, State),
    /// `message.deleted`
    MessageDeleted(MessageSid),
    /// `call.ringing`, `call.in-progress`, `call.completed`, …: by its state, each time that its
    /// record changes.
    Call(CallSid, CallState),
    /// `call.deleted`
    CallDeleted(CallSid),
    /// `recording.in-progress`, `recording.completed`, …: by its status.
    Recording(RecordingSid, RecordingStatus),
    /// `recording.deleted`
    RecordingDeleted(RecordingSid),
    /// `webhook.waiting`
    WebhookCreated(WebhookSid, Kind),
    /// `webhook.done`, `webhook.failed`, `webhook.dead`; `webhook.waiting` for a retry.
    WebhookFinished(WebhookSid, Kind, Status),
    /// `verification.pending`, `verification.approved`, …: by its status, each time that its
    /// record changes.
    Verification(VerificationSid, Standing),
    /// `number.created`, `bin.updated`, `settings.updated`, …
    Configured(Noun, Did, Sid),
    /// `phone.updated`, by its address: everybody's.
    Phone(String),
    /// `alert.created`
    Alert(AlertSid, u32),
    /// `clock.updated`: house time became real or virtual, or was moved; everybody's.
    Clock,
    /// `house.reset`: everything of before is gone.
    Reset,
}

impl What {
    /// The event's name on the wire.
    pub fn name(&self) -> String {
        match self {
            What::Message(_, state) => format!("message.{}", state.as_str()),
            What::MessageDeleted(_) => "message.deleted".into(),
            What::Call(_, state) => format!("call.{}", state.as_str()),
            What::CallDeleted(_) => "call.deleted".into(),
            What::Recording(_, status) => format!("recording.{}", status.as_str()),
            What::RecordingDeleted(_) => "recording.deleted".into(),
            What::WebhookCreated(..) => "webhook.waiting".into(),
            What::WebhookFinished(_, _, status) => format!("webhook.{}", status.as_str()),
            What::Verification(_, standing) => format!("verification.{}", standing.as_str()),
            What::Configured(noun, did, _) => format!("{}.{}", noun.as_str(), did.as_str()),
            What::Phone(_) => "phone.updated".into(),
            What::Alert(..) => "alert.created".into(),
            What::Clock => "clock.updated".into(),
            What::Reset => "house.reset".into(),
        }
    }

    /// The sid of what it happened to.
    pub fn sid(&self) -> Option<String> {
        match self {
            What::Message(sid, _) | What::MessageDeleted(sid) => Some(sid.to_string()),
            What::WebhookCreated(sid, _) | What::WebhookFinished(sid, ..) => Some(sid.to_string()),
            What::Call(sid, _) | What::CallDeleted(sid) => Some(sid.to_string()),
            What::Recording(sid, _) | What::RecordingDeleted(sid) => Some(sid.to_string()),
            What::Alert(sid, _) => Some(sid.to_string()),
            What::Verification(sid, _) => Some(sid.to_string()),
            What::Configured(_, _, sid) => Some(sid.to_string()),
            What::Phone(_) | What::Clock | What::Reset => None,
        }
    }
}

impl Noun {
    fn as_str(self) -> &'static str {
        match self {
            Noun::Account => "account",
            Noun::Application => "application",
            Noun::Address => "address",
            Noun::Bin => "bin",
            Noun::CallerId => "caller-id",
            Noun::ChatMessage => "conversation-message",
            Noun::Conversation => "conversation",
            Noun::Trigger => "usage-trigger",
            Noun::Key => "key",
            Noun::Number => "number",
            Noun::Participant => "participant",
            Noun::Service => "service",
            Noun::Settings => "settings",
            Noun::Sink => "sink",
            Noun::Subscription => "subscription",
            Noun::VerifyService => "verify-service",
        }
    }
}

impl Did {
    fn as_str(self) -> &'static str {
        match self {
            Did::Created => "created",
            Did::Updated => "updated",
            Did::Deleted => "deleted",
        }
    }
}

/// The stream.
#[derive(Debug)]
pub struct Events {
    kept: Mutex<Kept>,
    live: broadcast::Sender<Event>,
    closed: watch::Sender<bool>,
}

#[derive(Debug)]
struct Kept {
    next_id: i64,
    events: VecDeque<Event>,
}

/// What a reader that names its last event gets.
#[derive(Debug)]
pub struct Resumed {
    /// What it missed.
    pub missed: Vec<Event>,
    /// Some of what it missed is not kept any more: it has to load everything anew.
    pub gap: bool,
    /// What comes.
    pub live: broadcast::Receiver<Event>,
    /// Becomes true when the house closes.
    pub closed: watch::Receiver<bool>,
}

impl Events {
    /// A stream whose ids begin at `first_id`; a time in microseconds keeps them growing.
    pub fn from(first_id: i64) -> Events {
        let kept = Mutex::new(Kept { next_id: first_id, events: VecDeque::new() });
        Events { kept, live: broadcast::channel(BEHIND_MAX).0, closed: watch::Sender::new(false) }
    }

    /// Adds events in order. A reset takes with it what is kept of before.
    pub fn publish(&self, happened: impl IntoIterator<Item = (Option<AccountSid>, What)>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (account, what) in happened {
            let event = Event { id: kept.next_id, account, what };
            kept.next_id += 1;
            if event.what == What::Reset {
                kept.events.clear();
            }
            if kept.events.len() == KEPT_MAX {
                kept.events.pop_front();
            }
            kept.events.push_back(event.clone());
            // Nobody listening is no error.
            let _ = self.live.send(event);
        }
    }

    /// Reads on after `last`; without it, what comes from now on.
    pub fn resume(&self, last: Option<i64>) -> Resumed {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let live = self.live.subscribe();
        let closed = self.closed.subscribe();
        let Some(last) = last else {
            return Resumed { missed: Vec::new(), gap: false, live, closed };
        };
        let first_kept = kept.events.front().map_or(kept.next_id, |event| event.id);
        let missed = kept.events.iter().filter(|event| event.id > last).cloned().collect();
        Resumed { missed, gap: last < first_kept - 1, live, closed }
    }

    /// Ends every stream: the house closes.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_goes_on_where_it_was_or_learns_that_it_cannot() {
        let events = Events::from(100);
        let account = AccountSid::parse(&format!("AC{}", "0".repeat(32)));
        let sid = MessageSid::of(exchange::sid::Parts { key: 1, tail: 1 }, false);
        let sent = What::Message(sid, State::Sent);
        events.publish((0..KEPT_MAX + 5).map(|_| (account, sent.clone())));
        let resumed = events.resume(Some(110));
        assert!(!resumed.gap);
        assert_eq!(resumed.missed.first().map(|event| event.id), Some(111));
        assert!(events.resume(Some(50)).gap);
        assert!(events.resume(None).missed.is_empty());

        events.publish([(None, What::Reset), (account, sent)]);
        let resumed = events.resume(Some(110));
        assert!(resumed.gap, "what was before the reset is not told any more");
        assert_eq!(resumed.missed.first().map(|event| &event.what), Some(&What::Reset));
        assert_eq!(resumed.missed.len(), 2);
    }
}
