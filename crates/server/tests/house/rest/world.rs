//! Addresses, caller ids, balance, short codes, and what was used.

use super::{ask_as, create, of_account, refused, text};
use crate::support::{NUMBER, Opened, PERSON, open};
use serde_json::{Value, json};

pub const ADDRESS: &[(&str, &str)] = &[
    ("CustomerName", "Ann"),
    ("Street", "1 Main St"),
    ("City", "Reno"),
    ("Region", "NV"),
    ("PostalCode", "89501"),
    ("IsoCountry", "US"),
];
pub const TRIGGER: &[(&str, &str)] = &[
    ("CallbackUrl", "https://app.example/used"),
    ("TriggerValue", "1000"),
    ("UsageCategory", "sms"),
];

/// Asserts the keys of an answer.
fn has(body: &Value, fields: &str) {
    let mut expected: Vec<&str> = fields.split_whitespace().collect();
    expected.sort_unstable();
    let found = body.as_object().unwrap_or_else(|| panic!("{body}"));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected);
}

/// Answers the call that verifies a number, and types `digits`.
async fn types(opened: &Opened, number: &str, call: &str, digits: &str) {
    let path = format!("/offhook/v1/Phones/{number}/Calls/{call}");
    opened.quiet().await;
    let (status, body) = opened.call("POST", &format!("{path}/Answer"), &[]).await;
    assert_eq!(status, 200, "{body}");
    opened.quiet().await;
    let (status, body) =
        opened.call("POST", &format!("{path}/Digits"), &[("Digits", digits)]).await;
    assert_eq!(status, 200, "{body}");
    opened.quiet().await;
}

/// Makes a number a caller id of the account; its sid.
pub async fn verified(opened: &Opened, number: &str) -> String {
    let list = of_account("OutgoingCallerIds");
    let filter = [("PhoneNumber", number)];
    let (_, before) = opened.call("GET", &list, &filter).await;
    if let Some(sid) = before["outgoing_caller_ids"][0]["sid"].as_str() {
        return sid.to_owned();
    }
    let (status, body) = opened.call("POST", &list, &filter).await;
    assert_eq!(status, 200, "{body}");
    let call = text(&body, "call_sid");
    types(opened, number, &call, &text(&body, "validation_code")).await;
    // Whoever hears the thanks to their end keeps the line as long.
    let path = format!("/offhook/v1/Phones/{number}/Calls/{call}/Hangup");
    let (status, body) = opened.call("POST", &path, &[]).await;
    assert!(matches!(status, 200 | 409), "{body}");
    let (_, after) = opened.call("GET", &list, &filter).await;
    text(&after["outgoing_caller_ids"][0], "sid")
}

#[tokio::test]
async fn a_caller_id_is_verified_by_who_types_the_code_and_may_then_call() {
    let mut opened = open().await;
    opened.stand_still();
    let list = of_account("OutgoingCallerIds");
    let told = opened.customer.url("/verified");
    let from = "+12025550188";
    let calling = [("To", PERSON), ("From", from), ("Url", "https://app.example/")];
    let early = opened.call("POST", &of_account("Calls"), &calling).await;
    refused("not verified", early, (400, 21_210));

    let form = [("PhoneNumber", from), ("StatusCallback", &told), ("FriendlyName", "Home")];
    let (status, body) = opened.call("POST", &list, &form).await;
    assert_eq!(status, 200, "{body}");
    has(&body, "account_sid call_sid friendly_name phone_number validation_code");
    let (call, code) = (text(&body, "call_sid"), text(&body, "validation_code"));
    assert!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    types(&opened, from, &call, wrong).await;
    let (_, none) = opened.call("GET", &list, &[]).await;
    assert_eq!(none["outgoing_caller_ids"], json!([]));
    let path = format!("/offhook/v1/Phones/{from}/Calls/{call}/Digits");
    assert_eq!(opened.call("POST", &path, &[("Digits", &code)]).await.0, 200);
    opened.advance(60).await;
    let seen = opened.heard_on("/verified").await;
    assert_eq!(seen.get("VerificationStatus").as_deref(), Some("success"));
    assert_eq!(seen.get("CallSid").as_deref(), Some(call.as_str()));
    let (_, all) = opened.call("GET", &list, &[("PhoneNumber", "(202) 555-0188")]).await;
    let one = &all["outgoing_caller_ids"][0];
    has(one, "sid date_created date_updated friendly_name account_sid phone_number uri");
    assert_eq!(seen.get("OutgoingCallerIdSid"), one["sid"].as_str().map(str::to_owned));
    assert_eq!((&one["phone_number"], &one["friendly_name"]), (&from.into(), &"Home".into()));
    let (status, body) = opened.call("POST", &of_account("Calls"), &calling).await;
    assert_eq!((status, &body["from"]), (201, &from.into()), "{body}");
    refused("twice", opened.call("POST", &list, &form).await, (400, 21_450));

    let path = of_account(&format!("OutgoingCallerIds/{}", text(one, "sid")));
    let (status, body) = opened.call("POST", &path, &[("FriendlyName", "Flat")]).await;
    assert_eq!((status, &body["friendly_name"]), (200, &"Flat".into()), "{body}");
    assert_eq!(opened.call("GET", &path, &[]).await.1, body);
    let (_, found) = opened.call("GET", &list, &[("FriendlyName", "Home")]).await;
    assert_eq!(found["outgoing_caller_ids"], json!([]));
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    refused("gone", opened.call("GET", &path, &[]).await, (404, 20_404));
    let late = opened.call("POST", &of_account("Calls"), &calling).await;
    refused("no more", late, (400, 21_210));
    opened.advance(600).await;
    opened.finish().await;
}

#[tokio::test]
async fn a_verification_calls_after_its_delay_and_may_be_taken_back_before() {
    let mut opened = open().await;
    opened.stand_still();
    let list = of_account("OutgoingCallerIds");
    opened.handset(&[("OnCall", "busy")]).await;
    let told = opened.customer.url("/verified");
    let form = [("PhoneNumber", PERSON), ("StatusCallback", told.as_str()), ("CallDelay", "45")];
    let (_, body) = opened.call("POST", &list, &form).await;
    let path = of_account(&format!("Calls/{}", text(&body, "call_sid")));
    opened.advance(44).await;
    let (_, waiting) = opened.call("GET", &path, &[]).await;
    assert_eq!((&waiting["status"], &waiting["start_time"]), (&"queued".into(), &Value::Null));
    let answer = format!("/offhook/v1/Phones/{PERSON}/Calls/{}/Answer", text(&body, "call_sid"));
    refused("it does not ring", opened.call("POST", &answer, &[]).await, (409, 21_220));
    opened.advance(1).await;
    let (_, busy) = opened.call("GET", &path, &[]).await;
    assert_eq!(busy["status"], "busy", "{busy}");
    let seen = opened.heard_on("/verified").await;
    assert_eq!(seen.get("VerificationStatus").as_deref(), Some("failed"));

    let (_, body) = opened.call("POST", &list, &form).await;
    let path = of_account(&format!("Calls/{}", text(&body, "call_sid")));
    opened.quiet().await;
    let (status, taken_back) = opened.call("POST", &path, &[("Status", "canceled")]).await;
    assert_eq!((status, &taken_back["status"]), (200, &"canceled".into()), "{taken_back}");
    opened.quiet().await;
    assert_eq!(
        opened.heard_on("/verified").await.get("VerificationStatus").as_deref(),
        Some("failed")
    );
    opened.advance(60).await;
    assert_eq!(opened.call("GET", &path, &[]).await.1["status"], "canceled");
    opened.finish().await;
}

#[tokio::test]
async fn a_verification_without_the_code_fails_and_is_told() {
    let mut opened = open().await;
    opened.stand_still();
    let list = of_account("OutgoingCallerIds");
    let told = opened.customer.url("/verified");
    opened.handset(&[("OnCall", "busy")]).await;
    let form =
        [("PhoneNumber", PERSON), ("StatusCallback", &told), ("StatusCallbackMethod", "GET")];
    assert_eq!(opened.call("POST", &list, &form).await.0, 200);
    opened.quiet().await;
    let seen = opened.heard_on("/verified").await;
    assert_eq!((seen.method.as_str(), seen.get("OutgoingCallerIdSid")), ("GET", None));
    assert_eq!(seen.get("VerificationStatus").as_deref(), Some("failed"));
    for (form, expected) in [
        (vec![], (400, 21_401)),
        (vec![("PhoneNumber", "me")], (400, 21_401)),
        (vec![("PhoneNumber", PERSON), ("CallDelay", "61")], (400, 21_454)),
        (vec![("PhoneNumber", PERSON), ("StatusCallback", "x")], (400, 21_502)),
        (vec![("PhoneNumber", PERSON), ("StatusCallbackMethod", "PUT")], (400, 21_403)),
        (vec![("PhoneNumber", PERSON), ("Extension", "abc")], (400, 20_422)),
    ] {
        refused(&format!("{form:?}"), opened.call("POST", &list, &form).await, expected);
    }
    opened.finish().await;
}

#[tokio::test]
async fn an_address_is_kept_as_given_and_stays_while_a_number_names_it() {
    let opened = open().await;
    let made = create(&opened, "Addresses", ADDRESS).await;
    has(
        &made,
        "account_sid city customer_name date_created date_updated friendly_name iso_country \
         postal_code region sid street uri emergency_enabled validated verified street_secondary",
    );
    let sid = text(&made, "sid");
    let path = of_account(&format!("Addresses/{sid}"));
    let (status, changed) = opened.call("POST", &path, &[("City", "Las Vegas")]).await;
    assert_eq!((status, &changed["city"]), (200, &"Las Vegas".into()), "{changed}");
    assert_eq!(changed["street"], made["street"]);
    assert_eq!(opened.call("GET", &path, &[]).await.1, changed);
    for (form, expected) in [
        (vec![("City", "")], (400, 21_628)),
        (vec![("EmergencyEnabled", "perhaps")], (400, 20_422)),
    ] {
        refused(&format!("{form:?}"), opened.call("POST", &path, &form).await, expected);
    }
    for missing in 0..ADDRESS.len() {
        let mut form = ADDRESS.to_vec();
        let (name, _) = form.remove(missing);
        let got = opened.call("POST", &of_account("Addresses"), &form).await;
        refused(name, got, (400, 21_628));
    }
    for (filter, count) in [
        (("CustomerName", "Ann"), 1),
        (("CustomerName", "Bob"), 0),
        (("IsoCountry", "US"), 1),
        (("EmergencyEnabled", "true"), 0),
        (("FriendlyName", "x"), 0),
    ] {
        let (_, list) = opened.call("GET", &of_account("Addresses"), &[filter]).await;
        assert_eq!(list["addresses"].as_array().map(Vec::len), Some(count), "{filter:?}");
    }
    let number = opened.house.store.number_at(NUMBER).expect("read").expect("there").sid;
    let number = of_account(&format!("IncomingPhoneNumbers/{number}"));
    assert_eq!(opened.call("POST", &number, &[("AddressSid", &sid)]).await.0, 200);
    refused("in use", opened.call("DELETE", &path, &[]).await, (400, 21_630));
    let nobodys = [("AddressSid", "AD0123456789abcdef0123456789abcdef")];
    refused("nobody's", opened.call("POST", &number, &nobodys).await, (400, 21_631));
    let (_, other) = opened.call("POST", "/2010-04-01/Accounts", &[]).await;
    let theirs = format!("/2010-04-01/Accounts/{}/Addresses", text(&other, "sid"));
    let (status, theirs) = opened.call("POST", &theirs, ADDRESS).await;
    assert_eq!(status, 201, "{theirs}");
    for name in ["AddressSid", "EmergencyAddressSid"] {
        let form = [(name, theirs["sid"].as_str().expect("a sid"))];
        refused(name, opened.call("POST", &number, &form).await, (400, 21_631));
        let form = [form[0], ("PhoneNumber", "+12025550142")];
        let bought = opened.call("POST", &of_account("IncomingPhoneNumbers"), &form).await;
        refused(name, bought, (400, 21_631));
    }
    assert_eq!(opened.call("GET", &number, &[]).await.1["address_sid"], sid.as_str());
    let dependents = of_account(&format!("Addresses/{sid}/DependentPhoneNumbers"));
    let (_, list) = opened.call("GET", &dependents, &[]).await;
    has(
        &list["dependent_phone_numbers"][0],
        "sid account_sid friendly_name phone_number voice_url voice_method voice_fallback_method \
         voice_fallback_url voice_caller_id_lookup date_created date_updated sms_fallback_method \
         sms_fallback_url sms_method sms_url address_requirements capabilities status_callback \
         status_callback_method api_version sms_application_sid voice_application_sid trunk_sid \
         emergency_status emergency_address_sid uri",
    );
    let moved = [("AccountSid", other["sid"].as_str().expect("a sid"))];
    let (status, there) = opened.call("POST", &number, &moved).await;
    assert_eq!((status, &there["address_sid"]), (200, &Value::Null), "{there}");
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    refused("gone", opened.call("GET", &path, &[]).await, (404, 20_404));
    opened.finish().await;
}

#[tokio::test]
async fn the_balance_is_nothing_and_there_are_no_short_codes() {
    let opened = open().await;
    let (_, balance) = opened.call("GET", &of_account("Balance"), &[]).await;
    let sid = opened.sid.as_str();
    assert_eq!(balance, json!({ "account_sid": sid, "balance": "0.00", "currency": "USD" }));
    let (_, sub) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    let (sub, token) = (text(&sub, "sid"), text(&sub, "auth_token"));
    let path = format!("/2010-04-01/Accounts/{sub}/Balance.json");
    let got = ask_as(&opened, (&sub, &token), ("GET", &path), &[]).await;
    refused("a subaccount", (got.status, got.json()), (403, 20_006));
    let (_, list) = opened.call("GET", &of_account("SMS/ShortCodes"), &[]).await;
    assert_eq!((&list["short_codes"], &list["next_page_uri"]), (&json!([]), &Value::Null));
    let one = of_account("SMS/ShortCodes/SC00000000000000000000000000000001");
    refused("none", opened.call("GET", &one, &[]).await, (404, 20_404));
    opened.finish().await;
}

/// Count and usage of a category.
async fn used(opened: &Opened, list: &str, category: &str) -> (String, String) {
    let path = of_account(&format!("Usage/Records{list}"));
    let (status, body) = opened.call("GET", &path, &[("Category", category)]).await;
    assert_eq!(status, 200, "{body}");
    let one = &body["usage_records"][0];
    (text(one, "count"), text(one, "usage"))
}

#[tokio::test]
async fn usage_is_counted_from_texts_calls_and_numbers_and_stays_when_they_are_deleted() {
    let opened = open().await;
    opened.stand_still();
    opened.point("").await;
    let long = "x".repeat(200);
    let (_, sent) = opened.send(&[("To", PERSON), ("From", NUMBER), ("Body", &long)]).await;
    opened.text("hello").await;
    opened.quiet().await;
    super::busy_call(&opened).await;
    opened.text("again").await;
    create(&opened, "IncomingPhoneNumbers", &[("PhoneNumber", "+18005550142")]).await;
    opened.advance(1).await;
    let pair = |count: &str, usage: &str| (count.to_owned(), usage.to_owned());
    for (category, expected) in [
        ("sms-outbound-longcode", pair("1", "2")),
        ("sms-inbound-longcode", pair("2", "2")),
        ("sms-inbound", pair("2", "2")),
        ("sms", pair("3", "4")),
        ("mms", pair("0", "0")),
        ("calls", pair("1", "0")),
        ("calls-outbound", pair("1", "0")),
        ("phonenumbers", pair("2", "2")),
        ("phonenumbers-tollfree", pair("1", "1")),
        ("totalprice", pair("0", "0")),
    ] {
        for list in ["", "/AllTime", "/Today", "/ThisMonth", "/Daily", "/Monthly", "/Yearly"] {
            assert_eq!(used(&opened, list, category).await, expected, "{list} {category}");
        }
        for list in ["/Yesterday", "/LastMonth"] {
            assert_eq!(used(&opened, list, category).await, pair("0", "0"), "{list} {category}");
        }
    }
    let path = of_account(&format!("Messages/{}", text(&sent, "sid")));
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    assert_eq!(used(&opened, "", "sms").await, pair("3", "4"), "it was used all the same");
    // A day later it is yesterday's.
    opened.advance(86_400).await;
    assert_eq!(used(&opened, "/Today", "sms").await, pair("0", "0"));
    assert_eq!(used(&opened, "/Yesterday", "sms").await, pair("3", "4"));
    let (_, days) =
        opened.call("GET", &of_account("Usage/Records/Daily"), &[("Category", "sms")]).await;
    let counts: Vec<String> = days["usage_records"]
        .as_array()
        .expect("days")
        .iter()
        .map(|day| text(day, "count"))
        .collect();
    assert_eq!(counts, ["0", "3"], "the newest day first");

    // A subaccount's is in its parent's, unless the parent asks for its own.
    let (_, sub) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    let path = format!("/2010-04-01/Accounts/{}/IncomingPhoneNumbers.json", text(&sub, "sid"));
    assert_eq!(opened.call("POST", &path, &[("AreaCode", "415")]).await.0, 201);
    let path = of_account("Usage/Records");
    for (with, count) in [("true", "3"), ("false", "2")] {
        let form = [("Category", "phonenumbers"), ("IncludeSubaccounts", with)];
        let (_, body) = opened.call("GET", &path, &form).await;
        assert_eq!(body["usage_records"][0]["count"], count, "{with}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn usage_records_have_their_fields_and_pages() {
    let opened = open().await;
    let path = of_account("Usage/Records");
    let (_, all) = opened.call("GET", &path, &[("PageSize", "1000")]).await;
    let records = all["usage_records"].as_array().expect("records");
    has(
        &records[0],
        "account_sid api_version as_of category count count_unit description end_date price \
         price_unit start_date subresource_uris uri usage usage_unit",
    );
    has(
        &records[0]["subresource_uris"],
        "all_time daily last_month monthly this_month today yearly yesterday",
    );
    let mut next = Some(format!("{}?PageSize=20", path.replace("{AC}", opened.sid.as_str())));
    let mut paged = Vec::new();
    while let Some(uri) = next {
        let (_, page) = opened.call("GET", &uri, &[]).await;
        paged.extend(
            page["usage_records"]
                .as_array()
                .expect("records")
                .iter()
                .map(|r| r["category"].clone()),
        );
        next = page["next_page_uri"].as_str().map(str::to_owned);
    }
    let names: Vec<Value> = records.iter().map(|record| record["category"].clone()).collect();
    assert_eq!(paged, names);
    let form = [("StartDate", "2026-01-01"), ("EndDate", "2026-01-31"), ("Category", "sms")];
    let (_, body) = opened.call("GET", &of_account("Usage/Records/Daily"), &form).await;
    let (first, count) = (&body["usage_records"][0], &body["usage_records"]);
    assert_eq!(
        (&first["start_date"], &first["end_date"]),
        (&"2026-01-31".into(), &"2026-01-31".into())
    );
    assert_eq!(count.as_array().map(Vec::len), Some(31));
    for form in [
        ("Category", "spoons"),
        ("StartDate", "yesterday"),
        ("EndDate", "2026-02-30"),
        ("IncludeSubaccounts", "perhaps"),
    ] {
        refused(&format!("{form:?}"), opened.call("GET", &path, &[form]).await, (400, 20_422));
    }
    opened.finish().await;
}

#[tokio::test]
async fn a_trigger_fires_once_when_usage_reaches_its_value_and_a_daily_one_each_day() {
    let mut opened = open().await;
    opened.stand_still();
    opened.point("").await;
    let url = opened.customer.url("/used");
    let trigger = |category: &'static str, value: &'static str| {
        vec![
            ("CallbackUrl", url.clone()),
            ("UsageCategory", category.into()),
            ("TriggerValue", value.into()),
        ]
    };
    let with = |mut form: Vec<(&'static str, String)>, more: &[(&'static str, &str)]| {
        form.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        form
    };
    let make = async |form: Vec<(&'static str, String)>| {
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        create(&opened, "Usage/Triggers", &form).await
    };
    let once = make(with(trigger("sms-inbound", "2"), &[("FriendlyName", "two")])).await;
    has(
        &once,
        "account_sid api_version callback_method callback_url current_value date_created \
         date_fired date_updated friendly_name recurring sid trigger_by trigger_value uri \
         usage_category usage_record_uri",
    );
    assert_eq!((&once["current_value"], &once["date_fired"]), (&"0".into(), &Value::Null));
    let daily = make(with(
        trigger("sms", "+1"),
        &[("Recurring", "daily"), ("TriggerBy", "count"), ("CallbackMethod", "GET")],
    ))
    .await;
    let path = of_account(&format!("Usage/Triggers/{}", text(&once, "sid")));
    opened.text("one").await;
    opened.quiet().await;
    let seen = opened.heard_on("/used").await;
    assert_eq!(
        (seen.method.as_str(), seen.get("UsageTriggerSid")),
        ("GET", Some(text(&daily, "sid")))
    );
    assert_eq!(seen.get("Recurring").as_deref(), Some("daily"));
    opened.text("two").await;
    opened.quiet().await;
    let seen = opened.heard_on("/used").await;
    assert_eq!(
        seen.names(),
        [
            "AccountSid",
            "CurrentValue",
            "DateFired",
            "IdempotencyToken",
            "Recurring",
            "TriggerBy",
            "TriggerValue",
            "UsageCategory",
            "UsageRecordUri",
            "UsageTriggerSid"
        ]
    );
    assert_eq!(seen.get("UsageTriggerSid"), Some(text(&once, "sid")));
    assert_eq!(
        (seen.get("CurrentValue").as_deref(), seen.get("TriggerValue").as_deref()),
        (Some("2"), Some("2"))
    );
    let (_, shown) = opened.call("GET", &path, &[]).await;
    assert!(shown["date_fired"].is_string() && shown["current_value"] == "2", "{shown}");
    opened.text("three").await;
    opened.quiet().await;
    assert!(opened.customer.unread().is_empty(), "neither fires again today");
    opened.advance(86_400).await;
    opened.text("tomorrow").await;
    opened.quiet().await;
    let seen = opened.heard_on("/used").await;
    assert_eq!(seen.get("UsageTriggerSid"), Some(text(&daily, "sid")));

    let (status, changed) =
        opened.call("POST", &path, &[("FriendlyName", "2"), ("CallbackMethod", "GET")]).await;
    assert_eq!(
        (status, &changed["friendly_name"], &changed["callback_method"]),
        (200, &"2".into(), &"GET".into())
    );
    for (filter, count) in [
        (("Recurring", "daily"), 1),
        (("TriggerBy", "usage"), 1),
        (("UsageCategory", "sms-inbound"), 1),
        (("UsageCategory", "calls"), 0),
    ] {
        let (_, list) = opened.call("GET", &of_account("Usage/Triggers"), &[filter]).await;
        assert_eq!(list["usage_triggers"].as_array().map(Vec::len), Some(count), "{filter:?}");
    }
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    refused("gone", opened.call("GET", &path, &[]).await, (404, 20_404));
    let list = of_account("Usage/Triggers");
    for (more, expected) in [
        (vec![], (400, 20_001)),
        (
            vec![("CallbackUrl", "here"), ("TriggerValue", "1"), ("UsageCategory", "sms")],
            (400, 21_502),
        ),
        (
            vec![("CallbackUrl", url.as_str()), ("TriggerValue", "-1"), ("UsageCategory", "sms")],
            (400, 20_422),
        ),
        (
            vec![("CallbackUrl", url.as_str()), ("TriggerValue", "1"), ("UsageCategory", "spoons")],
            (400, 20_422),
        ),
    ] {
        refused(&format!("{more:?}"), opened.call("POST", &list, &more).await, expected);
    }
    opened.finish().await;
}

#[tokio::test]
async fn a_lookup_says_what_the_numbering_plan_knows() {
    let opened = open().await;
    let path = |number: &str| format!("/lookups/v2/PhoneNumbers/{number}");
    let (status, body) = opened.call("GET", &path("+14155552671"), &[]).await;
    assert_eq!(status, 200, "{body}");
    has(
        &body,
        "calling_country_code country_code phone_number national_format valid validation_errors \
         caller_name sim_swap call_forwarding line_type_intelligence line_status identity_match \
         reassigned_number sms_pumping_risk phone_number_quality_score pre_fill url",
    );
    for (name, value) in [
        ("calling_country_code", json!("1")),
        ("country_code", json!("US")),
        ("national_format", json!("(415) 555-2671")),
        ("valid", json!(true)),
        ("validation_errors", json!([])),
        ("line_type_intelligence", Value::Null),
    ] {
        assert_eq!(body[name], value, "{name}");
    }
    let fields = ("Fields", "line_type_intelligence,caller_name,sim_swap");
    let (_, body) = opened.call("GET", &path("+442079460018"), &[fields]).await;
    assert_eq!(body["line_type_intelligence"]["type"], "landline");
    assert_eq!(body["caller_name"]["error_code"], 60_600);
    assert_eq!(
        (&body["sim_swap"]["error_code"], &body["pre_fill"]),
        (&60_606.into(), &Value::Null)
    );
    let (_, body) = opened.call("GET", &path("07400123456"), &[("CountryCode", "GB")]).await;
    assert_eq!((&body["phone_number"], &body["valid"]), (&"+447400123456".into(), &true.into()));
    for (number, why) in
        [("+1415", "TOO_SHORT"), ("hello", "NOT_A_NUMBER"), ("+9991234567", "INVALID_COUNTRY_CODE")]
    {
        let (status, body) = opened.call("GET", &path(number), &[fields]).await;
        assert_eq!((status, &body["valid"]), (200, &false.into()), "{body}");
        assert_eq!(body["validation_errors"], json!([why]));
        assert_eq!(body["line_type_intelligence"], Value::Null);
    }
    for filter in [("Fields", "spoons"), ("CountryCode", "USA")] {
        let got = opened.call("GET", &path("+14155552671"), &[filter]).await;
        refused(&format!("{filter:?}"), got, (400, 20_422));
    }
    opened.finish().await;
}
