//! Properties of signing and verifying that hold for every form and URL.

use std::collections::BTreeMap;

use proptest::prelude::*;
use webhook::{
    Form, Key, Mismatch, Product, Request, append_query, request_url, signing_url, verify,
};

/// URLs as customers configure them: any scheme, port, credentials, query, fragment.
fn any_url() -> impl Strategy<Value = String> {
    let pattern = "(https|http|HTTPS)://([a-z]{1,3}(:[a-z%0-9]{0,3})?@)?\
                   ([A-Za-z0-9.]{1,8}|\\[::1\\])(:[0-9]{0,4})?(/[a-z%2f~'é/]{0,8})?\
                   (\\?[a-z=&%2f+'é]{0,12})?(#[a-z=?/@]{0,6})?";
    proptest::string::string_regex(pattern).unwrap()
}

/// Forms whose names are all different, in any order: with repeated names one value can be changed
/// to another that is there already, which the signature, counting equal values once, cannot see.
fn any_form() -> impl Strategy<Value = Form> {
    let pairs = proptest::collection::btree_map(any::<String>(), any::<String>(), 0..6);
    pairs
        .prop_map(|pairs: BTreeMap<_, _>| pairs.into_iter().collect::<Vec<_>>())
        .prop_shuffle()
        .prop_map(Form::from_pairs)
}

fn post<'a>(url: &'a str, body: &'a str, signature: &'a str) -> Request<'a> {
    Request {
        method: "POST",
        url,
        body: body.as_bytes(),
        content_type: Some(webhook::CONTENT_TYPE),
        signature: Some(signature),
    }
}

proptest! {
    #[test]
    fn any_form_survives_the_wire(pairs in any::<Vec<(String, String)>>()) {
        let form = Form::from_pairs(pairs);
        let text = form.encode();
        prop_assert!(text.is_ascii());
        prop_assert_eq!(Form::parse(text.as_bytes()), Ok(form));
    }

    #[test]
    fn any_bytes_are_read_or_refused_within_themselves(text in any::<Vec<u8>>()) {
        match Form::parse(&text) {
            Ok(form) => prop_assert_eq!(Form::parse(form.encode().as_bytes()), Ok(form)),
            Err(error) => prop_assert!(error.at_byte < text.len()),
        }
    }

    #[test]
    fn what_is_signed_verifies_where_it_arrives(
        token in any::<String>(), configured in any_url(), form in any_form(),
    ) {
        let key = Key::new(&token);
        for product in [Product::Voice, Product::Messaging] {
            let signed = signing_url(&configured, product);
            let seen = request_url(&configured);
            let body = form.encode();
            let signature = key.sign_form(&signed, &form);
            let verified = verify(&token, &post(&seen, &body, &signature));
            let verified = verified.map_err(|why| TestCaseError::fail(why.reason()))?;
            if !form.is_empty() {
                prop_assert_eq!(verified.parameters, form.clone());
            }
        }
    }

    #[test]
    fn a_get_verifies_and_gives_its_parameters_back(
        configured in any_url(), form in any_form(),
    ) {
        let signed = append_query(&signing_url(&configured, Product::Messaging), &form);
        let signature = Key::new("t").sign_url(&signed);
        let verified = verify("t", &Request { method: "GET", ..post(&signed, "", &signature) });
        let parameters: Vec<_> = verified.unwrap().parameters.into_iter().collect();
        let start = parameters.len() - form.len();
        prop_assert_eq!(Form::from_pairs(parameters[start..].iter().cloned()), form);
    }

    #[test]
    fn any_body_verifies_and_any_other_does_not(
        configured in any_url(), body in any::<Vec<u8>>(), other in any::<Vec<u8>>(),
    ) {
        let (url, signature) = Key::new("t").sign_body(&request_url(&configured), &body);
        let content_type = Some("application/json");
        let request = Request { content_type, body: &body, ..post(&url, "", &signature) };
        prop_assert!(verify("t", &request).is_ok());
        if other != body && !other.is_empty() {
            let forged = verify("t", &Request { body: &other, ..request });
            let is_hash = matches!(forged, Err(Mismatch::BodyHashDiffers { .. }));
            prop_assert!(is_hash);
        }
    }

    #[test]
    fn one_changed_value_breaks_the_signature(
        url in any_url(), form in any_form(), index in any::<prop::sample::Index>(),
        value in any::<String>(),
    ) {
        prop_assume!(!form.is_empty());
        let (name, old) = form.iter().nth(index.index(form.len())).unwrap();
        prop_assume!(old != value);
        let mut changed = form.clone();
        changed.set(name, value);
        let url = signing_url(&url, Product::Messaging);
        let signature = Key::new("t").sign_form(&url, &form);
        prop_assert!(verify("t", &post(&url, &changed.encode(), &signature)).is_err());
    }

    #[test]
    fn another_token_breaks_the_signature(url in any_url(), form in any_form(), token in "[a-z]{1,9}") {
        prop_assume!(token != "t");
        let signature = Key::new("t").sign_form(&url, &form);
        let verified = verify(&token, &post(&url, &form.encode(), &signature));
        prop_assert_eq!(verified, Err(Mismatch::WrongTokenOrUrl));
    }

    #[test]
    fn order_and_repetition_do_not_change_the_signature(form in any_form()) {
        let mut pairs: Vec<_> = form.clone().into_iter().collect();
        pairs.extend(pairs.clone());
        pairs.reverse();
        let key = Key::new("t");
        let repeated = Form::from_pairs(pairs);
        prop_assert_eq!(key.sign_form("https://h", &form), key.sign_form("https://h", &repeated));
    }

    #[test]
    fn no_request_makes_verification_panic(
        method in any::<String>(), url in any::<String>(), body in any::<Vec<u8>>(),
        content_type in any::<Option<String>>(), signature in "[A-Za-z0-9+/]{26}[AEIMQUYcgkosw048]=",
    ) {
        let signature = Some(signature.as_str());
        let content_type = content_type.as_deref();
        let url = format!("http://{url}");
        let request = Request { method: &method, url: &url, body: &body, content_type, signature };
        prop_assert!(verify("t", &request).is_err());
    }
}
