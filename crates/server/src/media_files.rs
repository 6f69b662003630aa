//! Where the content of media lies: `MM…-ME…` in the data folder's `media`, and `ME…` for one that
//! was uploaded for conversations.
//!
//! A file is written and on the disk before the message that has it is saved; it goes with the
//! message or the medium. A text that is said in a conversation and the message there have one file
//! for both: it goes with the last. What a crash leaves in between is swept away at the next start. Every
//! path is made here.

use crate::house::House;
use bytes::Bytes;
use exchange::chats::ChatMedium;
use exchange::messages::Media;
use exchange::sid::{MediaSid, MessageSid};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use store::StoreError;

/// The ending of a file that is not whole yet.
const UNFINISHED: &str = "part";

fn name(message: MessageSid, media: MediaSid) -> String {
    format!("{message}-{media}")
}

/// The file of a medium.
pub fn file(house: &House, message: MessageSid, media: MediaSid) -> PathBuf {
    house.settings.media.join(name(message, media))
}

/// The file of a medium of a conversation's.
pub fn chat_file(house: &House, one: &ChatMedium) -> PathBuf {
    match one.text {
        Some(text) => file(house, text, one.sid),
        None => house.settings.media.join(one.sid.as_str()),
    }
}

/// Writes the content of a message's media; when this returns, it is on the disk.
///
/// # Errors
/// The file system's; then none of them is there.
pub async fn write(
    house: &House,
    message: MessageSid,
    all: Vec<(MediaSid, Bytes)>,
) -> io::Result<()> {
    let named = all.into_iter().map(|(sid, bytes)| (name(message, sid), bytes));
    write_named(house, named.collect()).await
}

/// Writes the content of a medium that was uploaded for conversations.
///
/// # Errors
/// The file system's; then it is not there.
pub async fn write_chat(house: &House, sid: MediaSid, bytes: Bytes) -> io::Result<()> {
    write_named(house, vec![(sid.to_string(), bytes)]).await
}

async fn write_named(house: &House, all: Vec<(String, Bytes)>) -> io::Result<()> {
    let folder = house.settings.media.clone();
    blocking(move || {
        let paths: Vec<PathBuf> = all.iter().map(|(name, _)| folder.join(name)).collect();
        let written =
            paths.iter().zip(&all).try_for_each(|(path, (_, bytes))| write_one(path, bytes));
        finish(&folder, &paths, written)
    })
    .await
}

/// Gives the content of a message's media to the media of another one, each its own.
///
/// # Errors
/// The file system's; then the other message has none of them.
pub async fn share(
    house: &House,
    (from, media): (MessageSid, &[Media]),
    (to, copies): (MessageSid, &[Media]),
) -> io::Result<()> {
    let folder = house.settings.media.clone();
    let pairs = media.iter().zip(copies);
    let pairs: Vec<(String, String)> =
        pairs.map(|(one, copy)| (name(from, one.sid), name(to, copy.sid))).collect();
    blocking(move || {
        let paths: Vec<PathBuf> = pairs.iter().map(|(_, to)| folder.join(to)).collect();
        let linked = pairs.iter().zip(&paths).try_for_each(|((from, _), path)| {
            let from = folder.join(from);
            // Not every file system has links.
            fs::hard_link(&from, path).or_else(|_| fs::copy(&from, path).map(drop))
        });
        finish(&folder, &paths, linked)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|panic| Err(io::Error::other(panic)))
}

fn write_one(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension(UNFINISHED);
    let mut file = File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

/// Makes the names durable, too; or takes away what was begun.
fn finish(folder: &Path, paths: &[PathBuf], done: io::Result<()>) -> io::Result<()> {
    let done = done.and_then(|()| File::open(folder)?.sync_all());
    if done.is_err() {
        for path in paths {
            let _ = fs::remove_file(path);
            let _ = fs::remove_file(path.with_extension(UNFINISHED));
        }
    }
    done
}

/// Takes the content of media away, but for what a conversation has still. What can't be removed
/// now is swept away at a start.
pub async fn remove(house: &House, message: MessageSid, media: &[Media]) {
    for one in media.iter().filter(|one| one.is_kept()) {
        remove_unless_named(house, (Some(message), one.sid)).await;
    }
}

/// Takes the content of media of conversations away, but for what a text has still.
pub async fn remove_chat(house: &House, media: &[ChatMedium]) {
    for one in media {
        remove_unless_named(house, (one.text, one.sid)).await;
    }
}

async fn remove_unless_named(house: &House, (message, media): (Option<MessageSid>, MediaSid)) {
    // What can't be known now is known at the next start.
    if belongs(house, (message, media)).unwrap_or(true) {
        return;
    }
    let path = match message {
        Some(message) => file(house, message, media),
        None => house.settings.media.join(media.as_str()),
    };
    if let Err(error) = tokio::fs::remove_file(path).await
        && error.kind() != ErrorKind::NotFound
    {
        tracing::warn!(%error, sid = %media, "a deleted medium could not be removed");
    }
}

/// Makes the folder, and takes away what lies there and belongs to no message.
///
/// # Errors
/// The file system's, or the store's.
pub fn open(house: &House) -> Result<(), crate::open::OpenError> {
    let folder = &house.settings.media;
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let known = match name.to_str().and_then(sids) {
            Some(sids) => belongs(house, sids)?,
            None => false,
        };
        if !known {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// What a file's name says of it.
fn sids(name: &str) -> Option<(Option<MessageSid>, MediaSid)> {
    match name.split_once('-') {
        Some((message, media)) => {
            Some((Some(MessageSid::parse(message)?), MediaSid::parse(media)?))
        }
        None => Some((None, MediaSid::parse(name)?)),
    }
}

/// Whether a message or a conversation has a file.
fn belongs(
    house: &House,
    (message, media): (Option<MessageSid>, MediaSid),
) -> Result<bool, StoreError> {
    if house.store.chat_medium(media)?.is_some_and(|one| one.text == message) {
        return Ok(true);
    }
    let found = match message {
        Some(message) => house.store.message(message)?,
        None => None,
    };
    Ok(found.is_some_and(|found| found.media.iter().any(|one| one.sid == media && one.is_kept())))
}

/// Takes everything away: the house was reset.
pub async fn clear(house: &House) {
    let folder = house.settings.media.clone();
    let cleared = blocking(move || {
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::create_dir_all(&folder)
    });
    if let Err(error) = cleared.await {
        tracing::warn!(%error, "media of before the reset are still on the disk");
    }
}
