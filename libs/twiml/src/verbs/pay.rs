//! `Pay`: collects a payment.
//!
//! Stands under `Response`; holds `Prompt` and `Parameter`.
//! Contract: Twilio docs, TwiML Pay.

use crate::choices::{CardType, Method};
use crate::element::{Content, SCHEMA, URL, element};
use crate::nouns::Parameter;
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::value::choices;
use crate::verbs::Prompt;
use crate::writer::Writer;

choices! {
    /// How the caller gives what is asked for.
    PayInput {
        /// By keys.
        Dtmf = "dtmf",
    }
}

choices! {
    /// What is paid with.
    PaymentMethod {
        /// A credit card.
        CreditCard = "credit-card",
        /// A bank account in the United States.
        AchDebit = "ach-debit",
    }
}

choices! {
    /// The kind of a bank account.
    BankAccountType {
        /// A person's for daily use.
        ConsumerChecking = "consumer-checking",
        /// A person's for savings.
        ConsumerSavings = "consumer-savings",
        /// A company's for daily use.
        CommercialChecking = "commercial-checking",
        /// A company's for savings.
        CommercialSavings = "commercial-savings",
    }
}

choices! {
    /// What the payment is turned into.
    TokenType {
        /// A token for one payment.
        OneTime = "one-time",
        /// A token for further payments.
        Reusable = "reusable",
        /// A payment method of the provider.
        PaymentMethod = "payment-method",
    }
}

choices! {
    /// The language of the built-in prompts.
    PayLanguage {
        /// German, Germany.
        DeDe = "de-DE",
        /// English, Australia.
        EnAu = "en-AU",
        /// English, Canada.
        EnCa = "en-CA",
        /// English, United Kingdom.
        EnGb = "en-GB",
        /// English, India.
        EnIn = "en-IN",
        /// English, Ireland.
        EnIe = "en-IE",
        /// English, New Zealand.
        EnNz = "en-NZ",
        /// English, Philippines.
        EnPh = "en-PH",
        /// English, South Africa.
        EnZa = "en-ZA",
        /// English, United States.
        EnUs = "en-US",
        /// Spanish, Spain.
        EsEs = "es-ES",
        /// Spanish, Mexico.
        EsMx = "es-MX",
        /// Spanish, United States.
        EsUs = "es-US",
        /// French, Canada.
        FrCa = "fr-CA",
        /// French, France.
        FrFr = "fr-FR",
        /// Italian, Italy.
        ItIt = "it-IT",
    }
}

element! {
    /// Collects a payment, then goes on with the document at `action`.
    Pay = "Pay" {
        /// How the caller gives what is asked for.
        value input "input": PayInput = PayInput::Dtmf, SCHEMA;
        /// Where it goes on. Not given: the URL of the current document. Always POST.
        text action "action" [rules::url], URL;
        /// Who is told how the collecting goes.
        text status_callback "statusCallback" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
        /// What is paid with.
        value payment_method "paymentMethod": PaymentMethod = PaymentMethod::CreditCard, SCHEMA;
        /// The kind of the bank account.
        value bank_account_type "bankAccountType": BankAccountType
            = BankAccountType::ConsumerChecking, SCHEMA;
        /// Seconds until a key is missed.
        value timeout "timeout": u32 [1..=u32::MAX] = 5, SCHEMA;
        /// How often the caller is asked.
        value max_attempts "maxAttempts": u32 [1..=3] = 1, SCHEMA;
        /// Whether the security code is asked for.
        value security_code "securityCode": bool = true, SCHEMA;
        /// `true` or `false` for whether the postal code is asked for, or the code itself.
        string postal_code "postalCode" [rules::named] = "true", SCHEMA;
        /// Characters that a postal code has at least.
        maybe min_postal_code_length "minPostalCodeLength": u32 [0..=u32::MAX], SCHEMA;
        /// The name of the payment connector.
        string payment_connector "paymentConnector" [rules::named] = "Default", SCHEMA;
        /// What the payment is turned into.
        value token_type "tokenType": TokenType = TokenType::Reusable, SCHEMA;
        /// The amount; none or 0 makes a token and charges nothing.
        text charge_amount "chargeAmount" [rules::amount], SCHEMA;
        /// The currency of the amount.
        string currency "currency" [rules::named] = "usd", SCHEMA;
        /// What it is for.
        text description "description", SCHEMA;
        /// The language of the built-in prompts.
        value language "language": PayLanguage = PayLanguage::EnUs, SCHEMA;
        /// The cards that are taken.
        list valid_card_types "validCardTypes": CardType
            = [CardType::Visa, CardType::Mastercard, CardType::Amex], SCHEMA;
    }
    inside {
        /// What replaces the built-in prompts.
        prompts: Vec<Prompt>,
        /// Custom parameters for the connector.
        parameters: Vec<Parameter>,
    }
}

impl Pay {
    /// Collects a card with all the defaults.
    pub fn new() -> Pay {
        Pay::default()
    }

    /// Adds something that replaces a built-in prompt.
    #[must_use]
    pub fn prompt(mut self, prompt: Prompt) -> Pay {
        self.prompts.push(prompt);
        self
    }

    /// Adds a custom parameter for the connector.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Pay {
        self.parameters.push(Parameter::new(name, value));
        self
    }
}

impl Content for Pay {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Pay> {
        let mut pay: Pay = reader.attributes(node);
        reader.children(node, Allowed::only(&["Prompt", "Parameter"]), |reader, name, child| {
            match name {
                "Prompt" => pay.prompts.extend(Prompt::read(reader, child)),
                "Parameter" => pay.parameters.extend(Parameter::read(reader, child)),
                _ => return false,
            }
            true
        });
        Some(pay)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            self.prompts.iter().for_each(|prompt| prompt.write(out));
            self.parameters.iter().for_each(|parameter| parameter.write(out));
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Pay, Prompt, PromptFor, Verb};

    #[test]
    fn it_holds_prompts_and_parameters() {
        let xml = "<Pay chargeAmount='20.45'><Prompt for='postal-code'><Say>Zip?</Say></Prompt>\
                   <Parameter name='a' value='b'/></Pay>";
        assert_eq!(problems(xml), []);
        let prompt = Prompt::new().step(PromptFor::PostalCode).say("Zip?");
        let pay = Pay::new().charge_amount("20.45").prompt(prompt).parameter("a", "b");
        assert_eq!(voice(xml), Verb::Pay(pay));
    }

    #[test]
    fn a_bad_attribute_leaves_its_default() {
        for attribute in [
            "maxAttempts='4'",
            "chargeAmount='a lot'",
            "chargeAmount='1000001'",
            "validCardTypes='visa cash'",
            "language='xx'",
            "input='speech'",
            "tokenType='x'",
            "method='POST'",
        ] {
            let xml = format!("<Pay {attribute}/>");
            assert_eq!(problems(&xml), [12200], "{attribute}");
            assert_eq!(voice(&xml), Verb::Pay(Pay::new()), "{attribute}");
        }
        assert_eq!(problems("<Pay><Say>x</Say></Pay>"), [12200]);
    }
}
