//! Recordings as MP3: made by lame, which is a program of the system.

use super::recordings::{header, keep_sound, sound};
use super::{busy_call, of_account, refused, text};
use crate::support::{Opened, open_with};
use exchange::accounts::MediaAuth;
use exchange::sid::RecordingSid;
use std::path::{Path, PathBuf};

/// Seconds of a recording here.
const SECONDS: usize = 2;
/// Samples of it.
const SAMPLES: usize = SECONDS * media::RATE_HZ as usize;

/// A house that makes MP3, unless lame is not installed.
async fn open_with_lame() -> Option<Opened> {
    let Some(lame) = offhook::mp3::installed() else {
        println!("SKIPPED: run scripts/test --install");
        assert!(std::env::var_os("CI").is_none(), "lame is not installed");
        return None;
    };
    Some(open_with(|options, _| options.mp3 = Some(lame)).await)
}

/// A house whose maker of MP3 is a shell script.
async fn open_with_script(folder: &Path, script: &str) -> Opened {
    let path = folder.join("maker");
    // Another process writes it: a file that one thread has open to write must not be executed by
    // another.
    let write = r#"printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod 755 "$2""#;
    let mut shell = std::process::Command::new("sh");
    let written = shell.args(["-c", write, "sh", script]).arg(&path).status();
    assert!(written.expect("sh runs").success());
    open_with(|options, _| options.mp3 = Some(path)).await
}

/// How much of a sound is a tone, from 0 to 1 (Goertzel's algorithm).
fn share(samples: &[i16], hz: f64) -> f64 {
    let factor = 2.0 * (std::f64::consts::TAU * hz / f64::from(media::RATE_HZ)).cos();
    let (mut one, mut two, mut all) = (0.0, 0.0, 0.0);
    for sample in samples {
        let sample = f64::from(*sample);
        (one, two) = (sample + factor * one - two, one);
        all += sample * sample;
    }
    let power = one * one + two * two - factor * one * two;
    2.0 * power / (all * samples.len() as f64)
}

fn heard(body: &[u8]) -> Vec<i16> {
    media::decode("audio/mpeg", body, 10 * SAMPLES).expect("an MP3")
}

fn files(opened: &Opened, sid: &str) -> Vec<PathBuf> {
    let sid = RecordingSid::parse(sid).expect("a sid");
    let of = |channels| offhook::recordings::mp3_file(&opened.house, sid, channels);
    [of(1), of(2)].into_iter().filter(|path| path.exists()).collect()
}

#[tokio::test]
async fn a_recording_is_heard_as_mp3_whole_in_parts_and_with_fewer_channels() {
    let Some(opened) = open_with_lame().await else { return };
    let call = text(&busy_call(&opened).await, "sid");
    let low = media::tones::sines(&[440.0], 8000.0, SAMPLES);
    let high = media::tones::sines(&[1000.0], 8000.0, SAMPLES);
    let mono = keep_sound(&opened, &call, &media::wav::encode(&low), |_| {}).await;
    let stereo = media::wav::encode_stereo(&low, &high);
    let dual = keep_sound(&opened, &call, &stereo, |one| one.channels = 2).await;
    assert_eq!(files(&opened, &mono), Vec::<PathBuf>::new(), "none before it is asked for");
    for (path, tones) in [
        (format!("{mono}.mp3"), &[440.0][..]),
        (format!("{mono}.mp3?RequestedChannels=1"), &[440.0]),
        (format!("{dual}.mp3"), &[440.0, 1000.0]),
        (format!("{dual}.mp3?RequestedChannels=1"), &[440.0, 1000.0]),
    ] {
        let got = sound(&opened, "GET", &path, "").await;
        assert_eq!((got.status, header(&got, "content-type")), (200, Some("audio/mpeg")), "{path}");
        let length = got.body.len().to_string();
        assert_eq!(header(&got, "content-length"), Some(length.as_str()));
        let samples = heard(&got.body);
        // A frame or two more at the ends.
        let seconds = samples.len() as f64 / f64::from(media::RATE_HZ);
        assert!((seconds - SECONDS as f64).abs() < 0.3, "{path}: {seconds} s");
        // Its second in the middle, without what an encoder adds at the ends.
        let middle = &samples[SAMPLES / 4..SAMPLES * 3 / 4];
        let shares: Vec<f64> = tones.iter().map(|hz| share(middle, *hz)).collect();
        assert!(shares.iter().sum::<f64>() > 0.9, "{path}: {shares:?}");
        assert!(shares.iter().all(|share| *share > 0.3), "{path}: {shares:?}");

        let again = sound(&opened, "GET", &path, "").await;
        assert!(again.body == got.body, "{path}: it is made once");
        let part = sound(&opened, "GET", &path, "Range: bytes=100-199\r\n").await;
        assert_eq!(part.status, 206);
        assert!(part.body == got.body[100..200], "{path}");
        let none = sound(&opened, "GET", &path, "Range: bytes=9999999-\r\n").await;
        assert_eq!(none.status, 416);
    }
    assert_eq!((files(&opened, &mono).len(), files(&opened, &dual).len()), (1, 2));
    let path = format!("{mono}.mp3?RequestedChannels=2");
    let got = sound(&opened, "GET", &path, "").await;
    refused("one channel", (got.status, got.json()), (400, 16_113));

    opened.settings(|settings| settings.media_auth = MediaAuth::Basic).await;
    let got = sound(&opened, "GET", &format!("{mono}.mp3"), "").await;
    refused("closed", (got.status, got.json()), (401, 20_003));
    for sid in [&mono, &dual] {
        let path = of_account(&format!("Recordings/{sid}"));
        assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
        assert_eq!(files(&opened, sid), Vec::<PathBuf>::new(), "they go with it");
        let path = path.replace(".json", ".mp3");
        assert_eq!(opened.ask("GET", &path, &[]).await.status, 404);
    }
}

#[tokio::test]
async fn a_maker_that_fails_is_an_error_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    for script in ["exit 1", "echo half > \"$9\"; echo nonsense >&2; exit 3", "exit 0"] {
        let opened = open_with_script(folder.path(), script).await;
        let call = text(&busy_call(&opened).await, "sid");
        let wav = media::wav::encode(&[0; 800]);
        let sid = keep_sound(&opened, &call, &wav, |_| {}).await;
        let got = sound(&opened, "GET", &format!("{sid}.mp3"), "").await;
        refused(script, (got.status, got.json()), (500, 20_500));
        let left = std::fs::read_dir(&opened.house.settings.recordings).expect("a folder");
        let left: Vec<_> = left.map(|entry| entry.expect("an entry").file_name()).collect();
        assert_eq!(left, [format!("{sid}.wav").as_str()], "{script}");
    }
}

#[tokio::test]
async fn a_recording_that_is_deleted_while_its_mp3_is_made_leaves_none() {
    let folder = tempfile::tempdir().expect("a folder");
    // It makes a file, says that it has begun, and ends when it may.
    let (begun, may_end) = (folder.path().join("begun"), folder.path().join("may-end"));
    let fifo = std::process::Command::new("mkfifo").args([&begun, &may_end]).status();
    assert!(fifo.expect("mkfifo runs").success());
    let script = format!(
        "echo sound > \"$9\"; echo > '{}'; read line < '{}'",
        begun.display(),
        may_end.display()
    );
    let opened = open_with_script(folder.path(), &script).await;
    let call = text(&busy_call(&opened).await, "sid");
    let sid = keep_sound(&opened, &call, &media::wav::encode(&[0; 800]), |_| {}).await;
    let path = format!("{sid}.mp3");
    let asked = sound(&opened, "GET", &path, "");
    let deleted = async {
        tokio::fs::read(&begun).await.expect("it begins");
        let path = of_account(&format!("Recordings/{sid}"));
        assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
        tokio::fs::write(&may_end, "\n").await.expect("it ends");
    };
    let (got, ()) = tokio::join!(asked, deleted);
    refused("deleted", (got.status, got.json()), (404, 20_404));
    let left = std::fs::read_dir(&opened.house.settings.recordings).expect("a folder");
    assert_eq!(left.count(), 0);
}

#[tokio::test]
async fn who_goes_away_while_an_mp3_is_made_leaves_nothing_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let begun = folder.path().join("begun");
    let fifo = std::process::Command::new("mkfifo").arg(&begun).status();
    assert!(fifo.expect("mkfifo runs").success());
    let script = format!("echo half > \"$9\"; echo > '{}'; exec sleep 600", begun.display());
    let opened = open_with_script(folder.path(), &script).await;
    let call = text(&busy_call(&opened).await, "sid");
    let sid = keep_sound(&opened, &call, &media::wav::encode(&[0; 800]), |_| {}).await;
    let path = format!("{sid}.mp3");
    tokio::select! {
        _ = sound(&opened, "GET", &path, "") => panic!("it takes ten minutes"),
        read = tokio::fs::read(&begun) => drop(read.expect("it begins")),
    }
    // The connection is closed now, and the house notices.
    let left = || std::fs::read_dir(&opened.house.settings.recordings).expect("a folder").count();
    while left() > 1 {
        tokio::task::yield_now().await;
    }
    assert!(offhook::recordings::file(&opened.house, RecordingSid::parse(&sid).unwrap()).exists());
}
