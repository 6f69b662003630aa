//! `Queue`: the caller at the front of a queue.
//!
//! A noun of `Dial`; the SDKs also put it directly under `Response`, where it is legacy.
//! Contract: Twilio docs, TwiML Queue; error pages 14210 to 14216.

use crate::choices::Method;
use crate::element::{Content, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::verbs::enqueue::NAME_CHARACTERS_MAX;
use crate::writer::Writer;

const NAME_TOO_SHORT: u32 = 14212;
const NAME_TOO_LONG: u32 = 14213;

element! {
    /// The caller at the front of a queue.
    Queue = "Queue" {
        /// A document for that caller before they are connected.
        text url "url" [rules::callback], 14211;
        /// How that is requested.
        value method "method": Method = Method::Post, 14210;
        /// A TaskRouter reservation.
        text reservation_sid "reservationSid" [|text| rules::sid(text, "WR")], 14215;
        /// A TaskRouter activity for afterwards.
        text post_work_activity_sid "postWorkActivitySid" [|text| rules::sid(text, "WA")], 14216;
    }
    inside {
        /// The name of the queue; can be empty if there is a reservation.
        name: String,
    }
}

impl Queue {
    /// The front of that queue.
    pub fn new(name: impl Into<String>) -> Queue {
        Queue { name: name.into(), ..Queue::default() }
    }
}

impl<T: Into<String>> From<T> for Queue {
    fn from(name: T) -> Queue {
        Queue::new(name)
    }
}

impl Content for Queue {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Queue> {
        let mut queue: Queue = reader.attributes(node);
        queue.name = reader.text(node);
        if queue.name.is_empty() && queue.reservation_sid.is_none() {
            reader.bad_text(node, NAME_TOO_SHORT, "the name of a queue");
            return None;
        }
        if queue.name.chars().count() > NAME_CHARACTERS_MAX {
            reader.bad_text(node, NAME_TOO_LONG, "at most 64 characters");
        }
        Some(queue)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.name);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Dial, Queue, Verb};

    #[test]
    fn it_stands_in_a_dial_and_alone() {
        assert_eq!(voice("<Queue>q</Queue>"), Verb::Queue(Queue::new("q")));
        let xml = "<Dial><Queue url='/about-to-connect'> q </Queue></Dial>";
        let queue = Queue::new("q").url("/about-to-connect");
        assert_eq!(voice(xml), Verb::Dial(Dial::new().queue(queue)));
    }

    #[test]
    fn what_is_wrong_has_its_own_code() {
        for (xml, codes) in [
            ("<Queue method='x'>q</Queue>".to_owned(), vec![14210]),
            ("<Queue url='a b'>q</Queue>".to_owned(), vec![14211]),
            ("<Queue/>".to_owned(), vec![14212]),
            (format!("<Queue>{}</Queue>", "q".repeat(65)), vec![14213]),
            ("<Queue reservationSid='x'>q</Queue>".to_owned(), vec![14215]),
            ("<Queue postWorkActivitySid='x'>q</Queue>".to_owned(), vec![14216]),
        ] {
            assert_eq!(problems(&xml), codes, "{xml}");
        }
    }
}
