//! `Gather`: collects keys or speech while prompts play.
//!
//! Stands under `Response`; holds `Say`, `Play` and `Pause`. Its prompts report the codes 13321
//! and 13322 for a bad voice or loop. Listening is done elsewhere.
//! Contract: Twilio docs, TwiML Gather; error pages 13310 to 13338.

use std::borrow::Cow;

use crate::choices::Method;
use crate::element::{Content, SCHEMA, URL, element, one_of};
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::value::{Value, Wrong, choices};
use crate::verbs::{Pause, Play, Say};
use crate::writer::Writer;

const NESTED_VERB: u32 = 13320;
const BAD_KEY: u32 = 13310;
const TOO_MANY_KEYS: u32 = 13311;
const AUTO_WITH_MODEL: u32 = 13335;

choices! {
    /// What a Gather listens to.
    Input {
        /// Keys.
        Dtmf = "dtmf",
        /// Words.
        Speech = "speech",
    }
}

/// The key that ends the digits; it is not one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FinishOnKey {
    /// No key does: written as an empty attribute.
    Never,
    /// One of `0` to `9`, `*` and `#`.
    Key(char),
}

impl Value for FinishOnKey {
    type Rule = ();

    fn read(text: &str, (): ()) -> Result<FinishOnKey, Wrong> {
        let expected = "one of 0-9, * and #, or empty";
        let mut characters = text.trim().chars();
        match (characters.next(), characters.next()) {
            (None, _) => Ok(FinishOnKey::Never),
            (Some(key @ ('0'..='9' | '*' | '#')), None) => Ok(FinishOnKey::Key(key)),
            (Some(_), None) => Err(Wrong::expected(expected)),
            _ => Err(Wrong { code: Some(TOO_MANY_KEYS), ..Wrong::expected(expected) }),
        }
    }

    fn write(&self) -> Cow<'_, str> {
        match self {
            FinishOnKey::Never => Cow::Borrowed(""),
            FinishOnKey::Key(key) => Cow::Owned(key.to_string()),
        }
    }
}

/// How long a silence ends the speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpeechTimeout {
    /// The first pause does.
    Auto,
    /// That many seconds, at least one.
    Seconds(u32),
}

impl Value for SpeechTimeout {
    type Rule = ();

    fn read(text: &str, (): ()) -> Result<SpeechTimeout, Wrong> {
        if text.trim() == "auto" {
            return Ok(SpeechTimeout::Auto);
        }
        u32::read(text, 1..=u32::MAX)
            .map(SpeechTimeout::Seconds)
            .map_err(|_| Wrong::expected("a whole number, 1 or more, or 'auto'"))
    }

    fn write(&self) -> Cow<'_, str> {
        match self {
            SpeechTimeout::Auto => Cow::Borrowed("auto"),
            SpeechTimeout::Seconds(seconds) => Cow::Owned(seconds.to_string()),
        }
    }
}

one_of! {
    /// What a Gather, or the Prompt of a Pay, lets the caller hear.
    GatherPrompt {
        /// Text read aloud.
        Say,
        /// Audio.
        Play,
        /// Silence.
        Pause,
    }
}

element! {
    /// Collects keys or speech, and goes on with the document at `action`.
    ///
    /// Without input the next verb runs, unless `action_on_empty_result` is set.
    ///
    /// ```
    /// use twiml::{Gather, Response};
    ///
    /// let menu = Gather::new().num_digits(1).action("/menu").say("Press 1 for sales.");
    /// let xml = Response::new().gather(menu).say("We heard nothing.").to_xml();
    /// assert!(xml.contains(r#"<Gather action="/menu" numDigits="1"><Say>Press 1"#));
    /// ```
    Gather = "Gather" {
        /// What it listens to; the first that is heard wins.
        list input "input": Input = [Input::Dtmf], 13326;
        /// Where the input goes. Not given: the URL of the current document.
        text action "action" [rules::url], URL;
        /// How `action` is requested.
        value method "method": Method = Method::Post, 13312;
        /// Seconds until it gives up after the prompts, and between keys.
        value timeout "timeout": u32 [1..=u32::MAX] = 5, 13313;
        /// The silence that ends speech. Not given: as `timeout`.
        maybe speech_timeout "speechTimeout": SpeechTimeout, 13327;
        /// Seconds that speech can last at most.
        value max_speech_time "maxSpeechTime": u32 [1..=u32::MAX] = 60, 13328;
        /// The key that ends the digits.
        value finish_on_key "finishOnKey": FinishOnKey = FinishOnKey::Key('#'), BAD_KEY;
        /// How many digits are enough. Not given: no number is.
        maybe num_digits "numDigits": u32 [1..=u32::MAX], 13314;
        /// Where speech goes while it is still being understood.
        text partial_result_callback "partialResultCallback" [rules::callback], URL;
        /// How that is requested.
        value partial_result_callback_method "partialResultCallbackMethod": Method = Method::Post,
            13329;
        /// The language that is spoken.
        string language "language" [rules::language] = "en-US", 13331;
        /// Words to expect, with commas between.
        text hints "hints" [rules::hints], 13330;
        /// Whether speaking stops the prompts; keys always do.
        value barge_in "bargeIn": bool = true, 13332;
        /// Asks for debugging; without a documented meaning.
        value debug "debug": bool = false, SCHEMA;
        /// Whether `action` is requested without input too.
        value action_on_empty_result "actionOnEmptyResult": bool = false, 13338;
        /// The model that understands the speech. Not given: `default`.
        text speech_model "speechModel" [rules::named], 13334;
        /// Whether the better phone call model is used; deprecated.
        value enhanced "enhanced": bool = false, SCHEMA;
        /// Whether swear words lose their letters but the first.
        value profanity_filter "profanityFilter": bool = true, 13333;
    }
    inside {
        /// What the caller hears meanwhile.
        prompts: Vec<GatherPrompt>,
    }
}

impl Gather {
    /// Collects keys with all the defaults.
    pub fn new() -> Gather {
        Gather::default()
    }

    /// Adds a Say to what the caller hears.
    #[must_use]
    pub fn say(mut self, say: impl Into<Say>) -> Gather {
        self.prompts.push(GatherPrompt::Say(say.into()));
        self
    }

    /// Adds a Play to what the caller hears.
    #[must_use]
    pub fn play(mut self, play: impl Into<Play>) -> Gather {
        self.prompts.push(GatherPrompt::Play(play.into()));
        self
    }

    /// Adds a Pause to what the caller hears.
    #[must_use]
    pub fn pause(mut self, pause: Pause) -> Gather {
        self.prompts.push(GatherPrompt::Pause(pause));
        self
    }
}

impl Content for Gather {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Gather> {
        let mut gather: Gather = reader.attributes(node);
        if gather.speech_model.is_some() && gather.speech_timeout == Some(SpeechTimeout::Auto) {
            let message = "The value 'auto' of attribute 'speechTimeout' on element 'Gather' is \
                           not valid: it must be a whole number when 'speechModel' is given.";
            reader.problem(AUTO_WITH_MODEL, node.range().start, message);
        }
        let allowed = Allowed { names: GatherPrompt::NAMES, code: NESTED_VERB };
        reader.in_gather = true;
        reader.children(node, allowed, |reader, name, child| {
            let read = GatherPrompt::read(reader, name, child);
            let known = read.is_some();
            gather.prompts.extend(read.flatten());
            known
        });
        reader.in_gather = false;
        Some(gather)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| self.prompts.iter().for_each(|prompt| prompt.write(out)));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{FinishOnKey, Gather, Input, Pause, SpeechTimeout, Verb};

    fn gather(xml: &str) -> Gather {
        match voice(xml) {
            Verb::Gather(gather) => gather,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_given_and_what_is_not_stay_apart() {
        let bare = gather("<Gather/>");
        assert_eq!((bare.action, bare.num_digits, bare.speech_timeout), (None, None, None));
        assert_eq!((bare.timeout, bare.finish_on_key), (5, FinishOnKey::Key('#')));
        assert_eq!(gather("<Gather action=''/>").action.as_deref(), Some(""));
        assert_eq!(gather("<Gather finishOnKey=''/>").finish_on_key, FinishOnKey::Never);
        let auto = gather("<Gather speechTimeout='auto' input='speech dtmf'/>");
        assert_eq!(auto.speech_timeout, Some(SpeechTimeout::Auto));
        assert_eq!(auto.input, [Input::Speech, Input::Dtmf]);
    }

    #[test]
    fn a_bad_attribute_has_its_own_code_and_leaves_its_default() {
        for (attribute, code) in [
            ("finishOnKey='a'", 13310),
            ("finishOnKey='12'", 13311),
            ("method='PUT'", 13312),
            ("timeout='0'", 13313),
            ("numDigits='0'", 13314),
            ("numDigits='four'", 13314),
            ("input='voice'", 13326),
            ("input=''", 13326),
            ("speechTimeout='0'", 13327),
            ("maxSpeechTime='x'", 13328),
            ("partialResultCallbackMethod='x'", 13329),
            ("language='?'", 13331),
            ("bargeIn='yes'", 13332),
            ("profanityFilter='1'", 13333),
            ("speechModel=''", 13334),
            ("actionOnEmptyResult='x'", 13338),
            ("debug='x'", 12200),
            ("lang='en'", 13512),
            ("numdigits='1'", 12200),
        ] {
            let xml = format!("<Gather {attribute}/>");
            assert_eq!(problems(&xml), [code], "{attribute}");
            assert_eq!(gather(&xml), Gather::new(), "{attribute}");
        }
        let hints = ["x,"; 500].concat();
        assert_eq!(problems(&format!("<Gather hints='{hints}'/>")), [13330]);
        assert_eq!(problems(&format!("<Gather hints='{}'/>", &hints[..999])), []);
    }

    #[test]
    fn a_url_that_cannot_be_fetched_is_kept_so_that_nothing_else_is_fetched() {
        let xml = "<Gather action='htp://x'/>";
        assert_eq!(problems(xml), [11100]);
        assert_eq!(gather(xml).action.as_deref(), Some("htp://x"));
    }

    #[test]
    fn a_speech_model_needs_a_speech_timeout_in_seconds() {
        assert_eq!(problems("<Gather speechModel='phone_call' speechTimeout='auto'/>"), [13335]);
        assert_eq!(problems("<Gather speechModel='phone_call' speechTimeout='2'/>"), []);
    }

    #[test]
    fn it_holds_say_play_and_pause_alone() {
        let xml = "<Gather><Say>a</Say><Play>b.mp3</Play><Pause length='2'/></Gather>";
        assert_eq!(problems(xml), []);
        assert_eq!(gather(xml), Gather::new().say("a").play("b.mp3").pause(Pause::new(2)));
        for (inside, code) in [
            ("<Dial>1</Dial>", 13320),
            ("<say>x</say>", 13320),
            ("press one", 12200),
            ("<Say voice=''>x</Say>", 13321),
            ("<Say loop='x'>x</Say>", 13322),
        ] {
            assert_eq!(problems(&format!("<Gather>{inside}</Gather>")), [code], "{inside}");
        }
        assert_eq!(problems("<Gather/><Say loop='x'>x</Say>"), [13510]);
    }
}
