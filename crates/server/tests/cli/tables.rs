//! Commands over resources: what they ask a server for, and how they show what it answers.
//!
//! The server is a stand-in that records requests, so that each flag is seen on the wire.

use crate::support::{Answer, Folder, SID, Small, against, against_in};
use serde_json::{Value, json};

fn answers(values: &[(u16, Value)]) -> Vec<Answer> {
    values.iter().map(|(status, value)| (*status, "application/json", value.to_string())).collect()
}

#[test]
fn flags_become_the_parameters_of_the_api() {
    let account = format!("/2010-04-01/Accounts/{SID}");
    let pn = "PN0123456789abcdef0123456789abcdef";
    let eh = "EH0123456789abcdef0123456789abcdef";
    let wh = "WH0123456789abcdef0123456789abcdef";
    let mg = "MG0123456789abcdef0123456789abcdef";
    let ad = "AD0123456789abcdef0123456789abcdef";
    for (arguments, line, body) in [
        (
            "numbers list --phone-number +1202* --limit 7",
            format!("GET {account}/IncomingPhoneNumbers.json?PhoneNumber=%2B1202*&PageSize=7"),
            "",
        ),
        (
            "numbers create +12025550101 --sms-url http://h/sms",
            format!("POST {account}/IncomingPhoneNumbers.json"),
            "SmsUrl=http%3A%2F%2Fh%2Fsms&PhoneNumber=%2B12025550101",
        ),
        (
            "numbers create --area-code 202",
            format!("POST {account}/IncomingPhoneNumbers.json"),
            "AreaCode=202",
        ),
        (
            "numbers search GB --kind mobile --contains 123 --limit 5",
            format!("GET {account}/AvailablePhoneNumbers/GB/Mobile.json?Contains=123&PageSize=5"),
            "",
        ),
        (
            &format!("numbers update {pn} --sms-url= --sms-method GET"),
            format!("POST {account}/IncomingPhoneNumbers/{pn}.json"),
            "SmsUrl=&SmsMethod=GET",
        ),
        (
            &format!("numbers show {pn}"),
            format!("GET {account}/IncomingPhoneNumbers/{pn}.json"),
            "",
        ),
        (
            &format!("numbers delete {pn}"),
            format!("DELETE {account}/IncomingPhoneNumbers/{pn}.json"),
            "",
        ),
        (
            "messages create --to +1 --from +2 --body hi --media-url http://h/1 --media-url http://h/2",
            format!("POST {account}/Messages.json"),
            "To=%2B1&From=%2B2&Body=hi&MediaUrl=http%3A%2F%2Fh%2F1&MediaUrl=http%3A%2F%2Fh%2F2",
        ),
        (
            "messages list --date-sent-after 2026-11-01 --limit 1000",
            format!("GET {account}/Messages.json?DateSent%3E=2026-11-01&PageSize=100"),
            "",
        ),
        ("messages update SM1 --body=", format!("POST {account}/Messages/SM1.json"), "Body="),
        (
            "applications create --friendly-name A --sms-status-callback http://h/",
            format!("POST {account}/Applications.json"),
            "FriendlyName=A&SmsStatusCallback=http%3A%2F%2Fh%2F",
        ),
        (
            "services create --friendly-name Shop --use-inbound-webhook-on-number true",
            "POST /messaging/v1/Services".into(),
            "FriendlyName=Shop&UseInboundWebhookOnNumber=true",
        ),
        ("services list", "GET /messaging/v1/Services?PageSize=50".into(), ""),
        (
            "addresses create --customer-name Ann --iso-country US",
            format!("POST {account}/Addresses.json"),
            "CustomerName=Ann&IsoCountry=US",
        ),
        (
            &format!("addresses numbers {ad} --limit 3"),
            format!("GET {account}/Addresses/{ad}/DependentPhoneNumbers.json?PageSize=3"),
            "",
        ),
        (
            "caller-ids validate +12025550188 --call-delay 5 --extension 12w",
            format!("POST {account}/OutgoingCallerIds.json"),
            "PhoneNumber=%2B12025550188&CallDelay=5&Extension=12w",
        ),
        (
            &format!("caller-ids update {pn} --friendly-name Home"),
            format!("POST {account}/OutgoingCallerIds/{pn}.json"),
            "FriendlyName=Home",
        ),
        (
            "usage --by day --category sms --start-date -7days --limit 5",
            format!(
                "GET {account}/Usage/Records/Daily.json?Category=sms&StartDate=-7days&PageSize=5"
            ),
            "",
        ),
        (
            "usage-triggers create --usage-category sms --trigger-value +5 --callback-url http://h/",
            format!("POST {account}/Usage/Triggers.json"),
            "UsageCategory=sms&TriggerValue=%2B5&CallbackUrl=http%3A%2F%2Fh%2F",
        ),
        (
            "lookup 2025550188 --country-code US --fields caller_name",
            "GET /lookups/v2/PhoneNumbers/2025550188?CountryCode=US&Fields=caller_name".into(),
            "",
        ),
        (
            "phones read whatsapp:+12025550199 SM1",
            "POST /offhook/v1/Phones/whatsapp:+12025550199/Messages/SM1/Read".into(),
            "",
        ),
        (
            &format!("services update {mg} --inbound-request-url="),
            format!("POST /messaging/v1/Services/{mg}"),
            "InboundRequestUrl=",
        ),
        (&format!("services delete {mg}"), format!("DELETE /messaging/v1/Services/{mg}"), ""),
        (
            &format!("services numbers {mg}"),
            format!("GET /messaging/v1/Services/{mg}/PhoneNumbers?PageSize=50"),
            "",
        ),
        (
            &format!("services add {mg} {pn}"),
            format!("POST /messaging/v1/Services/{mg}/PhoneNumbers"),
            &format!("PhoneNumberSid={pn}"),
        ),
        (
            &format!("services remove {mg} {pn}"),
            format!("DELETE /messaging/v1/Services/{mg}/PhoneNumbers/{pn}"),
            "",
        ),
        (
            &format!("services opt-out {mg} --advanced-opt-out true"),
            format!("POST /offhook/v1/Services/{mg}"),
            "AdvancedOptOut=true",
        ),
        ("keys create --friendly-name CI", format!("POST {account}/Keys.json"), "FriendlyName=CI"),
        (
            "keys create --key-type main --friendly-name CI",
            "POST /offhook/v1/Keys".into(),
            "KeyType=main&FriendlyName=CI",
        ),
        (
            "keys create --allow /twilio/voice/calls/create",
            "POST /offhook/v1/Keys".into(),
            "KeyType=restricted&Policy=%7B%22allow%22%3A%5B%22%2Ftwilio%2Fvoice%2Fcalls%2Fcreate%22%5D%7D",
        ),
        ("test-credentials create", "POST /offhook/v1/TestCredentials".into(), ""),
        ("accounts show", format!("GET {account}.json"), ""),
        (
            "accounts create --friendly-name Sub",
            "POST /2010-04-01/Accounts.json".into(),
            "FriendlyName=Sub",
        ),
        (
            "accounts list --status active",
            "GET /2010-04-01/Accounts.json?Status=active&PageSize=50".into(),
            "",
        ),
        (
            "alerts list --log-level error",
            "GET /monitor/v1/Alerts?LogLevel=error&PageSize=50".into(),
            "",
        ),
        (
            "phones update client:a/b --on-message fail --error-code 30003",
            "POST /offhook/v1/Phones/client:a%2Fb".into(),
            "OnMessage=fail&ErrorCode=30003",
        ),
        (
            "phones messages +12025550199",
            "GET /offhook/v1/Phones/+12025550199/Messages?PageSize=50".into(),
            "",
        ),
        (
            "phones update +12025550111 --on-call answer --answer-after PT2S --lines 2",
            "POST /offhook/v1/Phones/+12025550111".into(),
            "OnCall=answer&AnswerAfter=PT2S&Lines=2",
        ),
        (
            "phones calls +12025550199",
            "GET /offhook/v1/Phones/+12025550199/Calls?PageSize=50".into(),
            "",
        ),
        (
            "calls create --to +1 --from +2 --url http://h/v --status-callback-event initiated \
             --status-callback-event completed --machine-detection Enable --time-limit 60",
            format!("POST {account}/Calls.json"),
            "To=%2B1&From=%2B2&Url=http%3A%2F%2Fh%2Fv&StatusCallbackEvent=initiated&\
             StatusCallbackEvent=completed&TimeLimit=60&MachineDetection=Enable",
        ),
        (
            "calls create --to client:jo --from +2 --twiml <Response/>",
            format!("POST {account}/Calls.json"),
            "To=client%3Ajo&From=%2B2&Twiml=%3CResponse%2F%3E",
        ),
        (
            "calls update CA1 --twiml -",
            format!("POST {account}/Calls/CA1.json"),
            "Twiml=%3CResponse%3E%3C%2FResponse%3E",
        ),
        (
            "calls update CA1 --status completed",
            format!("POST {account}/Calls/CA1.json"),
            "Status=completed",
        ),
        (
            "calls list --status in-progress --start-time-after 2026-11-01 --parent-call-sid CA1",
            format!(
                "GET {account}/Calls.json?Status=in-progress&ParentCallSid=CA1&\
                 StartTime%3E=2026-11-01&PageSize=50"
            ),
            "",
        ),
        ("calls show CA1", format!("GET {account}/Calls/CA1.json"), ""),
        ("calls points CA1", "GET /offhook/v1/Calls/CA1/Points".into(), ""),
        (
            "calls fork CA1 --at 3 --digits 2",
            "POST /offhook/v1/Calls/CA1/Fork".into(),
            "At=3&Digits=2",
        ),
        ("calls fork CA1 --speech yes", "POST /offhook/v1/Calls/CA1/Fork".into(), "Speech=yes"),
        ("calls fork CA1 --hangup", "POST /offhook/v1/Calls/CA1/Fork".into(), "Hangup=true"),
        ("calls delete CA1", format!("DELETE {account}/Calls/CA1.json"), ""),
        ("calls events CA1", format!("GET {account}/Calls/CA1/Events.json?PageSize=50"), ""),
        (
            "recordings list --call-sid CA1",
            format!("GET {account}/Recordings.json?CallSid=CA1&PageSize=50"),
            "",
        ),
        ("recordings show RE1", format!("GET {account}/Recordings/RE1.json"), ""),
        ("recordings delete RE1", format!("DELETE {account}/Recordings/RE1.json"), ""),
        ("recordings download RE1 --output -", format!("GET {account}/Recordings/RE1.wav"), ""),
        (
            "settings update --retry-profile durable",
            "POST /offhook/v1/Settings".into(),
            "RetryProfile=durable",
        ),
        (
            "clock update --advance idle --limit PT1H",
            "POST /offhook/v1/Clock".into(),
            "Advance=idle&Limit=PT1H",
        ),
        ("clock show", "GET /offhook/v1/Clock".into(), ""),
        (
            "webhooks list --resource-sid SM1 --kind ask --status failed",
            "GET /offhook/v1/Webhooks?ResourceSid=SM1&Status=failed&Kind=ask&PageSize=50".into(),
            "",
        ),
        (
            &format!("webhooks replay {wh} --no-wait --url http://h/ Body=a=b"),
            format!("POST /offhook/v1/Webhooks/{wh}/Replay"),
            "Url=http%3A%2F%2Fh%2F&Body=a%3Db",
        ),
        (
            "bins create --friendly-name Hi --twiml <Response/> --access signed",
            "POST /offhook/v1/Bins".into(),
            "FriendlyName=Hi&Twiml=%3CResponse%2F%3E&Access=signed",
        ),
        (
            &format!("bins update {eh} -"),
            format!("POST /offhook/v1/Bins/{eh}"),
            "Twiml=%3CResponse%3E%3C%2FResponse%3E",
        ),
        (
            &format!("bins versions {eh}"),
            format!("GET /offhook/v1/Bins/{eh}/Versions?PageSize=50"),
            "",
        ),
        (
            &format!("bins restore {eh} 3"),
            format!("POST /offhook/v1/Bins/{eh}/Versions/3/Restore"),
            "",
        ),
    ] {
        let house = Small::answering(answers(&[(200, json!({ "sid": "XX1" }))]));
        let words: Vec<&str> = arguments.split(' ').collect();
        let ran = against(&house, &words, "<Response></Response>");
        assert_eq!(ran.code, 0, "{arguments}: {ran:?}");
        let asked = house.next();
        assert_eq!((asked.line, asked.body.as_str()), (line, body), "{arguments}");
        assert!(asked.headers.to_ascii_lowercase().contains("authorization: basic "));
    }
}

#[test]
fn one_may_be_named_by_what_people_call_it() {
    let list = json!({ "incoming_phone_numbers": [
        { "sid": "PN1", "phone_number": "+120255501001" },
        { "sid": "PN2", "phone_number": "+12025550100" },
    ] });
    let house = Small::answering(answers(&[(200, list), (200, json!({ "sid": "PN2" }))]));
    let ran = against(&house, &["numbers", "update", "+12025550100", "--sms-url", "http://h/"], "");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(house.next().line.contains("IncomingPhoneNumbers.json?PhoneNumber=%2B12025550100&"));
    let expected = format!("POST /2010-04-01/Accounts/{SID}/IncomingPhoneNumbers/PN2.json");
    assert_eq!(house.next().line, expected);

    let twice = json!({ "bins": [
        { "sid": "EH1", "friendly_name": "Hi" }, { "sid": "EH2", "friendly_name": "Hi" },
    ] });
    for (name, says) in
        [("Hi", "more than one bin is Hi: name it by its sid"), ("Ho", "there is no bin Ho")]
    {
        let house = Small::answering(answers(&[(200, twice.clone())]));
        let ran = against(&house, &["bins", "delete", name], "");
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains(says), "{ran:?}");
        assert_eq!(house.all().len(), 1, "nothing is deleted");
    }
}

#[test]
fn a_url_may_be_a_bin_by_its_name() {
    let pn = "PN0123456789abcdef0123456789abcdef";
    let bin = json!({ "sid": "EH1", "friendly_name": "Menu", "url": "http://h/bins/EH1" });
    let listed = json!({ "bins": [bin] });
    let house = Small::answering(answers(&[(200, listed), (200, bin), (200, json!({}))]));
    let ran = against(&house, &["numbers", "update", pn, "--voice-url", "bin:Menu"], "");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(house.next().line, "GET /offhook/v1/Bins?FriendlyName=Menu&PageSize=100");
    assert_eq!(house.next().line, "GET /offhook/v1/Bins/EH1");
    assert_eq!(house.next().body, "VoiceUrl=http%3A%2F%2Fh%2Fbins%2FEH1");
    let house = Small::answering(answers(&[(200, json!({ "bins": [] }))]));
    let ran = against(&house, &["numbers", "update", pn, "--voice-url", "bin:Nosuch"], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "error: there is no bin Nosuch\n"));
}

#[test]
fn last_is_the_newest_of_a_list() {
    let account = format!("/2010-04-01/Accounts/{SID}");
    let list = |key: &str, sid: &str| json!({ key: [{ "sid": sid }] });
    let wh = "WH0123456789abcdef0123456789abcdef";
    for (arguments, key, sid, asked, then) in [
        (
            "messages show last",
            "messages",
            "SM1",
            format!("GET {account}/Messages.json?PageSize=1"),
            format!("GET {account}/Messages/SM1.json"),
        ),
        (
            "webhooks show last",
            "webhooks",
            wh,
            "GET /offhook/v1/Webhooks?PageSize=1".to_owned(),
            format!("GET /offhook/v1/Webhooks/{wh}"),
        ),
        (
            "webhooks replay last --no-wait",
            "webhooks",
            wh,
            "GET /offhook/v1/Webhooks?PageSize=1".to_owned(),
            format!("POST /offhook/v1/Webhooks/{wh}/Replay"),
        ),
        (
            "calls events last",
            "calls",
            "CA1",
            format!("GET {account}/Calls.json?PageSize=1"),
            format!("GET {account}/Calls/CA1/Events.json?PageSize=50"),
        ),
    ] {
        let house = Small::answering(answers(&[(200, list(key, sid)), (200, json!({}))]));
        let words: Vec<&str> = arguments.split(' ').collect();
        let ran = against(&house, &words, "");
        assert_eq!((house.next().line, house.next().line), (asked, then), "{arguments}: {ran:?}");
    }
    let house = Small::answering(answers(&[(200, json!({ "calls": [] }))]));
    let ran = against(&house, &["calls", "show", "last"], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "error: there is no call yet\n"));
}

#[test]
fn lists_are_read_page_after_page_and_shown_as_a_table_or_as_json() {
    let page = |sids: &[&str], next: Value| {
        let items: Vec<Value> = sids
            .iter()
            .map(|sid| json!({ "sid": sid, "friendly_name": "a\u{1b}[2Jb", "access": "open" }))
            .collect();
        (200, json!({ "bins": items, "meta": { "next_page_url": next } }))
    };
    let pages = [
        page(&["EH1", "EH2"], json!("http://elsewhere:1/offhook/v1/Bins?Page=1")),
        page(&["EH3"], Value::Null),
    ];
    let house = Small::answering(answers(&pages));
    let ran = against(&house, &["bins", "list"], "");
    assert_eq!(
        ran.stdout,
        "SID  FRIENDLY NAME  ACCESS  VERSION  URL\n\
         EH1  a\u{fffd}[2Jb         open    -        -\n\
         EH2  a\u{fffd}[2Jb         open    -        -\n\
         EH3  a\u{fffd}[2Jb         open    -        -\n"
    );
    let asked: Vec<String> = house.all().into_iter().map(|got| got.line).collect();
    assert_eq!(asked, ["GET /offhook/v1/Bins?PageSize=50", "GET /offhook/v1/Bins?Page=1"]);

    let house = Small::answering(answers(&pages));
    let ran = against(&house, &["bins", "list", "--json", "--limit", "2"], "");
    assert_eq!(ran.stdout.lines().count(), 2);
    assert_eq!(house.all().len(), 1, "the second page is not needed");

    let house = Small::answering(answers(&[page(&[], Value::Null)]));
    let ran = against(&house, &["bins", "list"], "");
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", "no bins\n"));
}

#[test]
fn a_page_that_leads_to_itself_is_left() {
    let round = json!({ "bins": [], "meta": { "next_page_url": "http://h/offhook/v1/Bins" } });
    let house = Small::answering(answers(&[(200, round)]));
    assert_eq!(against(&house, &["bins", "list"], "").code, 0);
    assert_eq!(house.all().len(), 1);
}

#[test]
fn one_is_shown_with_its_problems_apart() {
    let bin = json!({
        "sid": "EH1", "friendly_name": "Hi", "twiml": "<Response>\n</Response>", "date": null,
        "problems": [
            { "level": "warning", "code": 12200, "message": "x", "line": 2, "column": 3 },
        ],
    });
    let house = Small::answering(answers(&[(201, bin)]));
    let ran = against(&house, &["bins", "create", "-"], "<Response/>");
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.stdout,
        "sid            EH1\n\
         friendly_name  Hi\n\
         date           -\n\
         twiml          <Response>\n               </Response>\n"
    );
    assert_eq!(ran.stderr, "2:3: warning 12200: x\n");
}

#[test]
fn a_refusal_is_the_servers_sentence_and_code() {
    let refusal =
        json!({ "code": 21211, "message": "The 'To' number 1 is not valid.", "status": 400 });
    let house = Small::answering(answers(&[(400, refusal)]));
    let ran = against(&house, &["messages", "create", "--to", "1"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert_eq!(ran.stderr, "error: The 'To' number 1 is not valid. (code 21211)\n");
}

fn entry(sid: &str, body: &str) -> Value {
    json!({
        "sid": sid, "kind": "ask", "status": "done", "method": "POST", "url": "http://h/sms",
        "date_created": "2026-11-23T10:00:00Z",
        "parameters": { "Body": body, "From": "+12025550199", "ApiVersion": "2010-04-01" },
        "attempts": [
            { "why": "first", "started_at": "2026-11-23T10:00:00.123456Z", "duration_ms": 12.4,
              "status": 200, "error": null },
        ],
        "response": { "status": 200, "headers": {}, "body": "<Response>\n<Say/>\n</Response>" },
        "problems": [
            { "level": "warning", "code": 12200, "message": "no Say", "line": 2, "column": 1 },
        ],
    })
}

const SHOWN: &str = "10:00:00.123 ask  POST http://h/sms  200 12 ms  WH1
  ▸ Body=hi  From=+12025550199
  ◂ <Response>
    <Say/>
    </Response>
  ! 2:1: warning 12200: no Say
";

#[test]
fn tail_shows_each_request_once_it_has_ended() {
    let stream = ": hello\n\nid: 5\nevent: webhook.waiting\ndata: {\"sid\":\"WH1\"}\n\n\
        id: 6\nevent: message.sent\ndata: {}\n\n\
        id: 7\nevent: webhook.done\ndata: {\"sid\":\"WH1\"}\n\n";
    let house = Small::answering(vec![
        (200, "text/event-stream", stream.to_owned()),
        (200, "application/json", entry("WH1", "hi").to_string()),
    ]);
    let ran = against(&house, &["webhooks", "tail", "--once", "1"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, SHOWN), "{ran:?}");
    let asked: Vec<String> = house.all().into_iter().map(|got| got.line).collect();
    assert_eq!(asked, ["GET /offhook/v1/Events", "GET /offhook/v1/Webhooks/WH1"]);
}

#[test]
fn a_lost_stream_is_taken_up_where_it_was() {
    let event = |id: u32| format!("id: {id}\nevent: webhook.done\ndata: {{\"sid\":\"WH1\"}}\n\n");
    let shown = (200, "application/json", entry("WH1", "hi").to_string());
    let house = Small::answering(vec![
        (200, "text/event-stream", event(7)),
        shown.clone(),
        (200, "text/event-stream", event(8)),
        shown,
    ]);
    let ran = against(&house, &["webhooks", "tail", "--once", "2", "--json"], "");
    assert_eq!(ran.code, 0, "{ran:?}");
    let again = house.all().into_iter().filter(|got| got.line.ends_with("/Events")).nth(1);
    assert!(again.expect("asked again").headers.contains("last-event-id: 7"));
}

#[test]
fn a_replay_is_waited_for_and_its_failure_is_a_failure() {
    let waiting = json!({ "sid": "WH2", "status": "waiting" });
    for (status, code) in [("done", 0), ("failed", 1), ("dead", 1)] {
        let mut ended = entry("WH2", "hi");
        ended["status"] = status.into();
        let house = Small::answering(answers(&[
            (201, waiting.clone()),
            (200, waiting.clone()),
            (200, ended),
        ]));
        let ran = against(&house, &["webhooks", "replay", "WH1", "Body=ho"], "");
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(ran.stdout.contains("WH2"), "{ran:?}");
    }
}

#[test]
fn diff_shows_what_changed_and_fails_like_diff() {
    let pair = |one: &str, other: &str| {
        let house =
            Small::answering(answers(&[(200, entry("WH1", one)), (200, entry("WH2", other))]));
        against(&house, &["webhooks", "diff", "WH1", "WH2"], "")
    };
    let same = pair("hi", "hi");
    assert_eq!((same.code, same.stdout.as_str()), (0, ""));
    let changed = pair("hi", "ho");
    assert_eq!((changed.code, changed.stdout.as_str()), (1, "- Body: hi\n+ Body: ho\n"));
}

#[test]
fn one_webhook_is_shown_as_it_was_on_the_wire() {
    let mut webhook = entry("WH1", "hi\u{7}");
    webhook["attempts"][0]["method"] = "POST".into();
    webhook["attempts"][0]["url"] = "http://h/sms".into();
    webhook["attempts"][0]["remote_address"] = "127.0.0.1:80".into();
    webhook["attempts"][0]["request_headers"] = json!({ "Host": "h" });
    webhook["attempts"][0]["response_headers"] = json!({ "set-cookie": ["a=1", "b=2"] });
    let house = Small::answering(answers(&[(200, webhook)]));
    let ran = against(&house, &["webhooks", "show", "WH1"], "");
    assert_eq!(
        ran.stdout,
        "webhook   WH1, ask done\nabout     , \ncreated   2026-11-23T10:00:00Z\ntoken     \n\n\
         POST http://h/sms\n\
         first at 2026-11-23T10:00:00.123456Z, ended after 12.4 ms\n\
         ▸ Host: h\n◂ 200 from 127.0.0.1:80\n◂ set-cookie: a=1\n◂ set-cookie: b=2\n\n\
         Parameters\n  ApiVersion=2010-04-01\n  Body=hi\u{fffd}\n  From=+12025550199\n\n\
         Answer 200\n<Response>\n<Say/>\n</Response>\n  ! 2:1: warning 12200: no Say\n"
    );
}

#[test]
fn an_alert_is_listed_by_its_message() {
    let alert = json!({
        "sid": "NO1", "date_created": "2026-11-23T10:00:00Z", "log_level": "error",
        "error_code": "12100", "resource_sid": "SM1",
        "alert_text": "Msg=not+well-formed&ErrorCode=12100&line=2",
    });
    let house = Small::answering(answers(&[(200, json!({ "alerts": [alert] }))]));
    let ran = against(&house, &["alerts", "list"], "");
    assert_eq!(
        ran.stdout,
        "DATE CREATED          LOG LEVEL  ERROR CODE  RESOURCE SID  SID  MESSAGE\n\
         2026-11-23T10:00:00Z  error      12100       SM1           NO1  not well-formed\n"
    );
}

#[test]
fn a_transcript_is_asked_of_the_end_that_is_a_handset() {
    let lines = json!(["    0 < fetch POST /voice", "    0 < play say \"Press 1\""]);
    for (direction, address) in [("inbound", "+1"), ("outbound-api", "+2"), ("outbound-dial", "+2")]
    {
        let call = json!({ "sid": "CA1", "direction": direction, "from": "+1", "to": "+2" });
        let heard = json!({ "sid": "CA1", "status": "completed", "lines": lines, "count": 2 });
        let house = Small::answering(answers(&[(200, call.clone()), (200, heard.clone())]));
        let ran = against(&house, &["calls", "transcript", "CA1"], "");
        let expected = "    0 < fetch POST /voice\n    0 < play say \"Press 1\"\n";
        assert_eq!((ran.code, ran.stdout.as_str()), (0, expected), "{ran:?}");
        let asked = house.all().pop().expect("a second request").line;
        assert_eq!(asked, format!("GET /offhook/v1/Phones/{address}/Calls/CA1/Transcript?After=0"));

        let house = Small::answering(answers(&[(200, call), (200, heard)]));
        let ran = against(&house, &["calls", "transcript", "CA1", "--json"], "");
        let first: Value = serde_json::from_str(ran.stdout.lines().next().expect("a line"))
            .expect("a JSON value per line");
        assert_eq!(first, lines[0]);
    }
}

#[test]
fn the_events_of_a_call_are_its_requests_and_their_answers() {
    let event = json!({
        "request": { "method": "POST", "url": "http://h/voice", "parameters": {} },
        "response": { "response_code": 200, "request_duration": 12, "content_type": "text/xml",
                      "date_created": "Mon, 23 Nov 2026 10:00:00 +0000" },
    });
    let house = Small::answering(answers(&[(200, json!({ "events": [event] }))]));
    let ran = against(&house, &["calls", "events", "CA1"], "");
    assert!(
        ran.stdout.ends_with(
            "Mon, 23 Nov 2026 10:00:00 +0000  POST    http://h/voice  200            12          \
             \x20     text/xml\n"
        ),
        "{ran:?}"
    );
}

#[test]
fn a_recording_is_written_to_a_file_that_nothing_is_lost_by() {
    let folder = Folder::new();
    let sound = (200, "audio/x-wav", "RIFF sound".to_owned());
    let house = Small::answering(vec![sound]);
    let download = |more: &[&str]| {
        let words: Vec<&str> =
            ["recordings", "download", "RE1"].iter().chain(more).copied().collect();
        against_in(&folder, &house, &words, "")
    };
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect(name);
    assert_eq!(download(&["-o", "-"]).stdout, "RIFF sound");
    let ran = download(&[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "RE1.wav\n"), "{ran:?}");
    assert_eq!(read("RE1.wav"), "RIFF sound");

    folder.file("RE1.mp3", "mine");
    let ran = download(&["--format", "mp3"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("RE1.mp3 can't be written"), "{ran:?}");
    assert_eq!(read("RE1.mp3"), "mine");
    let ran = download(&["--format", "mp3", "--output", "RE1.mp3", "--json"]);
    assert_eq!(ran.stdout, "{\"bytes\":10,\"file\":\"RE1.mp3\"}\n", "{ran:?}");
    assert_eq!(read("RE1.mp3"), "RIFF sound");

    let refusal = json!({ "code": 20404, "message": "not found", "status": 404 });
    let house = Small::answering(answers(&[(404, refusal)]));
    let ran = against_in(&folder, &house, &["recordings", "download", "RE2"], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "error: not found (code 20404)\n"));
    assert!(!folder.path().join("RE2.wav").exists());
}
