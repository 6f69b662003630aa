//! Triggers of usage: what one watches, when it fires, and what it tells.
//!
//! A trigger fires once, a recurring one once in each of its periods. Who counts asks [`fires`]
//! after each thing that was used. Contract: rest.md 4.4 and A.12; Twilio doc page "Usage Trigger".

use super::categories::{self, Category};
use super::{Tally, periods};
use crate::numbers::{Method, Target};
use crate::refusal::Refusal;
use crate::sid::{AccountSid, TriggerSid};
use crate::webhooks::url::Url;
use crate::webhooks::{Kind, Purpose, Webhook};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use webhook::Form;

/// Triggers of an account at most.
pub const TRIGGERS_MAX: u64 = 1_000;
/// Values are kept in millionths.
const MILLIONTHS: i64 = 1_000_000;

/// What is compared with the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerBy {
    /// How many.
    Count,
    /// How much.
    Usage,
    /// What it cost: nothing, in a house.
    Price,
}

impl TriggerBy {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            TriggerBy::Count => "count",
            TriggerBy::Usage => "usage",
            TriggerBy::Price => "price",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<TriggerBy> {
        let all = [TriggerBy::Count, TriggerBy::Usage, TriggerBy::Price];
        all.into_iter().find(|by| by.as_str() == text)
    }
}

/// How often it may fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recurring {
    /// Once a UTC day, of which the value counts.
    Daily,
    /// Once a month.
    Monthly,
    /// Once a year.
    Yearly,
    /// Once; the same as none.
    AllTime,
}

impl Recurring {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Recurring::Daily => "daily",
            Recurring::Monthly => "monthly",
            Recurring::Yearly => "yearly",
            Recurring::AllTime => "alltime",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<Recurring> {
        let all = [Recurring::Daily, Recurring::Monthly, Recurring::Yearly, Recurring::AllTime];
        all.into_iter().find(|recurring| recurring.as_str() == text)
    }
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// Its sid.
    pub sid: TriggerSid,
    /// Whose usage it watches; a main account's has that of its subaccounts.
    pub account: AccountSid,
    /// A name for people.
    pub friendly_name: String,
    /// The category it watches.
    pub category: &'static Category,
    /// What of it.
    pub by: TriggerBy,
    /// Where it fires, in millionths.
    pub value: i64,
    /// How often.
    pub recurring: Option<Recurring>,
    /// Who is told.
    pub callback: Target,
    /// When it fired last; house time.
    pub fired: Option<Timestamp>,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

impl Trigger {
    /// The days that count now, as days since 1970.
    pub fn days(&self, now: Timestamp) -> (i64, i64) {
        let today = TimeZone::UTC.to_datetime(now).date();
        let first = match self.recurring {
            Some(Recurring::Daily) => today,
            Some(Recurring::Monthly) => today.first_of_month(),
            Some(Recurring::Yearly) => today.first_of_year(),
            Some(Recurring::AllTime) | None => return (i64::MIN, i64::MAX),
        };
        (periods::number(first), periods::number(today))
    }

    /// What it stands at, in millionths. `tallies` are of the days that count.
    pub fn current(&self, tallies: &[Tally], now: Timestamp) -> i64 {
        let (count, usage) = super::sum(tallies, self.category, self.days(now));
        let value = match self.by {
            TriggerBy::Count => count,
            TriggerBy::Usage => usage,
            TriggerBy::Price => 0,
        };
        i64::try_from(value).unwrap_or(i64::MAX).saturating_mul(MILLIONTHS)
    }
}

/// Whether it fires now: it stands at its value, and has not fired for these days.
pub fn fires(trigger: &Trigger, current: i64, now: Timestamp) -> bool {
    let first = trigger.days(now).0;
    let fired = trigger.fired.is_some_and(|fired| super::day(fired) >= first);
    !fired && current >= trigger.value
}

/// A value as it is shown: `5`, `0.5`.
pub fn shown(value: i64) -> String {
    let (whole, rest) = (value / MILLIONTHS, value % MILLIONTHS);
    let text = format!("{whole}.{rest:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Reads a positive number with six decimals at most, and whether it counts from where usage
/// stands (`+5`).
fn value(text: &str) -> Option<(bool, i64)> {
    let (relative, text) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || rest.len() > 6 || !digits(whole) || !digits(rest) {
        return None;
    }
    let millionths: i64 = format!("{whole}{rest:0<6}").parse().ok()?;
    (millionths > 0).then_some((relative, millionths))
}

fn filled<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
    form.get(name).map(str::trim).filter(|text| !text.is_empty())
}

fn callback_url(text: &str) -> Result<String, Refusal> {
    Url::parse(text).map_err(|_| Refusal::callback_invalid(text))?;
    Ok(text.to_owned())
}

fn callback_method(text: &str) -> Result<Method, Refusal> {
    Method::parse(text).ok_or_else(|| Refusal::number_method_invalid("CallbackMethod"))
}

/// A new trigger; a relative value counts from where `current` says it stands.
///
/// # Errors
/// 20001 for what is missing, 21502, 21403 and 20422 for what cannot be; whatever `current` says.
pub fn create<E: From<Refusal>>(
    form: &Form,
    (account, sid): (AccountSid, TriggerSid),
    now: Timestamp,
    current: impl FnOnce(&Trigger) -> Result<i64, E>,
) -> Result<Trigger, E> {
    let required =
        |name: &str| filled(form, name).ok_or_else(|| E::from(Refusal::parameter_missing(name)));
    let wrong = |name: &str, why: &str| E::from(Refusal::parameter_invalid(name, why));
    let url = callback_url(required("CallbackUrl")?)?;
    let (text, category) = (required("TriggerValue")?, required("UsageCategory")?);
    let category = categories::find(category)
        .ok_or_else(|| wrong("UsageCategory", "it is none of the categories of usage"))?;
    let (relative, value) = value(text).ok_or_else(|| {
        wrong("TriggerValue", "use a positive number, with + from where it stands")
    })?;
    let by = match filled(form, "TriggerBy") {
        None => TriggerBy::Usage,
        Some(text) => {
            TriggerBy::parse(text).ok_or_else(|| wrong("TriggerBy", "use count, usage or price"))?
        }
    };
    let recurring = match filled(form, "Recurring") {
        None => None,
        Some(text) => Some(
            Recurring::parse(text)
                .ok_or_else(|| wrong("Recurring", "use daily, monthly, yearly or alltime"))?,
        ),
    };
    let method = filled(form, "CallbackMethod").map(callback_method).transpose()?;
    let friendly_name = crate::numbers::configure::friendly_name(form)?.unwrap_or_default();
    let mut trigger = Trigger {
        sid,
        account,
        friendly_name,
        category,
        by,
        value,
        recurring,
        callback: Target { url, method: method.unwrap_or_default() },
        fired: None,
        created: now,
        updated: now,
    };
    if relative {
        trigger.value = trigger.value.saturating_add(current(&trigger)?);
    }
    Ok(trigger)
}

/// Changes what a trigger's update may change.
///
/// # Errors
/// As [`create`]; `trigger` may then be half changed.
pub fn configure(trigger: &mut Trigger, form: &Form) -> Result<(), Refusal> {
    if let Some(text) = filled(form, "CallbackUrl") {
        trigger.callback.url = callback_url(text)?;
    }
    if let Some(text) = filled(form, "CallbackMethod") {
        trigger.callback.method = callback_method(text)?;
    }
    if let Some(name) = crate::numbers::configure::friendly_name(form)? {
        trigger.friendly_name = name;
    }
    Ok(())
}

/// Where the record that a trigger watches is shown.
pub fn record_uri(trigger: &Trigger) -> String {
    let list = match trigger.recurring {
        Some(Recurring::Daily) => "/Today",
        Some(Recurring::Monthly) => "/ThisMonth",
        Some(Recurring::Yearly) => "/Yearly",
        Some(Recurring::AllTime) | None => "",
    };
    format!(
        "/2010-04-01/Accounts/{}/Usage/Records{list}.json?Category={}",
        trigger.account, trigger.category.name
    )
}

/// The tell that a trigger fired at `now`, standing at `current`.
pub fn tell(trigger: &Trigger, current: i64, token: u128, now: Timestamp) -> Webhook {
    let form = Form::from_pairs([
        ("AccountSid", trigger.account.to_string()),
        ("UsageTriggerSid", trigger.sid.to_string()),
        ("DateFired", now.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()),
        ("Recurring", trigger.recurring.map_or("", Recurring::as_str).to_owned()),
        ("TriggerBy", trigger.by.as_str().to_owned()),
        ("TriggerValue", shown(trigger.value)),
        ("CurrentValue", shown(current)),
        ("UsageCategory", trigger.category.name.to_owned()),
        ("UsageRecordUri", record_uri(trigger)),
        ("IdempotencyToken", format!("{token:032x}")),
    ]);
    Webhook {
        id: 0,
        account: trigger.account,
        kind: Kind::Tell,
        purpose: Purpose::UsageTrigger,
        resource: trigger.sid.sid(),
        url: trigger.callback.url.clone(),
        method: trigger.callback.method,
        parameters: form.encode(),
        token,
        fallback: None,
        context: String::new(),
        due: now,
        created: now,
        failures: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "CallbackUrl=https://a.example/&TriggerValue=5&UsageCategory=sms";

    fn make(parameters: &str) -> Result<Trigger, u32> {
        let form = Form::parse(parameters.as_bytes()).expect("a form");
        let sids = (
            AccountSid::parse("AC00000000000000000000000000000001").expect("a sid"),
            TriggerSid::parse("UT00000000000000000000000000000001").expect("a sid"),
        );
        create(&form, sids, Timestamp::UNIX_EPOCH, |_| Ok(2 * MILLIONTHS))
            .map_err(|refusal: Refusal| refusal.code)
    }

    #[test]
    fn what_a_trigger_cannot_be_is_refused() {
        for (parameters, code) in [
            ("TriggerValue=5&UsageCategory=sms", 20_001),
            ("CallbackUrl=https://a.example/&UsageCategory=sms", 20_001),
            ("CallbackUrl=https://a.example/&TriggerValue=5", 20_001),
            ("CallbackUrl=here&TriggerValue=5&UsageCategory=sms", 21_502),
            ("CallbackUrl=https://a.example/&TriggerValue=5&UsageCategory=spoons", 20_422),
        ] {
            assert_eq!(make(parameters), Err(code), "{parameters}");
        }
        for (more, code) in [
            ("TriggerBy=weight", 20_422),
            ("Recurring=hourly", 20_422),
            ("CallbackMethod=PUT", 21_403),
        ] {
            assert_eq!(make(&format!("{GOOD}&{more}")), Err(code), "{more}");
        }
        for value in ["0", "-1", "many", "1.2345678", "+", "9999999999999"] {
            let value = value.replace('+', "%2B");
            let parameters =
                format!("CallbackUrl=https://a.example/&UsageCategory=sms&TriggerValue={value}");
            assert_eq!(make(&parameters), Err(20_422), "{value}");
        }
    }

    #[test]
    fn a_relative_value_counts_from_where_usage_stands() {
        let trigger = make(&GOOD.replace("Value=5", "Value=%2B5.5")).expect("a trigger");
        assert_eq!(shown(trigger.value), "7.5");
        assert_eq!(shown(make(GOOD).expect("a trigger").value), "5");
    }

    #[test]
    fn a_trigger_fires_once_in_each_of_its_periods() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let mut trigger = make(&format!("{GOOD}&Recurring=daily")).expect("a trigger");
        let value = trigger.value;
        let noon = at("2026-03-02T12:00:00Z");
        assert!(!fires(&trigger, value - 1, noon) && fires(&trigger, value, noon));
        trigger.fired = Some(noon);
        assert!(!fires(&trigger, value, at("2026-03-02T23:59:59Z")));
        assert!(fires(&trigger, value, at("2026-03-03T00:00:00Z")));
        trigger.recurring = Some(Recurring::Monthly);
        assert!(!fires(&trigger, value, at("2026-03-31T00:00:00Z")));
        assert!(fires(&trigger, value, at("2026-04-01T00:00:00Z")));
        trigger.recurring = None;
        assert!(!fires(&trigger, value, at("2030-01-01T00:00:00Z")));
        let tally = |day| Tally { day, category: "sms-inbound".into(), count: 3, usage: 4 };
        trigger.recurring = Some(Recurring::Daily);
        let days = [tally(super::super::day(noon)), tally(super::super::day(noon) - 1)];
        assert_eq!(shown(trigger.current(&days, noon)), "4");
        trigger.recurring = None;
        assert_eq!(shown(trigger.current(&days, noon)), "8");
    }
}
