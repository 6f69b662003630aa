//! `Leave`: leaves the queue.
//!
//! Stands under `Response` (Enqueue wait documents only); holds nothing.
//! Contract: Twilio docs, TwiML Leave.

use crate::element::{Content, element};
use crate::reader::{Reader, Xml};
use crate::writer::Writer;

element! {
    /// Leaves the queue; the call goes on behind its Enqueue.
    Leave = "Leave" {}
}

impl Content for Leave {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Leave> {
        let it = reader.attributes(node);
        reader.empty(node);
        Some(it)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |_| {});
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Leave, Verb};

    #[test]
    fn it_takes_no_attributes_and_no_content() {
        assert_eq!(voice("<Leave/>"), Verb::Leave(Leave::default()));
        assert_eq!(problems("<Leave></Leave>"), []);
        assert_eq!(problems("<Leave now='true'/>"), [12200]);
        assert_eq!(problems("<Leave>now</Leave>"), [12200]);
    }
}
