//! The audio of `<Play>`: fetched by the guarded client, kept as HTTP permits, decoded.
//!
//! Calls ask [`audio`] and play what they get. Two that want the same file at once fetch it once.
//! What may be used again is `exchange::webhooks::cache`'s to say, in house time; what a file holds
//! is `media`'s. Nothing is logged here: whoever asked gets the exchange and writes it down.
//! Contract: spec/twiml.md 2.2, spec/webhooks.md 1.7 and 4.6.

use crate::bins;
use crate::house::House;
use crate::shelf::{Makings, Shelf};
use crate::turns::Turns;
use client::Validators;
use client::{Answer, Certificates, FETCH_TOTAL_TIMEOUT_MS_MAX, Fetch, MEDIA_BYTES_MAX, Outcome};
use exchange::accounts::Account;
use exchange::sid::AccountSid;
use exchange::webhooks::cache::{self, Headers, Kept, Standing};
use exchange::webhooks::failure::Failure;
use http::header::{self, HeaderMap, HeaderName};
use std::sync::Arc;
use webhook::{Key, Product};

/// The longest sound that is played, in samples of 8 kHz: 40 minutes.
pub const AUDIO_SAMPLES_MAX: usize = 40 * 60 * 8000;
/// Bytes of sound that are kept, of all accounts together.
pub const AUDIO_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Bytes of one sound that is kept: 40 minutes and a little.
pub const KEPT_AUDIO_BYTES_MAX: usize = 40 * 1024 * 1024;
/// Files fetched at once by the house, and by one account of it.
pub const FETCHES_MAX: usize = 32;
/// Files fetched at once for one account.
pub const ACCOUNT_FETCHES_MAX: usize = 8;
/// What a kept file takes besides its samples and URLs.
const OVERHEAD_BYTES: usize = 512;

/// Not audio, or not such as can be played (13420).
const NOT_AUDIO: u32 = 13420;
/// A file that is too large has no code of its own; that of documents (11750) would mislead.
const TOO_LARGE: u32 = 11200;

/// A sound to play.
#[derive(Debug, PartialEq, Eq)]
pub struct Audio {
    /// 8 kHz, one channel.
    pub samples: Arc<[i16]>,
    /// What its server said it is.
    pub content_type: String,
}

/// Why there is nothing to play.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct AudioFailure {
    /// Twilio's code: 13420 for what is no audio, else how the request failed (11200 and others).
    pub code: u32,
    /// What was wrong, for people.
    pub message: String,
}

impl AudioFailure {
    fn not_audio(message: String) -> AudioFailure {
        AudioFailure { code: NOT_AUDIO, message }
    }
}

impl From<&Failure> for AudioFailure {
    fn from(failure: &Failure) -> AudioFailure {
        let code = match failure {
            Failure::BodyTooLarge { .. } => TOO_LARGE,
            failure => failure.code(),
        };
        AudioFailure { code, message: failure.to_string() }
    }
}

/// What came of asking for a sound.
#[derive(Debug)]
pub struct Heard {
    /// The sound.
    pub audio: Result<Arc<Audio>, AudioFailure>,
    /// The exchange, without the file's content, for the log. `None` if there was none: the sound
    /// was fresh, another call fetched it at the same moment, or the URL is not asked.
    pub exchange: Option<Outcome>,
}

/// The account, for each has its own files, and the URL as the document has it.
type Place = (AccountSid, String);

#[derive(Debug, Clone)]
struct Known {
    audio: Arc<Audio>,
    kept: Kept,
    /// What answered, after redirects: the version is its.
    url: Arc<str>,
}

/// The sounds of a house, and whose turn it is.
#[derive(Debug)]
pub struct Sounds {
    shelf: Shelf<Place, Known>,
    makings: Makings<Place, Result<Arc<Audio>, AudioFailure>>,
    turns: Turns,
}

impl Default for Sounds {
    fn default() -> Sounds {
        Sounds {
            shelf: Shelf::new(AUDIO_BYTES_MAX, KEPT_AUDIO_BYTES_MAX),
            makings: Makings::default(),
            turns: Turns::new(FETCHES_MAX, ACCOUNT_FETCHES_MAX),
        }
    }
}

impl Sounds {
    /// Lets everything go that is kept.
    pub fn forget(&self) {
        self.shelf.clear();
    }
}

/// The sound behind a URL of an account's document, fetched if need be.
///
/// Ends within the client's [`client::FETCH_TOTAL_TIMEOUT_MS_MAX`] once it is its turn. Dropping the
/// future ends the exchange, unless another call waits for the same.
pub async fn audio(house: &House, account: &Account, url: &str) -> Heard {
    if house.own_path(url).and_then(bins::bin_of).is_some() {
        let message = "the URL is a TwiML Bin of this house, which has no sound".to_owned();
        return Heard { audio: Err(AudioFailure::not_audio(message)), exchange: None };
    }
    let place = (account.sid, url.to_owned());
    let mut exchange = None;
    let made = house.sounds.makings.once(place.clone(), async {
        let known = house.sounds.shelf.get(&place);
        let known = match known.as_ref().map(|known| known.kept.standing(house.now())) {
            Some(Standing::Fresh) => return Ok(known.expect("it has a standing").audio),
            Some(Standing::Revalidate) => known,
            Some(Standing::Gone) | None => None,
        };
        let mut outcome = fetch(house, account, url, known.as_ref()).await;
        let body = match &mut outcome.result {
            Ok(answer) => std::mem::take(&mut answer.body),
            Err(_) => bytes::Bytes::new(),
        };
        let asked = Asked { house, place, known, final_url: outcome.final_url() };
        let audio = match &outcome.result {
            Ok(answer) => asked.take(answer, body).await,
            Err(failure) => Err(AudioFailure::from(failure)),
        };
        exchange = Some(outcome);
        audio
    });
    let audio = made.await;
    Heard { audio, exchange }
}

async fn fetch(house: &House, account: &Account, url: &str, known: Option<&Known>) -> Outcome {
    let _turn = house.sounds.turns.wait(account.sid).await;
    let validators = known.map(|known| Validators {
        url: &known.url,
        etag: known.kept.etag.as_deref(),
        last_modified: known.kept.last_modified.as_deref(),
    });
    house
        .client
        .fetch(Fetch {
            url,
            key: &Key::new(&account.auth_token),
            product: Product::Voice,
            certificates: certificates(account),
            body_bytes_max: MEDIA_BYTES_MAX,
            total_timeout_ms: FETCH_TOTAL_TIMEOUT_MS_MAX,
            validators,
        })
        .await
}

/// Whether the certificates of an account's servers are checked.
pub(crate) fn certificates(account: &Account) -> Certificates {
    match account.settings.tls_validation {
        true => Certificates::Verify,
        false => Certificates::AcceptAny,
    }
}

/// A request that was answered.
struct Asked<'a> {
    house: &'a House,
    place: Place,
    known: Option<Known>,
    final_url: Option<&'a str>,
}

impl Asked<'_> {
    async fn take(self, answer: &Answer, body: bytes::Bytes) -> Result<Arc<Audio>, AudioFailure> {
        let fields = Fields::of(&answer.headers);
        let now = self.house.now();
        if let (304, Some(known)) = (answer.status, &self.known) {
            let audio = known.audio.clone();
            self.keep(known.kept.renewed(&fields.headers(), now), audio.clone());
            return Ok(audio);
        }
        let audio = Arc::new(decode(answer, body).await?);
        let kept = match answer.status {
            200 => cache::store(&fields.headers(), now),
            _ => None,
        };
        self.keep(kept, audio.clone());
        Ok(audio)
    }

    fn keep(&self, kept: Option<Kept>, audio: Arc<Audio>) {
        let shelf = &self.house.sounds.shelf;
        let (Some(kept), Some(url)) = (kept, self.final_url) else {
            shelf.remove(&self.place);
            return;
        };
        let bytes = audio.samples.len() * 2 + self.place.1.len() + url.len() + OVERHEAD_BYTES;
        shelf.put(self.place.clone(), Known { audio, kept, url: url.into() }, bytes);
    }
}

async fn decode(answer: &Answer, body: bytes::Bytes) -> Result<Audio, AudioFailure> {
    let Some(content_type) = answer.header(header::CONTENT_TYPE) else {
        return Err(AudioFailure::not_audio("the answer has no Content-Type".to_owned()));
    };
    let content_type = content_type.to_owned();
    // Minutes of MP3 are no work for a thread that answers requests.
    let decoded = tokio::task::spawn_blocking(move || {
        let samples = media::decode(&content_type, &body, AUDIO_SAMPLES_MAX);
        (samples, content_type)
    });
    match decoded.await {
        Ok((Ok(samples), content_type)) => Ok(Audio { samples: samples.into(), content_type }),
        Ok((Err(error), _)) => Err(AudioFailure::not_audio(error.to_string())),
        // It panicked; the file can't be played, and the call goes on.
        Err(error) => Err(AudioFailure::not_audio(error.to_string())),
    }
}

/// The headers that matter, several lines of one joined.
struct Fields<'a> {
    map: &'a HeaderMap,
    cache_control: String,
    vary: String,
}

impl<'a> Fields<'a> {
    fn of(map: &'a HeaderMap) -> Fields<'a> {
        let joined = |name: HeaderName| {
            let lines = map.get_all(name).iter().filter_map(|value| value.to_str().ok());
            lines.collect::<Vec<_>>().join(",")
        };
        Fields { map, cache_control: joined(header::CACHE_CONTROL), vary: joined(header::VARY) }
    }

    fn headers(&self) -> Headers<'_> {
        let one = |name| self.map.get(name).and_then(|value| value.to_str().ok());
        Headers {
            cache_control: Some(&self.cache_control),
            etag: one(header::ETAG),
            last_modified: one(header::LAST_MODIFIED),
            expires: one(header::EXPIRES),
            date: one(header::DATE),
            age: one(header::AGE),
            vary: Some(&self.vary),
        }
    }
}
