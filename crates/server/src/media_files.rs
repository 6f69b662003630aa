//! Where the content of media lies: `MM…-ME…` in the data folder's `media`.
//!
//! A file is written and on the disk before the message that has it is saved; it goes with the
//! message or the medium. What a crash leaves in between is swept away at the next start. Every
//! path is made here.

use crate::house::House;
use bytes::Bytes;
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

/// Writes the content of a message's media; when this returns, it is on the disk.
///
/// # Errors
/// The file system's; then none of them is there.
pub async fn write(
    house: &House,
    message: MessageSid,
    all: Vec<(MediaSid, Bytes)>,
) -> io::Result<()> {
    let folder = house.settings.media.clone();
    blocking(move || {
        let paths: Vec<PathBuf> =
            all.iter().map(|(sid, _)| folder.join(name(message, *sid))).collect();
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

/// Takes the content of media away. What can't be removed now is swept away at a start.
pub async fn remove(house: &House, message: MessageSid, media: &[Media]) {
    for one in media.iter().filter(|one| one.is_kept()) {
        if let Err(error) = tokio::fs::remove_file(file(house, message, one.sid)).await
            && error.kind() != ErrorKind::NotFound
        {
            tracing::warn!(%error, sid = %one.sid, "a deleted medium could not be removed");
        }
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
        let known = name.to_str().and_then(|name| name.split_once('-'));
        let sids = known.and_then(|(message, media)| {
            Some((MessageSid::parse(message)?, MediaSid::parse(media)?))
        });
        if !belongs(house, sids)? {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn belongs(house: &House, sids: Option<(MessageSid, MediaSid)>) -> Result<bool, StoreError> {
    let Some((message, media)) = sids else { return Ok(false) };
    let found = house.store.message(message)?;
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
