//! What is said in a conversation reaches who takes part by texts, and who is told.
//!
//! Called when a bound person's text comes in, and by the API when an application says something.
//! Everything is one change: the message, the texts that bring it to the others, and the tells.
//! Contract: Twilio's page "Conversations fundamentals".

pub(crate) mod advice;
pub(crate) mod media;

use crate::house::House;
use crate::messages::is_out;
use exchange::chats::event::{self, Event};
use exchange::chats::{ChatMessage, ChatText, Conversation, Hooks, Participant};
use exchange::messages::send::expires;
use exchange::messages::{Direction, Message, State, segments};
use exchange::pools::VALIDITY_SECONDS;
use exchange::sid::{ChatMessageSid, ReceiptSid};
use exchange::webhooks::Webhook;
use store::{Change, ChatWrite, Span, StoreError, Write};

/// The receiver wants no texts.
const UNSUBSCRIBED: u32 = 21_610;

/// A text of a bound person is said in their conversation.
pub(crate) fn arrive(
    house: &House,
    text: &Message,
    from: &Participant,
    change: &mut Change,
) -> Result<(), StoreError> {
    let found = house.store.conversation(from.conversation)?;
    // `bound` found it a moment ago; when it has gone since, the text is kept and said nowhere.
    let Some(chat) = found else { return Ok(()) };
    let said = said_by(house, &chat, text, from)?;
    let added = event::of_message("onMessageAdded", "SMS", &said);
    if let Some(ask) = advice::ask(house, &chat, &added)? {
        // It is said when that is answered.
        let context = from.sid.to_string();
        change.webhooks.push(Webhook { resource: text.sid.sid(), context, ..ask });
        return Ok(());
    }
    tell(house, &chat, &added, change)?;
    say(house, &chat, &said, change)
}

/// What a bound person's text says.
fn said_by(
    house: &House,
    chat: &Conversation,
    text: &Message,
    from: &Participant,
) -> Result<ChatMessage, StoreError> {
    let fresh = fresh(house, chat)?;
    Ok(ChatMessage {
        media: media::of_text(house, chat.service, (&fresh, text)),
        author: from.address.clone(),
        body: text.body.clone(),
        participant: Some(from.sid),
        text: Some(text.sid),
        ..fresh
    })
}

/// A message without words yet, at the end of its conversation.
pub(crate) fn fresh(house: &House, chat: &Conversation) -> Result<ChatMessage, StoreError> {
    let newest = Span { offset: 0, limit: 1, backwards: true };
    let newest = house.store.chat_messages(chat.sid, newest)?;
    Ok(ChatMessage {
        sid: ChatMessageSid::from_parts(house.ids.parts(house.clock.wire_us())),
        conversation: chat.sid,
        account: chat.account,
        index: newest.first().map_or(0, |newest| newest.index + 1),
        author: "system".to_owned(),
        body: String::new(),
        attributes: "{}".to_owned(),
        participant: None,
        text: None,
        media: Vec::new(),
        created: house.now(),
        updated: house.now(),
    })
}

/// Adds a message, and the texts that bring it to everybody but who said it.
pub(crate) fn say(
    house: &House,
    chat: &Conversation,
    said: &ChatMessage,
    change: &mut Change,
) -> Result<(), StoreError> {
    let insert = ChatWrite::InsertMessage(Box::new(said.clone()));
    change.writes.push(Write::Chats(insert));
    media::put_on(said, change);
    for to in house.store.participants(chat.sid, Span::ALL)? {
        if to.address.is_empty() || Some(to.sid) == said.participant {
            continue;
        }
        let text = text(house, said, &to)?;
        let receipt = ChatText {
            sid: ReceiptSid::from_parts(house.ids.parts(house.clock.wire_us())),
            message: said.sid,
            participant: to.sid,
            text: text.sid,
        };
        if text.state == State::Failed {
            // It never moves, so this is the only time to tell of it.
            let reached = (text.state, text.error_code);
            let event = event::of_delivery(&receipt, reached, (said.created, text.updated));
            tell(house, chat, &event, change)?;
        }
        change.writes.push(Write::InsertMessage(Box::new(text)));
        change.writes.push(Write::Chats(ChatWrite::InsertText(Box::new(receipt))));
    }
    Ok(())
}

/// The text that brings a message to a participant; one who left is sent none.
fn text(house: &House, said: &ChatMessage, to: &Participant) -> Result<Message, StoreError> {
    let left = match house.store.number_at(&to.proxy)? {
        Some(number) => is_out(house, &number, &to.address)?,
        None => false,
    };
    let now = house.now();
    let media = media::to_send(house, said);
    Ok(Message {
        sid: house.message_sid(!media.is_empty()),
        account: said.account,
        direction: Direction::OutboundApi,
        from: to.proxy.clone(),
        to: to.address.clone(),
        num_segments: segments::of_message(&said.body, !media.is_empty()),
        body: said.body.clone(),
        state: if left { State::Failed } else { State::Queued },
        error_code: left.then_some(UNSUBSCRIBED),
        media,
        service: None,
        status_callback: None,
        in_reply_to: None,
        created: now,
        updated: now,
        sent: None,
        feedback: None,
        send_at: None,
        expires: Some(expires(now, VALIDITY_SECONDS)),
    })
}

/// What a change makes of texts that bring messages of conversations: who wants to know is told of
/// each status. Called by the house with every change; an account without such texts costs a look
/// into memory.
pub(crate) fn deliveries(house: &House, change: &Change) -> Result<Vec<Webhook>, StoreError> {
    let mut told = Change::default();
    for write in &change.writes {
        let Write::AdvanceMessage { sid, account, to, error_code, sent, at, .. } = write else {
            continue;
        };
        let Some(receipt) = house.store.chat_text_of(*account, *sid)? else { continue };
        let Some(said) = house.store.chat_message(receipt.message)? else { continue };
        let Some(chat) = house.store.conversation(said.conversation)? else { continue };
        // The network can take it and settle it in one commit: both happened.
        let sent = sent.and(Some(State::Sent)).filter(|sent| sent != to);
        for state in sent.into_iter().chain([*to]).filter(|state| event::is_delivery(*state)) {
            let reached = (state, error_code.filter(|_| state == *to));
            let event = event::of_delivery(&receipt, reached, (said.created, *at));
            tell(house, &chat, &event, &mut told)?;
        }
    }
    Ok(told.webhooks)
}

/// Adds the tells of an event.
pub(crate) fn tell(
    house: &House,
    chat: &Conversation,
    event: &Event,
    change: &mut Change,
) -> Result<(), StoreError> {
    let (of_account, of_service) = hooks(house, chat)?;
    let of_all: Vec<&Hooks> = of_account.iter().chain(&of_service).collect();
    let scoped = house.store.chat_hooks(chat.sid, Span::ALL)?;
    let token = || house.ids.token();
    change.webhooks.extend(event::tells(event, chat, (&of_all, &scoped), token, house.now()));
    Ok(())
}

/// Who is asked and told about everything of a conversation: the account's and its service's.
fn hooks(house: &House, chat: &Conversation) -> Result<(Option<Hooks>, Option<Hooks>), StoreError> {
    let of_account = house.store.chat_settings(chat.account)?.map(|settings| settings.hooks);
    let of_service = house.store.chat_service(chat.service)?.map(|service| service.hooks);
    Ok((of_account, of_service))
}
