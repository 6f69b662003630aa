//! One exchange from its first request to its outcome: a webhook's, a file's or an errand's.
//!
//! The loop asks the rules of `exchange::webhooks` what follows from each attempt: another place
//! (redirect), the same with credentials (challenge), the same again (retry), or the end. All
//! attempts share one budget of time, one idempotency token and one signing key; each place is
//! signed anew.
//! It never waits between attempts and never runs longer than the URL's total time.
//! Contract: spec/webhooks.md 1.2-1.5 and 4.1-4.3.

use bytes::Bytes;
use exchange::numbers::Method;
use exchange::webhooks::challenge::Challenge;
use exchange::webhooks::connection::{Again, Connection, TOTAL_TIMEOUT_MS_MAX};
use exchange::webhooks::cookies::{BAD_COOKIE_CODE, Jar};
use exchange::webhooks::failure::Failure;
use exchange::webhooks::redirect::{self, Hop};
use exchange::webhooks::url::{Credentials, Scheme, Url};
use exchange::webhooks::{FieldLines, Problem};
use http::header::{LOCATION, SET_COOKIE, TRANSFER_ENCODING, WWW_AUTHENTICATE};
use http::uri::{PathAndQuery, Uri};
use http_body_util::Full;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::budget::Budget;
use crate::dial::dial;
use crate::headers::{Headers, Values};
use crate::map::{self, Target};
use crate::order::{Load, Order, Wanted};
use crate::pool::Place;
use crate::request::{Attempt, Outcome, Why};
use crate::settings::House;
use crate::tls::Mode;
use crate::wire::{Round, Wire};

/// Requests of one exchange: every redirect and retry, and each of them challenged twice.
const ATTEMPTS_MAX: usize = 40;
/// Bytes of randomness in a client nonce (Digest).
const NONCE_BYTES: usize = 16;

pub(crate) async fn exchange(house: &House, mut order: Order<'_>) -> Outcome {
    let (cookies, now) = match order.cookies.take() {
        Some((jar, now)) => (Some(jar), now),
        // Only cookies have an age.
        None => (None, Timestamp::UNIX_EPOCH),
    };
    let url = match Url::parse(order.url) {
        Ok(url) => url,
        Err(error) => {
            let result = Err(Failure::BadUrl(error.to_string()));
            return Outcome { attempts: Vec::new(), result, problems: Vec::new(), cookies };
        }
    };
    let (mut connection, problems) = match url.fragment() {
        Some(fragment) => Connection::parse(fragment),
        None => (Connection::default(), Vec::new()),
    };
    // A webhook's most is what a fragment can name at most; who is given more time or less has it
    // unless the fragment says less.
    if connection.total_timeout_ms == TOTAL_TIMEOUT_MS_MAX {
        connection.total_timeout_ms = order.total_timeout_ms;
    }
    let run = Run {
        house,
        body: Bytes::new(),
        budget: Budget::new(connection),
        attempts: Vec::with_capacity(1),
        problems,
        cookies,
        credentials: None,
        login: None,
        retries: 0,
        redirects: 0,
        now,
        order,
    };
    run.finish(url).await
}

struct Run<'a> {
    house: &'a House,
    order: Order<'a>,
    /// What a POST carries, made once.
    body: Bytes,
    budget: Budget,
    attempts: Vec<Attempt>,
    problems: Vec<Problem>,
    cookies: Option<Jar>,
    /// The last userinfo seen, and the origin it is for.
    credentials: Option<(Url, Credentials)>,
    login: Option<Login>,
    retries: u32,
    redirects: u32,
    /// House time, for the cookies' ages.
    now: Timestamp,
}

/// A challenge that was met; from then on its origin gets credentials unasked, and no other does.
struct Login {
    origin: Url,
    credentials: Credentials,
    challenge: Challenge,
    count: u32,
}

/// What is sent to one place, however often.
struct Prepared {
    url: Url,
    method: Method,
    /// What is requested: `url` without secrets, with a GET's parameters.
    text: String,
    signature: Option<String>,
}

/// What follows from an attempt that is no failure.
enum Next {
    Done(Answer),
    Follow(Hop),
    Challenge,
}

impl Run<'_> {
    async fn finish(mut self, url: Url) -> Outcome {
        let mut prepared = self.prepare(Hop { url, method: self.order.method });
        let mut why = Why::First;
        let result = loop {
            let mut attempt = self.attempt(&prepared, why).await;
            let next = self.judge(&attempt, &prepared, why);
            if let Err(failure) = &next {
                attempt.failure = Some(failure.clone());
            }
            if self.order.wanted == Wanted::File {
                attempt.forget_file();
            }
            self.attempts.push(attempt);
            match next {
                Ok(Next::Done(answer)) => break Ok(answer),
                _ if self.attempts.len() >= ATTEMPTS_MAX => break Err(Failure::TooManyRedirects),
                Ok(Next::Follow(hop)) => {
                    self.redirects += 1;
                    prepared = self.prepare(hop);
                    why = Why::Redirect;
                }
                Ok(Next::Challenge) => why = Why::Challenge,
                Err(failure) => {
                    let left_ms = self.budget.left_ms();
                    match self.budget.connection().again(&failure, self.retries, left_ms) {
                        Again::Stop => break Err(failure),
                        Again::Retry => self.retries += 1,
                    }
                    why = Why::Retry;
                }
            }
        };
        let Run { attempts, problems, cookies, .. } = self;
        Outcome { attempts, result, problems, cookies }
    }

    /// Signs for a place. Only the first GET carries the parameters: a redirect's URL is complete.
    fn prepare(&mut self, hop: Hop) -> Prepared {
        let Hop { url, method } = hop;
        let form = match &self.order.load {
            Load::Form(form, _) => Some(*form),
            Load::Text(..) | Load::Nothing => None,
        };
        let text = match (method, form) {
            (Method::Get, Some(form)) if self.attempts.is_empty() => {
                webhook::append_query(&url.asked(), form)
            }
            (Method::Post, None) => match (&self.order.load, self.order.seal) {
                (Load::Text(_, body), Some((key, _))) => key.sign_body(&url.asked(), body).0,
                _ => url.asked(),
            },
            _ => url.asked(),
        };
        let signature = self.order.seal.map(|(key, product)| {
            let signed = webhook::signing_url(&text, product);
            match (method, form) {
                (Method::Post, Some(form)) => key.sign_form(&signed, form),
                _ => key.sign_url(&signed),
            }
        });
        if method == Method::Post && self.body.is_empty() {
            self.body = match &self.order.load {
                Load::Form(_, text) => Bytes::copy_from_slice(text.as_bytes()),
                Load::Text(_, body) => body.clone(),
                Load::Nothing => Bytes::new(),
            };
        }
        if let Some(credentials) = url.credentials() {
            self.credentials = Some((url.clone(), credentials.clone()));
            if self.order.unasked && self.login.is_none() {
                let (origin, credentials) = (url.clone(), credentials.clone());
                let challenge = Challenge::choose(["Basic realm=\"\""].into_iter());
                self.login =
                    challenge.map(|challenge| Login { origin, credentials, challenge, count: 0 });
            }
        }
        Prepared { url, method, text, signature }
    }

    async fn attempt(&mut self, prepared: &Prepared, why: Why) -> Attempt {
        let started = Instant::now();
        let mut attempt = Attempt {
            why,
            url: prepared.text.clone(),
            method: prepared.method,
            request_headers: FieldLines::default(),
            remote_address: None,
            started_us: self.budget.offset_us(started),
            duration_us: 0,
            connect_us: None,
            first_byte_us: None,
            answer: None,
            failure: None,
        };
        let asked = &prepared.text[prepared.url.path_start()..];
        let target = map::target(&self.house.maps, &prepared.url, asked);
        attempt.failure = match PathAndQuery::try_from(target.path.as_ref()) {
            Ok(path) => self.transfer(prepared, &target, path, &mut attempt).await,
            Err(error) => Some(Failure::BadUrl(error.to_string())),
        };
        attempt.duration_us = self.budget.offset_us(Instant::now()) - attempt.started_us;
        attempt
    }

    /// One request and its answer, on a waiting connection or a new one.
    async fn transfer(
        &mut self,
        prepared: &Prepared,
        target: &Target<'_>,
        path: PathAndQuery,
        attempt: &mut Attempt,
    ) -> Option<Failure> {
        let tls = match target.url.scheme() {
            Scheme::Http => None,
            Scheme::Https => Some(Mode {
                certificates: self.order.certificates,
                sni: self.budget.connection().sni,
            }),
        };
        let host = target.url.host().to_owned();
        let mapped = target.mapped || self.order.operators;
        let place = Place { host, port: target.url.port(), tls, mapped };
        if let Some(mut wire) = self.house.pool.take(&place).await {
            let body_bytes_max = self.order.body_bytes_max;
            let parcel = self.pack(prepared, target, &path, attempt);
            let round = wire.round(parcel, &mut self.budget, body_bytes_max).await;
            // Closed by the other end while it waited, before it saw this request: that is the
            // price of keeping connections, not an attempt. Once, then a fresh one decides.
            if !round.untouched {
                return self.note(round, wire, place, attempt).await;
            }
        }
        let mut wire = match dial(self.house, &place, &self.budget).await {
            Ok(wire) => wire,
            Err(failure) => return Some(failure),
        };
        attempt.connect_us = Some(self.budget.offset_us(Instant::now()) - attempt.started_us);
        let body_bytes_max = self.order.body_bytes_max;
        let parcel = self.pack(prepared, target, &path, attempt);
        let round = wire.round(parcel, &mut self.budget, body_bytes_max).await;
        self.note(round, wire, place, attempt).await
    }

    fn pack(
        &mut self,
        prepared: &Prepared,
        target: &Target<'_>,
        path: &PathAndQuery,
        attempt: &mut Attempt,
    ) -> http::Request<Full<Bytes>> {
        let authorization = self.authorization(prepared, path.as_str());
        let cookies = self.cookies.as_ref().filter(|jar| !jar.is_empty());
        let cookie = cookies.and_then(|jar| jar.header(&prepared.url, self.now));
        let (method, body) = match prepared.method {
            Method::Get => (http::Method::GET, Bytes::new()),
            Method::Post => (http::Method::POST, self.body.clone()),
        };
        let content_type = match self.order.load {
            Load::Text(content_type, _) => content_type,
            Load::Form(..) | Load::Nothing => webhook::CONTENT_TYPE,
        };
        let headers = Headers::new(&Values {
            host: prepared.url.host_header(),
            accept_encoding: self.order.accept_encoding,
            content: (prepared.method == Method::Post).then_some((content_type, body.len())),
            signature: prepared.signature.as_deref(),
            marks: self.order.marks,
            validators: self.order.validators_for(&prepared.text),
            cookie: cookie.as_deref(),
            authorization: authorization.as_deref(),
            forwarded_proto: target.mapped.then_some(prepared.url.scheme().as_str()),
        });
        attempt.request_headers = headers.log;
        let mut parcel = http::Request::new(Full::new(body));
        *parcel.method_mut() = method;
        *parcel.uri_mut() = Uri::from(path.clone());
        *parcel.headers_mut() = headers.map;
        parcel
    }

    /// Credentials for an origin that asked for them before; for no other.
    fn authorization(&mut self, prepared: &Prepared, path: &str) -> Option<String> {
        let login = self.login.as_mut().filter(|login| login.origin.same_origin(&prepared.url))?;
        login.count += 1;
        let mut random = [0; NONCE_BYTES];
        // Without randomness the nonce is a constant, which weakens nothing we rely on.
        let _ = getrandom::fill(&mut random);
        let nonce = format!("{:032x}", u128::from_be_bytes(random));
        let request = (prepared.method, path);
        Some(login.challenge.authorization(&login.credentials, request, login.count, &nonce))
    }

    /// Writes down how a round went, and keeps the connection if it can serve again.
    async fn note(
        &mut self,
        round: Round,
        mut wire: Wire,
        place: Place,
        attempt: &mut Attempt,
    ) -> Option<Failure> {
        attempt.remote_address = Some(wire.remote);
        attempt.first_byte_us =
            round.first_byte.map(|at| self.budget.offset_us(at) - attempt.started_us);
        attempt.answer = round.answer;
        let complete = attempt.answer.is_some() && round.failure.is_none();
        if complete && wire.is_ready().await {
            self.house.pool.put(place, wire);
        }
        round.failure
    }

    /// What follows from an attempt.
    fn judge(&mut self, attempt: &Attempt, prepared: &Prepared, why: Why) -> Result<Next, Failure> {
        if let Some(answer) = &attempt.answer {
            self.take_cookies(prepared, answer);
        }
        let answer = match (&attempt.failure, &attempt.answer) {
            (Some(failure), _) => return Err(failure.clone()),
            (None, Some(answer)) => answer,
            (None, None) => return Err(Failure::Closed("nothing came back".to_owned())),
        };
        match answer.status {
            0..=199 => Err(Failure::Protocol(format!("unexpected status {}", answer.status))),
            200..=299 => self.accept(answer).map(|()| Next::Done(answer.clone())),
            304 if self.order.validators_for(&prepared.text).is_some() => {
                Ok(Next::Done(answer.clone()))
            }
            status if redirect::is_redirect(status) && self.order.operators => {
                Err(Failure::BadRedirect(format!("status {status} is not followed here")))
            }
            status if redirect::is_redirect(status) => {
                let location = answer.headers.get(LOCATION);
                let location =
                    location.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
                let Prepared { url, method, .. } = prepared;
                redirect::follow(status, location, url, *method, self.redirects).map(Next::Follow)
            }
            401 if self.meets(answer, prepared, why) => Ok(Next::Challenge),
            status => Err(Failure::Status(status)),
        }
    }

    /// Whether a 2xx answer is good enough for what it is wanted for.
    fn accept(&self, answer: &Answer) -> Result<(), Failure> {
        let wanted = self.order.wanted;
        if wanted == Wanted::Nothing {
            return Ok(());
        }
        if answer.truncated {
            return Err(Failure::BodyTooLarge { body_bytes_max: self.order.body_bytes_max });
        }
        if answer.undecoded {
            let why = "the body's Content-Encoding is not gzip, or not well-formed gzip";
            return Err(Failure::Protocol(why.to_owned()));
        }
        let chunked = answer.headers.contains_key(TRANSFER_ENCODING);
        if wanted == Wanted::Document && answer.body.is_empty() && chunked {
            return Err(Failure::EmptyBody);
        }
        Ok(())
    }

    /// Whether a 401 can be met with credentials that were not refused already.
    fn meets(&mut self, answer: &Answer, prepared: &Prepared, why: Why) -> bool {
        let known = self.credentials.as_ref();
        let fitting = known.filter(|(origin, _)| origin.same_origin(&prepared.url));
        let Some((origin, credentials)) = fitting else {
            return false;
        };
        let headers = answer.headers.get_all(WWW_AUTHENTICATE);
        let texts = headers.iter().filter_map(|value| value.to_str().ok());
        let Some(challenge) = Challenge::choose(texts) else {
            return false;
        };
        // A server may call a nonce stale once; after that the credentials are at fault.
        let stale_before = self.login.as_ref().is_some_and(|login| login.challenge.is_stale());
        if why == Why::Challenge && (!challenge.is_stale() || stale_before) {
            return false;
        }
        let (origin, credentials) = (origin.clone(), credentials.clone());
        self.login = Some(Login { origin, credentials, challenge, count: 0 });
        true
    }

    fn take_cookies(&mut self, prepared: &Prepared, answer: &Answer) {
        let Some(jar) = &mut self.cookies else { return };
        for value in answer.headers.get_all(SET_COOKIE) {
            let set = jar.set(&prepared.url, value.as_bytes(), self.now);
            let known = self.problems.iter().any(|problem| problem.code == BAD_COOKIE_CODE);
            if set.is_err() && !known {
                let message = "a Set-Cookie has no name or contains control characters".to_owned();
                self.problems.push(Problem { code: BAD_COOKIE_CODE, message });
            }
        }
    }
}
