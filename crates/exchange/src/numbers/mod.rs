//! Phone numbers: their shape, and the records of those the house owns.

pub mod buy;
mod calling_codes;
pub mod configure;
pub mod inventory;
pub mod phone_number;
pub mod places;
mod record;

pub use phone_number::{Address, PhoneNumber, WHATSAPP, is_whatsapp, without_channel};
pub use record::{Application, Attachments, Hook, Method, Number, Target, sms_hook, target};
