//! What a request makes of a conversation and its parts: what is refused, and what it becomes.
//!
//! Called by the REST API with the record as it is, or as a new one begins. What the house does not
//! do with conversations (timers, content templates, email) is refused, not ignored.
//! Contract: Twilio's pages of the Conversations API; codes 50353, 50407, 50416 and 50433.

use super::event::{self, EVENTS};
use super::{ChatHook, ChatMessage, ChatService, Conversation, Hooks, Participant, Standing};
use crate::messages::segments::{BODY_CHARACTERS_MAX, body_characters};
use crate::numbers::configure::filled;
use crate::numbers::{Method, PhoneNumber};
use crate::refusal::Refusal;
use crate::webhooks::url::Url;
use webhook::Form;

/// Characters of a name, an identity and an author at most.
const NAME_CHARACTERS_MAX: usize = 256;
/// Bytes of attributes at most.
const ATTRIBUTES_BYTES_MAX: usize = 16 * 1024;

fn unsupported(form: &Form, names: &[&str]) -> Result<(), Refusal> {
    match names.iter().find(|name| filled(form, name).is_some()) {
        Some(name) => Err(Refusal::unsupported(format!("{name} of a conversation"))),
        None => Ok(()),
    }
}

fn name(field: &mut String, form: &Form, name: &str) -> Result<(), Refusal> {
    match form.get(name).map(str::trim) {
        Some(text) if text.chars().count() > NAME_CHARACTERS_MAX => {
            Err(Refusal::parameter_invalid(name, "it is longer than 256 characters"))
        }
        text => {
            text.into_iter().for_each(|text| text.clone_into(field));
            Ok(())
        }
    }
}

/// JSON of the customer's; whether it is JSON is the API's to say.
fn attributes(field: &mut String, form: &Form) -> Result<(), Refusal> {
    match form.get("Attributes").map(str::trim) {
        Some(text) if text.len() > ATTRIBUTES_BYTES_MAX => {
            Err(Refusal::parameter_invalid("Attributes", "they are longer than 16 kB"))
        }
        Some("") => {
            "{}".clone_into(field);
            Ok(())
        }
        text => {
            text.into_iter().for_each(|text| text.clone_into(field));
            Ok(())
        }
    }
}

/// Applies a request's parameters to a conversation.
///
/// # Errors
/// The first parameter that Twilio would refuse.
pub fn conversation(one: &mut Conversation, form: &Form) -> Result<(), Refusal> {
    let others = [
        "MessagingServiceSid",
        "Timers.Inactive",
        "Timers.Closed",
        "Bindings.Email.Address",
        "Bindings.Email.Name",
    ];
    unsupported(form, &others)?;
    name(&mut one.friendly_name, form, "FriendlyName")?;
    name(&mut one.unique_name, form, "UniqueName")?;
    attributes(&mut one.attributes, form)?;
    if let Some(text) = filled(form, "State") {
        one.standing = Standing::parse(text)
            .ok_or_else(|| Refusal::parameter_invalid("State", "use active, inactive or closed"))?;
    }
    Ok(())
}

/// Applies a request's parameters to a participant. Who it is can only be said at the beginning.
///
/// # Errors
/// The first parameter that Twilio would refuse.
pub fn participant(one: &mut Participant, form: &Form, is_new: bool) -> Result<(), Refusal> {
    unsupported(form, &["RoleSid", "MessagingBinding.ProjectedAddress"])?;
    attributes(&mut one.attributes, form)?;
    if let Some(text) = filled(form, "LastReadMessageIndex") {
        let index = text.parse().map_err(|_| {
            Refusal::parameter_invalid("LastReadMessageIndex", "a whole number is expected")
        })?;
        one.last_read_index = Some(index);
    }
    if !is_new {
        return unsupported(form, &["MessagingBinding.ProxyAddress"]);
    }
    name(&mut one.identity, form, "Identity")?;
    let address = filled(form, "MessagingBinding.Address");
    let proxy = filled(form, "MessagingBinding.ProxyAddress");
    match (address, proxy) {
        (Some(address), Some(proxy)) => {
            one.address = phone(address)?;
            one.proxy = phone(proxy)?;
        }
        (None, None) if !one.identity.is_empty() => {}
        _ => return Err(Refusal::chat_participant_incomplete()),
    }
    Ok(())
}

fn phone(text: &str) -> Result<String, Refusal> {
    match PhoneNumber::parse(text, None) {
        Ok(number) if text.starts_with('+') => Ok(number.as_str().to_owned()),
        _ => Err(Refusal::chat_address_invalid(text)),
    }
}

/// Applies a request's parameters to a message, which has its media already.
///
/// # Errors
/// The first parameter that Twilio would refuse.
pub fn message(one: &mut ChatMessage, form: &Form) -> Result<(), Refusal> {
    unsupported(form, &["ContentSid", "ContentVariables", "Subject"])?;
    name(&mut one.author, form, "Author")?;
    attributes(&mut one.attributes, form)?;
    if let Some(body) = form.get("Body") {
        if body_characters(body) > BODY_CHARACTERS_MAX {
            return Err(Refusal::body_too_long());
        }
        body.clone_into(&mut one.body);
    }
    if one.body.is_empty() && one.media.is_empty() {
        return Err(Refusal::parameter_missing("Body"));
    }
    Ok(())
}

/// The events that are named, one a parameter.
fn filters(
    field: &mut Vec<String>,
    form: &Form,
    (name, is_known): (&str, fn(&str) -> bool),
) -> Result<(), Refusal> {
    if form.get(name).is_none() {
        return Ok(());
    }
    field.clear();
    for text in form.get_all(name).map(str::trim).filter(|text| !text.is_empty()) {
        let all = EVENTS.iter().chain(event::BEFORE.iter().map(|(before, _)| before));
        let mut known = all.filter(|event| is_known(event));
        match known.find(|event| event.eq_ignore_ascii_case(text)) {
            Some(event) if !field.iter().any(|known| known == event) => {
                field.push((*event).to_owned());
            }
            Some(_) => {}
            None => {
                let why = format!("{text} is no event of this house");
                return Err(Refusal::parameter_invalid(name, why));
            }
        }
    }
    Ok(())
}

fn url_and_method(
    (url, method): (&mut String, &mut Method),
    form: &Form,
    (url_name, method_name): (&str, &str),
) -> Result<(), Refusal> {
    if let Some(text) = form.get(url_name).map(str::trim) {
        if !text.is_empty() && Url::parse(text).is_err() {
            return Err(Refusal::callback_invalid(text));
        }
        // Connection overrides are for other webhooks (webhooks.md 4).
        text.split('#').next().unwrap_or_default().clone_into(url);
    }
    if let Some(text) = filled(form, method_name) {
        let upper = text.to_ascii_uppercase();
        let why = "use GET or POST";
        *method =
            Method::parse(&upper).ok_or_else(|| Refusal::parameter_invalid(method_name, why))?;
    }
    Ok(())
}

/// Applies a request's parameters to the webhooks of an account or a service.
///
/// # Errors
/// The first parameter that Twilio would refuse.
pub fn hooks(one: &mut Hooks, form: &Form) -> Result<(), Refusal> {
    match filled(form, "Target") {
        None | Some("webhook") => {}
        Some(other) => return Err(Refusal::unsupported(format!("the target {other}"))),
    }
    url_and_method((&mut one.pre_url, &mut one.method), form, ("PreWebhookUrl", "Method"))?;
    url_and_method((&mut one.post_url, &mut one.method), form, ("PostWebhookUrl", "Method"))?;
    filters(
        &mut one.filters,
        form,
        ("Filters", |name| event::is_told(name) || event::is_asked(name)),
    )
}

/// Applies a request's parameters to a service.
///
/// # Errors
/// The first parameter that Twilio would refuse.
pub fn service(one: &mut ChatService, form: &Form) -> Result<(), Refusal> {
    name(&mut one.friendly_name, form, "FriendlyName")?;
    match one.friendly_name.is_empty() {
        true => Err(Refusal::parameter_missing("FriendlyName")),
        false => Ok(()),
    }
}

/// Applies a request's parameters to a webhook of a conversation.
///
/// # Errors
/// The first parameter that Twilio would refuse; 20403 for targets that are no webhooks.
pub fn hook(one: &mut ChatHook, form: &Form, is_new: bool) -> Result<(), Refusal> {
    match filled(form, "Target") {
        Some("webhook") => {}
        None if is_new => return Err(Refusal::parameter_missing("Target")),
        None => {}
        Some(other @ ("studio" | "trigger")) => {
            return Err(Refusal::unsupported(format!("the target {other}")));
        }
        Some(_) => return Err(Refusal::parameter_invalid("Target", "use webhook")),
    }
    unsupported(
        form,
        &["Configuration.FlowSid", "Configuration.Triggers", "Configuration.ReplayAfter"],
    )?;
    let names = ("Configuration.Url", "Configuration.Method");
    url_and_method((&mut one.url, &mut one.method), form, names)?;
    filters(&mut one.filters, form, ("Configuration.Filters", event::is_told))?;
    if one.url.is_empty() {
        return Err(Refusal::parameter_missing("Configuration.Url"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sid::{AccountSid, ConversationSid, ParticipantSid};
    use jiff::Timestamp;

    fn sid(prefix: &str) -> String {
        format!("{prefix}{:032}", 1)
    }

    #[test]
    fn who_can_not_take_part_is_refused_with_its_code() {
        let fresh = || Participant {
            sid: ParticipantSid::parse(&sid("MB")).expect("a sid"),
            conversation: ConversationSid::parse(&sid("CH")).expect("a sid"),
            account: AccountSid::parse(&sid("AC")).expect("a sid"),
            identity: String::new(),
            address: String::new(),
            proxy: String::new(),
            attributes: "{}".into(),
            last_read_index: None,
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
        };
        let (address, proxy) = ("MessagingBinding.Address", "MessagingBinding.ProxyAddress");
        for (pairs, code) in [
            (vec![], 50_407),
            (vec![(address, "+12025550199")], 50_407),
            (vec![(address, "2025550199"), (proxy, "+12025550100")], 50_407),
            (vec![(address, "+12025550199"), (proxy, "x")], 50_407),
            (vec![("Identity", "a"), ("RoleSid", "RL1")], 20_403),
            (vec![("Identity", "a"), ("LastReadMessageIndex", "x")], 20_422),
        ] {
            let form = Form::from_pairs(pairs.clone());
            let refused = participant(&mut fresh(), &form, true).expect_err("refused");
            assert_eq!(refused.code, code, "{pairs:?}");
        }
        let mut one = fresh();
        let form = Form::from_pairs([(address, "+12025550199"), (proxy, "+12025550100")]);
        participant(&mut one, &form, true).expect("good");
        assert_eq!((one.address.as_str(), one.proxy.as_str()), ("+12025550199", "+12025550100"));
    }
}
