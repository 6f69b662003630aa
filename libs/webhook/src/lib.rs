//! Twilio's webhooks on the wire: signature, typed forms, verification.
