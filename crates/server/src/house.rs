//! A house: everything one running Offhook knows, as a value.
//!
//! No statics, no globals: one process can hold many houses. The API, the delivery thread and the
//! CLI's `serve` share it behind an `Arc`. [`House::save`] is how a decision becomes durable;
//! what it causes reaches its worker through the store's commits, never from here.

use crate::api::console::Access;
use crate::audio::Sounds;
use crate::calls::Calls;
use crate::chats;
use crate::clock::Clock;
use crate::counting;
use crate::data_dir::DataDir;
use crate::events::Events;
use crate::ids::Ids;
use crate::messages::Media;
use crate::metrics::Metrics;
use crate::mp3::Mp3;
use crate::sessions::Sessions;
use crate::sinks;
use crate::speech::{Engine, Speech};
use client::{Client, Map};
use exchange::accounts::Account;
use exchange::messages::Message;
use exchange::messages::pace::Pace;
use exchange::messages::pacing::Pacing;
use exchange::numbers::{Number, without_channel};
use exchange::sid::{
    AccountSid, AlertSid, CallSid, MediaSid, MessageSid, Parts, RecordingSid, TranscriptionSid,
    UserMessageSid, UserSubscriptionSid,
};
use exchange::webhooks::guard::Guard;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{Change, Store, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How often a decision is made again when its record changed in the meantime.
pub const DECISIONS_MAX: u32 = 3;
/// Requests of the APIs at once; more than the listener has connections.
pub const PRESENT_MAX: u32 = 20_000;
/// Pairs of numbers whose reply pace is remembered.
const PACES_MAX: usize = 10_000;

/// What a house is told when it opens.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The base of URLs in webhooks: `--public-url`, else the listener's. No slash at the end.
    pub public_url: String,
    /// Other bases under which this very house is reached: the listener's addresses.
    pub own_urls: Vec<String>,
    /// The data folder.
    pub folder: PathBuf,
    /// The folder of recordings.
    pub recordings: PathBuf,
    /// The folder of the media of messages.
    pub media: PathBuf,
    /// Whether Phones, Clock, Faults and Reset are there.
    pub simulator: bool,
    /// Text of the seed file, applied at first start and by Reset.
    pub seed: Option<String>,
    /// How long the request log is kept.
    pub keep_log: SignedDuration,
    /// The first account, when the environment names it: sid and token.
    pub first_account: Option<(AccountSid, String)>,
    /// Who says what a call says.
    pub speech: Engine,
    /// The program that makes MP3 of recordings, where it is installed.
    pub mp3: Option<PathBuf>,
    /// Which addresses webhooks may dial, to be shown: the client has its own.
    pub guard: Guard,
    /// Public URLs that are answered elsewhere, to be shown, too.
    pub maps: Vec<Map>,
    /// How the console may be entered.
    pub console: Access,
}

/// Everything one running Offhook knows.
pub struct House {
    /// What it keeps.
    pub store: Store,
    /// Its two times.
    pub clock: Clock,
    /// Where new sids come from.
    pub ids: Ids,
    /// How it speaks to customers.
    pub client: Client,
    /// What it says, and who speaks.
    pub speech: Speech,
    /// Its recordings as MP3.
    pub mp3: Mp3,
    /// The audio files it keeps.
    pub sounds: Sounds,
    /// Whose turn it is to fetch media, and what persons uploaded to send.
    pub media: Media,
    /// Its live calls.
    pub calls: Calls,
    /// What happens, as a stream.
    pub events: Events,
    /// Who is signed in to the console.
    pub sessions: Sessions,
    /// What it counted since it opened.
    pub metrics: Metrics,
    /// What it was told.
    pub settings: Settings,
    present: Arc<Semaphore>,
    resets: AtomicU64,
    decisions: Semaphore,
    running: Mutex<HashSet<i64>>,
    paces: Mutex<HashMap<(AccountSid, String, String), Pace>>,
    pacing: Mutex<Pacing>,
}

/// A request that is in the house, or a reset that has it for itself.
#[derive(Debug)]
pub struct Presence {
    _permit: Option<OwnedSemaphorePermit>,
}

impl House {
    /// Puts a house together.
    pub fn new(
        store: Store,
        client: Client,
        calls: Calls,
        settings: Settings,
    ) -> Result<House, StoreError> {
        let ids = Ids::after(store.last_key()?);
        let clock = calls.clock().clone();
        let events = Events::from(clock.wire_us());
        let speech = Speech::new(settings.speech.clone(), client.clone());
        let mp3 = Mp3::new(settings.mp3.clone());
        Ok(House {
            store,
            clock,
            ids,
            client,
            speech,
            mp3,
            sounds: Sounds::default(),
            media: Media::default(),
            calls,
            events,
            sessions: Sessions::default(),
            metrics: Metrics::default(),
            settings,
            present: Arc::new(Semaphore::new(PRESENT_MAX as usize)),
            resets: AtomicU64::new(0),
            decisions: Semaphore::new(1),
            running: Mutex::default(),
            paces: Mutex::default(),
            pacing: Mutex::default(),
        })
    }

    /// House time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Makes a decision durable, together with the asks and tells it causes, and counts what it
    /// uses.
    ///
    /// # Errors
    /// As [`Store::save`].
    pub async fn save(&self, mut change: Change) -> Result<(), StoreError> {
        self.complete(&mut change)?;
        self.store.save(change).await
    }

    /// Adds what belongs to a change and its makers need not think of: who is told of it by
    /// subscription, and what it uses.
    ///
    /// # Errors
    /// [`StoreError::Untold`] when it can't be known who is told; nothing is added then.
    fn complete(&self, change: &mut Change) -> Result<(), StoreError> {
        change.ticket = Some(Box::new(self.clock.work()));
        let untold = |error| StoreError::Untold(Box::new(error));
        let deliveries = chats::deliveries(self, change).map_err(untold)?;
        let events = sinks::events(self, change).map_err(untold)?;
        change.webhooks.extend(deliveries.into_iter().chain(events));
        counting::counted(change, self.now());
        Ok(())
    }

    /// As [`House::save`], for a change that causes a webhook: answers with its row.
    ///
    /// # Errors
    /// As [`Store::save`].
    pub async fn save_webhook(&self, mut change: Change) -> Result<i64, StoreError> {
        self.complete(&mut change)?;
        self.store.save_webhook(change).await
    }

    /// As [`House::save`], for who need not know how it went: what fails is seen in the channel of
    /// committed changes, also when it is not known who is to be told.
    pub fn submit(&self, mut change: Change) {
        match self.complete(&mut change) {
            Ok(()) => self.store.submit(change),
            Err(error) => self.store.refuse(change, error),
        }
    }

    /// As [`House::submit`]; `then` is called on the store's thread when it is durable, or could
    /// not be written, and must not wait for anything. An empty change waits for those before it.
    pub fn submit_then(
        &self,
        mut change: Change,
        then: impl FnOnce(Result<(), StoreError>) + Send + 'static,
    ) {
        match self.complete(&mut change) {
            Ok(()) => self.store.submit_then(change, then),
            Err(error) => then(Err(error)),
        }
    }

    /// Makes a decision and saves it; when its records changed in the meantime, decides again.
    ///
    /// # Errors
    /// What `decide` refuses, or the store's.
    pub async fn decide<T, E: From<StoreError>>(
        &self,
        mut decide: impl FnMut() -> Result<(Change, T), E>,
    ) -> Result<T, E> {
        // One at a time in this process: those who decide on the same record would otherwise meet
        // in the same commit again and again. Conflicts remain for who writes from elsewhere.
        let _turn = self.decisions.acquire().await;
        for _ in 1..DECISIONS_MAX {
            let (change, outcome) = decide()?;
            match self.save(change).await {
                Ok(()) => return Ok(outcome),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let (change, outcome) = decide()?;
        self.save(change).await?;
        Ok(outcome)
    }

    /// What a new sid is made of.
    pub fn parts(&self) -> Parts {
        self.ids.parts(self.clock.wire_us())
    }

    /// A new message's sid.
    pub fn message_sid(&self, with_media: bool) -> MessageSid {
        MessageSid::of(self.parts(), with_media)
    }

    /// A new medium's sid.
    pub fn media_sid(&self) -> MediaSid {
        MediaSid::from_parts(self.parts())
    }

    /// The number of the house at an address: a phone number, or one's WhatsApp address.
    ///
    /// # Errors
    /// The store's.
    pub fn number_of(&self, address: &str) -> Result<Option<Number>, StoreError> {
        self.store.number_at(without_channel(address))
    }

    /// A new call's sid.
    pub fn call_sid(&self) -> CallSid {
        CallSid::from_parts(self.parts())
    }

    /// A new recording's sid.
    pub fn recording_sid(&self) -> RecordingSid {
        RecordingSid::from_parts(self.parts())
    }

    /// A new transcription's sid.
    pub fn transcription_sid(&self) -> TranscriptionSid {
        TranscriptionSid::from_parts(self.parts())
    }

    /// The sid of a new message to or from a client program.
    pub fn user_message_sid(&self) -> UserMessageSid {
        UserMessageSid::from_parts(self.parts())
    }

    /// The sid of a new subscription to such messages.
    pub fn subscription_sid(&self) -> UserSubscriptionSid {
        UserSubscriptionSid::from_parts(self.parts())
    }

    /// A new alert's sid.
    pub fn alert_sid(&self) -> AlertSid {
        AlertSid::from_parts(self.parts())
    }

    /// The time of an update to a record last changed at `was`: now, and always later than it.
    pub fn after(&self, was: Timestamp) -> Timestamp {
        self.now().max(was + SignedDuration::from_micros(1))
    }

    /// Whether a reply from `from` to `to` may go now, by the guard against loops.
    pub fn admit_reply(&self, account: AccountSid, from: &str, to: &str) -> bool {
        let now = self.now();
        let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        if paces.len() >= PACES_MAX {
            paces.retain(|_, pace| !pace.is_over(now));
        }
        if paces.len() >= PACES_MAX {
            // More pairs talk at once than are remembered; the guard is for loops, not for load.
            return true;
        }
        let pair = (account, from.to_owned(), to.to_owned());
        paces.entry(pair).or_insert_with(|| Pace::new(now)).admit(now)
    }

    /// When a message goes that its account wants paced; `None` when its sender's queue is full.
    pub fn admit_paced(&self, message: &Message) -> Option<Timestamp> {
        self.pacing().admit(message, self.now())
    }

    /// Whether a sender's queue is full.
    pub fn is_queue_full(&self, account: AccountSid, from: &str) -> bool {
        self.pacing().is_full(account, from, self.now())
    }

    fn pacing(&self) -> MutexGuard<'_, Pacing> {
        self.pacing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a webhook is on its way.
    pub fn set_running(&self, id: i64, running: bool) {
        let mut all = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running {
            all.insert(id)
        } else {
            all.remove(&id)
        };
    }

    /// The webhooks on their way, the newest first.
    pub fn running_ids(&self) -> Vec<i64> {
        let all = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ids: Vec<i64> = all.iter().copied().collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids
    }

    /// Forgets what is kept in memory only: the house was reset.
    pub fn forget(&self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.paces.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.pacing().clear();
        self.sounds.forget();
        self.media.forget();
    }

    /// A request comes in; as long as it holds what it gets, no reset can happen. While one
    /// happens, it waits.
    pub async fn enter(&self) -> Presence {
        // The semaphore is never closed; without a permit a request is no worse off than before.
        Presence { _permit: self.present.clone().acquire_owned().await.ok() }
    }

    /// Waits until every request that is in has gone, and keeps new ones waiting.
    pub async fn enter_alone(&self) -> Presence {
        Presence { _permit: self.present.clone().acquire_many_owned(PRESENT_MAX).await.ok() }
    }

    /// How often the house was reset since it opened: what was read before the number changed is
    /// of another house.
    pub fn resets(&self) -> u64 {
        self.resets.load(Ordering::Acquire)
    }

    /// Notes that everything of before is gone.
    pub fn count_reset(&self) {
        self.resets.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether a webhook is on its way.
    pub fn is_running(&self, id: i64) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }

    /// The path of a URL of this very house, under any of its bases.
    pub fn own_path<'a>(&self, url: &'a str) -> Option<&'a str> {
        std::iter::once(&self.settings.public_url)
            .chain(&self.settings.own_urls)
            .filter(|base| !base.is_empty())
            .find_map(|base| url.strip_prefix(base.as_str()))
            .filter(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    }

    /// The account that a person at this machine works with: the environment's, else the oldest.
    ///
    /// # Errors
    /// The store's; a house without an account is unreadable, because the first start makes one.
    pub fn main_account(&self) -> Result<Account, StoreError> {
        if let Some((sid, _)) = &self.settings.first_account {
            return self.account(*sid);
        }
        let oldest = self.store.accounts()?.into_iter().next();
        oldest.ok_or(StoreError::Unreadable("account"))
    }

    /// Keeps the token of the account that a person at this machine works with, for client
    /// commands; that of another account is not kept.
    pub fn keep_credentials(&self, account: &Account) {
        let kept = self.main_account().map_err(std::io::Error::other).and_then(|main| {
            let (sid, token) = (account.sid.as_str(), &account.auth_token);
            let is_main = main.sid == account.sid;
            if is_main {
                DataDir::keep_credentials(&self.settings.folder, sid, token)
            } else {
                Ok(())
            }
        });
        if let Err(error) = kept {
            tracing::warn!(%error, "client commands do not know the new auth token");
        }
    }

    /// The account of a sid that a stored record names.
    ///
    /// # Errors
    /// The store's; an account that is not there is unreadable, because none is ever deleted.
    pub fn account(&self, sid: AccountSid) -> Result<Account, StoreError> {
        self.store.account(sid)?.ok_or(StoreError::Unreadable("account"))
    }
}
