//! `Echo`: plays the caller's own sound back.
//!
//! Stands under `Response` (of the SDKs only); holds nothing.
//! Contract: Twilio docs, TwiML Echo.

use crate::element::{Content, element};
use crate::reader::{Reader, Xml};
use crate::writer::Writer;

element! {
    /// Plays the caller's own sound back until the caller hangs up.
    Echo = "Echo" {}
}

impl Content for Echo {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Echo> {
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
    use crate::{Echo, Verb};

    #[test]
    fn it_takes_no_attributes_and_no_content() {
        assert_eq!(voice("<Echo/>"), Verb::Echo(Echo::default()));
        assert_eq!(problems("<Echo></Echo>"), []);
        assert_eq!(problems("<Echo now='true'/>"), [12200]);
        assert_eq!(problems("<Echo>now</Echo>"), [12200]);
    }
}
