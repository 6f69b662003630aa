//! `Prompt`: replaces a built-in prompt of `Pay`.
//!
//! Stands under `Pay`, and by the SDKs under `Response`; holds `Say`, `Play` and `Pause`.
//! Contract: Twilio docs, TwiML Prompt.

use crate::choices::CardType;
use crate::element::{Content, SCHEMA, element};
use crate::reader::{Allowed, Reader, Xml};
use crate::value::choices;
use crate::verbs::{GatherPrompt, Pause, Play, Say};
use crate::writer::Writer;

choices! {
    /// A step of collecting a payment.
    PromptFor {
        /// The number of the card.
        PaymentCardNumber = "payment-card-number",
        /// The date the card expires.
        ExpirationDate = "expiration-date",
        /// The code on the back.
        SecurityCode = "security-code",
        /// The postal code.
        PostalCode = "postal-code",
        /// While the payment is made.
        PaymentProcessing = "payment-processing",
        /// The number of the bank account.
        BankAccountNumber = "bank-account-number",
        /// The number of the bank.
        BankRoutingNumber = "bank-routing-number",
    }
}

choices! {
    /// What went wrong in a step of collecting a payment.
    PromptError {
        /// No key in time.
        Timeout = "timeout",
        /// No number of a card.
        InvalidCardNumber = "invalid-card-number",
        /// A card that is not taken.
        InvalidCardType = "invalid-card-type",
        /// No date.
        InvalidDate = "invalid-date",
        /// No security code.
        InvalidSecurityCode = "invalid-security-code",
        /// Something else.
        InternalError = "internal-error",
        /// The second time differed from the first.
        InputMatchingFailed = "input-matching-failed",
    }
}

element! {
    /// Replaces the built-in prompt of the steps, errors, cards and attempts it names.
    Prompt = "Prompt" {
        /// The step; `for` in a document.
        maybe step "for": PromptFor, SCHEMA;
        /// The errors before it; none: any.
        list error_type "errorType": PromptError, SCHEMA;
        /// The cards; none: any.
        list card_type "cardType": CardType, SCHEMA;
        /// The attempts, from 1; none: any.
        list attempt "attempt": u32 [1..=u32::MAX], SCHEMA;
        /// Whether the caller has to say it twice.
        maybe require_matching_inputs "requireMatchingInputs": bool, SCHEMA;
    }
    inside {
        /// What the caller hears.
        prompts: Vec<GatherPrompt>,
    }
}

impl Prompt {
    /// A prompt for every step, silent so far.
    pub fn new() -> Prompt {
        Prompt::default()
    }

    /// Adds a Say to what the caller hears.
    #[must_use]
    pub fn say(mut self, say: impl Into<Say>) -> Prompt {
        self.prompts.push(GatherPrompt::Say(say.into()));
        self
    }

    /// Adds a Play to what the caller hears.
    #[must_use]
    pub fn play(mut self, play: impl Into<Play>) -> Prompt {
        self.prompts.push(GatherPrompt::Play(play.into()));
        self
    }

    /// Adds a Pause to what the caller hears.
    #[must_use]
    pub fn pause(mut self, pause: Pause) -> Prompt {
        self.prompts.push(GatherPrompt::Pause(pause));
        self
    }
}

impl Content for Prompt {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Prompt> {
        let mut prompt: Prompt = reader.attributes(node);
        reader.children(node, Allowed::only(GatherPrompt::NAMES), |reader, name, child| {
            let read = GatherPrompt::read(reader, name, child);
            let known = read.is_some();
            prompt.prompts.extend(read.flatten());
            known
        });
        Some(prompt)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| self.prompts.iter().for_each(|prompt| prompt.write(out)));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Prompt, PromptError, PromptFor, Verb};

    #[test]
    fn it_names_steps_errors_and_attempts() {
        let xml = "<Prompt for='security-code' errorType='timeout invalid-security-code' \
                   attempt='2 3'><Say>Again</Say></Prompt>";
        assert_eq!(problems(xml), []);
        let prompt = Prompt::new()
            .step(PromptFor::SecurityCode)
            .error_type([PromptError::Timeout, PromptError::InvalidSecurityCode])
            .attempt([2, 3])
            .say("Again");
        assert_eq!(voice(xml), Verb::Prompt(prompt));
        assert_eq!(problems("<Prompt for='x' attempt='0' cardType='x'/>"), [12200; 3]);
        assert_eq!(problems("<Prompt><Gather/></Prompt>"), [12200]);
    }
}
