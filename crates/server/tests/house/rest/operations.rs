//! The table of operations is what the router does and what docs/compatibility.md says.
//!
//! `UPDATE=1` writes the page anew.

use super::{busy_call, create, of_account, recordings, text};
use crate::support::{Opened, open};
use offhook::api::operations::{OTHER_PRODUCTS, Operation, Operations, Status};
use std::fmt::Write as _;
use store::{Change, Write};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/compatibility.md");

const VERBS: &str = include_str!("../../../../exchange/src/calls/verbs/attributes.txt");

const HEAD: &str = "\
# Compatibility

Which of Twilio's REST operations this version does, and what its calls do with each attribute of
[TwiML](#twiml-of-calls). The page is written from the table that the
server itself answers from (`crates/server/src/api/operations.tsv`) and from that of the verbs
(`crates/exchange/src/calls/verbs/attributes.txt`); tests hold both against the
real router and the scenarios of the verbs. To write it anew: `UPDATE=1 cargo test -p offhook --test house compatibility_page`.

- **supported**: parameters, fields, paging and errors as documented, but for the note.
- **partly**: what the note names is missing and is refused, never ignored.
- **not yet**: known, and answered with HTTP 403 and code 20403, naming the operation and this page.
  Never a fake success, never a 5xx, which SDKs would repeat.

A path that Twilio does not have answers 404 and code 20404, a method that it does not have there
405 and code 20004. What `offhook` decides where Twilio's documents are silent is in
[fidelity.md](fidelity.md). In the tables `…` is `/2010-04-01/Accounts/{AccountSid}`.

";

/// The page as the table would have it.
fn page(operations: &[Operation]) -> String {
    let mut page = HEAD.to_owned();
    let mut sections: Vec<(String, Vec<&Operation>)> = Vec::new();
    for operation in operations {
        let version = operation.path.split('/').nth(1).unwrap_or_default();
        let name = format!("{} {version}", operation.product);
        match sections.last_mut() {
            Some((last, list)) if *last == name => list.push(operation),
            _ => sections.push((name, vec![operation])),
        }
    }
    page.push_str(
        "| product | operations | supported | partly | not yet |\n|---|--:|--:|--:|--:|\n",
    );
    for (name, list) in &sections {
        let count = |status| list.iter().filter(|operation| operation.status == status).count();
        let anchor = name.replace(' ', "-");
        let (supported, partly) = (count(Status::Supported), count(Status::Partly));
        let not_yet = count(Status::NotYet);
        let all = list.len();
        writeln!(page, "| [{name}](#{anchor}) | {all} | {supported} | {partly} | {not_yet} |")
            .expect("a text grows");
    }
    write!(
        page,
        "\nOther products of Twilio's are known by name only; all they have is not yet: {}.\n",
        OTHER_PRODUCTS.join(", ")
    )
    .expect("a text grows");
    for (name, list) in &sections {
        write!(
            page,
            "\n## {name}\n\n| operation | method | path | status | note |\n|---|---|---|---|---|\n"
        )
        .expect("a text grows");
        for Operation { name, method, path, status, note, .. } in list {
            let path = path.replace("/2010-04-01/Accounts/{AccountSid}", "…");
            writeln!(page, "| {name} | {method} | `{path}` | {} | {note} |", status.as_str())
                .expect("a text grows");
        }
    }
    page + &verbs()
}

/// What calls do with each element and attribute.
fn verbs() -> String {
    let mut table = "
## TwiML of calls

Every element and attribute is read and checked. `(content)` is the element itself.

- **yes**: carried out, but for the note.
- **partly**: what the note names is carried out.
- **no effect**: nothing follows from it.
- **not yet**: an alert with code 13750 names it, and the call goes on with its action or the next verb.

| element | attributes | carried out | note |
|---|---|---|---|
"
    .to_owned();
    for line in VERBS.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [element, attributes, what, note] = cells[..] else { panic!("four cells: {line}") };
        let attributes: Vec<String> =
            attributes.split_whitespace().map(|name| format!("`{name}`")).collect();
        writeln!(table, "| {element} | {} | {what} | {note} |", attributes.join(" "))
            .expect("a text grows");
    }
    table
}

#[test]
fn compatibility_page_is_current() {
    let expected = page(Operations::read().all());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(PAGE, &expected).expect("the page can be written");
    }
    let found = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(found == expected, "docs/compatibility.md is stale: run with UPDATE=1");
}

/// An event type.
const TYPE: &str = "com.twilio.messaging.message.read";

/// What is at the blanks of the paths we do.
struct Sids {
    sub: String,
    key: String,
    application: String,
    number: String,
    message: String,
    media: String,
    alert: String,
    call: String,
    recording: String,
    service: String,
    service_number: String,
    alpha: String,
    audit: String,
    verify_service: String,
    verification: String,
    rate_limit: String,
    bucket: String,
    sink: String,
    subscription: String,
    address: String,
    caller_id: String,
    trigger: String,
    chat: String,
    participant: String,
    said: String,
    receipt: String,
    chat_hook: String,
    chat_service: String,
    chat_medium: String,
}

async fn furnish(opened: &Opened) -> Sids {
    let sid = |body: serde_json::Value| text(&body, "sid");
    let (_, sub) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    crate::media::show_pictures(&opened.customer);
    let picture = opened.customer.url("/cat.png");
    let form = [
        ("To", "+12025550199"),
        ("From", "+12025550100"),
        ("MediaUrl", picture.as_str()),
        ("ProvideFeedback", "true"),
    ];
    let message = sid(create(opened, "Messages", &form).await);
    opened.quiet().await;
    let media = of_account(&format!("Messages/{message}/Media"));
    let (_, media) = opened.call("GET", &media, &[]).await;
    let mut alert = exchange::alerts::Alert {
        sid: opened.house.alert_sid(),
        account: opened.sid,
        resource: None,
        code: 11_200,
        level: exchange::alerts::codes::Level::Error,
        text: String::new(),
        request: None,
        created: opened.house.now(),
    };
    let alert_sid = alert.sid.to_string();
    let call = sid(busy_call(opened).await);
    alert.resource = exchange::sid::Sid::parse(&call);
    opened.house.save(Change::one(Write::InsertAlert(Box::new(alert)))).await.expect("saved");
    let number = sid(create(opened, "IncomingPhoneNumbers", &[("AreaCode", "415")]).await);
    let service = crate::pools::service(opened, &[], &[]).await;
    let below = format!("/messaging/v1/Services/{service}");
    let form = [("PhoneNumberSid", number.as_str())];
    let (_, sender) = opened.call("POST", &format!("{below}/PhoneNumbers"), &form).await;
    let (_, events) = opened.call("GET", "/monitor/v1/Events", &[]).await;
    let form = [("AlphaSender", "Bakery")];
    let (_, alpha) = opened.call("POST", &format!("{below}/AlphaSenders"), &form).await;
    let verify = crate::verify::service(opened, &[]).await;
    let verification = sid(crate::verify::begin(opened, &verify, &[]).await);
    let (rate_limit, bucket) = crate::verify::limit(opened, &verify, "10").await;
    let sink = crate::sinks::sink(opened, "https://example.com/", "{}").await;
    let wanted = ["com.twilio.error-logs.error.logged", TYPE];
    let subscription = crate::sinks::subscribe(opened, &sink, &wanted).await;
    let chat = crate::chats::conversation(opened).await;
    // Each furnishing binds somebody else.
    let turn = opened.house.clock.wire_us() / 1000 % 10_000_000;
    let person = format!("+1303{turn:07}");
    let participant = sid(crate::chats::join(opened, &chat, &person).await);
    let (_, said) = opened.call("POST", &format!("{chat}/Messages"), &[("Body", "x")]).await;
    let said = sid(said);
    let receipts = format!("{chat}/Messages/{said}/Receipts");
    let (_, receipts) = opened.call("GET", &receipts, &[]).await;
    let form = [("Target", "webhook"), ("Configuration.Url", "https://example.com/")];
    let (_, chat_hook) = opened.call("POST", &format!("{chat}/Webhooks"), &form).await;
    let own = exchange::sid::chat_service(opened.sid);
    let chat_medium = crate::chat_media::upload(opened, own.as_str(), "").await;
    Sids {
        chat_medium: text(&chat_medium, "sid"),
        chat: chat.rsplit('/').next().unwrap_or_default().to_owned(),
        participant,
        said,
        receipt: text(&receipts["delivery_receipts"][0], "sid"),
        chat_hook: sid(chat_hook),
        chat_service: own.to_string(),
        sink,
        subscription,
        verify_service: verify.rsplit('/').next().unwrap_or_default().to_owned(),
        verification,
        rate_limit,
        bucket,
        service,
        service_number: sid(sender),
        alpha: sid(alpha),
        audit: text(&events["events"][0], "sid"),
        address: sid(create(opened, "Addresses", super::world::ADDRESS).await),
        caller_id: super::world::verified(opened, "+12025550188").await,
        trigger: sid(create(opened, "Usage/Triggers", super::world::TRIGGER).await),
        sub: sid(sub),
        key: sid(create(opened, "Keys", &[]).await),
        application: sid(create(opened, "Applications", &[]).await),
        number,
        message,
        media: text(&media["media_list"][0], "sid"),
        alert: alert_sid,
        recording: recordings::keep(opened, &call, |_| {}).await,
        call,
    }
}

/// Operations on what is never there.
const EMPTY: &[&str] = &[
    "FetchTranscription",
    "DeleteTranscription",
    "FetchRecordingTranscription",
    "DeleteRecordingTranscription",
    "FetchShortCode",
    "DeleteShortCode",
    // A subscription lives with a call that is live.
    "DeleteUserDefinedMessageSubscription",
    "UpdateShortCode",
];

/// The operation's path with sids that exist, where we know any.
fn filled(operation: &Operation, opened: &Opened, sids: &Sids) -> String {
    let made_up = "XX00000000000000000000000000000000";
    // `{Sid}` is of the list before it.
    let list = operation.path.split("/{Sid}").next().and_then(|before| before.rsplit('/').next());
    let last = match list.unwrap_or_default().trim_end_matches(".json") {
        "Accounts" => &sids.sub,
        "Keys" | "SigningKeys" => &sids.key,
        "Applications" => &sids.application,
        "IncomingPhoneNumbers" => &sids.number,
        "Media" if operation.product == "mcs" => &sids.chat_medium,
        "Media" => &sids.media,
        "Alerts" | "Notifications" => &sids.alert,
        "Addresses" => &sids.address,
        "OutgoingCallerIds" => &sids.caller_id,
        "Triggers" => &sids.trigger,
        "Events" if operation.product == "monitor" => &sids.audit,
        "Calls" => &sids.call,
        "Recordings" => &sids.recording,
        "Services" if operation.product == "messaging" => &sids.service,
        "Services" if operation.product == "verify" => &sids.verify_service,
        "Messages" if operation.product == "conversations" => &sids.said,
        "Messages" => &sids.message,
        "Services" if operation.product == "conversations" => &sids.chat_service,
        "Conversations" => &sids.chat,
        "Participants" => &sids.participant,
        "Receipts" => &sids.receipt,
        "Webhooks" if operation.product == "conversations" => &sids.chat_hook,
        "Verifications" => &sids.verification,
        "RateLimits" => &sids.rate_limit,
        "Buckets" => &sids.bucket,
        "Sinks" => &sids.sink,
        "Subscriptions" => &sids.subscription,
        "PhoneNumbers" => &sids.service_number,
        "AlphaSenders" => &sids.alpha,
        _ => made_up,
    };
    let message = match operation.product {
        "conversations" => &sids.said,
        _ => &sids.message,
    };
    let service = match operation.product {
        "verify" => &sids.verify_service,
        _ => &sids.service,
    };
    let path = operation
        .path
        .replace("{AccountSid}", opened.sid.as_str())
        .replace("{CountryCode}", "GB")
        .replace("{AddressSid}", &sids.address)
        .replace("{MessageSid}", message)
        .replace("{ConversationSid}", &sids.chat)
        .replace("{CallSid}", &sids.call)
        .replace("{RateLimitSid}", &sids.rate_limit)
        .replace("{RecordingSid}", &sids.recording)
        .replace("{ServiceSid}", service)
        .replace("{ChatServiceSid}", &sids.chat_service)
        .replace("{SubscriptionSid}", &sids.subscription)
        .replace("{Type}", TYPE)
        .replace("{Id}", "Messaging.MessageStatus")
        .replace("{SchemaVersion}", "7")
        .replace("{Sid}", last);
    let segments = path.split('/').map(|segment| match segment.strip_prefix('{') {
        None => segment.to_owned(),
        Some(rest) => format!("{made_up}{}", rest.split_once('}').map_or("", |(_, rest)| rest)),
    });
    let path = segments.collect::<Vec<_>>().join("/");
    match operation.product {
        "api" => path,
        product => format!("/{product}{path}"),
    }
}

#[tokio::test]
async fn every_operation_is_as_far_as_the_table_says() {
    let opened = open().await;
    let mut sids = furnish(&opened).await;
    for operation in Operations::read().all() {
        let path = filled(operation, &opened, &sids);
        let (status, body) = opened.call(operation.method, &path, &[]).await;
        let code = body["code"].as_u64();
        let what = format!("{} {} {path}: {status} {body}", operation.name, operation.method);
        match operation.status {
            Status::NotYet => {
                assert_eq!((status, code), (403, Some(20_403)), "{what}");
                let message = body["message"].as_str().unwrap_or_default();
                assert!(message.contains(operation.name), "{what}");
            }
            // There is no engine that would make one, a house has no short codes, and nobody has
            // subscribed.
            Status::Supported if EMPTY.contains(&operation.name) => {
                assert_eq!((status, code), (404, Some(20_404)), "{what}");
            }
            Status::Supported | Status::Partly => {
                // 400 is a parameter that this request has not, 409 a message on its way.
                assert!(matches!(status, 200 | 201 | 204 | 400 | 409), "{what}");
                assert_ne!(code, Some(20_403), "{what}");
            }
        }
        if operation.method == "DELETE" && status == 204 {
            sids = furnish(&opened).await;
        }
    }
}

#[tokio::test]
async fn a_path_of_the_api_that_no_route_takes_is_in_the_table_or_not_there() {
    let opened = open().await;
    for path in ["Queues", "ConnectApps", "SIP/Domains/SD1/Auth/Calls/CredentialListMappings"] {
        let (status, body) = opened.call("GET", &of_account(path), &[]).await;
        assert_eq!((status, body["code"].as_u64()), (403, Some(20_403)), "{path}");
    }
    let (status, _) = opened.call("GET", &of_account("Queues/QU1/More"), &[]).await;
    assert_eq!(status, 404);
}
