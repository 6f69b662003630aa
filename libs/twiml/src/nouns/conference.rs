//! `Conference`: a conference room to dial.
//!
//! A noun of `Dial`; holds the name of the room. One without a name is skipped.
//! Contract: Twilio docs, TwiML Conference; error pages 13230 to 13240.

use crate::choices::{Method, RecordingEvent, Trim};
use crate::element::{Content, SCHEMA, URL, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::value::choices;
use crate::writer::Writer;

/// Characters of a room's name, and of a participant's label (Conference page).
const NAME_CHARACTERS_MAX: usize = 128;
const BAD_NAME: u32 = 13237;

choices! {
    /// When the room hears a beep.
    Beep {
        /// When somebody comes or goes.
        Always = "true",
        /// Never.
        Never = "false",
        /// When somebody comes.
        OnEnter = "onEnter",
        /// When somebody goes.
        OnExit = "onExit",
    }
}

choices! {
    /// How much of late sound is waited for.
    JitterBuffer {
        /// Much.
        Large = "large",
        /// In between.
        Medium = "medium",
        /// Little.
        Small = "small",
        /// None.
        Off = "off",
    }
}

choices! {
    /// Whether a conference is recorded.
    ConferenceRecord {
        /// Not at all.
        DoNotRecord = "do-not-record" | "false",
        /// From its start.
        FromStart = "record-from-start" | "true",
    }
}

choices! {
    /// Where the sound is mixed.
    Region {
        /// Virginia.
        Us1 = "us1",
        /// Oregon.
        Us2 = "us2",
        /// Ireland.
        Ie1 = "ie1",
        /// Singapore.
        Sg1 = "sg1",
        /// Brazil.
        Br1 = "br1",
        /// Australia.
        Au1 = "au1",
        /// Japan.
        Jp1 = "jp1",
        /// Germany.
        De1 = "de1",
    }
}

choices! {
    /// What a conference's status callback tells.
    ConferenceEvent {
        /// It began.
        Start = "start",
        /// It ended.
        End = "end",
        /// Somebody came.
        Join = "join",
        /// Somebody went.
        Leave = "leave",
        /// Somebody was muted or unmuted.
        Mute = "mute",
        /// Somebody was put on hold or taken off.
        Hold = "hold",
        /// A participant was changed.
        Modify = "modify",
        /// Somebody began or stopped speaking.
        Speaker = "speaker",
        /// An announcement ended or failed.
        Announcement = "announcement",
    }
}

element! {
    /// A conference room to dial.
    Conference = "Conference" {
        /// Whether the participant is not heard.
        value muted "muted": bool = false, 13230;
        /// When the room hears a beep.
        value beep "beep": Beep = Beep::Always, 13235;
        /// Whether the conference starts with this participant.
        value start_conference_on_enter "startConferenceOnEnter": bool = true, 13232;
        /// Whether the conference ends with this participant.
        value end_conference_on_exit "endConferenceOnExit": bool = false, 13231;
        /// A name for the participant.
        text participant_label "participantLabel"
            [|text| rules::short(text, NAME_CHARACTERS_MAX)], SCHEMA;
        /// How much of late sound is waited for.
        value jitter_buffer_size "jitterBufferSize": JitterBuffer = JitterBuffer::Large, SCHEMA;
        /// What is heard until it starts. Not given: music; empty: silence.
        text wait_url "waitUrl" [rules::callback], 13233;
        /// How that is requested. Not given: POST, but GET for the music.
        maybe wait_method "waitMethod": Method, 13234;
        /// How many fit in.
        value max_participants "maxParticipants": u32 [1..=250] = 250, SCHEMA;
        /// Whether it is recorded.
        value record "record": ConferenceRecord = ConferenceRecord::DoNotRecord, SCHEMA;
        /// Where the sound is mixed. Not given: near the participants.
        maybe region "region": Region, SCHEMA;
        /// What happens to silence at the ends of the recording.
        value trim "trim": Trim = Trim::TrimSilence, 13239;
        /// The call that alone hears this participant.
        text coach "coach" [|text| rules::sid(text, "CA")], 13240;
        /// What is told; nothing if none.
        list status_callback_event "statusCallbackEvent": ConferenceEvent, SCHEMA;
        /// Who is told what happens in the room.
        text status_callback "statusCallback" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
        /// Who is told what became of the recording.
        text recording_status_callback "recordingStatusCallback" [rules::callback], 13256;
        /// How that is requested.
        value recording_status_callback_method "recordingStatusCallbackMethod": Method
            = Method::Post, SCHEMA;
        /// What is told of the recording.
        list recording_status_callback_event "recordingStatusCallbackEvent": RecordingEvent
            = [RecordingEvent::Completed], 13621;
        /// The old name of `recordingStatusCallback`; deprecated.
        text event_callback_url "eventCallbackUrl" [rules::callback], URL;
        /// A recording configuration of the account.
        text recording_configuration_id "recordingConfigurationId", SCHEMA;
    }
    inside {
        /// The name of the room, or the sid of one, `CF…`.
        name: String,
    }
}

impl Conference {
    /// Dials the room of that name.
    pub fn new(name: impl Into<String>) -> Conference {
        Conference { name: name.into(), ..Conference::default() }
    }
}

impl<T: Into<String>> From<T> for Conference {
    fn from(name: T) -> Conference {
        Conference::new(name)
    }
}

impl Content for Conference {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Conference> {
        let mut conference: Conference = reader.attributes(node);
        conference.name = reader.text(node);
        if !(1..=NAME_CHARACTERS_MAX).contains(&conference.name.chars().count()) {
            reader.bad_text(node, BAD_NAME, "from 1 to 128 characters");
            return None;
        }
        Some(conference)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.name);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Beep, Conference, Dial, Noun, Verb};

    #[test]
    fn a_bad_attribute_has_its_own_code_and_leaves_its_default() {
        for (attribute, code) in [
            ("muted='x'", 13230),
            ("endConferenceOnExit='x'", 13231),
            ("startConferenceOnEnter='x'", 13232),
            ("waitUrl='a b'", 13233),
            ("waitMethod='x'", 13234),
            ("beep='onenter'", 13235),
            ("trim='x'", 13239),
            ("coach='x'", 13240),
            ("maxParticipants='251'", 12200),
            ("region='xx1'", 12200),
            ("jitterBufferSize='huge'", 12200),
            ("statusCallbackEvent='x'", 12200),
            ("recordingStatusCallbackEvent='x'", 13621),
        ] {
            let xml = format!("<Dial><Conference {attribute}>r</Conference></Dial>");
            assert_eq!(problems(&xml), [code], "{attribute}");
            assert_eq!(voice(&xml), Verb::Dial(Dial::new().conference("r")), "{attribute}");
        }
    }

    #[test]
    fn a_room_has_a_name() {
        let of = |name: &str| format!("<Dial><Conference>{name}</Conference></Dial>");
        assert_eq!(problems(&of("  ")), [12200, 13237]);
        assert_eq!(problems(&of(&"r".repeat(128))), []);
        assert_eq!(problems(&of(&"r".repeat(129))), [12200, 13237]);
    }

    #[test]
    fn silence_and_music_stay_apart() {
        let xml = "<Dial><Conference waitUrl='' beep='onEnter'>r</Conference></Dial>";
        let Verb::Dial(dial) = voice(xml) else { panic!() };
        let room = Conference::new("r").wait_url("").beep(Beep::OnEnter);
        assert_eq!(dial.nouns, [Noun::Conference(room)]);
    }
}
