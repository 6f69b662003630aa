//! Text becomes sound: espeak-ng itself, commands of the operator's, and a service (docs/speech.md).

use crate::customer::{Customer, Say};
use client::Client;
use exchange::calls::speech::{Utterance, utterance};
use exchange::webhooks::guard::{Guard, Profile};
use media::{tones, wav};
use offhook::speech::{Choice, Engine, Speech, SpeechError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use twiml::{Say as Verb, Tag, TagName};

/// How long an engine that hangs is waited for here.
const SHORT: Duration = Duration::from_secs(2);

fn client() -> Client {
    // Nothing on this machine may be reached: the operator's service is all the same.
    let guard = Guard { profile: Profile::Public, allow: Vec::new() };
    Client::new(client::Settings::new(guard)).expect("good settings")
}

fn speech(choice: &str) -> Speech {
    let choice: Choice = choice.parse().expect("a choice");
    Speech::with_time(choice.engine().expect("it is there"), client(), SHORT)
}

/// espeak-ng, unless it is not installed.
fn espeak() -> Option<Speech> {
    match Choice::Auto.engine().expect("no error") {
        Engine::Espeak(path) => Some(Speech::new(Engine::Espeak(path), client())),
        _ => {
            println!("SKIPPED: run scripts/test --install");
            assert!(std::env::var_os("CI").is_none(), "espeak-ng is not installed");
            None
        }
    }
}

/// A shell script in a folder, and the words that run it. It is read by the shell, not executed
/// itself: a file that is being written by one thread must not be executed by another.
fn program(folder: &Path, name: &str, script: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, format!("{script}\n")).expect("written");
    format!("sh '{}'", path.display())
}

/// How loud it is: the greatest sample.
fn peak(samples: &[i16]) -> u16 {
    samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0)
}

#[tokio::test]
async fn espeak_says_it_and_the_same_again_is_not_rendered_again() {
    let Some(speech) = espeak() else { return };
    let hello = utterance(&Verb::new("Hola, ¿qué tal? Son <5 & >3.").language("es-MX"));
    let first = speech.render(&hello).await.expect("said");
    assert!((8_000..80_000).contains(&first.len()), "{} samples", first.len());
    assert!(peak(&first) > 1000);
    let second = speech.render(&hello).await.expect("said");
    assert!(Arc::ptr_eq(&first, &second));
}

#[tokio::test]
async fn espeak_is_another_for_each_voice_and_language_and_pauses_where_it_is_told() {
    let Some(speech) = espeak() else { return };
    let mut heard: Vec<Arc<[i16]>> = Vec::new();
    for (voice, language) in [
        ("man", "en-US"),
        ("woman", "en-US"),
        ("Polly.Amy", "en-GB"),
        ("Polly.Conchita", "es-ES"),
        ("Polly.Lupe-Neural", "es-US"),
        ("Google.es-US-Wavenet-B", "es-US"),
    ] {
        let say = Verb::new("Gracias, general").voice(voice).language(language);
        let samples = speech.render(&utterance(&say)).await.expect("said");
        assert!(!heard.contains(&samples), "{voice} {language}");
        heard.push(samples);
    }
    let pause = Tag::new(TagName::Break).attribute("time", "2s");
    let with = Verb::new("one ").speak(pause).speak("two");
    let with = speech.render(&utterance(&with)).await.expect("said");
    let without = speech.render(&utterance(&Verb::new("one two"))).await.expect("said");
    assert!(with.len() > without.len() + 12_000, "{} {}", with.len(), without.len());
}

#[tokio::test]
async fn a_language_that_espeak_has_not_is_read_as_english_with_a_note() {
    let Some(speech) = espeak() else { return };
    let tagalog = utterance(&Verb::new("Kumusta").language("fil-PH"));
    assert!(speech.render(&tagalog).await.is_ok());
    let note = speech.note(&tagalog).expect("a note");
    assert_eq!(note, "espeak-ng has no fil-PH; it is read as English");
    assert_eq!(speech.note(&Utterance::plain("hello")), None);
}

#[tokio::test]
async fn a_command_gets_text_voice_and_language() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = folder.path().join("sound.wav");
    std::fs::write(&sound, wav::encode(&tones::sines(&[440.0], 0.5, 800))).expect("written");
    let log = folder.path().join("log");
    let script = format!(
        "echo \"$# $*\" > '{log}'; cat >> '{log}'; cat '{}'",
        sound.display(),
        log = log.display()
    );
    let path = program(folder.path(), "tts", &script);
    let speech = speech(&format!("command:{path} --voice {{voice}} '-l {{language}}'"));
    let say = Verb::new("Hi $(x) ").speak(Tag::new(TagName::P).inside("you\n")).voice("Polly.Mia");
    let samples = speech.render(&utterance(&say)).await.expect("said");
    assert_eq!(samples[..], tones::sines(&[440.0], 0.5, 800)[..]);
    let seen = std::fs::read_to_string(&log).expect("it ran");
    assert_eq!(seen, "3 --voice Polly.Mia -l es-MX\nHi $(x) you\n");
}

#[tokio::test]
async fn an_engine_that_crashes_rambles_or_answers_nonsense_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = async |name: &str, script: &str| {
        let path = program(folder.path(), name, script);
        let text = "x".repeat(200_000);
        speech(&format!("command:{path}")).render(&Utterance::plain(text)).await.expect_err(name)
    };
    let crash = error("crash", "echo 'no  model\nhere' >&2; exit 3").await;
    assert_eq!(crash.to_string(), "the speech engine failed: exit status: 3: no model here");
    assert!(matches!(error("killed", "kill -9 $$").await, SpeechError::Failed(_)));
    assert!(matches!(error("nonsense", "cat").await, SpeechError::NoSound(_)));
    assert!(matches!(error("nothing", "cat > /dev/null").await, SpeechError::NoSound(_)));
    assert!(matches!(error("endless", "cat /dev/zero").await, SpeechError::TooMuch { .. }));
    let complains = error("complains", "while :; do echo no; done >&2").await;
    assert_eq!(complains, SpeechError::Hangs { seconds: 2 });
}

#[tokio::test]
async fn an_engine_that_hangs_is_killed_and_the_next_one_gets_its_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let pids = folder.path().join("pids");
    let script = format!("echo $$ >> '{}'; exec sleep 1000", pids.display());
    let path = program(folder.path(), "tts", &script);
    let speech = speech(&format!("command:{path}"));
    // More than have a turn at once.
    let [a, b, c] = ["a", "b", "c"].map(Utterance::plain);
    let ended = tokio::join!(speech.render(&a), speech.render(&b), speech.render(&c));
    let hangs = || Err(SpeechError::Hangs { seconds: 2 });
    assert_eq!(ended, (hangs(), hangs(), hangs()));
    let pids = std::fs::read_to_string(&pids).expect("they ran");
    assert_eq!(pids.lines().count(), 3);
    for pid in pids.lines() {
        assert!(!Path::new("/proc").join(pid).join("exe").exists(), "{pid} still runs");
    }
}

#[tokio::test]
async fn the_same_utterance_wanted_twice_at_once_is_rendered_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = folder.path().join("sound.wav");
    std::fs::write(&sound, wav::encode(&[1, 2, 3])).expect("written");
    let log = folder.path().join("log");
    let script = format!("echo x >> '{}'; cat '{}'", log.display(), sound.display());
    let path = program(folder.path(), "tts", &script);
    let speech = speech(&format!("command:{path}"));
    let hello = Utterance::plain("hello");
    let (one, two) = tokio::join!(speech.render(&hello), speech.render(&hello));
    assert!(Arc::ptr_eq(&one.expect("said"), &two.expect("said")));
    assert_eq!(std::fs::read_to_string(&log).expect("it ran"), "x\n");
}

#[tokio::test]
async fn a_service_is_posted_the_text_and_only_the_operators_address_is_reached() {
    let mut service = Customer::start().await;
    let sound = Say::typed("audio/wav", wav::encode(&[1, 2, 3]));
    service.on("/tts", [sound, Say::status(500), Say::typed("text/html", "no")]);
    let speech = speech(&service.url("/tts?key=1"));
    let pause = Tag::new(TagName::Break);
    let say = Verb::new("Hi & bye").speak(pause).voice("Polly.Mia");
    assert_eq!(speech.render(&utterance(&say)).await.expect("said")[..], [1, 2, 3]);
    let seen = service.heard().await;
    assert_eq!(seen.target, "/tts?key=1&voice=Polly.Mia&language=es-MX");
    assert_eq!(seen.header("Content-Type"), Some("application/ssml+xml; charset=utf-8"));
    assert_eq!(
        String::from_utf8_lossy(&seen.body),
        "<speak version=\"1.0\" xmlns=\"http://www.w3.org/2001/10/synthesis\" \
         xml:lang=\"es-MX\">Hi &amp; bye<break/></speak>"
    );
    assert_eq!(seen.header("X-Twilio-Signature"), None);
    let plain = Utterance::plain("Hi & bye");
    let failed = speech.render(&plain).await.expect_err("500");
    assert_eq!(failed.to_string(), "the speech engine failed: the application answered 500");
    assert!(matches!(speech.render(&plain).await, Err(SpeechError::NoSound(_))));
    let seen = service.heard().await;
    assert_eq!(seen.header("Content-Type"), Some("text/plain; charset=utf-8"));
    assert_eq!(seen.body, b"Hi & bye");
}

#[tokio::test]
async fn without_an_engine_it_says_so() {
    let speech = speech("none");
    assert!(!speech.has_engine());
    assert_eq!(speech.render(&Utterance::plain("hi")).await, Err(SpeechError::NoEngine));
}
