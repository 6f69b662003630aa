//! Numbers that can be bought are searched, and bought as found.

use super::{create, of_account, refused, text};
use crate::support::{Opened, open};
use serde_json::Value;

const OFFER: &str = "friendly_name phone_number lata locality rate_center latitude longitude \
    region postal_code iso_country address_requirements beta capabilities";

async fn search(opened: &Opened, path: &str, filters: &[(&str, &str)]) -> (u16, Value) {
    opened.call("GET", &of_account(&format!("AvailablePhoneNumbers/{path}")), filters).await
}

fn numbers(body: &Value) -> Vec<String> {
    let list = body["available_phone_numbers"].as_array().unwrap_or_else(|| panic!("{body}"));
    list.iter().map(|one| text(one, "phone_number")).collect()
}

#[tokio::test]
async fn what_is_found_can_be_bought_and_is_then_not_found_any_more() {
    let opened = open().await;
    let area = [("AreaCode", "415")];
    let (status, body) = search(&opened, "US/Local", &area).await;
    assert_eq!(status, 200, "{body}");
    let keys: Vec<&String> = body.as_object().expect("a list").keys().collect();
    assert_eq!(keys, ["available_phone_numbers", "uri"]);
    let found = numbers(&body);
    assert_eq!((found.len(), found[0].as_str()), (30, "+14155550100"));
    let one = &body["available_phone_numbers"][0];
    let mut fields: Vec<&str> = OFFER.split_whitespace().collect();
    fields.sort_unstable();
    assert_eq!(one.as_object().expect("one").keys().collect::<Vec<_>>(), fields);
    assert_eq!((&one["locality"], &one["region"]), (&"San Francisco".into(), &"CA".into()));
    for bought in &found[..2] {
        create(&opened, "IncomingPhoneNumbers", &[("PhoneNumber", bought)]).await;
    }
    let again = numbers(&search(&opened, "US/Local", &area).await.1);
    assert_eq!(again[0], found[2]);
    let form = [("PhoneNumber", found[0].as_str())];
    let twice = opened.call("POST", &of_account("IncomingPhoneNumbers"), &form).await;
    refused("somebody has it", twice, (400, 21_422));
    // Given back, it is offered again; in its place.
    let (_, mine) = opened.call("GET", &of_account("IncomingPhoneNumbers"), &form).await;
    let sid = text(&mine["incoming_phone_numbers"][0], "sid");
    let path = of_account(&format!("IncomingPhoneNumbers/{sid}"));
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    assert_eq!(numbers(&search(&opened, "US/Local", &area).await.1)[0], found[0]);
    // An area with a hundred lines is sold out, and says so.
    for _ in 0..99 {
        create(&opened, "IncomingPhoneNumbers", &area).await;
    }
    let empty = opened.call("POST", &of_account("IncomingPhoneNumbers"), &area).await;
    refused("sold out", empty, (400, 21_452));
    assert_eq!(numbers(&search(&opened, "US/Local", &area).await.1), Vec::<String>::new());
    opened.finish().await;
}

#[tokio::test]
async fn countries_say_which_kinds_they_have() {
    let opened = open().await;
    let (_, all) = opened.call("GET", &of_account("AvailablePhoneNumbers"), &[]).await;
    assert_eq!(all.as_object().expect("a list").len(), 2, "{all}");
    for country in all["countries"].as_array().expect("a list") {
        let code = text(country, "country_code");
        let (_, alone) = search(&opened, &code, &[]).await;
        assert_eq!(&alone, country);
        let lists = country["subresource_uris"].as_object().expect("lists");
        for (key, path) in [("local", "Local"), ("toll_free", "TollFree"), ("mobile", "Mobile")] {
            let (status, body) = search(&opened, &format!("{code}/{path}"), &[]).await;
            match lists.get(key) {
                None => refused(&code, (status, body), (404, 20_404)),
                Some(uri) => {
                    assert_eq!(uri.as_str(), body["uri"].as_str(), "{code} {key}");
                    // Each can be bought from the list of its kind.
                    let form = [("PhoneNumber", numbers(&body)[0].clone())];
                    let form = form.each_ref().map(|(name, number)| (*name, number.as_str()));
                    create(&opened, &format!("IncomingPhoneNumbers/{path}"), &form).await;
                }
            }
        }
    }
    opened.finish().await;
}

#[tokio::test]
async fn filters_of_a_search_fit_or_are_refused() {
    let opened = open().await;
    for (path, filters, first) in [
        ("US/Local", [("Contains", "STORM"), ("AreaCode", "212")], "+12125578676"),
        ("us/Local", [("InRegion", "NY"), ("PageSize", "1")], "+12125550100"),
        ("US/TollFree", [("AreaCode", "888"), ("VoiceEnabled", "true")], "+18885550100"),
        ("CA/Local", [("InLocality", "Montreal"), ("SmsEnabled", "true")], "+15145550100"),
        ("GB/Mobile", [("Contains", "7700900"), ("Beta", "false")], "+447700900000"),
    ] {
        let (status, body) = search(&opened, path, &filters).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(numbers(&body)[0], first, "{path} {filters:?}");
    }
    for (path, filter, expected) in [
        ("US/Local", ("AreaCode", "1"), (400, 21_451)),
        ("GB/Local", ("AreaCode", "415"), (400, 21_457)),
        ("US/Local", ("Contains", "4"), (400, 20_422)),
        ("US/Local", ("Distance", "501"), (400, 20_422)),
        ("US/Local", ("NearLatLong", "here"), (400, 20_422)),
        ("US/Local", ("SmsEnabled", "maybe"), (400, 20_422)),
        ("US/Local", ("PageSize", "many"), (400, 20_422)),
        ("US/Mobile", ("AreaCode", "415"), (404, 20_404)),
        ("XX/Local", ("AreaCode", "415"), (404, 20_404)),
        ("US/Voip", ("AreaCode", "415"), (403, 20_403)),
    ] {
        refused(&format!("{path} {filter:?}"), search(&opened, path, &[filter]).await, expected);
    }
    opened.finish().await;
}
