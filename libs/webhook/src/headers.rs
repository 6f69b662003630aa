//! The headers of a webhook: their names, the values that never change, the idempotency token.
//!
//! The sender writes them, the receiver looks them up (names are case-insensitive; the spelling
//! here is Twilio's). Nothing here decides when a header is sent. Contract: Twilio's "Webhooks
//! security" and "Webhooks (HTTP callbacks): connection overrides and idempotency" pages, and
//! captured requests.

/// Base64 HMAC-SHA1 of the request, on every webhook and WebSocket handshake. See [`crate::Key`].
pub const SIGNATURE: &str = "X-Twilio-Signature";

/// One token per event, the same on every attempt to deliver it: the receiver's key against doing
/// a thing twice. Made by [`idempotency_token`].
pub const IDEMPOTENCY_TOKEN: &str = "I-Twilio-Idempotency-Token";

/// The region the account's data lives in, for instance [`HOME_REGION_DEFAULT`].
pub const HOME_REGION: &str = "X-Home-Region";

/// The region of an account that chose none: the United States.
pub const HOME_REGION_DEFAULT: &str = "us1";

/// Names the shared key and the algorithm of a signature that is *not* made with the auth token
/// (`key=…,algorithm=HMAC_SHA256`). Twilio's newer webhook settings send it; this crate does not
/// check such signatures and a receiver can use its presence to say so.
pub const SIGNATURE_SETTINGS: &str = "X-Twilio-Webhooks-Signature-Settings";

/// Value of `User-Agent` on messaging, voice and callback requests alike.
pub const USER_AGENT: &str = "TwilioProxy/1.1";

/// Value of `Accept`.
pub const ACCEPT: &str = "*/*";

/// Value of `Accept-Encoding`: answers may be compressed, by gzip only.
pub const ACCEPT_ENCODING: &str = "gzip";

/// An idempotency token from 16 random bytes: a version 4 UUID in lower case (RFC 9562 section 5.4).
///
/// ```
/// let token = webhook::idempotency_token([0xff; 16]);
/// assert_eq!(token, "ffffffff-ffff-4fff-bfff-ffffffffffff");
/// ```
pub fn idempotency_token(random_bytes: [u8; 16]) -> String {
    let mut bits = u128::from_be_bytes(random_bytes);
    bits = bits & !(0xf << 76) | 0x4 << 76; // version 4
    bits = bits & !(0b11 << 62) | 0b10 << 62; // the RFC's variant
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_token_of_zeros_is_still_a_version_4_uuid() {
        let token = super::idempotency_token([0; 16]);
        assert_eq!(token, "00000000-0000-4000-8000-000000000000");
    }
}
