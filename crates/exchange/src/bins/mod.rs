//! TwiML Bins: documents we host.

pub mod check;
mod record;
pub mod render;
pub mod save;
pub mod template;

pub use check::Check;
pub use record::{BIN_VERSIONS_MAX, Bin, BinAccess, BinVersion};
pub use render::TooLarge;
pub use template::{Template, TemplateError};
