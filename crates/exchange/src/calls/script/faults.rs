//! Faults that are planted to prove that the random test of scripts finds them; in no build that
//! ships.

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A key does not stop the prompt.
    PromptGoesOn,
    /// A Gather goes on listening after its end.
    ListensOn,
    /// An answer counts whatever order it answers.
    LateAnswerCounts,
    /// A document is carried out when nobody is on the line any more.
    SpeaksToNobody,
    /// A Gather does not answer the call.
    GatherUnanswered,
    /// The silence that ends a recording begins with it, whoever speaks.
    VoiceIgnored,
    /// A recording that a hang-up ended asks no action.
    HangupForgotten,
    /// A dial goes on when its call is replaced.
    DialGoesOn,
    /// The time limit counts from the beginning, not from the answer.
    LimitFromBeginning,
    /// The end of a document ends nothing.
    EndForgotten,
    /// The key that ends the digits is one of them.
    FinishKeyCounts,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 11] = [
        Fault::PromptGoesOn,
        Fault::ListensOn,
        Fault::LateAnswerCounts,
        Fault::SpeaksToNobody,
        Fault::GatherUnanswered,
        Fault::VoiceIgnored,
        Fault::HangupForgotten,
        Fault::DialGoesOn,
        Fault::LimitFromBeginning,
        Fault::EndForgotten,
        Fault::FinishKeyCounts,
    ];
}
