//! A status moves forward only: any order of callbacks, any of them twice, ends the same.

use proptest::prelude::*;
use webhook::{
    CallProgress, CallState, CallStatus, MessageProgress, MessageState, MessageStatus, VoiceRequest,
};

fn message(state: MessageState, error_code: Option<u32>) -> MessageStatus {
    let mut status = MessageStatus::new("SM1", "AC1", "+1", "+2", state);
    status.error_code = error_code;
    status
}

fn call(state: CallState, duration_secs: Option<u32>) -> CallStatus {
    let call = VoiceRequest::new("CA1", "AC1", "+1", "+2", state);
    let mut status = CallStatus::new(call, 0, "Fri, 20 Aug 2010 01:13:42 +0000");
    status.duration_secs = duration_secs;
    status
}

/// A list, and the same in another order with some of it repeated.
fn two_orders<T: Clone + std::fmt::Debug + 'static>(
    one: impl Strategy<Value = T>,
) -> impl Strategy<Value = (Vec<T>, Vec<T>)> {
    proptest::collection::vec(one, 0..8).prop_flat_map(|list| {
        let count = list.len();
        let again = proptest::sample::subsequence(list.clone(), 0..=count);
        let other = again.prop_flat_map({
            let list = list.clone();
            move |again| Just([list.clone(), again].concat()).prop_shuffle()
        });
        (Just(list), other)
    })
}

proptest! {
    #[test]
    fn any_order_of_a_messages_callbacks_ends_in_the_same_state(
        (one, other) in two_orders((
            proptest::sample::select(MessageState::ALL.to_vec()),
            proptest::option::of(30_000..30_004_u32),
        )),
    ) {
        let end = |list: &[(MessageState, Option<u32>)]| {
            let mut progress = MessageProgress::default();
            for (state, code) in list {
                let before = progress;
                let is_new = progress.apply(&message(*state, *code));
                assert_eq!(is_new, progress != before);
                assert!(!progress.apply(&message(*state, *code)), "twice is once");
            }
            progress
        };
        prop_assert_eq!(end(&one), end(&other));
    }

    #[test]
    fn any_order_of_a_calls_callbacks_ends_in_the_same_state(
        (one, other) in two_orders((
            proptest::sample::select(CallState::ALL.to_vec()),
            proptest::option::of(0..4_u32),
        )),
    ) {
        let end = |list: &[(CallState, Option<u32>)]| {
            let mut progress = CallProgress::default();
            for (state, duration) in list {
                let before = progress;
                let is_new = progress.apply(&call(*state, *duration));
                assert_eq!(is_new, progress != before);
                assert!(!progress.apply(&call(*state, *duration)), "twice is once");
            }
            progress
        };
        prop_assert_eq!(end(&one), end(&other));
    }

    #[test]
    fn an_end_never_becomes_something_that_is_none(
        first in proptest::sample::select(MessageState::ALL.to_vec()),
        then in proptest::sample::select(MessageState::ALL.to_vec()),
        began in proptest::sample::select(CallState::ALL.to_vec()),
        went in proptest::sample::select(CallState::ALL.to_vec()),
    ) {
        // Texts that come in have states of their own.
        let inbound = [MessageState::Receiving, MessageState::Received];
        prop_assume!(inbound.contains(&first) == inbound.contains(&then));
        let mut progress = MessageProgress::at(first, None);
        progress.apply(&message(then, None));
        prop_assert!(!first.is_end() || progress.state.is_some_and(MessageState::is_end));
        let mut progress = CallProgress::at(began, None);
        progress.apply(&call(went, None));
        prop_assert!(!began.is_end() || progress.state.is_some_and(CallState::is_end));
    }
}

#[test]
fn the_usual_ways_end_where_they_should() {
    use MessageState::{Delivered, Failed, Queued, Read, Sent, Undelivered};
    let cases: &[(&[MessageState], MessageState)] = &[
        (&[Queued, Sent, Delivered], Delivered),
        (&[Delivered, Sent, Queued], Delivered),
        (&[Sent, Undelivered], Undelivered),
        (&[Failed, Sent], Failed),
        (&[Read, Delivered], Read),
        (&[Undelivered, Delivered], Delivered),
    ];
    for (told, end) in cases {
        let mut progress = MessageProgress::default();
        for state in *told {
            progress.apply(&message(*state, None));
        }
        assert_eq!(progress.state, Some(*end), "{told:?}");
    }
    let mut progress = CallProgress::default();
    for (state, duration) in [
        (CallState::Ringing, None),
        (CallState::Completed, Some(61)),
        (CallState::InProgress, None),
        (CallState::Completed, Some(61)),
    ] {
        progress.apply(&call(state, duration));
    }
    assert_eq!(progress, CallProgress::at(CallState::Completed, Some(61)));
}
