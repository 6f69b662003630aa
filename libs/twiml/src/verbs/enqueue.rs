//! `Enqueue`: puts the caller in a queue, or in a TaskRouter workflow.
//!
//! Stands under `Response`; holds the name of the queue, or a `Task`.
//! Contract: Twilio docs, TwiML Enqueue; error pages 14201 to 14206, 14220, 14221.

use crate::choices::Method;
use crate::element::{Content, SCHEMA, element};
use crate::nouns::Task;
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::writer::Writer;

/// Characters of a queue's name (error page 14205).
pub(crate) const NAME_CHARACTERS_MAX: usize = 64;
const NAME_TOO_SHORT: u32 = 14204;
const NAME_TOO_LONG: u32 = 14205;

element! {
    /// Puts the caller in a queue.
    ///
    /// After it the document at `action` runs, or the next verb if there is none.
    Enqueue = "Enqueue" {
        /// Where it goes on afterwards. Not given: with the next verb.
        text action "action" [rules::url], 14203;
        /// How `action` is requested.
        value method "method": Method = Method::Post, 14201;
        /// What the caller hears meanwhile. Not given: music; empty: silence.
        text wait_url "waitUrl" [rules::callback], 14202;
        /// How that is requested. Not given: POST, but GET for the music.
        maybe wait_url_method "waitUrlMethod": Method, 14206;
        /// How many may wait; of the SDKs only. Not given: what the queue has set.
        maybe max_queue_size "maxQueueSize": u32 [0..=u32::MAX], SCHEMA;
        /// The TaskRouter workflow that takes the call instead of a queue.
        text workflow_sid "workflowSid" [|text| rules::sid(text, "WW")], 14220;
    }
    inside {
        /// The name of the queue, made when it is first used; empty with a workflow.
        name: String,
        /// What the workflow is told.
        task: Option<Task>,
    }
}

impl Enqueue {
    /// Waits in a queue.
    pub fn new(name: impl Into<String>) -> Enqueue {
        Enqueue { name: name.into(), ..Enqueue::default() }
    }

    /// Waits for a workflow.
    pub fn workflow(workflow_sid: impl Into<String>, task: Task) -> Enqueue {
        Enqueue { task: Some(task), ..Enqueue::default() }.workflow_sid(workflow_sid)
    }
}

impl<T: Into<String>> From<T> for Enqueue {
    fn from(name: T) -> Enqueue {
        Enqueue::new(name)
    }
}

impl Content for Enqueue {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Enqueue> {
        let mut enqueue: Enqueue = reader.attributes(node);
        let text = reader.mixed(node, Allowed::only(&["Task"]), |reader, name, child| {
            if name != "Task" || enqueue.task.is_some() {
                return false;
            }
            enqueue.task = Task::read(reader, child);
            true
        });
        enqueue.name = text.text;
        let length = enqueue.name.chars().count();
        if length == 0 && enqueue.workflow_sid.is_none() && enqueue.task.is_none() {
            reader.bad_text(node, NAME_TOO_SHORT, "the name of a queue");
        } else if length > NAME_CHARACTERS_MAX {
            reader.bad_text(node, NAME_TOO_LONG, "at most 64 characters");
        }
        Some(enqueue)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            if let Some(task) = &self.task {
                task.write(out);
            }
            out.text(&self.name);
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Enqueue, Task, Verb};

    const WORKFLOW: &str = "WW00000000000000000000000000000001";

    #[test]
    fn it_names_a_queue_or_gives_a_task_to_a_workflow() {
        assert_eq!(voice("<Enqueue> support\n</Enqueue>"), Verb::Enqueue("support".into()));
        let xml = format!(
            "<Enqueue workflowSid='{WORKFLOW}'><Task priority='2'>{{\"a\": [1]}}</Task></Enqueue>"
        );
        assert_eq!(problems(&xml), []);
        let task = Task::new("{\"a\": [1]}").priority(2);
        assert_eq!(voice(&xml), Verb::Enqueue(Enqueue::workflow(WORKFLOW, task)));
    }

    #[test]
    fn silence_and_music_stay_apart() {
        let wait_url = |xml: &str| match voice(xml) {
            Verb::Enqueue(enqueue) => enqueue.wait_url,
            other => panic!("{other:?}"),
        };
        assert_eq!(wait_url("<Enqueue>q</Enqueue>"), None);
        assert_eq!(wait_url("<Enqueue waitUrl=''>q</Enqueue>").as_deref(), Some(""));
    }

    #[test]
    fn what_is_wrong_has_its_own_code() {
        for (xml, code) in [
            ("<Enqueue method='x'>q</Enqueue>".to_owned(), 14201),
            ("<Enqueue waitUrl='a b'>q</Enqueue>".to_owned(), 14202),
            ("<Enqueue action='a b'>q</Enqueue>".to_owned(), 14203),
            ("<Enqueue/>".to_owned(), 14204),
            (format!("<Enqueue>{}</Enqueue>", "q".repeat(65)), 14205),
            ("<Enqueue waitUrlMethod='x'>q</Enqueue>".to_owned(), 14206),
            ("<Enqueue workflowSid='x'>q</Enqueue>".to_owned(), 14220),
            (format!("<Enqueue workflowSid='{WORKFLOW}'><Task>x</Task></Enqueue>"), 14221),
            ("<Enqueue>q<Say>x</Say></Enqueue>".to_owned(), 12200),
        ] {
            assert_eq!(problems(&xml), [code], "{xml}");
        }
    }
}
