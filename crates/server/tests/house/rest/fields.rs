//! Every resource shows exactly the fields of Twilio's OpenAPI documents (rest.md, Appendix A),
//! on creation, alone and in lists.

use super::{busy_call, create, of_account, recordings, text};
use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON, open};
use serde_json::Value;
use store::{Change, Write};

const ACCOUNT: &str = "auth_token date_created date_updated friendly_name owner_account_sid sid \
    status subresource_uris type uri";
const KEY: &str = "sid friendly_name date_created date_updated";
const APPLICATION: &str = "account_sid api_version date_created date_updated friendly_name \
    message_status_callback sid sms_fallback_method sms_fallback_url sms_method \
    sms_status_callback sms_url status_callback status_callback_method uri \
    voice_caller_id_lookup voice_fallback_method voice_fallback_url voice_method voice_url \
    public_application_connect_enabled";
const LOCAL_NUMBER: &str = "account_sid address_sid address_requirements api_version beta \
    capabilities date_created date_updated friendly_name identity_sid phone_number origin sid \
    sms_application_sid sms_fallback_method sms_fallback_url sms_method sms_url status_callback \
    status_callback_method trunk_sid uri voice_receive_mode voice_application_sid \
    voice_caller_id_lookup voice_fallback_method voice_fallback_url voice_method voice_url \
    emergency_status emergency_address_sid emergency_address_status bundle_sid status";
const MESSAGE: &str = "body num_segments direction from to date_updated price error_message uri \
    account_sid num_media status messaging_service_sid sid date_sent date_created error_code \
    price_unit api_version subresource_uris";
const MEDIA: &str = "account_sid content_type date_created date_updated parent_sid sid uri";
const FEEDBACK: &str = "account_sid message_sid outcome date_created date_updated uri";
const CALL: &str = "sid date_created date_updated parent_call_sid account_sid to to_formatted from \
    from_formatted phone_number_sid status start_time end_time duration price price_unit direction \
    answered_by api_version forwarded_from group_sid caller_name queue_time trunk_sid uri \
    subresource_uris";
const LISTED_NOTIFICATION: &str = "account_sid api_version call_sid date_created date_updated \
    error_code log message_date message_text more_info request_method request_url sid uri";
const RECORDING: &str = "account_sid api_version call_sid conference_sid date_created date_updated \
    start_time duration sid price price_unit status channels source error_code uri \
    encryption_details";
const EVENT: &str = "request response";
const LISTED_ALERT: &str = "account_sid alert_text api_version date_created date_generated \
    date_updated error_code log_level more_info request_method request_url resource_sid sid url \
    service_sid";

const SERVICE: &str = "sid account_sid friendly_name date_created date_updated \
    inbound_request_url inbound_method fallback_url fallback_method status_callback sticky_sender \
    mms_converter smart_encoding scan_message_content fallback_to_long_code area_code_geomatch \
    synchronous_validation validity_period url links usecase us_app_to_person_registered \
    use_inbound_webhook_on_number";
const SERVICE_NUMBER: &str = "sid account_sid service_sid date_created date_updated phone_number \
    country_code capabilities url";
const ALPHA_SENDER: &str = "sid account_sid service_sid date_created date_updated alpha_sender \
    capabilities url";

/// The fields of a resource are those, and each has a type that SDKs read.
/// The answer has these fields and no others, and its dates are of one of the two formats.
pub fn has(body: &Value, fields: &str, more: &str, what: &str) {
    let mut expected: Vec<&str> =
        fields.split_whitespace().chain(more.split_whitespace()).collect();
    expected.sort_unstable();
    let object = body.as_object().unwrap_or_else(|| panic!("{what}: {body}"));
    let mut found: Vec<&str> = object.keys().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, expected, "{what}");
    for (name, value) in object {
        if name.starts_with("date_") && !value.is_null() {
            let date = value.as_str().expect("a date is a text");
            let classic = jiff::fmt::strtime::parse("%a, %d %b %Y %H:%M:%S %z", date).is_ok();
            let modern = date.ends_with('Z') && date.len() == 20;
            assert!(classic || modern, "{what} {name}: {date}");
        }
    }
}

/// The resource at its own path and as the first of its list.
async fn fetched_and_listed(opened: &Opened, list: &str, made: &Value, fields: (&str, &str)) {
    let sid = text(made, "sid");
    let (status, one) = opened.call("GET", &of_account(&format!("{list}/{sid}")), &[]).await;
    assert_eq!(status, 200, "{one}");
    has(&one, fields.0, fields.1, list);
    let (_, body) = opened.call("GET", &of_account(list), &[]).await;
    let items = body.as_object().expect("a list").values().find_map(Value::as_array);
    has(&items.expect("one array")[0], fields.0, fields.1, &format!("{list} as a list"));
}

#[tokio::test]
async fn the_resources_of_an_account_have_their_fields() {
    let opened = open().await;
    let key = create(&opened, "Keys", &[]).await;
    has(&key, KEY, "secret", "a new key");
    fetched_and_listed(&opened, "Keys", &key, (KEY, "")).await;
    let key = create(&opened, "SigningKeys", &[]).await;
    has(&key, KEY, "secret", "a new signing key");
    fetched_and_listed(&opened, "SigningKeys", &key, (KEY, "")).await;
    let application = create(&opened, "Applications", &[]).await;
    has(&application, APPLICATION, "", "a new application");
    fetched_and_listed(&opened, "Applications", &application, (APPLICATION, "")).await;
    let number = create(&opened, "IncomingPhoneNumbers", &[("AreaCode", "415")]).await;
    has(&number, LOCAL_NUMBER, "type", "a new number");
    fetched_and_listed(&opened, "IncomingPhoneNumbers", &number, (LOCAL_NUMBER, "type")).await;
    for (kind, number) in
        [("Local", "+14155550199"), ("Mobile", "+447700900123"), ("TollFree", "+18005550100")]
    {
        let path = format!("IncomingPhoneNumbers/{kind}");
        let number = create(&opened, &path, &[("PhoneNumber", number)]).await;
        has(&number, LOCAL_NUMBER, "", kind);
    }
}

#[tokio::test]
async fn accounts_have_their_fields() {
    let opened = open().await;
    let (_, made) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    has(&made, ACCOUNT, "", "a new account");
    assert!(text(&made, "friendly_name").starts_with("SubAccount Created at "), "{made}");
    let (_, one) = opened.call("GET", "/2010-04-01/Accounts/{AC}.json", &[]).await;
    has(&one, ACCOUNT, "", "an account");
    assert_eq!(one["auth_token"], opened.token.as_str());
    let (_, list) = opened.call("GET", "/2010-04-01/Accounts.json", &[]).await;
    has(&list["accounts"][0], ACCOUNT, "", "accounts");
}

#[tokio::test]
async fn messages_and_what_hangs_on_them_have_their_fields() {
    let opened = open().await;
    crate::media::show_pictures(&opened.customer);
    let picture = opened.customer.url("/cat.png");
    let form = [
        ("To", "+12025550199"),
        ("From", "+12025550100"),
        ("MediaUrl", picture.as_str()),
        ("ProvideFeedback", "true"),
    ];
    let message = create(&opened, "Messages", &form).await;
    has(&message, MESSAGE, "", "a new message");
    opened.quiet().await;
    let message = opened
        .call("GET", &of_account(&format!("Messages/{}", text(&message, "sid"))), &[])
        .await
        .1;
    fetched_and_listed(&opened, "Messages", &message, (MESSAGE, "")).await;
    let base = format!("Messages/{}", text(&message, "sid"));
    let (_, list) = opened.call("GET", &of_account(&format!("{base}/Media")), &[]).await;
    let medium = &list["media_list"][0];
    has(medium, MEDIA, "", "media");
    fetched_and_listed(&opened, &format!("{base}/Media"), medium, (MEDIA, "")).await;
    let (status, body) = opened.call("POST", &of_account(&format!("{base}/Feedback")), &[]).await;
    assert_eq!(status, 200, "{body}");
    has(&body, FEEDBACK, "", "feedback");
}

#[tokio::test]
async fn calls_and_what_hangs_on_them_have_their_fields() {
    let opened = open().await;
    opened.customer.on("/told", [Say::status(204)]);
    let told = opened.customer.url("/told");
    let form = [("To", PERSON), ("From", NUMBER), ("Url", &told), ("StatusCallback", &told)];
    opened.handset(&[("OnCall", "busy")]).await;
    let call = create(&opened, "Calls", &form).await;
    has(&call, CALL, "", "a new call");
    let parts = "notifications recordings payments events siprec streams transcriptions \
        user_defined_message_subscriptions user_defined_messages";
    has(&call["subresource_uris"], parts, "", "parts of a call");
    opened.quiet().await;
    fetched_and_listed(&opened, "Calls", &call, (CALL, "")).await;
    let sid = text(&call, "sid");
    let recording = recordings::keep(&opened, &sid, |_| {}).await;
    let made = serde_json::json!({ "sid": recording });
    let more = "subresource_uris media_url";
    fetched_and_listed(&opened, "Recordings", &made, (RECORDING, more)).await;
    let path = format!("Calls/{sid}/Recordings");
    fetched_and_listed(&opened, &path, &made, (RECORDING, "track")).await;
    let (_, events) = opened.call("GET", &of_account(&format!("Calls/{sid}/Events")), &[]).await;
    let event = &events["events"][0];
    has(event, EVENT, "", "an event");
    has(&event["request"], "method url parameters", "", "a request");
    let answer = "response_code request_duration content_type response_body date_created";
    has(&event["response"], answer, "", "a response");
}

#[tokio::test]
async fn a_notification_has_its_fields_at_its_account_and_at_its_call() {
    let opened = open().await;
    let call = text(&busy_call(&opened).await, "sid");
    let alert = exchange::alerts::Alert {
        sid: opened.house.alert_sid(),
        account: opened.sid,
        resource: exchange::sid::Sid::parse(&call),
        code: 11_200,
        level: exchange::alerts::codes::Level::Error,
        text: "ErrorCode=11200".into(),
        request: None,
        created: opened.house.now(),
    };
    let sid = alert.sid;
    opened.house.save(Change::one(Write::InsertAlert(Box::new(alert)))).await.expect("saved");
    for list in ["Notifications".to_owned(), format!("Calls/{call}/Notifications")] {
        let (_, body) = opened.call("GET", &of_account(&list), &[]).await;
        has(&body["notifications"][0], LISTED_NOTIFICATION, "", &list);
        let (_, one) = opened.call("GET", &of_account(&format!("{list}/{sid}")), &[]).await;
        let more = "request_variables response_body response_headers";
        has(&one, LISTED_NOTIFICATION, more, &list);
        assert_eq!(
            one["uri"],
            of_account(&format!("{list}/{sid}")).replace("{AC}", opened.sid.as_str())
        );
        assert_eq!(one["call_sid"], call.as_str());
    }
}

#[tokio::test]
async fn a_service_and_its_senders_have_their_fields() {
    let opened = open().await;
    let form = [("FriendlyName", "Shop")];
    let (_, made) = opened.call("POST", "/messaging/v1/Services", &form).await;
    let number = create(&opened, "IncomingPhoneNumbers", &[("AreaCode", "415")]).await;
    let one = format!("/messaging/v1/Services/{}", text(&made, "sid"));
    let number = text(&number, "sid");
    let mut of_senders = Vec::new();
    for (path, form, fields) in [
        ("PhoneNumbers", ("PhoneNumberSid", number.as_str()), SERVICE_NUMBER),
        ("AlphaSenders", ("AlphaSender", "Bakery"), ALPHA_SENDER),
    ] {
        let list = format!("{one}/{path}");
        let (status, made) = opened.call("POST", &list, &[form]).await;
        assert_eq!(status, 201, "{made}");
        of_senders.push((list, made, fields));
    }
    let links = "phone_numbers short_codes alpha_senders messages us_app_to_person \
        us_app_to_person_usecases channel_senders destination_alpha_senders";
    has(&made["links"], links, "", "parts of a service");
    let service = ("/messaging/v1/Services".to_owned(), made, SERVICE);
    for (list, made, fields) in of_senders.into_iter().chain([service]) {
        has(&made, fields, "", &list);
        let (_, alone) = opened.call("GET", &format!("{list}/{}", text(&made, "sid")), &[]).await;
        assert_eq!(alone, made);
        let (_, body) = opened.call("GET", &list, &[]).await;
        let key = body["meta"]["key"].as_str().expect("a key");
        assert_eq!(body[key], Value::from(vec![made]), "{list}");
    }
}

#[tokio::test]
async fn an_alert_has_its_fields_also_without_a_request() {
    let opened = open().await;
    let alert = exchange::alerts::Alert {
        sid: opened.house.alert_sid(),
        account: opened.sid,
        resource: None,
        code: 11_200,
        level: exchange::alerts::codes::Level::Error,
        text: String::new(),
        request: None,
        created: opened.house.now(),
    };
    let path = format!("/monitor/v1/Alerts/{}", alert.sid);
    opened.house.save(Change::one(Write::InsertAlert(Box::new(alert)))).await.expect("saved");
    let (_, list) = opened.call("GET", "/monitor/v1/Alerts", &[]).await;
    has(&list["alerts"][0], LISTED_ALERT, "", "alerts");
    let (_, one) = opened.call("GET", &path, &[]).await;
    let more = "request_variables request_headers response_headers response_body";
    has(&one, LISTED_ALERT, more, "an alert");
    assert_eq!(one["request_method"], Value::Null);
}
