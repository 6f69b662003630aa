//! Queues: the forms sent to `waitUrl` and `action` of `<Enqueue>`, and to the `url` of `<Queue>`.
//!
//! Each is a call's standard set with what the queue knows; the answer is TwiML. The platform
//! writes them, the application reads them. Contract: Twilio's pages of `<Enqueue>` and `<Queue>`.

use crate::value::{parameters, words};

parameters! {
    /// A caller waits: asked of `waitUrl` again and again, as long as the caller is in the queue.
    ///
    /// ```
    /// use webhook::{CallState, QueueWait, VoiceRequest};
    ///
    /// let call =
    ///     VoiceRequest::new("CA1", "AC1", "+15551230000", "+15559870000", CallState::InProgress);
    /// let mut wait = QueueWait::new(call, "QU1");
    /// wait.position = Some(1);
    /// assert_eq!(wait.to_form().get("QueuePosition"), Some("1"));
    /// assert_eq!(QueueWait::from_form(&wait.to_form()), Ok(wait));
    /// ```
    pub struct QueueWait with a call {
        always {
            /// the queue, `QU…`.
            queue_sid: String = "QueueSid",
        }
        sometimes {
            /// the caller's place, from 1.
            position: Option<u32> = "QueuePosition",
            /// seconds the caller has waited.
            time_secs: Option<u32> = "QueueTime",
            /// seconds that callers wait on average.
            average_time_secs: Option<u32> = "AvgQueueTime",
            /// how many wait.
            size: Option<u32> = "CurrentQueueSize",
            /// how many may wait.
            size_max: Option<u32> = "MaxQueueSize",
        }
    }
}

words! {
    /// Why a caller is not in the queue any more.
    pub enum QueueOutcome ("a queue result") {
        /// joined with somebody, and that is over.
        Bridged = "bridged",
        /// just being joined.
        BridgingInProcess = "bridging-in-process",
        /// something went wrong.
        Error = "error",
        /// the caller hung up.
        Hangup = "hangup",
        /// `<Leave>` in the waiting TwiML.
        Leave = "leave",
        /// the API sent the caller elsewhere.
        Redirected = "redirected",
        /// the API sent the caller elsewhere, out of a conversation.
        RedirectedFromBridged = "redirected-from-bridged",
        /// the caller never got in.
        QueueFull = "queue-full",
        /// the platform failed.
        SystemError = "system-error",
    }
}

parameters! {
    /// How an `<Enqueue>` ended.
    pub struct EnqueueResult with a call {
        always {
            /// why the caller is out.
            outcome: QueueOutcome = "QueueResult",
        }
        sometimes {
            /// the queue, `QU…`; if the caller was in it.
            queue_sid: Option<String> = "QueueSid",
            /// seconds the caller waited; if the caller was in it.
            time_secs: Option<u32> = "QueueTime",
        }
    }
}

parameters! {
    /// A caller is about to be taken out of a queue: asked of the `url` of `<Queue>`, and what it
    /// answers is played to who waited.
    pub struct Dequeued with a call {
        always {
            /// the queue, `QU…`.
            queue_sid: String = "QueueSid",
        }
        sometimes {
            /// seconds the caller waited.
            time_secs: Option<u32> = "QueueTime",
            /// the call that takes the caller out. Its name on the wire has one `u` only.
            dequeuing_call_sid: Option<String> = "DequeingCallSid",
        }
    }
}
