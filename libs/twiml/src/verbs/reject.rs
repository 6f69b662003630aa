//! `Reject`: refuses the call without answering it.
//!
//! Stands under `Response`; holds parameters, of the SDKs only.
//! Contract: Twilio docs, TwiML Reject; error page 13810.

use crate::element::{Content, element};
use crate::nouns::{Parameter, parameter};
use crate::reader::{Reader, Xml};
use crate::value::choices;
use crate::writer::Writer;

choices! {
    /// What the caller hears.
    Reason {
        /// The number is not in service.
        Rejected = "rejected",
        /// The line is busy.
        Busy = "busy",
    }
}

element! {
    /// Refuses the call; nothing after it runs. Only the first verb can keep a call unanswered.
    Reject = "Reject" {
        /// What the caller hears.
        value reason "reason": Reason = Reason::Rejected, 13810;
    }
    inside {
        /// Custom parameters.
        parameters: Vec<Parameter>,
    }
}

impl Reject {
    /// Refuses the call for a reason.
    pub fn new(reason: Reason) -> Reject {
        Reject::default().reason(reason)
    }
}

impl Content for Reject {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Reject> {
        let mut reject: Reject = reader.attributes(node);
        reject.parameters = parameter::read_all(reader, node);
        Some(reject)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| parameter::write_all(&self.parameters, out));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Reason, Reject, Verb};

    #[test]
    fn a_bad_reason_is_the_default_one() {
        assert_eq!(voice("<Reject reason='busy'/>"), Verb::Reject(Reject::new(Reason::Busy)));
        assert_eq!(problems("<Reject reason='tired'/>"), [13810]);
        assert_eq!(voice("<Reject reason='tired'/>"), Verb::Reject(Reject::default()));
        assert_eq!(problems("<Reject><Say>no</Say></Reject>"), [12200]);
    }
}
