//! Records to begin tests with.

use crate::calls::{Call, Plan, State};
use crate::numbers::{Application, Attachments, Hook, Method, Number};
use crate::sid::{AccountSid, ApplicationSid, CallSid, NumberSid};
use jiff::Timestamp;
use webhook::Direction;

/// Milliseconds after the moment that tests begin.
pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_579_075_200_000 + ms).expect("in range")
}

/// One that nothing has happened to.
pub(crate) fn call(direction: Direction) -> Call {
    let inbound = direction == Direction::Inbound;
    Call {
        sid: CallSid::parse("CA00000000000000000000000000000001").expect("a sid"),
        account: AccountSid::parse("AC00000000000000000000000000000001").expect("a sid"),
        parent: None,
        direction,
        from: "+12025550199".into(),
        to: "+12025550100".into(),
        state: if inbound { State::Ringing } else { State::Queued },
        events: 0,
        number: None,
        application: None,
        forwarded_from: None,
        caller_name: None,
        answered_by: None,
        sip_response_code: None,
        plan: Plan::default(),
        created: at(0),
        updated: at(0),
        started: inbound.then(|| at(0)),
        answered: None,
        ended: None,
    }
}

/// An application of the account of [`call`].
pub(crate) fn application() -> Application {
    Application {
        sid: ApplicationSid::parse("AP00000000000000000000000000000001").expect("a sid"),
        account: call(Direction::Inbound).account,
        friendly_name: String::new(),
        voice: hook("https://app.example/voice", "https://app.example/fallback"),
        sms: Hook::default(),
        status_callback: "https://app.example/told".into(),
        status_callback_method: Method::Get,
        message_status_callback: String::new(),
        sms_status_callback: String::new(),
        voice_caller_id_lookup: false,
        public_application_connect_enabled: false,
        created: at(0),
        updated: at(0),
    }
}

/// The number that [`call`] goes to.
pub(crate) fn number() -> Number {
    Number {
        sid: NumberSid::parse("PN00000000000000000000000000000001").expect("a sid"),
        account: call(Direction::Inbound).account,
        phone_number: "+12025550100".into(),
        friendly_name: String::new(),
        voice: hook("https://number.example/voice", ""),
        sms: Hook::default(),
        status_callback: "https://number.example/told".into(),
        status_callback_method: Method::Post,
        voice_application: None,
        sms_application: None,
        voice_caller_id_lookup: false,
        voice_receive_mode: "voice".into(),
        attachments: Attachments::default(),
        created: at(0),
        updated: at(0),
    }
}

fn hook(url: &str, fallback_url: &str) -> Hook {
    Hook { url: url.into(), fallback_url: fallback_url.into(), ..Hook::default() }
}
