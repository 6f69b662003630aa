//! `Room`: a video room.
//!
//! A noun of `Connect`; holds the name of the room. One without a name is skipped.
//! Contract: Twilio docs, TwiML Room.

use crate::element::{Content, SCHEMA, element};
use crate::reader::{Reader, Xml};
use crate::writer::Writer;

element! {
    /// A video room.
    Room = "Room" {
        /// Who the caller is there.
        text participant_identity "participantIdentity", SCHEMA;
    }
    inside {
        /// The name of the room.
        name: String,
    }
}

impl Room {
    /// The room of that name.
    pub fn new(name: impl Into<String>) -> Room {
        Room { name: name.into(), ..Room::default() }
    }
}

impl Content for Room {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Room> {
        let mut room: Room = reader.attributes(node);
        room.name = reader.text(node);
        if room.name.is_empty() {
            reader.bad_text(node, SCHEMA, "the name of a room");
            return None;
        }
        Some(room)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.name);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Connect, Room, Verb};

    #[test]
    fn a_room_has_a_name() {
        let xml = "<Connect><Room participantIdentity='me'> r </Room></Connect>";
        let room = Room::new("r").participant_identity("me");
        assert_eq!(voice(xml), Verb::Connect(Connect::new(room)));
        assert_eq!(problems("<Connect><Room/></Connect>"), [12200, 12200]);
    }
}
