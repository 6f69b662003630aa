//! What must hold for any input: run by the fuzz targets, and over the corpus as plain tests.
//!
//! Each check takes raw bytes and panics if a promise of the crate is broken. It never touches the
//! network or the disk.

use webhook::{
    CallStatus, DebuggerEvent, Form, InboundMessage, Key, MessageStatus, Product, Request,
    VoiceRequest, append_query, request_url, signing_url, verify,
};

/// A form is read and written without loss, and typed forms keep what they read.
pub fn form_parse(input: &[u8]) {
    let form = match Form::parse(input) {
        Ok(form) => form,
        Err(error) => {
            assert!(error.at_byte < input.len(), "{error} lies outside the text");
            return;
        }
    };
    assert_eq!(Form::parse(form.encode().as_bytes()).as_ref(), Ok(&form));
    if let Ok(typed) = InboundMessage::from_form(&form) {
        assert_eq!(InboundMessage::from_form(&typed.to_form()), Ok(typed));
    }
    if let Ok(typed) = MessageStatus::from_form(&form) {
        assert_eq!(MessageStatus::from_form(&typed.to_form()), Ok(typed));
    }
    if let Ok(typed) = VoiceRequest::from_form(&form) {
        assert_eq!(VoiceRequest::from_form(&typed.to_form()), Ok(typed));
    }
    if let Ok(typed) = CallStatus::from_form(&form) {
        assert_eq!(CallStatus::from_form(&typed.to_form()), Ok(typed));
    }
    if let Ok(typed) = DebuggerEvent::from_form(&form) {
        assert_eq!(DebuggerEvent::from_form(&typed.to_form()), Ok(typed));
    }
}

/// The input's first line is a URL, the rest a form. What is signed verifies where it arrives, as
/// POST and GET, and another token's signature never does.
pub fn signature_url(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let (url, body) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(form) = Form::parse(body.as_bytes()) else {
        return;
    };
    let (key, seen) = (Key::new("token"), request_url(url));
    for product in [Product::Voice, Product::Messaging] {
        let signed = signing_url(url, product);
        assert_eq!(signing_url(&signed, product), signed, "signing twice changes nothing");
        let (body, signature) = (form.encode(), key.sign_form(&signed, &form));
        let post = Request {
            method: "POST",
            url: &seen,
            body: body.as_bytes(),
            content_type: None,
            signature: Some(&signature),
        };
        assert!(verify("token", &post).is_ok(), "{:?}", verify("token", &post));
        assert!(verify("another", &post).is_err());

        let signed = append_query(&signed, &form);
        let signature = key.sign_url(&signed);
        let seen = append_query(&seen, &form);
        let get =
            Request { method: "GET", url: &seen, body: b"", signature: Some(&signature), ..post };
        assert!(verify("token", &get).is_ok(), "{:?}", verify("token", &get));
        assert!(verify("another", &get).is_err());
    }
}
