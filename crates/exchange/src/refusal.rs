//! The one table of REST refusals: Twilio's code, the HTTP status, and the wording.
//!
//! Whatever refuses a request of the API makes its [`Refusal`] by name here; the API's door turns
//! it into JSON or XML. What the debugger shows has its own table in `alerts::codes`.
//! It never decides that something is refused.
//! Contract: Twilio doc page "Error and Warning Dictionary" for the codes; the wording is the real
//! API's where applications and bug reports show it, the dictionary's title elsewhere. The HTTP
//! status of a code is not published: it is what the real API was seen to answer, else 400.

use std::fmt;

/// Why a request of the API was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Twilio's code.
    pub code: u32,
    /// The HTTP status of the answer.
    pub status: u16,
    /// What the SDKs show to the programmer.
    pub message: String,
}

/// One row of the table, for the documentation and for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The constructor's name.
    pub name: &'static str,
    /// Twilio's code.
    pub code: u32,
    /// The HTTP status.
    pub status: u16,
    /// The message, arguments in braces.
    pub message: &'static str,
}

impl Refusal {
    /// A refusal that is not in the table, for one caller's special wording of a known code.
    pub fn new(code: u32, status: u16, message: impl Into<String>) -> Refusal {
        Refusal { code, status, message: message.into() }
    }

    /// The dictionary's page of the code.
    pub fn more_info(&self) -> String {
        crate::alerts::codes::more_info(self.code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.message)
    }
}

impl std::error::Error for Refusal {}

/// Makes one constructor and one row of [`TABLE`] from each line.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident($($argument:ident),*) = $code:literal, $status:literal, $message:literal;)+) => {
        impl Refusal {
            $(
                $(#[$doc])*
                pub fn $name($($argument: impl fmt::Display),*) -> Refusal {
                    Refusal { code: $code, status: $status, message: format!($message) }
                }
            )+
        }

        /// Every refusal the house knows, in the order of this file.
        pub const TABLE: &[Row] = &[
            $(Row { name: stringify!($name), code: $code, status: $status, message: $message },)+
        ];
    };
}

refusals! {
    // The whole API
    /// A required parameter of a v1 resource was not given.
    parameter_missing(name) = 20001, 400, "Missing required parameter {name} in the post body";
    /// A friendly name is too long or empty where it must not be.
    friendly_name_invalid() = 20002, 400, "Invalid FriendlyName";
    /// No credentials, or wrong ones.
    unauthenticated() = 20003, 401, "Authenticate";
    /// The credentials are right and may not do this (a standard key on accounts and keys).
    key_not_permitted() = 20003, 403, "Permission Denied";
    /// The resource exists and has no such method.
    method_not_allowed() = 20004, 405, "Method not allowed";
    /// The account is suspended or closed.
    account_not_active() = 20005, 403, "Account not active";
    /// The account may not use the resource.
    access_denied() = 20006, 403, "Access Denied";
    /// More than 1000 a page; the lists clamp instead (rest.md 1.7).
    page_size_too_large() = 20007, 400, "Page size too large";
    /// Only three operations work with test credentials.
    test_credentials() = 20008, 403, "Resource not accessible with Test Account Credentials";
    /// A call or message that is still going on.
    not_complete() = 20009, 409, "Cannot delete this resource before it is complete";
    /// A body is emptied only after the final status.
    not_complete_to_redact() = 20009, 400, "Cannot redact this message before it is complete";
    /// An operation of Twilio's that the house does not do.
    unsupported(operation) = 20403, 403,
        "Offhook knows {operation} and does not support it: see docs/compatibility.md";
    /// Nothing is at the path, or it is another account's.
    not_found(path) = 20404, 404, "The requested resource {path} was not found";
    /// The state does not allow it.
    conflict(what) = 20409, 409, "Conflict: {what}";
    /// It existed once.
    gone() = 20410, 410, "Gone";
    /// The request's body is above its limit.
    too_large() = 20413, 413, "Request Entity Too Large";
    /// A parameter without a code of its own.
    parameter_invalid(name, why) = 20422, 400, "Invalid Parameter {name}: {why}";
    /// A sid with a wrong prefix or shape.
    sid_invalid(sid) = 20423, 400, "Invalid SID: {sid}";
    /// Not processed; safe to repeat.
    too_many_requests() = 20429, 429, "Too Many Requests";
    /// A bug of the house.
    internal() = 20500, 500, "An internal server error has occurred";
    /// The house cannot answer now.
    unavailable() = 20503, 503, "Service unavailable";
    /// A page token that the list did not give.
    page_token_invalid() = 21481, 400, "Invalid PageToken";

    // Calls
    /// A call needs To.
    call_to_missing() = 21201, 400, "No 'To' number is specified";
    /// Premium numbers are closed.
    call_to_premium(to) = 21202, 400,
        "The phone number you are attempting to call, {to}, is a premium number.";
    /// International calls are closed.
    call_international_off(to) = 21203, 400,
        "International calling is not enabled: {to} cannot be called.";
    /// One of Url, Twiml and ApplicationSid.
    call_url_missing() = 21205, 400, "Url parameter is required.";
    /// Url is not absolute http or https.
    call_url_invalid(url) = 21205, 400, "Url is not a valid URL: {url}";
    /// SendDigits of a call.
    send_digits_invalid() = 21206, 400, "Invalid SendDigits: up to 32 of 0-9, A-D, #, *, w and W";
    /// Timeout of a call, in seconds.
    timeout_invalid() = 21208, 400, "Timeout must be an integer between 1 and 600.";
    /// A method parameter of a call.
    method_invalid(method) = 21209, 400, "HTTP Method '{method}' is not valid: use GET or POST.";
    /// From is neither owned nor a verified caller id.
    call_from_not_verified(from) = 21210, 400,
        "The source phone number provided, {from}, is not yet verified for your account. You \
         may only make calls from phone numbers that you've verified or purchased from \
         Twilio.";
    /// From of a call is no number.
    call_from_invalid(from) = 21212, 400, "The source phone number provided, {from}, is not valid.";
    /// A call needs From.
    call_from_missing() = 21213, 400, "No 'From' number is specified";
    /// No route to the number.
    call_to_unreachable(to) = 21214, 400,
        "The phone number you are attempting to call, {to}, cannot be reached.";
    /// Geographic permissions of voice.
    call_to_region_disabled(to) = 21215, 400,
        "Account not authorized to call {to}. Perhaps you need to enable some international \
         permissions: https://www.twilio.com/console/voice/calls/geo-permissions/low-risk";
    /// The number is on the block list.
    call_to_blocked(to) = 21216, 400, "Account not allowed to call {to}";
    /// To of a call is no address.
    call_to_invalid(to) = 21217, 400,
        "The phone number you are attempting to call, {to}, is not valid.";
    /// No such application in the account.
    application_sid_invalid(sid) = 21218, 400, "ApplicationSid '{sid}' is not valid";
    /// Trial accounts only.
    call_to_not_verified(to) = 21219, 400,
        "The number {to} is unverified. Trial accounts may only make calls to verified numbers.";
    /// A handset dials what is none of the house's.
    to_not_here(to) = 21211, 400, "The 'To' number {to} is not a number of this house.";
    /// A handset dials an application, which only clients do.
    application_called_by_phone() = 21211, 400,
        "An application is called by clients only: use an address such as client:alice";
    /// A handset dials, and is in as many calls as it can be.
    lines_busy(address, lines) = 21220, 409,
        "All lines of {address} are in use: it has {lines}. Set Lines= of the handset for more.";
    /// A live change of a call that is not live.
    call_not_in_progress() = 21220, 400, "Call is not in-progress. Cannot redirect.";
    /// A change of the plan of a call that is over.
    call_is_over() = 21220, 400, "Call is not in-progress. Cannot change it.";
    /// A message to or from the client program of a call.
    call_has_no_messages() = 21220, 400,
        "Call is not in-progress. No messages are exchanged with it.";
    /// The same of a call without such a program.
    call_has_no_client(peer) = 20422, 400,
        "Invalid Parameter CallSid: {peer} is no client of the Voice SDK: only those exchange messages";
    /// Status of a call's update.
    call_status_invalid(status) = 20422, 400,
        "Invalid Parameter Status: {status} is neither canceled nor completed";
    /// SipAuthUsername.
    sip_username_too_long() = 21221, 400, "Invalid SipAuthUsername. Must be fewer than 256 chars";
    /// SipAuthUsername.
    sip_username_invalid() = 21222, 400, "Invalid SipAuthUsername. Illegal chars";
    /// SipAuthPassword.
    sip_password_too_long() = 21223, 400, "Invalid SipAuthPassword. Must be fewer than 256 chars";
    /// SipAuthPassword.
    sip_password_invalid() = 21224, 400, "Invalid SipAuthPassword. Illegal chars";
    /// SipAuthPassword.
    sip_password_missing() = 21225, 400,
        "SipAuthPassword is required when providing SipAuthUsername";
    /// A sip: target without SIP.
    sip_not_enabled() = 21226, 400, "SIP calling not enabled for this account";
    /// Headers of a SIP address.
    sip_headers_too_long() = 21227, 400, "Headers portion of SIP URI must be fewer than 1024 chars";
    /// MachineDetection is not Enable or DetectMessageEnd.
    machine_detection_invalid() = 21234, 400, "Invalid Machine Detection configuration value";
    /// A detection parameter is out of its range.
    machine_detection_parameters_invalid() = 21263, 400,
        "Invalid Answering Machine Detection Parameters";
    /// The inline document of a call.
    twiml_too_long() = 32018, 400, "Twiml parameter must not be longer than 4000 characters";

    // Conferences and queues
    /// Participants are found by sid or name.
    conference_unknown(name) = 16003, 404,
        "Could not recognize conference sid or friendly name {name}";
    /// The participants' limit.
    conference_full() = 16020, 400, "Conference is full";
    /// A change of a conference that is over.
    conference_over() = 16022, 400, "Conference does not exist or is completed";
    /// Label of a participant.
    label_invalid() = 16024, 400, "Participant label invalid: max 128 chars, not a CallSid, no '/'";
    /// Labels are unique in a conference.
    label_in_use(label) = 16026, 400, "Participant label {label} is in use by another participant";
    /// The queue's MaxSize is reached.
    queue_full() = 22005, 400, "Call Queue Full";

    // Messages
    /// To of a message is no address.
    to_invalid(to) = 21211, 400, "The 'To' number {to} is not a valid phone number.";
    /// From of a message is no sender.
    from_invalid(from) = 21212, 400,
        "The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric \
         sender ID.";
    /// Short codes receive from handsets only.
    to_is_short_code() = 21265, 400, "'To' number cannot be a Short Code";
    /// A message to itself.
    to_is_from() = 21266, 400, "'To' and 'From' number cannot be the same";
    /// Geographic permissions of messaging.
    region_not_enabled(to) = 21408, 400,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To' \
         number: {to}.";
    /// The number cannot do messages.
    number_not_sms_capable(number) = 21601, 400,
        "Phone number {number} is not a valid SMS-capable inbound phone number";
    /// None of Body, MediaUrl and ContentSid.
    body_missing() = 21602, 400, "Message body is required.";
    /// Neither From nor MessagingServiceSid.
    from_missing() = 21603, 400, "A 'From' phone number is required.";
    /// A message needs To.
    to_missing() = 21604, 400, "A 'To' phone number is required.";
    /// The legacy SMS/Messages resource.
    body_too_long_for_old_api() = 21605, 400, "The message body exceeds the 160 character limit.";
    /// From is not the account's, or cannot do messages.
    from_not_owned(from) = 21606, 400,
        "The 'From' phone number provided ({from}) is not a valid message-capable Twilio \
         phone number for this destination";
    /// Trial accounts only.
    sandbox_from_required() = 21607, 400,
        "The 'from' phone number must be the sandbox phone number for trial accounts.";
    /// Trial accounts only.
    to_not_verified(to) = 21608, 400,
        "The number {to} is unverified. Trial accounts cannot send messages to unverified numbers.";
    /// Not absolute http or https, an underscore in its host, or above 4000 characters.
    status_callback_invalid(url) = 21609, 400, "The 'StatusCallback' URL {url} is not a valid URL.";
    /// The recipient sent STOP.
    to_unsubscribed() = 21610, 400, "Attempt to send to unsubscribed recipient";
    /// The sender's queue holds no more.
    from_queue_full(from) = 21611, 429,
        "The 'From' number {from} has exceeded the maximum number of queued messages";
    /// No route between the two.
    to_unreachable(to, from) = 21612, 400,
        "The 'To' phone number: {to}, is not currently reachable using the 'From' phone \
         number: {from} via SMS.";
    /// The number cannot receive texts.
    to_not_mobile(to) = 21614, 400, "To number: {to}, is not a mobile number";
    /// A sender that several numbers share.
    from_ambiguous(from) = 21616, 400,
        "The 'From' number {from} matches multiple numbers for your account";
    /// Above `BODY_CHARACTERS_MAX`.
    body_too_long() = 21617, 400, "The concatenated message body exceeds the 1600 character limit.";
    /// No carrier would take it.
    body_not_sendable() = 21618, 400, "The message body cannot be sent";
    /// Body, MediaUrl and ContentSid are all empty.
    content_missing() = 21619, 400, "A text message body or media urls must be specified.";
    /// Not absolute http or https.
    media_url_invalid(url) = 21620, 400, "Invalid media URL(s): {url}";
    /// Media from a number that cannot.
    from_not_mms_enabled(from) = 21621, 400,
        "The 'From' number {from} has not been enabled for MMS";
    /// Media from an account that cannot.
    mms_not_enabled() = 21622, 400, "MMS has not been enabled for your account";
    /// More than ten MediaUrl.
    media_too_many() = 21623, 400, "Number of media files exceeds allowed limit";
    /// Seconds in the queue.
    validity_period_invalid(value) = 21624, 400,
        "The ValidityPeriod {value} is invalid: it must be an integer between 1 and 36000.";
    /// Not initiated, ringing, answered or completed.
    status_callback_event_invalid(event) = 21626, 400, "Invalid 'StatusCallbackEvent': {event}";
    /// MaxPrice is read and has no effect.
    max_price_invalid() = 21627, 400, "Max Price must be a valid float";
    /// Several To.
    recipients_too_many() = 21653, 400, "There are more recipient addresses than allowed";
    /// ContentVariables alone.
    content_sid_missing() = 21654, 400, "ContentSid Required";
    /// No such content template.
    content_sid_invalid(sid) = 21655, 400, "The ContentSid is Invalid: {sid}";
    /// Not a JSON object of strings.
    content_variables_invalid() = 21656, 400, "The ContentVariables Parameter is invalid";
    /// An alphanumeric sender that cannot be.
    sender_id_invalid(sender) = 21657, 400, "The Sender ID is invalid: {sender}";
    /// Content parameters.
    parameter_too_long(name) = 21658, 400, "Parameter {name} exceeded character limit";
    /// whatsapp: with a phone number.
    channels_differ() = 21910, 400,
        "Invalid From and To pair. From and To should be of the same channel";
    /// From names a channel's sender that the account does not have.
    channel_not_found(from) = 63007, 400,
        "Twilio could not find a Channel with the specified From address: {from}";
    /// Only scheduled messages can.
    cannot_cancel() = 30409, 400, "This message cannot be canceled";
    /// Update of a message.
    body_not_empty() = 20422, 400,
        "Invalid Parameter Body: only an empty body can be set, which redacts the message";

    // Scheduled messages
    /// ScheduleType without SendAt.
    send_at_missing() = 35111, 400, "SendAt cannot be empty for ScheduleType 'fixed'";
    /// SendAt too near or too far.
    send_at_out_of_window() = 35114, 400,
        "SendAt time must be between 300 seconds and 35 days (3024000 seconds) in the future";
    /// SendAt cannot be read.
    send_at_invalid() = 35115, 400, "SendAt must be an ISO 8601 time";
    /// Scheduling without a service.
    schedule_service_missing() = 35118, 400,
        "MessagingServiceSid is required to schedule a message";
    /// Waiting scheduled messages.
    scheduled_too_many() = 35125, 400,
        "The account has reached its limit of 500,000 scheduled messages";
    /// Any other ScheduleType.
    schedule_type_invalid() = 35126, 400, "The ScheduleType is not valid: use 'fixed'";

    // Messaging Services
    /// No such service.
    service_unknown(sid) = 21701, 404, "The Messaging Service {sid} does not exist";
    /// It is closed.
    service_unavailable(sid) = 21702, 400,
        "The Messaging Service {sid} is not available to send new messages";
    /// None of its senders fits the recipient.
    service_no_number_available(sid) = 21703, 400,
        "The Messaging Service {sid} does not have a phone number available to send a message";
    /// It has no senders.
    service_empty(sid) = 21704, 400, "The Messaging Service {sid} contains no phone numbers";
    /// MessagingServiceSid has no MG shape or is unknown.
    service_sid_invalid(sid) = 21705, 400, "The Messaging Service Sid {sid} is invalid.";
    /// Adding a sender twice.
    service_has_number() = 21710, 409,
        "Phone Number or Short Code is already in the Messaging Service.";
    /// From and MessagingServiceSid that do not belong together.
    service_lacks_sender(sender) = 21711, 400,
        "The Sender {sender} is not associated with the Messaging Service";
    /// A sender is in one service only.
    number_in_other_service() = 21712, 409,
        "Phone Number or Short Code is associated with another Messaging Service.";
    /// A service holds no more senders.
    service_full() = 21714, 400, "Messaging Service Number Pool size limit reached";

    // Verify
    /// A parameter of Verify's; its name, and its value where that tells more.
    verify_parameter_invalid(name) = 60200, 400, "Invalid parameter: {name}";
    /// Wrong codes of one verification.
    verify_checks_too_many() = 60202, 429, "Max check attempts reached";
    /// Sendings of one verification.
    verify_sends_too_many() = 60203, 429, "Max send attempts reached";
    /// A custom code of a service that does not take any.
    verify_custom_code_off() = 60204, 403, "Custom code not allowed";
    /// A parameter of a feature that the service has not.
    verify_feature_off(feature) = 60204, 403,
        "Service does not support this feature: {feature} is not enabled";
    /// A transaction's amount and payee: missing, or others than those that were sent.
    verify_transaction_missing() = 60206, 400,
        "Amount and Payee are required, and the same in the verification and its check";
    /// Rate limits of a service.
    verify_limits_full() = 60207, 400, "Max rate limits per service reached";
    /// A unique name that another rate limit of the service has.
    verify_limit_name_taken() = 60208, 400, "Rate limit with that UniqueName already exists";
    /// A unique name that can't be one.
    verify_limit_name_invalid() = 60209, 400, "UniqueName format is invalid";
    /// Buckets of a rate limit.
    verify_buckets_full() = 60210, 400, "Max Buckets per Rate limit reached";
    /// Two buckets of a rate limit look back differently far.
    verify_bucket_taken() = 60211, 400, "Bucket with the given Interval already exists";

    // Conversations
    /// A unique name that another conversation has.
    chat_name_taken(name) = 50353, 409, "Conversation with provided unique name already exists: {name}";
    /// Somebody without an identity, or without both addresses of a binding.
    chat_participant_incomplete() = 50407, 400,
        "Invalid messaging binding: use Identity, or MessagingBinding.Address with \
         MessagingBinding.ProxyAddress";
    /// An address of a binding that can't be; a proxy address that is no number of the account.
    chat_address_invalid(address) = 50407, 400, "Invalid messaging binding address: {address}";
    /// Two addresses that are in a conversation already.
    chat_binding_exists(conversation) = 50416, 409,
        "A binding for this participant and proxy address already exists in Conversation \
         {conversation}";
    /// An identity that is in the conversation already.
    chat_participant_exists() = 50433, 409, "Participant already exists";
    /// The application that was asked answered with a 4xx.
    chat_forbidden() = 20403, 403, "Forbidden: the pre-action webhook rejected it";
    /// Nothing is said in what is over.
    chat_closed() = 20409, 409, "Conflict: the conversation is closed";

    // Phone numbers
    /// A number parameter that is none.
    phone_number_invalid(number) = 21401, 400, "Invalid Phone Number: {number}";
    /// A URL of a number or application.
    number_url_invalid(name, url) = 21402, 400, "{name} is not valid: {url}";
    /// A method of a number or application.
    number_method_invalid(name) = 21403, 400, "{name} is not valid: use GET or POST";
    /// Trial accounts only.
    trial_number_limit() = 21404, 400, "Inbound Phone number not available to trial account";
    /// A fallback of nothing.
    voice_fallback_alone() = 21405, 400, "Cannot set VoiceFallbackUrl without setting VoiceUrl";
    /// A fallback of nothing.
    sms_fallback_alone() = 21406, 400, "Cannot set SmsFallbackUrl without setting SmsUrl";
    /// An SmsUrl on a number that cannot.
    number_without_sms(number) = 21407, 400,
        "This Phone Number type does not support SMS: {number}";
    /// Not every number can.
    caller_id_lookup_refused() = 21409, 400,
        "VoiceCallerIdLookup cannot be set for this phone number";
    /// An application of another account.
    application_not_accessible(sid) = 21420, 400, "ApplicationSid {sid} is not accessible";
    /// Buying what is no number.
    number_invalid(number) = 21421, 400, "{number} is not a valid number";
    /// Buying a number that somebody has.
    number_not_available(number) = 21422, 400, "{number} is not available";
    /// An outgoing caller id twice.
    number_already_validated(number) = 21450, 400,
        "Phone number {number} is already validated on your account";
    /// AreaCode is not three digits.
    area_code_invalid(area_code) = 21451, 400, "Invalid area code: {area_code}";
    /// Nothing to buy there.
    area_code_empty(area_code) = 21452, 400, "No phone numbers found in area code {area_code}";
    /// An outgoing caller id of somebody else.
    number_validated_elsewhere(number) = 21453, 400,
        "Phone number {number} is already validated on another account";
    /// Validation call, in seconds.
    call_delay_invalid() = 21454, 400, "Invalid CallDelay: it must be between 0 and 60";
    /// Local numbers only.
    area_code_unsupported() = 21457, 400, "AreaCode Parameter not Supported";
    /// Buying a local number as toll-free, for example.
    number_type_differs() = 21458, 400, "PhoneNumber Provisioning Type Mismatch";
    /// StatusCallback of a number or application.
    callback_invalid(url) = 21502, 400, "Invalid callback url: {url}";
    /// AddressSid is missing.
    local_address_required() = 21615, 400, "Phone Number Requires a Local Address";
    /// A postal address that cannot be.
    address_invalid(why) = 21628, 400, "The Address is invalid: {why}";
    /// A number names it.
    address_in_use() = 21630, 400,
        "The Address cannot be deleted: it is associated with a phone number";
    /// AddressSid is missing.
    address_required() = 21631, 400, "Phone Number Requires an Address";
    /// AddressSid, EmergencyAddressSid: an address that the account does not have.
    address_unknown(name, sid) = 21631, 400,
        "Phone Number Requires an Address: '{name}' {sid} is not an Address of this account";
    /// BundleSid is missing.
    bundle_required() = 21649, 400, "Phone Number Requires a Bundle";
    /// Applications of an account.
    application_limit() = 21301, 400, "Cannot create application: application limit exceeded";

    // Accounts
    /// Only a parent makes subaccounts.
    subaccount_cannot_have_subaccounts() = 21101, 400, "Subaccounts cannot contain subaccounts";
    /// Not an AC sid.
    account_sid_invalid(sid) = 21470, 400, "Invalid AccountSid: {sid}";
    /// A target account that nobody has.
    account_unknown(sid) = 21471, 400, "Account {sid} does not exist";
    /// A target account that is suspended or closed.
    target_account_not_active(sid) = 21472, 400, "Account {sid} is not active";
    /// Numbers move inside a family only.
    transfer_unrelated() = 21473, 400,
        "Transfer target AccountSid is not related to the phone number owner";
    /// Numbers are moved by the parent.
    transfer_needs_parent() = 21474, 403,
        "API User must be the parent account to transfer phone numbers.";
    /// Not active, suspended or closed.
    account_status_invalid() = 21475, 400, "Unable to update Status, invalid Status.";
    /// A suspended parent.
    parent_suspended() = 21476, 400,
        "Unable to update Status for subaccount, parent account is suspended.";
    /// A parent cannot close itself.
    parent_status_fixed() = 21477, 400, "Unable to update Status for parent accounts";
    /// Closed is final.
    account_closed() = 21479, 400,
        "Unable to update Status for subaccount, subaccount has been closed.";
    /// A restricted key without the permission.
    permission_missing(permission) = 70051, 403,
        "Authorization Error: this API key does not have the permission {permission}";
    /// A second secondary token.
    secondary_token_exists() = 20409, 409,
        "Conflict: the account has a secondary auth token; delete or promote it first";
    /// Nothing to promote or to delete.
    secondary_token_missing() = 20001, 400, "The account has no secondary auth token";
    /// Subaccounts of a parent.
    subaccount_limit() = 21480, 400, "Reached maximum number of subaccounts";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_wording_is_the_one_applications_look_for() {
        let rows = [
            (
                Refusal::to_invalid("12"),
                21211,
                400,
                "The 'To' number 12 is not a valid phone number.",
            ),
            (Refusal::to_missing(), 21604, 400, "A 'To' phone number is required."),
            (Refusal::from_missing(), 21603, 400, "A 'From' phone number is required."),
            (Refusal::body_missing(), 21602, 400, "Message body is required."),
            (Refusal::unauthenticated(), 20003, 401, "Authenticate"),
            (
                Refusal::not_found("/2010-04-01/Accounts/AC1/Messages/SM1.json"),
                20404,
                404,
                "The requested resource /2010-04-01/Accounts/AC1/Messages/SM1.json was not found",
            ),
            (
                Refusal::to_unreachable("+15005550002", "+15005550006"),
                21612,
                400,
                "The 'To' phone number: +15005550002, is not currently reachable using the 'From' \
                 phone number: +15005550006 via SMS.",
            ),
            (
                Refusal::call_not_in_progress(),
                21220,
                400,
                "Call is not in-progress. Cannot redirect.",
            ),
            (Refusal::too_many_requests(), 20429, 429, "Too Many Requests"),
        ];
        for (refusal, code, status, message) in rows {
            assert_eq!(refusal, Refusal::new(code, status, message));
        }
    }

    #[test]
    fn an_unsupported_operation_names_itself_and_the_page() {
        let refusal = Refusal::unsupported("POST /v1/Services");
        assert_eq!((refusal.code, refusal.status), (20403, 403));
        assert!(refusal.message.contains("POST /v1/Services"));
        assert!(refusal.message.contains("docs/compatibility.md"));
    }

    #[test]
    fn more_info_is_the_dictionary_s_page() {
        let page = Refusal::to_unsubscribed().more_info();
        assert_eq!(page, "https://www.twilio.com/docs/errors/21610");
    }

    #[test]
    fn no_refusal_invites_an_sdk_to_repeat_but_the_two_that_mean_it() {
        for row in TABLE {
            assert!(row.status >= 400, "{row:?}");
            if row.status >= 500 {
                assert!(matches!(row.name, "internal" | "unavailable"), "{row:?}");
            }
            if row.status == 429 {
                let meant = ["too_many_requests", "from_queue_full"].contains(&row.name);
                // Twilio's own statuses of these two; they end with the verification.
                let of_verify = matches!(row.code, 60_202 | 60_203);
                assert!(meant || of_verify, "{row:?}");
            }
        }
    }

    #[test]
    fn every_message_says_something_and_every_name_is_there_once() {
        let names: HashSet<_> = TABLE.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), TABLE.len());
        assert!(TABLE.iter().all(|row| !row.message.is_empty() && row.code >= 10_000));
    }
}
