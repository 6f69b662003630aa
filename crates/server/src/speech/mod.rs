//! Text becomes sound: the one seam behind which a speech engine stands.
//!
//! A [`Speech`] is held by the house and made from `--speech`. What a call says is rendered by
//! espeak-ng, by any command or by any HTTP service of the operator's, decoded to 8 kHz and kept by
//! text, voice and language. Where there is no engine, [`SpeechError::NoEngine`] says so and the
//! call goes on without. An engine that hangs, crashes or answers nonsense is an error value, within
//! a time that has a name. No engine is linked; what runs here is a process of its own.
//! See docs/speech.md.

mod choice;

pub use choice::{Choice, ChoiceError};

use crate::process::{ProcessError, Program, run};
use crate::shelf::{Makings, Shelf};
use bytes::Bytes;
use client::{Client, Errand};
use exchange::calls::speech::{Utterance, espeak};
use http::header;
use std::ffi::OsString;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use webhook::{Form, append_query};

/// Renderings at once by processes of this machine.
pub const RENDERINGS_MAX: usize = 2;
/// Renderings at once by a service elsewhere.
pub const ERRANDS_MAX: usize = 8;
/// How long one may take, in wire time.
pub const RENDERING_TIME_MAX: Duration = Duration::from_secs(15);
/// How long one may wait for its turn, in wire time. A call that waits longer is better off without.
pub const TURN_WAIT_MAX: Duration = Duration::from_secs(10);
/// Bytes that an engine may answer.
pub const ENGINE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Samples of one utterance: twenty minutes, more than the longest text needs.
pub const SPEECH_SAMPLES_MAX: usize = 20 * 60 * 8000;
/// Bytes of sound that are kept to be heard again.
const SHELF_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of one utterance that is kept: four minutes.
const KEPT_BYTES_MAX: usize = 4 * 60 * 8000 * 2;
/// The longest name of a voice or language that an engine is told.
const NAME_BYTES_MAX: usize = 64;

/// Why there is nothing to hear.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    /// There is no engine: `--speech none`, or no espeak-ng was found.
    #[error("there is no speech engine")]
    NoEngine,
    /// Too many wait for the engine.
    #[error("the speech engine is busy")]
    Busy,
    /// It took too long, and was ended.
    #[error("the speech engine did not end within {seconds} s")]
    Hangs {
        /// How long it had.
        seconds: u64,
    },
    /// It ended with an error, or could not be asked.
    #[error("the speech engine failed: {0}")]
    Failed(String),
    /// It answered more than anybody says.
    #[error("the speech engine answered more than {bytes_max} bytes")]
    TooMuch {
        /// How much is read.
        bytes_max: usize,
    },
    /// It answered something that is no sound.
    #[error("the speech engine's answer can't be played: {0}")]
    NoSound(String),
}

impl From<ProcessError> for SpeechError {
    fn from(error: ProcessError) -> SpeechError {
        match error {
            ProcessError::Hangs { seconds } => SpeechError::Hangs { seconds },
            ProcessError::Failed(why) => SpeechError::Failed(why),
            ProcessError::TooMuch { bytes_max } => SpeechError::TooMuch { bytes_max },
        }
    }
}

/// Who renders.
#[derive(Debug, Clone)]
pub enum Engine {
    /// Nobody.
    None,
    /// espeak-ng: where it is.
    Espeak(std::path::PathBuf),
    /// A command of the operator's: program and arguments, placeholders included.
    Command(Vec<String>),
    /// A service of the operator's.
    Http(String),
}

/// What is rendered once and heard often.
type Key = Utterance;
type Rendered = Result<Arc<[i16]>, SpeechError>;

/// The house's voice.
#[derive(Debug)]
pub struct Speech {
    engine: Engine,
    client: Client,
    time_max: Duration,
    turns: Semaphore,
    shelf: Shelf<Key, Arc<[i16]>>,
    makings: Makings<Key, Rendered>,
    /// It was said that a tone stands for words.
    complained: AtomicBool,
}

impl Speech {
    /// A voice by that engine; only the client opens connections, also to the operator's service.
    pub fn new(engine: Engine, client: Client) -> Speech {
        Speech::with_time(engine, client, RENDERING_TIME_MAX)
    }

    /// As [`Speech::new`], for an engine that has less time for each rendering.
    pub fn with_time(engine: Engine, client: Client, time_max: Duration) -> Speech {
        let at_once = match engine {
            Engine::Http(_) => ERRANDS_MAX,
            Engine::None | Engine::Espeak(_) | Engine::Command(_) => RENDERINGS_MAX,
        };
        Speech {
            engine,
            client,
            time_max: time_max.min(RENDERING_TIME_MAX),
            turns: Semaphore::new(at_once),
            shelf: Shelf::new(SHELF_BYTES_MAX, KEPT_BYTES_MAX),
            makings: Makings::default(),
            complained: AtomicBool::new(false),
        }
    }

    /// Whether anything is ever heard.
    pub fn has_engine(&self) -> bool {
        !matches!(self.engine, Engine::None)
    }

    /// Says, once in the house's life, that words are not heard as words.
    pub fn complain(&self, error: &SpeechError) {
        if !self.complained.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "{error}: in live sound and recordings a tone stands for words; install espeak-ng, \
                 or name who speaks with --speech"
            );
        }
    }

    /// What a listener should know of how this will sound, for the transcript.
    pub fn note(&self, utterance: &Utterance) -> Option<String> {
        let by_espeak = matches!(self.engine, Engine::Espeak(_));
        let foreign = by_espeak && espeak(None, &utterance.language).foreign;
        foreign.then(|| format!("espeak-ng has no {}; it is read as English", utterance.language))
    }

    /// The sound of an utterance, 8 kHz and one channel.
    ///
    /// # Errors
    /// There is no engine, or it did not do its work in time. Nothing of it is remembered: the next
    /// call of this asks the engine again.
    pub async fn render(&self, utterance: &Utterance) -> Rendered {
        if !self.has_engine() {
            return Err(SpeechError::NoEngine);
        }
        self.makings.once(utterance.clone(), self.make(utterance)).await
    }

    async fn make(&self, utterance: &Utterance) -> Rendered {
        if let Some(samples) = self.shelf.get(utterance) {
            return Ok(samples);
        }
        let _turn = self.turn().await?;
        let (content_type, sound) = self.ask(utterance).await?;
        // Resampling minutes of sound is no work for a thread that answers requests.
        let decoded = tokio::task::spawn_blocking(move || {
            media::decode(&content_type, &sound, SPEECH_SAMPLES_MAX)
        });
        let samples: Arc<[i16]> = match decoded.await {
            Ok(Ok(samples)) => samples.into(),
            Ok(Err(error)) => return Err(SpeechError::NoSound(error.to_string())),
            Err(error) => return Err(SpeechError::NoSound(error.to_string())),
        };
        let words = utterance.words.len() + utterance.markup.as_ref().map_or(0, String::len);
        self.shelf.put(utterance.clone(), samples.clone(), samples.len() * 2 + words);
        Ok(samples)
    }

    async fn turn(&self) -> Result<SemaphorePermit<'_>, SpeechError> {
        match timeout(TURN_WAIT_MAX, self.turns.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            // The semaphore is never closed.
            Ok(Err(_)) | Err(_) => Err(SpeechError::Busy),
        }
    }

    /// The engine's answer and its content type.
    async fn ask(&self, utterance: &Utterance) -> Result<(String, Bytes), SpeechError> {
        let wav = |sound| (String::from("audio/wav"), sound);
        match &self.engine {
            Engine::None => Err(SpeechError::NoEngine),
            Engine::Espeak(path) => {
                let (program, text) = espeak_program(path, utterance);
                Ok(wav(run(&program, text, (ENGINE_BYTES_MAX, self.time_max)).await?))
            }
            Engine::Command(words) => {
                let (program, text) = command_program(words, utterance);
                Ok(wav(run(&program, text, (ENGINE_BYTES_MAX, self.time_max)).await?))
            }
            Engine::Http(url) => self.ask_service(url, utterance).await,
        }
    }

    async fn ask_service(
        &self,
        url: &str,
        utterance: &Utterance,
    ) -> Result<(String, Bytes), SpeechError> {
        let voice = utterance.voice.as_deref().unwrap_or_default();
        let names = Form::from_pairs([("voice", voice), ("language", &utterance.language)]);
        let (content_type, text) = match utterance.ssml() {
            Some(ssml) => ("application/ssml+xml; charset=utf-8", ssml),
            None => ("text/plain; charset=utf-8", utterance.words.clone()),
        };
        let errand = Errand {
            url: &append_query(url, &names),
            content_type,
            body: text.into(),
            body_bytes_max: ENGINE_BYTES_MAX,
            total_timeout_ms: u32::try_from(self.time_max.as_millis()).unwrap_or(u32::MAX),
        };
        let outcome = self.client.run_errand(errand).await;
        let answer = outcome.result.map_err(|failure| SpeechError::Failed(failure.to_string()))?;
        let content_type = answer.header(header::CONTENT_TYPE).unwrap_or("audio/wav").to_owned();
        Ok((content_type, answer.body))
    }
}

/// espeak-ng reads the text and writes a WAV file. Voices come from our table, so nothing of a
/// document becomes an argument.
fn espeak_program(path: &std::path::Path, utterance: &Utterance) -> (Program, String) {
    let voice = espeak(utterance.voice.as_deref(), &utterance.language);
    let mut arguments: Vec<OsString> =
        ["-v", &voice.name, "-b", "1", "--stdin", "--stdout"].map(OsString::from).into();
    let text = match &utterance.markup {
        Some(markup) => {
            arguments.push("-m".into());
            // Without a language of its own: that would change the voice back to the usual one.
            format!("<speak>{markup}</speak>")
        }
        None => utterance.words.clone(),
    };
    (Program { path: path.as_os_str().to_owned(), arguments }, text)
}

/// The operator's command. It gets the words alone unless it asks with `{markup}`.
fn command_program(words: &[String], utterance: &Utterance) -> (Program, String) {
    let takes_markup = words.iter().any(|word| word.contains("{markup}"));
    let (markup, text) = match utterance.ssml().filter(|_| takes_markup) {
        Some(ssml) => ("ssml", ssml),
        None => ("text", utterance.words.clone()),
    };
    let voice = utterance.voice.as_deref().filter(|name| is_name(name)).unwrap_or_default();
    let language = Some(utterance.language.as_str()).filter(|name| is_name(name));
    let fill = |word: &String| {
        // One after the other can't meet: names have no braces.
        word.replace("{voice}", voice)
            .replace("{language}", language.unwrap_or_default())
            .replace("{markup}", markup)
    };
    let path = words.first().cloned().unwrap_or_default().into();
    (
        Program { path, arguments: words.iter().skip(1).map(fill).map(OsString::from).collect() },
        text,
    )
}

/// Whether a name from a document can be an argument: not an option, not a path.
fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte);
    let begins = text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
    begins && text.len() <= NAME_BYTES_MAX && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_document_become_arguments_only_if_they_are_names() {
        for (voice, shown) in [
            ("Polly.Lupe-Neural", "--voice=Polly.Lupe-Neural"),
            ("man", "--voice=man"),
            ("--output=x", "--voice="),
            ("../x", "--voice="),
            ("a/b", "--voice="),
            ("a{language}", "--voice="),
            ("", "--voice="),
        ] {
            let mut utterance = Utterance::plain("hi");
            utterance.voice = Some(voice.to_owned());
            utterance.markup = Some("hi<break/>".to_owned());
            let words = ["tts", "--voice={voice}", "{language}"].map(str::to_owned);
            let (program, text) = command_program(&words, &utterance);
            assert_eq!(program.arguments, [shown, "en-US"], "{voice}");
            assert_eq!(text, "hi");
            let (program, text) = command_program(&["tts".into(), "{markup}".into()], &utterance);
            assert_eq!(program.arguments, ["ssml"]);
            assert!(text.starts_with("<speak ") && text.contains("hi<break/>"), "{text}");
        }
    }

    #[test]
    fn espeak_gets_a_voice_of_our_table_whatever_a_document_says() {
        let mut utterance = Utterance::plain("hi");
        utterance.voice = Some("-w/etc/passwd".to_owned());
        utterance.language = "-f".to_owned();
        let (program, _) = espeak_program(std::path::Path::new("espeak-ng"), &utterance);
        assert_eq!(program.arguments[..2], ["-v", "en-us"]);
    }
}
