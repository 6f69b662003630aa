//! Twilio's REST API: its conventions, a file per resource, and the table of operations.

mod accounts;
mod alerts;
mod audit;
mod available;
mod calls;
mod conventions;
mod credentials;
mod fields;
mod formats;
mod messages;
mod mp3;
mod notifications;
mod numbers;
mod operations;
mod pools;
mod recordings;
mod user_messages;

pub use fields::has;
pub mod world;

use crate::asker::{self, Got};
use crate::support::{NUMBER, Opened, PERSON};
use serde_json::Value;

/// A resource of the house's account.
pub fn of_account(path: &str) -> String {
    format!("/2010-04-01/Accounts/{{AC}}/{path}.json")
}

/// The text at a pointer of an answer.
pub fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_else(|| panic!("no text {name} in {body}")).to_owned()
}

/// Calls with other credentials than the account's.
pub async fn ask_as(
    opened: &Opened,
    (user, password): (&str, &str),
    (method, path): (&str, &str),
    form: &[(&str, &str)],
) -> Got {
    let path = path.replace("{AC}", opened.sid.as_str());
    let request = asker::form_request(method, &path, &asker::basic(user, password), form);
    asker::exchange(&opened.url, &request).await.expect("an answer")
}

/// Makes a resource of the account; its body.
pub async fn create(opened: &Opened, path: &str, form: &[(&str, &str)]) -> Value {
    let (status, body) = opened.call("POST", &of_account(path), form).await;
    assert_eq!(status, 201, "{path}: {body}");
    body
}

/// Makes the house's number ask `url` about calls.
pub async fn point_calls(opened: &Opened, url: &str) {
    let number = opened.house.store.number_at(NUMBER).expect("readable").expect("there");
    let path = of_account(&format!("IncomingPhoneNumbers/{}", number.sid));
    let (status, body) = opened.call("POST", &path, &[("VoiceUrl", url)]).await;
    assert_eq!(status, 200, "{body}");
}

/// A call that found its handset busy.
pub async fn busy_call(opened: &Opened) -> Value {
    opened.handset(&[("OnCall", "busy")]).await;
    let url = opened.customer.url("/voice");
    let form = [("To", PERSON), ("From", NUMBER), ("Url", url.as_str())];
    let made = create(opened, "Calls", &form).await;
    opened.quiet().await;
    opened.handset(&[("OnCall", "ring")]).await;
    made
}

/// Asserts a refusal's status and code; the answer is Twilio's error JSON.
pub fn refused(what: &str, (status, body): (u16, Value), expected: (u16, u32)) {
    assert_eq!(
        (status, body["code"].as_u64()),
        (expected.0, Some(expected.1.into())),
        "{what}: {body}"
    );
    assert_eq!(body["status"], expected.0, "{what}");
    let page = format!("https://www.twilio.com/docs/errors/{}", expected.1);
    assert_eq!(body["more_info"], page, "{what}");
    assert!(body["message"].as_str().is_some_and(|text| !text.is_empty()), "{what}");
}
