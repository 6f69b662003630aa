//! Verify: a code goes to a person's handset as a real text or call, and is asked back.

use crate::rest::{ask_as, create, has, refused, text};
use crate::support::{Opened, PERSON, open};
use serde_json::Value;

const SERVICES: &str = "/verify/v2/Services";

const SERVICE: &str = "sid account_sid friendly_name code_length lookup_enabled psd2_enabled \
    skip_sms_to_landlines dtmf_input_required tts_name do_not_share_warning_enabled \
    custom_code_enabled push totp default_template_sid whatsapp passkeys \
    verify_event_subscription_enabled date_created date_updated url links";
const CHECK: &str = "sid service_sid account_sid to channel status valid amount payee \
    date_created date_updated sna_attempts_error_codes";
const VERIFICATION: &str = "sid service_sid account_sid to channel status valid lookup amount \
    payee send_code_attempts date_created date_updated sna url";

/// A Verify service; its path.
pub async fn service(house: &Opened, form: &[(&str, &str)]) -> String {
    let form = [&[("FriendlyName", "Shop")], form].concat();
    let (status, made) = house.call("POST", SERVICES, &form).await;
    assert_eq!(status, 201, "{made}");
    format!("{SERVICES}/{}", text(&made, "sid"))
}

/// Sends a code to the usual person.
pub async fn begin(house: &Opened, service: &str, form: &[(&str, &str)]) -> Value {
    let form = [&[("To", PERSON), ("Channel", "sms")], form].concat();
    let (status, made) = house.call("POST", &format!("{service}/Verifications"), &form).await;
    assert_eq!(status, 201, "{made}");
    house.quiet().await;
    made
}

/// A rate limit `ip` of a service with a bucket of 60 seconds; their sids.
pub async fn limit(house: &Opened, service: &str, max: &str) -> (String, String) {
    let form = [("UniqueName", "ip"), ("Description", "Browsers")];
    let (status, made) = house.call("POST", &format!("{service}/RateLimits"), &form).await;
    assert_eq!(status, 201, "{made}");
    let sid = text(&made, "sid");
    let path = format!("{service}/RateLimits/{sid}/Buckets");
    let form = [("Max", max), ("Interval", "60")];
    let (status, made) = house.call("POST", &path, &form).await;
    assert_eq!(status, 201, "{made}");
    (sid, text(&made, "sid"))
}

/// A code comes back: status of the answer, and its body.
async fn check(house: &Opened, service: &str, code: &str) -> (u16, Value) {
    let form = [("To", PERSON), ("Code", code)];
    house.call("POST", &format!("{service}/VerificationCheck"), &form).await
}

/// What the usual person's handset received last.
async fn last_text(house: &Opened) -> Value {
    let path = format!("/offhook/v1/Phones/{PERSON}/Messages");
    let (_, shown) = house.call("GET", &path, &[]).await;
    shown["messages"][0].clone()
}

/// The code in the last text of the usual person's handset.
async fn code(house: &Opened) -> String {
    let body = text(&last_text(house).await, "body");
    body.rsplit(' ').next().expect("a word").to_owned()
}

fn standing(body: &Value) -> (&str, bool) {
    (body["status"].as_str().expect("a status"), body["valid"].as_bool().expect("valid"))
}

#[tokio::test]
async fn a_verify_service_has_its_fields_changes_in_part_and_is_listed() {
    let house = open().await;
    refused("no name", house.call("POST", SERVICES, &[]).await, (400, 20_001));
    let long = [("FriendlyName", "n".repeat(33))].map(|(name, value)| (name, value));
    let long = [(long[0].0, long[0].1.as_str())];
    refused("a long name", house.call("POST", SERVICES, &long).await, (400, 60_200));
    let one = service(&house, &[("CodeLength", "8")]).await;
    let (_, made) = house.call("GET", &one, &[]).await;
    has(&made, SERVICE, "", "a service");
    let links = "verifications verification_checks rate_limits messaging_configurations entities \
        webhooks access_tokens";
    has(&made["links"], links, "", "its parts");
    assert_eq!((&made["code_length"], &made["custom_code_enabled"]), (&8.into(), &false.into()));
    let (_, now) = house.call("POST", &one, &[("CustomCodeEnabled", "true")]).await;
    assert_eq!((&now["code_length"], &now["custom_code_enabled"]), (&8.into(), &true.into()));
    refused("seven", house.call("POST", &one, &[("CodeLength", "x")]).await, (400, 60_200));
    let two = service(&house, &[]).await;
    let (_, page) = house.call("GET", &format!("{SERVICES}?PageSize=1"), &[]).await;
    assert!(two.ends_with(page["services"][0]["sid"].as_str().expect("a sid")), "{page}");
    let next = text(&page["meta"], "next_page_url").replace(&house.url, "");
    let (_, page) = house.call("GET", &next, &[]).await;
    assert_eq!(page["services"], Value::from(vec![now]));
    assert_eq!(page["meta"]["next_page_url"], Value::Null);
    assert_eq!(house.ask("DELETE", &one, &[]).await.status, 204);
    refused("gone", house.call("GET", &one, &[]).await, (404, 20_404));
    house.finish().await;
}

#[tokio::test]
async fn a_code_is_texted_to_the_handset_and_the_right_one_approves() {
    let house = open().await;
    let service = service(&house, &[]).await;
    let made = begin(&house, &service, &[]).await;
    has(&made, VERIFICATION, "", "a verification");
    assert_eq!((standing(&made), &made["to"]), (("pending", false), &PERSON.into()));
    let attempts = made["send_code_attempts"].as_array().expect("attempts");
    assert!(text(&attempts[0], "attempt_sid").starts_with("VL"), "{made}");
    let got = last_text(&house).await;
    assert_eq!(got["from"], "22395");
    let code = code(&house).await;
    assert_eq!(text(&got, "body"), format!("Your Shop verification code is: {code}"));
    assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
    assert!(!made.to_string().contains(&code), "an answer never shows the code");
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let (status, checked) = check(&house, &service, wrong).await;
    assert_eq!((status, standing(&checked)), (201, ("pending", false)));
    let (status, checked) = check(&house, &service, &code).await;
    assert_eq!((status, standing(&checked)), (201, ("approved", true)));
    has(&checked, CHECK, "", "a check");
    refused("again", check(&house, &service, &code).await, (404, 20_404));
    let path = format!("{service}/Verifications/{}", text(&made, "sid"));
    let (_, shown) = house.call("GET", &path, &[]).await;
    assert_eq!(standing(&shown), ("approved", true));
    // The next one is another.
    assert_ne!(begin(&house, &service, &[]).await["sid"], made["sid"]);
    house.finish().await;
}

#[tokio::test]
async fn a_code_is_sent_again_five_times_in_all_and_expires_after_ten_minutes() {
    let house = open().await;
    house.stand_still();
    let service = service(&house, &[]).await;
    let made = begin(&house, &service, &[]).await;
    let first = code(&house).await;
    house.advance(300).await;
    for n in 2..=5 {
        let again = begin(&house, &service, &[]).await;
        assert_eq!((&again["sid"], code(&house).await), (&made["sid"], first.clone()));
        assert_eq!(again["send_code_attempts"].as_array().map(Vec::len), Some(n));
    }
    let form = [("To", PERSON), ("Channel", "sms")];
    let path = format!("{service}/Verifications");
    refused("the sixth", house.call("POST", &path, &form).await, (429, 60_203));
    house.advance(299).await;
    let one = format!("{path}/{}", text(&made, "sid"));
    assert_eq!(standing(&house.call("GET", &one, &[]).await.1), ("pending", false));
    house.advance(1).await;
    assert_eq!(standing(&house.call("GET", &one, &[]).await.1), ("expired", false));
    refused("expired", check(&house, &service, &first).await, (404, 20_404));
    assert_ne!(begin(&house, &service, &[]).await["sid"], made["sid"]);
    house.finish().await;
}

#[tokio::test]
async fn five_wrong_codes_are_too_many_also_for_the_right_one_and_over_a_restart() {
    let house = open().await;
    let service = service(&house, &[("CodeLength", "4")]).await;
    let made = begin(&house, &service, &[]).await;
    let code = code(&house).await;
    for wrong in ["00000", "00001", "00002", "00003", "00004"] {
        assert_eq!(check(&house, &service, wrong).await.0, 201);
    }
    refused("the right one", check(&house, &service, &code).await, (429, 60_202));
    let house = house.stop().await.reopen().await;
    refused("still", check(&house, &service, &code).await, (429, 60_202));
    let one = format!("{service}/Verifications/{}", text(&made, "sid"));
    let (_, shown) = house.call("GET", &one, &[]).await;
    assert_eq!(standing(&shown), ("max_attempts_reached", false));
    // Who cancels it begins anew.
    let (_, canceled) = house.call("POST", &one, &[("Status", "canceled")]).await;
    assert_eq!(standing(&canceled), ("canceled", false));
    assert_ne!(begin(&house, &service, &[]).await["sid"], made["sid"]);
    house.finish().await;
}

#[tokio::test]
async fn a_call_says_the_code() {
    let house = open().await;
    house.stand_still();
    let service = service(&house, &[("TtsName", "The Shop")]).await;
    let (status, made) = house
        .call(
            "POST",
            &format!("{service}/Verifications"),
            &[("To", PERSON), ("Channel", "call"), ("CustomCode", "")],
        )
        .await;
    assert_eq!((status, &made["channel"]), (201, &"call".into()), "{made}");
    house.quiet().await;
    let phone = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let (_, calls) = house.call("GET", &phone, &[]).await;
    let sid = text(&calls["calls"][0], "sid");
    let one = format!("{phone}/{sid}");
    assert_eq!(house.call("POST", &format!("{one}/Answer"), &[]).await.0, 200);
    house.advance(120).await;
    let (_, heard) = house.call("GET", &format!("{one}/Transcript"), &[]).await;
    let heard = heard["lines"].to_string();
    let at = heard.find("Your The Shop verification code is: ").expect("it is said");
    let code: String = heard[at..].chars().filter(char::is_ascii_digit).take(6).collect();
    let (_, checked) = check(&house, &service, &code).await;
    assert_eq!(standing(&checked), ("approved", true), "{heard}");
    house.finish().await;
}

#[tokio::test]
async fn words_are_the_languages_the_services_and_the_transactions() {
    let house = open().await;
    let plain = service(&house, &[("DoNotShareWarningEnabled", "true")]).await;
    begin(&house, &plain, &[("Locale", "es"), ("CustomFriendlyName", "Tienda")]).await;
    let body = text(&last_text(&house).await, "body");
    assert!(body.starts_with("Tu código de verificación de Tienda es: "), "{body}");
    assert!(body.contains("No compartas este código"), "{body}");
    let custom = service(&house, &[("CustomCodeEnabled", "true"), ("Psd2Enabled", "true")]).await;
    let transaction = [("CustomCode", "AB12"), ("Amount", "€9"), ("Payee", "Acme")];
    let made = begin(&house, &custom, &transaction).await;
    assert_eq!((&made["amount"], &made["payee"]), (&"€9".into(), &"Acme".into()));
    let body = text(&last_text(&house).await, "body");
    assert_eq!(body, "Your Shop code to approve a payment of €9 to Acme is: AB12");
    refused("no amount", check(&house, &custom, "AB12").await, (400, 60_206));
    let form = [("To", PERSON), ("Code", "AB12"), ("Amount", "€9"), ("Payee", "Acme")];
    let (_, checked) = house.call("POST", &format!("{custom}/VerificationCheck"), &form).await;
    assert_eq!(standing(&checked), ("approved", true));
    house.finish().await;
}

/// A path, a form, and the status and code of its refusal.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], (u16, u32));

#[tokio::test]
async fn what_verify_refuses_has_its_code_and_status() {
    let house = open().await;
    let service = service(&house, &[]).await;
    let made = begin(&house, &service, &[]).await;
    let (begins, checks) =
        (format!("{service}/Verifications"), format!("{service}/VerificationCheck"));
    let one = format!("{begins}/{}", text(&made, "sid"));
    let nowhere = format!("{SERVICES}/VA{:032}", 9);
    let (begin_nowhere, check_nowhere) =
        (format!("{nowhere}/Verifications"), format!("{nowhere}/VerificationCheck"));
    let sms = ("Channel", "sms");
    let table: &[Row<'_>] = &[
        (&begins, &[sms], (400, 20_001)),
        (&begins, &[("To", PERSON)], (400, 20_001)),
        (&begins, &[("To", "2025550199"), sms], (400, 60_200)),
        (&begins, &[("To", PERSON), ("Channel", "pigeon")], (400, 60_200)),
        (&begins, &[("To", PERSON), ("Channel", "email")], (403, 20_403)),
        (&begins, &[("To", PERSON), ("Channel", "sna")], (403, 20_403)),
        (&begins, &[("To", PERSON), sms, ("Locale", "xx")], (400, 60_200)),
        (&begins, &[("To", PERSON), sms, ("CustomCode", "1234")], (403, 60_204)),
        (&begins, &[("To", PERSON), sms, ("Amount", "1")], (403, 60_204)),
        (&begins, &[("To", PERSON), sms, ("CustomMessage", "x")], (403, 20_403)),
        (&begin_nowhere, &[("To", PERSON), sms], (404, 20_404)),
        (&checks, &[("To", PERSON)], (400, 20_001)),
        (&checks, &[("Code", "1234")], (400, 60_200)),
        (&checks, &[("Code", "123"), ("To", PERSON)], (400, 60_200)),
        (&checks, &[("Code", "1234"), ("To", "x")], (400, 60_200)),
        (&checks, &[("Code", "1234"), ("To", "+12025550111")], (404, 20_404)),
        (&checks, &[("Code", "1234"), ("VerificationSid", "VE1")], (404, 20_404)),
        (&check_nowhere, &[("Code", "1234"), ("To", PERSON)], (404, 20_404)),
        (&one, &[], (400, 20_001)),
        (&one, &[("Status", "expired")], (400, 60_200)),
    ];
    for (path, form, expected) in table {
        refused(&format!("{path} {form:?}"), house.call("POST", path, form).await, *expected);
    }
    // Another account sees nothing of it.
    let other = create_account(&house).await;
    let credentials = (other.0.as_str(), other.1.as_str());
    for (method, path) in [("GET", &service), ("DELETE", &service), ("GET", &one)] {
        assert_eq!(ask_as(&house, credentials, (method, path), &[]).await.status, 404);
    }
    house.finish().await;
}

/// A subaccount: sid and token.
pub async fn create_account(house: &Opened) -> (String, String) {
    let (status, made) = house.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    assert_eq!(status, 201, "{made}");
    (text(&made, "sid"), text(&made, "auth_token"))
}

#[tokio::test]
async fn a_code_to_a_number_of_the_house_comes_in_there() {
    let mut house = open().await;
    house.customer.on("/sms", [crate::customer::Say::verbs("")]);
    let number = create(&house, "IncomingPhoneNumbers", &[("AreaCode", "415")]).await;
    let service = service(&house, &[]).await;
    let form = [("To", crate::support::NUMBER), ("Channel", "sms")];
    let (status, _) = house.call("POST", &format!("{service}/Verifications"), &form).await;
    assert_eq!(status, 201, "{number}");
    let asked = house.heard_on("/sms").await;
    assert_eq!(asked.get("From").as_deref(), Some("22395"));
    assert!(asked.get("Body").is_some_and(|body| body.contains("verification code")));
    house.finish().await;
}

const LIMIT: &str = "sid service_sid account_sid unique_name description date_created date_updated \
    url links";
const BUCKET: &str = "sid rate_limit_sid service_sid account_sid max interval date_created \
    date_updated url";

#[tokio::test]
async fn a_value_of_a_rate_limit_begins_so_many_verifications_in_an_interval() {
    let house = open().await;
    house.stand_still();
    let service = service(&house, &[]).await;
    limit(&house, &service, "2").await;
    let path = format!("{service}/Verifications");
    let begun = async |house: &Opened, to: &str, limits: &str| {
        let form = [("To", to), ("Channel", "sms"), ("RateLimits", limits)];
        house.call("POST", &path, &form).await
    };
    let from_one = r#"{"ip":"192.0.2.1"}"#;
    for to in [PERSON, "+12025550111"] {
        assert_eq!(begun(&house, to, from_one).await.0, 201);
        house.quiet().await;
    }
    let texts = house.messages().len();
    refused("the third", begun(&house, "+12025550112", from_one).await, (429, 20_429));
    house.quiet().await;
    assert_eq!(house.messages().len(), texts, "nothing is sent");
    let from_another = r#"{"ip":"192.0.2.2"}"#;
    assert_eq!(begun(&house, "+12025550112", from_another).await.0, 201);
    assert_eq!(begun(&house, "+12025550113", "").await.0, 201, "without it nothing is counted");
    for wrong in [r#"{"who":"x"}"#, r#"{"ip":[]}"#, r#"{"ip":""}"#, "[]", "ip"] {
        refused(wrong, begun(&house, PERSON, wrong).await, (400, 60_200));
    }
    house.advance(59).await;
    refused("still", begun(&house, PERSON, from_one).await, (429, 20_429));
    house.advance(1).await;
    assert_eq!(begun(&house, PERSON, from_one).await.0, 201);
    assert_eq!(begun(&house, PERSON, from_one).await.0, 201);
    let house = house.stop().await.reopen().await;
    house.stand_still();
    refused("also after a restart", begun(&house, PERSON, from_one).await, (429, 20_429));
    house.advance(3600).await;
    house.finish().await;
}

#[tokio::test]
async fn rate_limits_and_buckets_have_their_fields_and_are_refused_with_their_codes() {
    let house = open().await;
    let service = service(&house, &[]).await;
    let (limit, bucket) = limit(&house, &service, "5").await;
    let limits = format!("{service}/RateLimits");
    let (_, one) = house.call("GET", &format!("{limits}/ip"), &[]).await;
    has(&one, LIMIT, "", "a rate limit");
    assert_eq!((&one["sid"], &one["description"]), (&limit.as_str().into(), &"Browsers".into()));
    let path = format!("{limits}/{limit}");
    let (status, changed) = house.call("POST", &path, &[("Description", "Phones")]).await;
    assert_eq!((status, &changed["description"]), (200, &"Phones".into()), "{changed}");
    let (_, listed) = house.call("GET", &limits, &[]).await;
    assert_eq!(listed["rate_limits"].as_array().map(Vec::len), Some(1), "{listed}");

    let buckets = format!("{path}/Buckets");
    let (_, one) = house.call("GET", &format!("{buckets}/{bucket}"), &[]).await;
    has(&one, BUCKET, "", "a bucket");
    assert_eq!((&one["max"], &one["interval"]), (&5.into(), &60.into()));
    let (status, changed) =
        house.call("POST", &format!("{buckets}/{bucket}"), &[("Max", "7")]).await;
    assert_eq!((status, &changed["max"], &changed["interval"]), (200, &7.into(), &60.into()));
    let (_, listed) = house.call("GET", &format!("{buckets}?PageSize=1"), &[]).await;
    assert_eq!(listed["buckets"][0]["sid"], bucket.as_str());

    for (path, form, expected) in [
        (&limits, vec![], (400, 20_001)),
        (&limits, vec![("UniqueName", "ip")], (400, 60_208)),
        (&limits, vec![("UniqueName", "the ip")], (400, 60_209)),
        (&buckets, vec![("Max", "1")], (400, 20_001)),
        (&buckets, vec![("Max", "0"), ("Interval", "1")], (400, 60_200)),
        (&buckets, vec![("Max", "1"), ("Interval", "60")], (400, 60_211)),
    ] {
        refused(&format!("{form:?}"), house.call("POST", path, &form).await, expected);
    }
    for n in 1..10 {
        let interval = n.to_string();
        let form = [("Max", "1"), ("Interval", interval.as_str())];
        assert_eq!(house.call("POST", &buckets, &form).await.0, 201);
        let form = [("UniqueName", interval.as_str())];
        assert_eq!(house.call("POST", &limits, &form).await.0, 201);
    }
    let form = [("Max", "1"), ("Interval", "11")];
    refused("an eleventh", house.call("POST", &buckets, &form).await, (400, 60_210));
    let form = [("UniqueName", "11")];
    refused("an eleventh", house.call("POST", &limits, &form).await, (400, 60_207));

    assert_eq!(house.ask("DELETE", &format!("{buckets}/{bucket}"), &[]).await.status, 204);
    assert_eq!(house.ask("DELETE", &path, &[]).await.status, 204);
    refused("gone", house.call("GET", &buckets, &[]).await, (404, 20_404));
    let (sid, token) = create_account(&house).await;
    let got = ask_as(&house, (&sid, &token), ("GET", &limits), &[]).await;
    assert_eq!(got.status, 404, "another account sees nothing of it");
    house.finish().await;
}
