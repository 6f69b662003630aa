//! A request of an API as its handlers see it: who asks, with which parameters.
//!
//! The body is read here, with a limit and a deadline; form, JSON and query become one kind of
//! parameters. Credentials are checked here: `AC…` with an auth token of it, `SK…` with its secret.
//! Contract: rest.md 1.2 and 1.3.

use super::acting::{Acting, Actor};
use super::console;
use super::door::{AskedPath, Base, Peer};
use super::error::ApiError;
use crate::house::{House, Presence};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, header};
use base64::Engine as _;
use exchange::accounts::{Account, AccountStatus};
use exchange::keys::{self, ApiKey, KeyKind};
use exchange::refusal::Refusal;
use exchange::sid::{AccountSid, KeySid, Sid};
use http_body_util::{BodyExt, Limited};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;
use subtle::ConstantTimeEq;
use webhook::Form;

/// Bytes of a request's body.
pub(crate) const BODY_BYTES_MAX: usize = webhook::FORM_BYTES_MAX;
/// How long a body may take to arrive.
const BODY_WAIT: Duration = Duration::from_secs(10);

/// What the credentials may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Power {
    /// The auth token, or a main API key: everything.
    Token,
    /// A standard API key, or a restricted one: never accounts and keys.
    Key,
    /// Test credentials: three operations, of which nothing is kept.
    Test,
}

/// Good credentials.
pub(crate) struct Credentials {
    /// Their account.
    pub(crate) account: Account,
    /// What they may do.
    pub(crate) power: Power,
    /// The account or key itself.
    actor: Sid,
    /// What a restricted key permits; everything for others.
    policy: Option<Vec<String>>,
}

/// A request whose credentials are good.
pub(crate) struct Call {
    /// The house that was asked, as these credentials act on it.
    pub house: Acting,
    /// The account of the credentials.
    pub account: Account,
    /// What they may do.
    pub power: Power,
    /// The parameters of the body; of a GET those of the query.
    pub form: Form,
    /// The parameters of the query.
    pub query: Form,
    /// The path as it was asked for.
    pub path: String,
    /// Scheme and host (and product prefix) that the asker reaches us under.
    pub base: Base,
    /// The request's headers.
    pub headers: HeaderMap,
    /// Whether it only reads: GET or HEAD.
    pub reading: bool,
    /// It is in the house: no reset happens as long as this is held.
    pub presence: Presence,
}

impl FromRequest<Arc<House>> for Call {
    type Rejection = ApiError;

    async fn from_request(request: Request, house: &Arc<House>) -> Result<Call, ApiError> {
        let resets = house.resets();
        let (mut head, rest) = request.into_parts();
        let mut credentials = authenticate(house, &head.headers)?;
        credentials.may(&head.method, head.uri.path())?;
        let base = head.extensions.remove::<Base>().unwrap_or_default();
        let path = match head.extensions.remove::<AskedPath>() {
            Some(asked) => asked.0,
            None => head.uri.path().to_owned(),
        };
        let query = form(head.uri.query().unwrap_or_default().as_bytes())?;
        let reading = matches!(head.method, Method::GET | Method::HEAD);
        let headers = head.headers;
        let source_ip = head.extensions.get::<Peer>().map(|peer| peer.0);
        let form = if reading { query.clone() } else { body(&headers, rest).await? };
        let presence = house.enter().await;
        if house.resets() != resets {
            // What the credentials said was of before.
            credentials = authenticate(house, &headers)?;
        }
        let Credentials { account, power, actor, .. } = credentials;
        Ok(Call {
            house: Acting::new(house.clone(), Actor { sid: actor, source_ip }),
            account,
            power,
            form,
            query,
            path,
            base,
            headers,
            reading,
            presence,
        })
    }
}

fn form(text: &[u8]) -> Result<Form, ApiError> {
    Form::parse(text)
        .map_err(|error| Refusal::new(20_001, 400, format!("Malformed form: {error}")).into())
}

async fn body(headers: &HeaderMap, body: Body) -> Result<Form, ApiError> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"));
    let bytes = read(body).await?;
    if is_json { json(&bytes) } else { form(&bytes) }
}

/// The whole of a body, within its size and time.
pub(super) async fn read(body: Body) -> Result<Bytes, ApiError> {
    read_up_to(body, BODY_BYTES_MAX).await
}

/// The whole of a body of another size, within the same time.
pub(super) async fn read_up_to(body: Body, bytes_max: usize) -> Result<Bytes, ApiError> {
    let reading = Limited::new(body, bytes_max).collect();
    match tokio::time::timeout(BODY_WAIT, reading).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(Refusal::too_large().into())
        }
        Ok(Err(_)) => Err(Refusal::new(20_001, 400, "The request's body broke off").into()),
        Err(_) => Err(Refusal::new(20_408, 408, "The request's body took too long").into()),
    }
}

/// A JSON object as parameters: texts, numbers and booleans by name, lists as repeated names.
fn json(bytes: &[u8]) -> Result<Form, ApiError> {
    let refuse =
        |why: String| ApiError(Refusal::new(20_001, 400, format!("Malformed JSON: {why}")));
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| refuse(error.to_string()))?;
    let serde_json::Value::Object(members) = value else {
        return Err(refuse("an object is expected".into()));
    };
    let mut form = Form::new();
    for (name, value) in members {
        let values = match value {
            serde_json::Value::Array(values) => values,
            one => vec![one],
        };
        for value in values {
            let text = match value {
                serde_json::Value::String(text) => text,
                serde_json::Value::Null => String::new(),
                serde_json::Value::Bool(_) | serde_json::Value::Number(_) => value.to_string(),
                _ => return Err(refuse(format!("{name} is neither a text nor a number"))),
            };
            form.push(name.as_str(), text);
        }
    }
    Ok(form)
}

/// Checks the credentials of a request: Basic, or the cookie of a browser that is signed in.
pub(crate) fn authenticate(house: &House, headers: &HeaderMap) -> Result<Credentials, ApiError> {
    let refuse = || ApiError(Refusal::unauthenticated());
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if value.is_none()
        && let Some(found) = console::authenticate(house, headers)?
    {
        return active(found);
    }
    let (scheme, encoded) = value.and_then(|value| value.split_once(' ')).ok_or_else(refuse)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(refuse());
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim());
    let text = decoded.ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(refuse)?;
    let (user, password) = text.split_once(':').ok_or_else(refuse)?;
    let found = if let Some(sid) = AccountSid::parse(user) {
        match house.store.account(sid)? {
            Some(account) => by_token(account, password),
            None => by_test(house, sid, password)?,
        }
    } else {
        by_key(house, KeySid::parse(user).ok_or_else(refuse)?, password)?
    };
    active(found.ok_or_else(refuse)?)
}

fn active(found: Credentials) -> Result<Credentials, ApiError> {
    match found.account.status {
        AccountStatus::Active => Ok(found),
        _ => Err(Refusal::account_not_active().into()),
    }
}

/// Both tokens are compared, whichever it is.
fn by_token(account: Account, password: &str) -> Option<Credentials> {
    let same = |token: &str| token.as_bytes().ct_eq(password.as_bytes());
    let secondary = account.secondary_token.as_deref().unwrap_or_default();
    let second = same(secondary) & subtle::Choice::from(u8::from(!secondary.is_empty()));
    let good: bool = (same(&account.auth_token) | second).into();
    good.then(|| Credentials::of_token(account))
}

/// Test credentials stand for an account that has nothing, and goes with its owner.
fn by_test(
    house: &House,
    sid: AccountSid,
    password: &str,
) -> Result<Option<Credentials>, StoreError> {
    let Some(test) = house.store.test_credentials(sid)? else { return Ok(None) };
    let good: bool = test.token.as_bytes().ct_eq(password.as_bytes()).into();
    let owner = house.account(test.account)?;
    let account = Account { sid, owner: sid, secondary_token: None, ..owner };
    let found = Credentials { account, power: Power::Test, actor: sid.sid(), policy: None };
    Ok(good.then_some(found))
}

fn by_key(house: &House, sid: KeySid, password: &str) -> Result<Option<Credentials>, StoreError> {
    let Some(key) = house.store.key(sid)? else { return Ok(None) };
    let good: bool = key.secret_sha256.as_bytes().ct_eq(sha256_hex(password).as_bytes()).into();
    let account = house.account(key.account)?;
    Ok(good.then(|| Credentials::of_key(account, key)))
}

impl Credentials {
    /// Those of an account's own token.
    pub(crate) fn of_token(account: Account) -> Credentials {
        let actor = account.sid.sid();
        Credentials { account, power: Power::Token, actor, policy: None }
    }

    /// Those of a key of `account`.
    pub(crate) fn of_key(account: Account, key: ApiKey) -> Credentials {
        let (power, policy) = match key.kind {
            KeyKind::Main => (Power::Token, None),
            KeyKind::Standard => (Power::Key, None),
            KeyKind::Restricted(policy) => (Power::Key, Some(policy)),
        };
        Credentials { account, power, actor: key.sid.sid(), policy }
    }

    /// That a restricted key has the permission for a request, and test credentials one of their
    /// three operations. `path` is as the router sees it.
    fn may(&self, method: &Method, path: &str) -> Result<(), ApiError> {
        if let Some(policy) = &self.policy {
            let needed = keys::permission(method.as_str(), path);
            if !keys::permits(policy, &needed) {
                return Err(Refusal::permission_missing(needed).into());
            }
        }
        if self.power == Power::Test {
            let below = format!("/2010-04-01/Accounts/{}/", self.account.sid);
            let tested = ["IncomingPhoneNumbers", "Messages", "Calls"];
            let is_tested = path.strip_prefix(&below).is_some_and(|rest| tested.contains(&rest));
            if *method != Method::POST || !is_tested {
                return Err(Refusal::test_credentials().into());
            }
        }
        Ok(())
    }
}

/// SHA-256 of a secret, lower-case hex: what is kept of it.
pub(crate) fn sha256_hex(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Call {
    /// The account that the path names, when the credentials may act on it: their own or one of
    /// its subaccounts. One that is suspended or closed is only read.
    pub(crate) fn acting(&self, account: &str) -> Result<Account, ApiError> {
        let account = self.named(account)?;
        match account.status {
            AccountStatus::Active => Ok(account),
            _ if self.reading => Ok(account),
            _ => Err(Refusal::account_not_active().into()),
        }
    }

    /// As [`Call::acting`], whatever the account's status.
    pub(crate) fn named(&self, account: &str) -> Result<Account, ApiError> {
        let refuse = || ApiError(Refusal::unauthenticated());
        let sid = AccountSid::parse(account).ok_or_else(|| self.not_found())?;
        if sid == self.account.sid {
            return Ok(self.account.clone());
        }
        let named = self.house.store.account(sid)?.ok_or_else(refuse)?;
        if named.owner == self.account.sid { Ok(named) } else { Err(refuse()) }
    }

    /// Whether test credentials ask: nothing is to be kept or told (rest.md 7).
    pub(crate) fn is_test(&self) -> bool {
        self.power == Power::Test
    }

    /// Refuses all API keys but main ones: they do not manage accounts and keys (rest.md 1.3).
    pub(crate) fn managing(&self) -> Result<(), ApiError> {
        match self.power {
            Power::Token => Ok(()),
            Power::Key | Power::Test => Err(Refusal::key_not_permitted().into()),
        }
    }

    /// Refuses all but a main account's own token: what follows concerns the whole house.
    pub(crate) fn ruling(&self) -> Result<(), ApiError> {
        self.managing()?;
        if self.account.owner == self.account.sid {
            Ok(())
        } else {
            Err(Refusal::access_denied().into())
        }
    }

    /// 404 for the path as it was asked for.
    pub(crate) fn not_found(&self) -> ApiError {
        Refusal::not_found(&self.path).into()
    }

    /// A parameter, when it was given; an empty one is given.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.form.get(name)
    }

    /// A parameter that was given and is not empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.form.get(name).map(str::trim).filter(|text| !text.is_empty())
    }

    /// A boolean parameter: `true` or `false` in any case.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.filled(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Refusal::parameter_invalid(name, "use true or false").into()),
        }
    }
}
