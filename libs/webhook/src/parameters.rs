//! What all typed forms have in common, for who handles them without knowing which.
//!
//! Extractors, test requests and an application's own generic code use it. Each form's own
//! `to_form` and `from_form` do the work.

use crate::call_status::CallStatus;
use crate::debugger::DebuggerEvent;
use crate::fields::FieldError;
use crate::form::Form;
use crate::inbound_message::InboundMessage;
use crate::message_status::MessageStatus;
use crate::voice_request::VoiceRequest;

/// A webhook's parameters as a type: every typed form of this crate, and [`Form`] itself.
///
/// Implement it for a form of your own, for instance one with your parameters in its URL's query.
///
/// ```
/// use webhook::{FieldError, Form, MessageStatus, Parameters};
///
/// /// A status callback whose URL ends in `?order=17`, asked by GET.
/// struct OrderStatus {
///     status: MessageStatus,
///     order: u32,
/// }
///
/// impl Parameters for OrderStatus {
///     fn to_form(&self) -> Form {
///         let mut form = Form::from_pairs([("order", self.order.to_string())]);
///         form.extend(self.status.to_form());
///         form
///     }
///
///     fn from_form(form: &Form) -> Result<Self, FieldError> {
///         let mut status = MessageStatus::from_form(form)?;
///         let name = "order".to_owned();
///         match status.extra.remove("order").and_then(|order| order.parse().ok()) {
///             Some(order) => Ok(Self { status, order }),
///             None => Err(FieldError::Missing { name }),
///         }
///     }
/// }
/// ```
pub trait Parameters: Sized {
    /// The parameters to send, in a fixed order.
    fn to_form(&self) -> Form;

    /// Reads the parameters of a verified request.
    ///
    /// # Errors
    ///
    /// A parameter that is always sent is missing, or has a value that it cannot have.
    fn from_form(form: &Form) -> Result<Self, FieldError>;
}

impl Parameters for Form {
    fn to_form(&self) -> Form {
        self.clone()
    }

    fn from_form(form: &Form) -> Result<Self, FieldError> {
        Ok(form.clone())
    }
}

/// The trait by the methods of the same names that the type has anyway.
macro_rules! by_its_own_methods {
    ($($type:ty),+) => {
        $(impl $crate::parameters::Parameters for $type {
            fn to_form(&self) -> $crate::form::Form {
                <$type>::to_form(self)
            }

            fn from_form(
                form: &$crate::form::Form,
            ) -> Result<Self, $crate::fields::FieldError> {
                <$type>::from_form(form)
            }
        })+
    };
}
pub(crate) use by_its_own_methods;

by_its_own_methods!(InboundMessage, MessageStatus, VoiceRequest, CallStatus, DebuggerEvent);
