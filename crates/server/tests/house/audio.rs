//! The audio of `<Play>`: fetched, kept as HTTP permits, decoded (spec/twiml.md 2.2).

use crate::customer::{Gate, Say};
use crate::support::*;
use exchange::bins::BinAccess;
use media::{tones, wav};
use offhook::audio::{Heard, audio};
use std::sync::Arc;

/// A fifth of a second of a tone.
fn samples() -> Vec<i16> {
    tones::sines(&[440.0], 0.5, 1600)
}

fn file() -> Say {
    Say::typed("audio/wav", wav::encode(&samples()))
}

async fn play(opened: &Opened, url: &str) -> Heard {
    let account = opened.house.account(opened.sid).expect("an account");
    audio(&opened.house, &account, url).await
}

/// The code of what can't be played.
async fn code(opened: &Opened, url: &str) -> u32 {
    let heard = play(opened, url).await;
    let failure = heard.audio.expect_err(url);
    assert!(!failure.message.is_empty());
    failure.code
}

#[tokio::test]
async fn a_file_is_fetched_signed_without_parameters_and_decoded() {
    let mut opened = open().await;
    opened.customer.on("/a.wav", [file()]);
    let heard = play(&opened, &opened.customer.url("/a.wav")).await;
    let audio = heard.audio.expect("played");
    assert_eq!((&audio.samples[..], audio.content_type.as_str()), (&samples()[..], "audio/wav"));
    let exchange = heard.exchange.expect("it was asked");
    let answer = exchange.attempts[0].answer.as_ref().expect("answered");
    assert_eq!((answer.status, answer.body.len()), (200, 0), "the log keeps no sound");
    assert_eq!(exchange.result.expect("a success").body.len(), 0);
    let seen = opened.customer.heard_on("/a.wav").await;
    seen.verify(&opened.token).expect("signed by the account");
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("GET", "/a.wav"));
    assert_eq!(seen.header("I-Twilio-Idempotency-Token"), None);
    opened.finish().await;
}

#[tokio::test]
async fn a_fresh_file_is_not_asked_for_and_a_stale_one_only_whether_it_changed() {
    let mut opened = open().await;
    opened.stand_still();
    let first = file().header("Cache-Control", "max-age=60").header("ETag", "\"1\"");
    let same = Say::status(304).header("Cache-Control", "max-age=10");
    let other = Say::typed("audio/wav", wav::encode(&[1, 2, 3])).header("ETag", "\"2\"");
    opened.customer.on("/a.wav", [first, same, other]);
    let url = opened.customer.url("/a.wav");
    let mut asked = Vec::new();
    for (seconds, length) in [(0, 1600), (59, 1600), (2, 1600), (9, 1600), (2, 3)] {
        opened.advance(seconds).await;
        let heard = play(&opened, &url).await;
        assert_eq!(heard.audio.expect("played").samples.len(), length, "after {seconds}");
        asked.push(heard.exchange.is_some());
    }
    assert_eq!(asked, [true, false, true, false, true]);
    let seen = opened.customer.unread();
    let known: Vec<_> = seen.iter().map(|seen| seen.header("If-None-Match")).collect();
    assert_eq!(known, [None, Some("\"1\""), Some("\"1\"")]);
    // Without a lifetime it is asked about each time; another account's files are its own.
    opened.customer.on("/a.wav", [Say::status(304)]);
    assert_eq!(play(&opened, &url).await.audio.expect("played").samples.len(), 3);
    let seen = opened.customer.heard_on("/a.wav").await;
    assert_eq!(seen.header("If-None-Match"), Some("\"2\""));
    opened.finish().await;
}

#[tokio::test]
async fn no_store_and_failures_are_not_kept() {
    let mut opened = open().await;
    let url = opened.customer.url("/a.wav");
    let stored_not = file().header("Cache-Control", "no-store").header("ETag", "\"1\"");
    opened.customer.on("/a.wav", [stored_not, Say::status(500), file()]);
    assert!(play(&opened, &url).await.audio.is_ok());
    assert_eq!(code(&opened, &url).await, 11200);
    assert!(play(&opened, &url).await.audio.is_ok());
    let seen = opened.customer.unread();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|seen| seen.header("If-None-Match").is_none()));
    opened.finish().await;
}

#[tokio::test]
async fn calls_that_want_the_same_file_at_once_fetch_it_once() {
    let mut opened = open().await;
    let gate = Gate::new();
    opened.customer.on("/a.wav", [file().behind(&gate), Say::status(404)]);
    let url = opened.customer.url("/a.wav");
    let account = opened.house.account(opened.sid).expect("an account");
    let (house, place) = (opened.house.clone(), url.clone());
    let first = tokio::spawn(async move { audio(&house, &account, &place).await });
    opened.customer.heard_on("/a.wav").await;
    let mut second = Box::pin(play(&opened, &url));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(second.as_mut().poll(&mut context).is_pending(), "it waits for the first");
    gate.open();
    let second = second.await;
    let first = first.await.expect("no panic");
    let [one, two] = [&first, &second].map(|heard| heard.audio.as_ref().expect("played"));
    assert!(Arc::ptr_eq(one, two));
    assert!(second.exchange.is_none(), "one exchange, one entry in the log");
    assert!(first.exchange.is_some());
    opened.finish().await;
}

#[tokio::test]
async fn what_is_no_audio_is_13420_and_what_cant_be_fetched_11200() {
    let mut opened = open().await;
    let url = opened.customer.url("/a");
    for (say, code_of) in [
        (Say::typed("text/html", "<p>hello</p>"), 13420),
        (Say::typed("video/mp4", "x"), 13420),
        (Say::status(200), 13420),
        (Say::typed("audio/wav", "no wave"), 13420),
        (Say::typed("audio/mpeg", ""), 13420),
        (Say::status(404), 11200),
        (Say::status(503), 11200),
        (Say::close(), 11205),
        (Say::redirect(302, "/a"), 11215),
        (Say::redirect(308, "/b"), 11216),
        (Say::raw("nonsense\r\n\r\n"), 11206),
    ] {
        let what = format!("{say:?}");
        opened.customer.on("/a", [say]);
        assert_eq!(code(&opened, &url).await, code_of, "{what}");
    }
    opened.customer.on("/a", [Say::endless("audio/wav", &"x".repeat(100_000))]);
    assert_eq!(code(&opened, &url).await, 11200, "too large");
    assert_eq!(code(&opened, "ftp://a.example/a.wav").await, 11100);
    let failure = play(&opened, &opened.customer.url("/none")).await.audio.expect_err("404");
    assert_eq!(failure.code, 11200);
    opened.customer.on("/a", [Say::typed("text/plain", "x")]);
    let failure = play(&opened, &url).await.audio.expect_err("text");
    assert_eq!(failure.code, 13420);
    opened.customer.unread();
    opened.finish().await;
}

#[tokio::test]
async fn a_bin_of_the_house_has_no_sound() {
    let opened = open().await;
    let url = opened.add_bin("<Response/>", BinAccess::Open).await;
    let heard = play(&opened, &url).await;
    assert_eq!(heard.audio.expect_err("a document").code, 13420);
    assert!(heard.exchange.is_none());
    opened.finish().await;
}
