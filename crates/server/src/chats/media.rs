//! What is sent with a conversation's messages: the media of a text that came in, those that are put
//! on a message, and those that go out with it.

use crate::house::House;
use crate::media_files;
use exchange::chats::{ChatMedium, ChatMessage};
use exchange::messages::{Media, Message};
use exchange::sid::{ChatServiceSid, MediaSid};
use store::{Change, ChatWrite, Write};

/// The path of a medium's content on this house.
fn content_path(service: ChatServiceSid, sid: MediaSid) -> String {
    format!("/mcs/v1/Services/{service}/Media/{sid}/Content")
}

/// The media that a text brings into its conversation, whose service is `service`: they share their
/// content with the text.
pub(super) fn of_text(
    house: &House,
    service: ChatServiceSid,
    (fresh, text): (&ChatMessage, &Message),
) -> Vec<ChatMedium> {
    let kept = text.media.iter().filter(|one| one.is_kept());
    let media = kept.filter_map(|one| {
        // What was deleted meanwhile is said by nobody.
        let size = std::fs::metadata(media_files::file(house, text.sid, one.sid)).ok()?.len();
        Some(ChatMedium {
            sid: one.sid,
            account: text.account,
            service,
            message: Some(fresh.sid),
            text: Some(text.sid),
            content_type: one.content_type.clone(),
            size,
            filename: String::new(),
            created: fresh.created,
            updated: fresh.created,
        })
    });
    media.collect()
}

/// Puts the media of a message that is said now on it.
pub(super) fn put_on(said: &ChatMessage, change: &mut Change) {
    for one in &said.media {
        let write = match one.text {
            // It is known from now on.
            Some(_) => ChatWrite::InsertMedium(Box::new(one.clone())),
            None => {
                ChatWrite::AttachMedium { medium: one.sid, message: said.sid, at: said.created }
            }
        };
        change.writes.push(Write::Chats(write));
    }
}

/// The media of the text that brings a message to somebody: fetched from the conversation's.
pub(super) fn to_send(house: &House, said: &ChatMessage) -> Vec<Media> {
    let url = |one: &ChatMedium| {
        format!("{}{}", house.settings.public_url, content_path(one.service, one.sid))
    };
    said.media.iter().map(|one| Media::at(house.media_sid(), url(one))).collect()
}
