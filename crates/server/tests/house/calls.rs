//! Calls through the whole house, on the virtual clock: a fake customer answers, time is ordered.

use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON, open};
use exchange::calls::inbound::{self, Arrival};
use exchange::calls::{Call, State};
use exchange::numbers::Number;
use exchange::sid::CallSid;
use offhook::calls::Did;
use store::{Change, Write};

/// A house whose number asks the customer at `/voice`, and whose time stands still.
async fn ready() -> Opened {
    let opened = open().await;
    let url = opened.customer.url("/voice");
    let sid = number(&opened).sid;
    let path = format!("/2010-04-01/Accounts/{{AC}}/IncomingPhoneNumbers/{sid}.json");
    let status = opened.customer.url("/number-status");
    let form = [("VoiceUrl", url.as_str()), ("StatusCallback", status.as_str())];
    assert_eq!(opened.call("POST", &path, &form).await.0, 200);
    opened.customer.on("/number-status", [Say::status(204)]);
    opened.stand_still();
    opened
}

/// A person dials the house's number.
async fn dial(opened: &Opened) -> CallSid {
    let house = &opened.house;
    let number = number(opened);
    let arrival = Arrival { from: PERSON.into(), ..Arrival::default() };
    let call = inbound::receive(arrival, &number, None, house.call_sid(), house.now());
    let sid = call.sid;
    house.save(Change::one(Write::InsertCall(Box::new(call)))).await.expect("saved");
    opened.quiet().await;
    sid
}

fn number(opened: &Opened) -> Number {
    opened.house.store.number_at(NUMBER).expect("readable").expect("there")
}

fn record(opened: &Opened, sid: CallSid) -> Call {
    opened.house.store.call(sid).expect("readable").expect("there")
}

#[tokio::test]
async fn a_menu_is_heard_a_key_is_pressed_and_the_call_ends() {
    let mut opened = ready().await;
    let menu = "<Gather numDigits=\"1\" action=\"/menu\"><Say>Press 1</Say></Gather>";
    opened.customer.on("/voice", [Say::verbs(menu)]);
    opened.customer.on("/menu", [Say::verbs("<Say>Thank you</Say>")]);
    let sid = dial(&opened).await;
    let asked = opened.heard().await;
    assert_eq!(asked.get("CallStatus").as_deref(), Some("ringing"));
    assert_eq!(asked.get("From").as_deref(), Some(PERSON));
    assert_eq!(asked.get("Called").as_deref(), Some(NUMBER));
    opened.advance(1).await;
    opened.house.calls.person(sid, Did::Digits("1".into())).await.expect("it is live");
    let asked = opened.heard_on("/menu").await;
    assert_eq!(asked.get("Digits").as_deref(), Some("1"));
    assert_eq!(asked.get("CallStatus").as_deref(), Some("in-progress"));
    opened.quiet().await;
    opened.advance(10).await;
    let told = opened.heard_on("/number-status").await;
    assert_eq!(told.get("CallStatus").as_deref(), Some("completed"));
    let call = record(&opened, sid);
    assert_eq!((call.state, call.answered.is_some()), (State::Completed, true));
    let transcript = opened.house.store.transcript(sid).expect("readable").expect("kept");
    println!("{transcript}");
    opened.finish().await;
}
