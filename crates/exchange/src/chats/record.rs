//! A conversation and its parts, as the house knows them.
//!
//! Contract: Twilio's pages "Conversation", "Participant", "Conversation Message", "Delivery
//! Receipt" and "Conversation Scoped Webhook"; fields as the official SDKs have them.

use crate::numbers::Method;
use crate::sid::{
    AccountSid, ChatMessageSid, ChatServiceSid, ConversationSid, MediaSid, MessageSid,
    ParticipantSid, ReceiptSid, WebhookSid, chat_service,
};
use jiff::Timestamp;

/// Who is asked about the events of conversations, and told of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hooks {
    /// How both are called.
    pub method: Method,
    /// The events of either kind that are wanted; none for nothing.
    pub filters: Vec<String>,
    /// Asked before something happens; empty for nobody.
    pub pre_url: String,
    /// Told what happened; empty for nobody.
    pub post_url: String,
}

impl Hooks {
    /// Nobody is asked or told.
    pub fn none() -> Hooks {
        Hooks {
            method: Method::Post,
            filters: Vec::new(),
            pre_url: String::new(),
            post_url: String::new(),
        }
    }
}

/// What an account's conversations have in common: `Configuration` and its `Webhooks`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSettings {
    /// Whose they are.
    pub account: AccountSid,
    /// The service that paths without one mean; else the one that the account began with.
    pub default_service: Option<ChatServiceSid>,
    /// Asked and told about the conversations of every service.
    pub hooks: Hooks,
}

impl ChatSettings {
    /// What holds until the account says otherwise.
    pub fn new(account: AccountSid) -> ChatSettings {
        ChatSettings { account, default_service: None, hooks: Hooks::none() }
    }

    /// The service that paths without one mean.
    pub fn service(&self) -> ChatServiceSid {
        self.default_service.unwrap_or_else(|| chat_service(self.account))
    }
}

/// Conversations that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatService {
    /// Its sid.
    pub sid: ChatServiceSid,
    /// Whose it is.
    pub account: AccountSid,
    /// For people.
    pub friendly_name: String,
    /// Asked and told about its conversations.
    pub hooks: Hooks,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Texts come in.
    Active,
    /// Nobody said anything for a while; texts come in.
    Inactive,
    /// Over: texts of its participants go where they would without it.
    Closed,
}

impl Standing {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Active => "active",
            Standing::Inactive => "inactive",
            Standing::Closed => "closed",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<Standing> {
        [Standing::Active, Standing::Inactive, Standing::Closed]
            .into_iter()
            .find(|one| one.as_str() == text)
    }
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Its sid.
    pub sid: ConversationSid,
    /// Whose it is.
    pub account: AccountSid,
    /// The service that it is in.
    pub service: ChatServiceSid,
    /// For people.
    pub friendly_name: String,
    /// Stands for the sid in paths; empty for none.
    pub unique_name: String,
    /// JSON of the customer's.
    pub attributes: String,
    /// Where it stands.
    pub standing: Standing,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// Somebody in a conversation: by an identity, or by texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Its sid.
    pub sid: ParticipantSid,
    /// The conversation.
    pub conversation: ConversationSid,
    /// Whose it is.
    pub account: AccountSid,
    /// Of a chat user; empty for none.
    pub identity: String,
    /// The person's phone; empty for none.
    pub address: String,
    /// The number of the house that the person texts with.
    pub proxy: String,
    /// JSON of the customer's.
    pub attributes: String,
    /// The last message they read.
    pub last_read_index: Option<u32>,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// Something said in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatMessage {
    /// Its sid.
    pub sid: ChatMessageSid,
    /// The conversation.
    pub conversation: ConversationSid,
    /// Whose it is.
    pub account: AccountSid,
    /// Its number in the conversation, from 0.
    pub index: u32,
    /// Who said it.
    pub author: String,
    /// The text.
    pub body: String,
    /// JSON of the customer's.
    pub attributes: String,
    /// The participant who said it, if it was one.
    pub participant: Option<ParticipantSid>,
    /// The text that it came in by.
    pub text: Option<MessageSid>,
    /// What was sent with it.
    pub media: Vec<ChatMedium>,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// A file of a service of conversations: uploaded, or of a text that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatMedium {
    /// Its sid; that of the text's medium for one that came in.
    pub sid: MediaSid,
    /// Whose it is.
    pub account: AccountSid,
    /// The service that it is of.
    pub service: ChatServiceSid,
    /// The message that has it; none for one that was uploaded and not said yet.
    pub message: Option<ChatMessageSid>,
    /// The text that it came in by, with which it shares its content.
    pub text: Option<MessageSid>,
    /// Its media type.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// What it is called; empty for nothing.
    pub filename: String,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// The text that brought a message to a participant: what its delivery receipt is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatText {
    /// The receipt's sid.
    pub sid: ReceiptSid,
    /// The message of the conversation.
    pub message: ChatMessageSid,
    /// Who it was sent to.
    pub participant: ParticipantSid,
    /// The text.
    pub text: MessageSid,
}

/// A webhook of one conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatHook {
    /// Its sid.
    pub sid: WebhookSid,
    /// The conversation.
    pub conversation: ConversationSid,
    /// Whose it is.
    pub account: AccountSid,
    /// Told what happened.
    pub url: String,
    /// How.
    pub method: Method,
    /// The events that it is told.
    pub filters: Vec<String>,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}
