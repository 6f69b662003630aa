//! Reads a request's body whole, up to a limit.
//!
//! Both layers and the extractors do it, because a signature covers all of a body. How long a slow
//! caller may take is the server's matter.

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::receiver::Refusal;

/// What errors of bodies can be turned into.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The bytes of a body, or why there are none.
pub(crate) async fn read<B>(body: B, bytes_max: usize) -> Result<Bytes, Refusal>
where
    B: http_body::Body,
    B::Error: Into<BoxError>,
{
    match Limited::new(body, bytes_max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Refusal::TooLong { body_bytes_max: bytes_max })
        }
        Err(error) => Err(Refusal::BrokenBody(error.to_string())),
    }
}
