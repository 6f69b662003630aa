//! The media of a message are collected: fetched by the guarded client, judged, and written.
//!
//! For what a person sends the door waits for it, for what the house sends the delivery thread.
//! What this very house serves is read without a socket. What may be sent, and how much, is
//! `exchange::media`'s to say; where it lies is `media_files`'s. Contract: webhooks.md 4.6.

use crate::house::House;
use crate::media_files;
use crate::shelf::Shelf;
use crate::turns::Turns;
use bytes::Bytes;
use client::{Fetch, Outcome};
use exchange::accounts::{Account, MediaAuth};
use exchange::media::{Carriage, Unfit, WHATSAPP_BYTES_MAX, judge, judge_all};
use exchange::messages;
use exchange::sid::{AccountSid, MediaSid, MessageSid};
use exchange::webhooks::failure::Failure;
use http::header;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use webhook::{Key, Product};

/// Milliseconds for one file, redirects included, as for any request to an application.
const FILE_TIMEOUT_MS: u32 = 15_000;
/// How long the media of one message are waited for (wire time).
const WAIT_MAX: Duration = Duration::from_secs(60);
/// Files fetched at once by the house.
const FETCHES_MAX: usize = 32;
/// Files fetched at once for one account.
const ACCOUNT_FETCHES_MAX: usize = 8;
/// Bytes of uploads that wait to be sent, of all handsets together.
const UPLOADS_BYTES_MAX: usize = 64 * 1024 * 1024;
/// What went wrong took all the time there was.
const TIME_IS_UP: u32 = 11_203;
/// The house itself has what is wanted, for others.
const NOT_FOR_ALL: Failure = Failure::Status(401);

/// Whose turn it is to fetch media, and what persons uploaded to send.
#[derive(Debug)]
pub struct Media {
    turns: Turns,
    uploads: Shelf<MediaSid, Upload>,
}

impl Default for Media {
    fn default() -> Media {
        Media {
            turns: Turns::new(FETCHES_MAX, ACCOUNT_FETCHES_MAX),
            uploads: Shelf::new(UPLOADS_BYTES_MAX, WHATSAPP_BYTES_MAX),
        }
    }
}

impl Media {
    /// A file that a person uploaded, while there is room for it.
    pub fn upload(&self, sid: MediaSid) -> Option<Upload> {
        self.uploads.get(&sid)
    }

    /// Keeps a file that a person uploaded; what was not used for the longest time makes room.
    pub fn keep_upload(&self, sid: MediaSid, upload: Upload) {
        let bytes = upload.bytes.len();
        self.uploads.put(sid, upload, bytes);
    }

    /// The house was reset.
    pub fn forget(&self) {
        self.uploads.clear();
    }
}

/// A file that a person uploaded to send it.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The account that it was uploaded with.
    pub owner: AccountSid,
    /// Its media type.
    pub content_type: String,
    /// Its content.
    pub bytes: Bytes,
}

/// What is behind a URL.
#[derive(Debug)]
struct File {
    content_type: String,
    bytes: Bytes,
}

/// Why media could not be collected.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// They can't be part of the message.
    Unfit(Unfit),
    /// The house's own disk does not take them.
    Disk(std::io::Error),
}

/// A request for a medium.
#[derive(Debug)]
pub(crate) struct Requested {
    pub(crate) url: String,
    pub(crate) begun_us: i64,
    /// How it went, without the file's content.
    pub(crate) outcome: Outcome,
    /// What is wrong with what came.
    pub(crate) unfit: Option<Unfit>,
}

/// What became of a message's media.
#[derive(Debug)]
pub(crate) struct Collected {
    /// All of them, on the disk; or why none is.
    pub(crate) media: Result<Vec<messages::Media>, Trouble>,
    /// What was asked for them.
    pub(crate) requested: Vec<Requested>,
}

/// Has the media of a message fetched and written.
pub(crate) async fn collect(
    house: &Arc<House>,
    account: &Account,
    (message, carriage): (MessageSid, Carriage),
    media: Vec<messages::Media>,
) -> Collected {
    let mut fetching = JoinSet::new();
    for (at, one) in media.iter().enumerate() {
        let (house, account, url) = (house.clone(), account.clone(), one.url.clone());
        fetching.spawn(async move { (at, content(&house, &account, carriage, url).await) });
    }
    let mut found = Vec::with_capacity(media.len());
    // Dropped with what is left when the time is up.
    let all = tokio::time::timeout(WAIT_MAX, async {
        while let Some(Ok(one)) = fetching.join_next().await {
            found.push(one);
        }
    });
    let in_time = all.await.is_ok();
    found.sort_by_key(|(at, _)| *at);
    let mut requested = Vec::new();
    let mut files = Vec::with_capacity(media.len());
    let mut unfit = None;
    for (at, (result, request)) in found {
        requested.extend(request);
        match result {
            Ok(file) => files.push((at, file)),
            Err(why) => unfit = unfit.or(Some(why)),
        }
    }
    if let Some(why) = unfit {
        return Collected { media: Err(Trouble::Unfit(why)), requested };
    }
    if files.len() < media.len() {
        let why = if in_time { "a file could not be read" } else { "the files took too long" };
        let unfit = Unfit::not_had(carriage, TIME_IS_UP, why.to_owned());
        return Collected { media: Err(Trouble::Unfit(unfit)), requested };
    }
    Collected { media: keep(house, (message, carriage), media, files).await, requested }
}

/// Writes what was fetched.
async fn keep(
    house: &House,
    (message, carriage): (MessageSid, Carriage),
    mut media: Vec<messages::Media>,
    files: Vec<(usize, File)>,
) -> Result<Vec<messages::Media>, Trouble> {
    judge_all(carriage, files.iter().map(|(_, file)| file.bytes.len())).map_err(Trouble::Unfit)?;
    let mut contents = Vec::with_capacity(files.len());
    for (one, (_, file)) in media.iter_mut().zip(files) {
        one.content_type = file.content_type;
        contents.push((one.sid, file.bytes));
    }
    media_files::write(house, message, contents).await.map_err(Trouble::Disk)?;
    Ok(media)
}

/// The content behind a URL, fetched unless it is the house's own.
async fn content(
    house: &House,
    account: &Account,
    carriage: Carriage,
    url: String,
) -> (Result<File, Unfit>, Option<Requested>) {
    let _turn = house.media.turns.wait(account.sid).await;
    if let Some(own) = own(house, account, &url).await {
        let had = own.map_err(|failure| unfit(carriage, &failure));
        return (had.and_then(|file| fit(carriage, Some(&file.content_type), file.bytes)), None);
    }
    let begun_us = house.clock.wire_us();
    let mut outcome = house
        .client
        .fetch(Fetch {
            url: &url,
            key: &Key::new(&account.auth_token),
            product: Product::Messaging,
            certificates: crate::audio::certificates(account),
            body_bytes_max: carriage.bytes_max(),
            total_timeout_ms: FILE_TIMEOUT_MS,
            validators: None,
        })
        .await;
    let result = match &mut outcome.result {
        Ok(answer) => {
            let body = std::mem::take(&mut answer.body);
            fit(carriage, answer.header(header::CONTENT_TYPE), body)
        }
        Err(failure) => Err(unfit(carriage, failure)),
    };
    let unfit = result.as_ref().err().cloned();
    (result, Some(Requested { url, begun_us, outcome, unfit }))
}

fn unfit(carriage: Carriage, failure: &Failure) -> Unfit {
    match failure {
        Failure::BodyTooLarge { body_bytes_max } => Unfit::too_large(*body_bytes_max),
        failure => Unfit::not_had(carriage, failure.code(), failure.to_string()),
    }
}

fn fit(carriage: Carriage, content_type: Option<&str>, bytes: Bytes) -> Result<File, Unfit> {
    judge(carriage, content_type, &bytes).map(|content_type| File { content_type, bytes })
}

/// What this house itself serves under a URL: media of messages, and uploads.
async fn own(house: &House, account: &Account, url: &str) -> Option<Result<File, Failure>> {
    let path = house.own_path(url)?;
    let path = &path[..path.find(['?', '#']).unwrap_or(path.len())];
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match segments[..] {
        ["offhook", "v1", "Phones", _, "Media", sid] => {
            let upload = MediaSid::parse(sid).and_then(|sid| house.media.upload(sid));
            let file = |one: Upload| File { content_type: one.content_type, bytes: one.bytes };
            Some(upload.map(file).ok_or(Failure::Status(404)))
        }
        ["2010-04-01", "Accounts", owner, "Messages", message, "Media", sid] => {
            Some(of_message(house, account, (owner, message, sid)).await)
        }
        ["mcs", "v1", "Services", _, "Media", sid, "Content"] => {
            Some(of_chat(house, account, sid).await)
        }
        _ => None,
    }
}

/// A medium of a conversation of the account's.
async fn of_chat(house: &House, account: &Account, sid: &str) -> Result<File, Failure> {
    let missing = Failure::Status(404);
    let sid = MediaSid::parse(sid).ok_or(missing.clone())?;
    let medium = house.store.chat_medium(sid).ok().flatten().ok_or(missing.clone())?;
    if medium.account != account.sid {
        return Err(NOT_FOR_ALL);
    }
    let file = media_files::chat_file(house, &medium);
    let bytes = tokio::fs::read(file).await.map_err(|_| missing)?;
    Ok(File { content_type: medium.content_type, bytes: bytes.into() })
}

async fn of_message(
    house: &House,
    account: &Account,
    (owner, message, sid): (&str, &str, &str),
) -> Result<File, Failure> {
    let missing = Failure::Status(404);
    let message = MessageSid::parse(message).ok_or(missing.clone())?;
    let found = house.store.message(message).ok().flatten();
    let found = found.filter(|found| found.account.as_str() == owner).ok_or(missing.clone())?;
    let is_kept = |one: &&messages::Media| one.is_kept() && one.sid.as_str() == sid;
    let media = found.media.iter().find(is_kept).ok_or(missing.clone())?;
    let of_others = found.account != account.sid;
    let settings = house.account(found.account).map_err(|_| missing.clone())?.settings;
    if of_others && settings.media_auth == MediaAuth::Basic {
        return Err(NOT_FOR_ALL);
    }
    let file = media_files::file(house, message, media.sid);
    // As large as a message's media may be.
    let bytes = tokio::fs::read(file).await.map_err(|_| missing)?;
    Ok(File { content_type: media.content_type.clone(), bytes: bytes.into() })
}
