//! The example in Rust of the guide's page on signatures, line by line: a test compares the two.

use webhook::{InboundMessage, Request, verify};

/// What a text says, if Twilio or Offhook sent it.
pub fn body_of(url: &str, body: &[u8], signature: Option<&str>) -> Result<String, String> {
    let request = Request {
        method: "POST",
        url, // as it was asked for, not as a proxy passed it on
        body,
        content_type: Some("application/x-www-form-urlencoded"),
        signature,
    };
    let verified = verify("12345", &request).map_err(|mismatch| mismatch.to_string())?;
    let message = InboundMessage::from_form(&verified.parameters).map_err(|e| e.to_string())?;
    Ok(message.body)
}
