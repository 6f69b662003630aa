//! Conversations: who takes part, what is said, and who is told.
//!
//! They are named chats here: `conversations` is what the texts between two numbers are.

pub mod configure;
pub mod event;
mod record;

pub use record::{
    ChatHook, ChatMedium, ChatMessage, ChatService, ChatSettings, ChatText, Conversation, Hooks,
    Participant, Standing,
};
