//! `offhook check`: what is wrong with a TwiML document, with line, column and Twilio's code.
//!
//! A document is for calls or for texts; without a flag it is taken for what it has fewer
//! unknown elements as, then fewer problems. A template of a TwiML Bin (`{{…}}`) is judged as one: it may serve both.

use super::configuration;
use super::failure::Failure;
use super::server_address::{ServerFlags, find};
use super::terminal::{Style, line, one_line, styled};
use client::{BODY_BYTES_MAX, Certificates, Client, Expects, Request, Settings};
use exchange::bins;
use exchange::messages::replies::{Taken, taken};
use exchange::numbers::Method;
use exchange::webhooks::guard::{Allow, Guard, Profile};
use serde_json::json;
use std::io::Read;
use std::path::PathBuf;
use twiml::{DOCUMENT_BYTES_MAX, Fatal, Position, Problem, Realm, Severity, parse};
use webhook::{Form, Key, Product};

/// Bytes that are read of a file; a document may have fewer.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// "Schema validation warning": an element that nothing knows, or not here.
const UNKNOWN: u32 = 12200;
/// How a document is named in messages.
pub(super) const DOCUMENT: &str = "a file, or - for the standard input";

/// Check a TwiML document: problems with line, column and Twilio's code
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit code 1 when a problem is an error; warnings alone are 0.")]
pub(super) struct Check {
    /// The document is for calls
    #[arg(long, conflicts_with = "messaging")]
    voice: bool,
    /// The document is for texts
    #[arg(long)]
    messaging: bool,
    /// Write JSON, a problem per line
    #[arg(long)]
    json: bool,
    /// Sign the request for a URL with this auth token
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// Ask a URL by this method
    #[arg(long, value_name = "GET|POST", default_value = "GET", value_parser = method)]
    method: Method,
    /// An address range or host name that may be asked although it is refused by default
    #[arg(long, value_name = "CIDR|NAME")]
    allow: Vec<Allow>,
    /// Trust this certificate authority, too
    #[arg(long, value_name = "CA.pem")]
    trust: Vec<PathBuf>,
    /// What to check; - is the standard input
    #[arg(value_name = "FILE|URL|-")]
    source: String,
}

/// Reads GET or POST in any case.
pub(super) fn method(text: &str) -> Result<Method, String> {
    Method::parse(text).ok_or_else(|| "use GET or POST".into())
}

/// What was found, and as what the document was taken.
struct Found {
    taken_for: &'static str,
    problems: Vec<Problem>,
    fatal: Option<Fatal>,
}

pub(super) async fn run(check: Check) -> Result<(), Failure> {
    let is_url = check.source.starts_with("http://") || check.source.starts_with("https://");
    let text = match is_url {
        true => match fetch(&check).await? {
            Some(document) => document,
            None => {
                line(format_args!("{}: plain text, no problems", check.source));
                return Ok(());
            }
        },
        false => read_document(&check.source)?,
    };
    let name = if check.source == "-" { "stdin" } else { &check.source };
    let realm = match (check.voice, check.messaging) {
        (true, _) => Some(Realm::Voice),
        (_, true) => Some(Realm::Messaging),
        _ => None,
    };
    let found = judge(&text, realm);
    let is_bad = found.fatal.is_some()
        || found.problems.iter().any(|problem| problem.severity == Severity::Error);
    for problem in &found.problems {
        let Problem { code, severity, at, message } = problem;
        write(name, check.json, (*at, &severity.to_string(), *code, message));
    }
    if let Some(Fatal { code, at, message }) = &found.fatal {
        write(name, check.json, (*at, "error", *code, message));
    } else if found.problems.is_empty() && !check.json {
        line(format_args!("{name}: {}, no problems", found.taken_for));
    }
    if is_bad { Err(Failure::said()) } else { Ok(()) }
}

fn judge(text: &str, realm: Option<Realm>) -> Found {
    let as_realm = |realm| {
        let taken_for = match realm {
            Realm::Voice => "voice TwiML",
            Realm::Messaging => "messaging TwiML",
        };
        match parse(text, realm) {
            Ok((_, problems)) => Found { taken_for, problems, fatal: None },
            Err(fatal) => Found { taken_for, problems: Vec::new(), fatal: Some(fatal) },
        }
    };
    match realm {
        Some(realm) => as_realm(realm),
        None if text.contains("{{") => {
            let bins::Check { problems, fatal } = bins::check::check(text);
            Found { taken_for: "TwiML Bin", problems, fatal }
        }
        None => {
            let (voice, messaging) = (as_realm(Realm::Voice), as_realm(Realm::Messaging));
            // A verb of the other kind is an unknown element; that says more than their number.
            let unknown = |found: &Found| {
                let elements = found.problems.iter().filter(|problem| problem.code == UNKNOWN);
                (elements.count(), found.problems.len())
            };
            if unknown(&messaging) < unknown(&voice) { messaging } else { voice }
        }
    }
}

fn write(name: &str, json: bool, problem: (Position, &str, u32, &str)) {
    let (Position { line: row, column }, severity, code, message) = problem;
    if json {
        let value = json!({
            "file": name, "line": row, "column": column,
            "severity": severity, "code": code, "message": message,
        });
        return line(format_args!("{value}"));
    }
    let style = if severity == "error" { Style::Red } else { Style::Yellow };
    let severity = styled(style, severity);
    line(format_args!("{name}:{row}:{column}: {severity} {code}: {}", one_line(message)));
}

/// The text of a file, or of the standard input for `-`.
pub(super) fn read_document(source: &str) -> Result<String, Failure> {
    let bad = |why: String| Failure::wrong_use(format!("{source}: {why}"));
    let mut bytes = Vec::new();
    let read = if source == "-" {
        std::io::stdin().lock().take(FILE_BYTES_MAX).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(source)
            .and_then(|file| file.take(FILE_BYTES_MAX).read_to_end(&mut bytes))
    };
    read.map_err(|error| bad(error.to_string()))?;
    if bytes.len() > DOCUMENT_BYTES_MAX {
        // Its size is what is wrong with it, whatever its bytes are.
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    decode(bytes, if source == "-" { "stdin" } else { source })
}

fn decode(bytes: Vec<u8>, name: &str) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let row = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Failure::failed(format!("{name}:{row}:{column}: the text is not UTF-8"))
    })
}

/// Asks a URL for its document, as a webhook would: signed, guarded, within its limits. `None` when
/// it answers with plain text, which is taken as it is.
async fn fetch(check: &Check) -> Result<Option<String>, Failure> {
    let trust =
        check.trust.iter().map(|path| configuration::read(path, "--trust").map(String::into_bytes));
    let guard = Guard { profile: Profile::Local, allow: check.allow.clone() };
    let settings = Settings { trust: trust.collect::<Result<_, _>>()?, ..Settings::new(guard) };
    let client = Client::new(settings).map_err(|error| Failure::wrong_use(error.to_string()))?;
    let token = match &check.token {
        Some(token) => token.clone(),
        None => {
            let found = find(&ServerFlags::default())?;
            found.credentials.map(|(credentials, _)| credentials.token).unwrap_or_default()
        }
    };
    let request = Request {
        url: &check.source,
        method: check.method,
        form: &Form::new(),
        encoded: "",
        key: &Key::new(&token),
        product: Product::Messaging,
        idempotency_token: "",
        home_region: "us1",
        certificates: Certificates::Verify,
        expects: Expects::Document,
        body_bytes_max: BODY_BYTES_MAX,
        cookies: None,
        now: jiff::Timestamp::UNIX_EPOCH,
    };
    let answer = client.send(request).await.result.map_err(|failure| {
        Failure::failed(format!("{}: error {}: {failure}", check.source, failure.code()))
    })?;
    match taken(answer.header(http::header::CONTENT_TYPE)) {
        Taken::Refused(why) => {
            Err(Failure::failed(format!("{}: error 12300: {why}", check.source)))
        }
        Taken::Text => Ok(None),
        Taken::Xml => decode(answer.body.to_vec(), &check.source).map(Some),
    }
}
