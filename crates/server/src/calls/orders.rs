//! What the rest of the house may ask of live calls.
//!
//! [`Calls`] is part of the house; the API and the delivery thread use it. Every order carries a
//! token of work, so that virtual time stands still until it has been carried out.

use super::user_messages::Messages;
use crate::clock::{Clock, Work};
use exchange::accounts::AccountStatus;
use exchange::calls::fork::{Fork, Past};
use exchange::calls::recordings::Recording;
use exchange::calls::update::Update;
use exchange::calls::{Call, RecordPlan};
use exchange::refusal::Refusal;
use exchange::sid::{AccountSid, CallSid, RecordingSid};
use std::sync::Arc;
use store::{Change, Committed, StoreError, Write};
use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{oneshot, watch};

/// Something a person at a handset does.
#[derive(Debug, Clone)]
pub enum Did {
    /// Answers a call that rings.
    Answer,
    /// Declines a call that rings.
    Reject,
    /// Hangs up, or gives up a call that was not answered.
    HangUp,
    /// Presses keys, one after the other.
    Digits(String),
    /// Speaks.
    Speech {
        /// The words.
        text: String,
        /// 0.0 to 1.0, as the wire shows it.
        confidence: String,
        /// How it sounds: 8 kHz mono. Without it the words' length is by rule, and a recording
        /// has them from the speech engine.
        samples: Option<Arc<[i16]>>,
    },
}

/// Who does something in a call: the person at a handset, for an account.
#[derive(Debug, Clone)]
pub struct Person {
    /// The call.
    pub call: CallSid,
    /// The handset's address.
    pub handset: String,
    /// The call's own account, or its main account.
    pub account: AccountSid,
}

/// What REST does with a recording that is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingUpdate {
    /// `Status=paused`, with `PauseBehavior`.
    Pause {
        /// What is not recorded is silence in it, and not left out.
        keeps_silence: bool,
    },
    /// `Status=in-progress`.
    Resume,
    /// `Status=stopped`.
    Stop,
}

/// A live listener at a handset: 20 ms frames of µ-law both ways.
#[derive(Debug)]
pub struct AudioLine {
    /// What the person hears.
    pub hears: Receiver<Vec<u8>>,
    /// What the person says.
    pub says: Sender<Vec<u8>>,
}

/// What a live leg has heard and done so far.
#[derive(Debug)]
pub struct Transcript {
    /// Its lines, as `exchange::calls::script::transcript` writes them.
    pub lines: Vec<String>,
    /// How many there are; changes with every new one, and closes with the call.
    pub count: watch::Receiver<usize>,
}

/// Why an order was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// There is no such call, or it has ended.
    #[error("the call is not live")]
    NotLive,
    /// It is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The call can't do that now; why, for people.
    #[error("{0}")]
    Wrong(String),
    /// It could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where an order's answer goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, CallError>>;

/// An order for the switchboard.
#[derive(Debug)]
pub(super) enum Order {
    /// A call was made and committed: a person dials, or REST wants somebody called.
    Begin(Box<Call>),
    /// A call that the switchboard made itself could not be written.
    NotMade(CallSid),
    /// A person does something; answered when what follows at once is committed, with the record
    /// of a leg that is still there.
    Person(Person, Did, Reply<Option<Call>>),
    /// REST changes a call; answered with the record when it is committed.
    Update(CallSid, Box<Update>, Reply<Call>),
    /// REST records a call.
    Record(CallSid, Box<RecordPlan>, Reply<Recording>),
    /// REST changes a recording that is being made; without a sid the newest one.
    UpdateRecording(CallSid, Option<RecordingSid>, RecordingUpdate, Reply<Recording>),
    /// What the leg has heard and done so far.
    Transcript(CallSid, Reply<Transcript>),
    /// Somebody listens and speaks live.
    Listen(CallSid, Reply<AudioLine>),
    /// What a call was told so far, live or over.
    Past(CallSid, Reply<Arc<Past>>),
    /// A call goes on from an earlier point, where the person does something.
    Fork(Box<Fork>, Option<Did>, Reply<Call>),
    /// Something is done with the messages of a leg's client program.
    Messages(CallSid, Messages),
    /// An account is not active any more.
    Silence(AccountSid),
    /// The house is reset: every call is forgotten, without a trace.
    Clear(oneshot::Sender<()>),
}

/// How the house reaches its live calls. Cheap to clone.
#[derive(Clone)]
pub struct Calls {
    orders: UnboundedSender<(Order, Work)>,
    clock: Clock,
}

/// The orders, for the switchboard that takes them.
pub struct Orders(pub(super) UnboundedReceiver<(Order, Work)>);

impl Calls {
    /// The two ends of a house's orders.
    pub fn new(clock: Clock) -> (Calls, Orders) {
        let (orders, taken) = unbounded_channel();
        (Calls { orders, clock }, Orders(taken))
    }

    /// The house's clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Begins every call that a batch of changes has made. Called by the store's writer before
    /// whoever saved them is answered: an order about a call never comes before it.
    pub fn announce(&self, committed: &Committed) {
        match committed {
            Committed::Changes(changes) => {
                for call in changes.iter().flat_map(made) {
                    self.begin(call.clone());
                }
                changes.iter().flat_map(silenced).for_each(|sid| self.send(Order::Silence(sid)));
            }
            // Who saved a change is told; what was submitted is the switchboard's own.
            Committed::Failed(change, _) => {
                made(change).for_each(|call| self.send(Order::NotMade(call.sid)));
            }
        }
    }

    /// A call was committed; it begins now.
    pub fn begin(&self, call: Box<Call>) {
        self.send(Order::Begin(call));
    }

    /// A person at the handset end of a call does something; answers with the call's record, or
    /// nothing when the store alone has it any more.
    ///
    /// # Errors
    /// The call is not live, or none of that handset and account; or that can't be done now.
    pub async fn person(&self, person: Person, did: Did) -> Result<Option<Call>, CallError> {
        self.ask(|reply| Order::Person(person, did, reply)).await
    }

    /// Changes a live call; answers with its record.
    ///
    /// # Errors
    /// As [`Calls::person`].
    pub async fn update(&self, sid: CallSid, update: Update) -> Result<Call, CallError> {
        self.ask(|reply| Order::Update(sid, Box::new(update), reply)).await
    }

    /// Begins to record a live call.
    ///
    /// # Errors
    /// As [`Calls::person`].
    pub async fn record(&self, sid: CallSid, plan: RecordPlan) -> Result<Recording, CallError> {
        self.ask(|reply| Order::Record(sid, Box::new(plan), reply)).await
    }

    /// Pauses, resumes or stops a recording; the newest of the call's without a sid
    /// (`Twilio.CURRENT`).
    ///
    /// # Errors
    /// As [`Calls::person`].
    pub async fn update_recording(
        &self,
        call: CallSid,
        sid: Option<RecordingSid>,
        update: RecordingUpdate,
    ) -> Result<Recording, CallError> {
        self.ask(|reply| Order::UpdateRecording(call, sid, update, reply)).await
    }

    /// What the leg has heard and done so far; for a call that has ended ask the store.
    ///
    /// # Errors
    /// The call is not live.
    pub async fn transcript(&self, sid: CallSid) -> Result<Transcript, CallError> {
        self.ask(|reply| Order::Transcript(sid, reply)).await
    }

    /// Listens and speaks at the handset end of a call.
    ///
    /// # Errors
    /// As [`Calls::person`].
    pub async fn listen(&self, sid: CallSid) -> Result<AudioLine, CallError> {
        self.ask(|reply| Order::Listen(sid, reply)).await
    }

    /// Forgets every call, without a trace; for a reset.
    pub async fn clear(&self) {
        let (told, cleared) = oneshot::channel();
        self.send(Order::Clear(told));
        // A switchboard that is gone has no calls.
        let _ = cleared.await;
    }

    pub(super) async fn ask<T>(
        &self,
        order: impl FnOnce(Reply<T>) -> Order,
    ) -> Result<T, CallError> {
        let (reply, answer) = oneshot::channel();
        self.send(order(reply));
        // No answer: the house is closing, and its calls with it.
        answer.await.unwrap_or(Err(CallError::NotLive))
    }

    fn send(&self, order: Order) {
        // The switchboard is gone only when the house is; rows tell the next start.
        let _ = self.orders.send((order, self.clock.work()));
    }
}

/// The accounts that are not active after a change.
fn silenced(change: &Change) -> impl Iterator<Item = AccountSid> {
    change.writes.iter().filter_map(|write| match write {
        Write::UpdateAccount { now, .. } if now.status != AccountStatus::Active => Some(now.sid),
        _ => None,
    })
}

/// The calls that a change makes.
fn made(change: &Change) -> impl Iterator<Item = &Box<Call>> {
    change.writes.iter().filter_map(|write| match write {
        Write::InsertCall(call) => Some(call),
        _ => None,
    })
}
