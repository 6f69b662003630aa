//! `Dial`: connects the caller to others.
//!
//! Stands under `Response`; holds a phone number as text, or nouns. What cannot be dialed
//! together is decided here: the first noun wins, the others are skipped and reported.
//! Contract: Twilio docs, TwiML Dial; error pages 13000, 13210 to 13220, 13256, 13621.

use crate::choices::{CallRecord, Method, RecordingEvent, RecordingTrack, Trim};
use crate::element::{Content, SCHEMA, URL, element, one_of};
use crate::nouns::{Application, Client, Conference, Number, Sim, Sip, WhatsApp};
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::value::choices;
use crate::verbs::Queue;
use crate::writer::Writer;

/// Nouns that one Dial rings (Dial page, simultaneous dialing).
pub const NOUNS_MAX: usize = 10;

const CONFERENCE_MIXED: u32 = 13000;
const NESTED_ELEMENT: u32 = 13215;

choices! {
    /// What happens when a machine answers; of the API of 2008.
    IfMachine {
        /// The call goes on.
        Continue = "continue",
        /// The machine is hung up on.
        Hangup = "hangup",
        /// Nobody finds out.
        False = "false",
    }
}

one_of! {
    /// Somebody or something to dial.
    Noun {
        /// A phone number.
        Number,
        /// A browser or an app.
        Client,
        /// A SIP address.
        Sip,
        /// A conference room.
        Conference,
        /// The caller at the front of a queue.
        Queue,
        /// A SIM card.
        Sim,
        /// A WhatsApp number.
        WhatsApp,
        /// A TwiML application.
        Application,
    }
}

impl Noun {
    /// Whether it has to be the only one of its Dial.
    fn stands_alone(&self) -> bool {
        matches!(self, Noun::Conference(_) | Noun::Queue(_) | Noun::Application(_))
    }
}

element! {
    /// Connects the caller to others.
    ///
    /// After it the document at `action` runs, or the next verb if there is none. Without nouns,
    /// which is reported, there is nobody to dial.
    ///
    /// ```
    /// use twiml::{Dial, Number, Response};
    ///
    /// let one = Response::new().dial("+12025550123");
    /// let two = Dial::new()
    ///     .timeout(15)
    ///     .answer_on_bridge(true)
    ///     .number(Number::new("+12025550123").url("/whisper"))
    ///     .client("alice");
    /// assert_eq!(two.nouns.len(), 2);
    /// # let _ = one;
    /// ```
    Dial = "Dial" {
        /// Where it goes on afterwards. Not given: with the next verb.
        text action "action" [rules::url], URL;
        /// How `action` is requested.
        value method "method": Method = Method::Post, 13210;
        /// Seconds it rings.
        value timeout "timeout": u32 [5..=600] = 30, 13212;
        /// Whether the caller's `*` hangs up on the other side.
        value hangup_on_star "hangupOnStar": bool = false, 13213;
        /// Seconds they can talk.
        value time_limit "timeLimit": u32 [1..=86_400] = 14_400, 13216;
        /// Who seems to call. Not given: who called.
        text caller_id "callerId" [rules::named], 13214;
        /// Why, shown by branded calling.
        text call_reason "callReason" [|text| rules::short(text, 50)], SCHEMA;
        /// Whether it is recorded.
        value record "record": CallRecord = CallRecord::DoNotRecord, 13217;
        /// What happens to silence at the ends of the recording.
        value trim "trim": Trim = Trim::DoNotTrim, SCHEMA;
        /// Which side is recorded.
        value recording_track "recordingTrack": RecordingTrack = RecordingTrack::Both, SCHEMA;
        /// Who is told what became of the recording.
        text recording_status_callback "recordingStatusCallback" [rules::callback], 13256;
        /// How that is requested.
        value recording_status_callback_method "recordingStatusCallbackMethod": Method
            = Method::Post, SCHEMA;
        /// What is told.
        list recording_status_callback_event "recordingStatusCallbackEvent": RecordingEvent
            = [RecordingEvent::Completed], 13621;
        /// A recording configuration of the account.
        text recording_configuration_id "recordingConfigurationId", SCHEMA;
        /// Whether the caller's call is only answered when somebody answers this.
        value answer_on_bridge "answerOnBridge": bool = false, 13219;
        /// The country of the ringing that the caller hears. Not given: the carrier's.
        text ring_tone "ringTone" [rules::ring_tone], 13220;
        /// Whether the nouns are dialed one after another.
        value sequential "sequential": bool = false, 13218;
        /// Where it goes on when the other side transfers by SIP.
        text refer_url "referUrl" [rules::url], URL;
        /// How that is requested.
        value refer_method "referMethod": Method = Method::Post, SCHEMA;
        /// The event that is asked for; of the SDKs only.
        text events "events" [rules::progress_event], SCHEMA;
        /// What happens when a machine answers; legacy.
        maybe if_machine "ifMachine": IfMachine, 13211;
    }
    inside {
        /// Whom to dial.
        nouns: Vec<Noun>,
    }
}

impl Dial {
    /// Dials nobody yet.
    pub fn new() -> Dial {
        Dial::default()
    }

    /// Adds any noun.
    #[must_use]
    pub fn noun(mut self, noun: impl Into<Noun>) -> Dial {
        self.nouns.push(noun.into());
        self
    }

    /// Adds a phone number.
    #[must_use]
    pub fn number(self, number: impl Into<Number>) -> Dial {
        self.noun(number.into())
    }

    /// Adds a browser or an app by its identity.
    #[must_use]
    pub fn client(self, client: impl Into<Client>) -> Dial {
        self.noun(client.into())
    }

    /// Adds a SIP address.
    #[must_use]
    pub fn sip(self, sip: impl Into<Sip>) -> Dial {
        self.noun(sip.into())
    }

    /// Adds a conference room by its name.
    #[must_use]
    pub fn conference(self, conference: impl Into<Conference>) -> Dial {
        self.noun(conference.into())
    }

    /// Adds a queue by its name.
    #[must_use]
    pub fn queue(self, queue: impl Into<Queue>) -> Dial {
        self.noun(queue.into())
    }

    /// Reads one noun and takes it, unless it cannot be dialed beside those before it.
    fn take(&mut self, reader: &mut Reader<'_>, name: &str, node: Xml<'_>) -> bool {
        let Some(read) = Noun::read(reader, name, node) else {
            return false;
        };
        let Some(noun) = read else { return true };
        let first = self.nouns.first();
        let apart = first.is_some_and(|first| first.stands_alone() || noun.stands_alone());
        if apart || self.nouns.len() == NOUNS_MAX {
            let conference = |noun: &Noun| matches!(noun, Noun::Conference(_));
            let mixed = first.is_some_and(|first| conference(first) != conference(&noun));
            reader.one_too_many(node, if mixed { CONFERENCE_MIXED } else { SCHEMA });
        } else {
            self.nouns.push(noun);
        }
        true
    }
}

/// Dials one phone number.
impl<T: Into<String>> From<T> for Dial {
    fn from(number: T) -> Dial {
        Dial::new().number(Number::new(number))
    }
}

impl Content for Dial {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Dial> {
        let mut dial: Dial = reader.attributes(node);
        let allowed = Allowed { names: Noun::NAMES, code: NESTED_ELEMENT };
        let text =
            reader.mixed(node, allowed, |reader, name, child| dial.take(reader, name, child));
        if dial.nouns.is_empty() && !text.text.is_empty() {
            dial.nouns.push(Noun::Number(Number::new(text.text)));
        } else {
            reader.stray(node, &text);
        }
        if dial.nouns.is_empty() {
            reader.incomplete(node, SCHEMA, Noun::NAMES);
        }
        Some(dial)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| self.nouns.iter().for_each(|noun| noun.write(out)));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Conference, Dial, Number, Verb};

    fn dial(xml: &str) -> Dial {
        match voice(xml) {
            Verb::Dial(dial) => dial,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_plain_text_is_a_number() {
        let number = Dial::new().number("+12025550123");
        assert_eq!(dial("<Dial>\n +12025550123 </Dial>"), number);
        assert_eq!(dial("<Dial><Number> +12025550123\n</Number></Dial>"), number);
    }

    #[test]
    fn a_bad_attribute_has_its_own_code_and_leaves_its_default() {
        for (attribute, code) in [
            ("method='x'", 13210),
            ("ifMachine='x'", 13211),
            ("timeout='4'", 13212),
            ("timeout='601'", 13212),
            ("hangupOnStar='x'", 13213),
            ("callerId=''", 13214),
            ("timeLimit='0'", 13216),
            ("timeLimit='86401'", 13216),
            ("record='x'", 13217),
            ("sequential='x'", 13218),
            ("answerOnBridge='x'", 13219),
            ("ringTone='xx'", 13220),
            ("recordingStatusCallback='a b'", 13256),
            ("recordingStatusCallbackEvent='x'", 13621),
            ("trim='x'", 12200),
            ("recordingTrack='x'", 12200),
            ("referMethod='x'", 12200),
            ("events='x'", 12200),
        ] {
            let xml = format!("<Dial {attribute}>1</Dial>");
            assert_eq!(problems(&xml), [code], "{attribute}");
            assert_eq!(dial(&xml), Dial::from("1"), "{attribute}");
        }
        let xml = format!("<Dial callReason='{}'>1</Dial>", "x".repeat(51));
        assert_eq!(problems(&xml), [12200]);
    }

    #[test]
    fn booleans_are_other_words_for_record() {
        for (word, same) in [("true", "record-from-answer"), ("false", "do-not-record")] {
            let of = |word: &str| dial(&format!("<Dial record='{word}'>1</Dial>")).record;
            assert_eq!(of(word), of(same));
        }
    }

    #[test]
    fn a_conference_a_queue_and_an_application_stand_alone() {
        let application = "<Application><ApplicationSid>AP00000000000000000000000000000001\
                           </ApplicationSid></Application>";
        for (inside, codes) in [
            ("<Number>1</Number><Conference>r</Conference>".to_owned(), vec![13000]),
            ("<Conference>r</Conference><Number>1</Number>".to_owned(), vec![13000]),
            ("<Conference>r</Conference><Conference>s</Conference>".to_owned(), vec![12200]),
            ("<Queue>q</Queue><Number>1</Number>".to_owned(), vec![12200]),
            (format!("<Client>c</Client>{application}"), vec![12200]),
            ("<Number>1</Number><Client>c</Client><Sip>sip:a@b</Sip>".to_owned(), vec![]),
        ] {
            assert_eq!(problems(&format!("<Dial>{inside}</Dial>")), codes, "{inside}");
        }
        let xml = "<Dial><Conference>r</Conference><Number>1</Number></Dial>";
        assert_eq!(dial(xml), Dial::new().conference(Conference::new("r")));
    }

    #[test]
    fn ten_are_dialed_and_no_more() {
        let of = |count: usize| format!("<Dial>{}</Dial>", "<Number>1</Number>".repeat(count));
        assert_eq!(problems(&of(10)), []);
        assert_eq!(problems(&of(12)), [12200, 12200]);
        assert_eq!(dial(&of(12)).nouns.len(), 10);
    }

    #[test]
    fn what_is_no_noun_is_skipped() {
        assert_eq!(problems("<Dial><Say>x</Say><Number>1</Number></Dial>"), [13215]);
        assert_eq!(problems("<Dial>2<Number>1</Number></Dial>"), [12200]);
        assert_eq!(dial("<Dial>2<Number>1</Number></Dial>"), Dial::new().number(Number::new("1")));
        assert_eq!(problems("<Dial/>"), [12200]);
        assert_eq!(dial("<Dial/>"), Dial::new());
    }
}
