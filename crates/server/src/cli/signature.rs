//! `offhook sign` and `offhook verify`: the `X-Twilio-Signature` by hand.
//!
//! Both take a request the same way: a URL, parameters as NAME=VALUE, or a body from a file. All
//! rules are `libs/webhook`'s.

use super::check::method;
use super::failure::Failure;
use super::terminal::{line, plain};
use exchange::numbers::Method;
use std::io::Read;
use std::path::{Path, PathBuf};
use webhook::{BODY_HASH, CONTENT_TYPE, Form, Key, Product, Request, append_query, signing_url};

/// The content type of a body that is no form.
const JSON: &str = "application/json";

/// A request to be signed or verified.
#[derive(Debug, clap::Args)]
struct Described {
    /// The account's auth token
    #[arg(long, value_name = "TOKEN", env = "OFFHOOK_AUTH_TOKEN", hide_env_values = true)]
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    token: String,
    /// Parameters are in the body of a POST, in the URL of a GET
    #[arg(long, value_name = "GET|POST", default_value = "POST", value_parser = method)]
    method: Method,
    /// The raw body of a POST; - is the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "parameters")]
    body: Option<PathBuf>,
    /// The body's content type [default: a form, unless it looks like JSON]
    #[arg(long, value_name = "TYPE", requires = "body")]
    content_type: Option<String>,
    /// The URL as it is asked for, query included
    #[arg(value_parser = absolute)]
    url: String,
    /// Parameters
    #[arg(value_name = "NAME=VALUE", value_parser = pair)]
    parameters: Vec<(String, String)>,
}

/// Print the signature of a request
#[derive(Debug, clap::Args)]
#[command(after_help = "A body that is no form is signed as JSON is: its SHA-256 goes into the \
    URL as bodySHA256,\nunless it is there already.")]
pub(super) struct Sign {
    /// Sign as voice webhooks are: over https the port is left out
    #[arg(long)]
    voice: bool,
    #[command(flatten)]
    request: Described,
}

/// Check the signature of a request, and say why it is wrong
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit code 0 when it is right, 1 when it is not.")]
pub(super) struct Verify {
    /// The X-Twilio-Signature that came
    #[arg(long, value_name = "SIGNATURE", allow_hyphen_values = true)]
    signature: String,
    #[command(flatten)]
    request: Described,
}

fn absolute(text: &str) -> Result<String, String> {
    let schemes = ["http://", "https://", "ws://", "wss://"];
    let lower = text.to_ascii_lowercase();
    if schemes.iter().any(|scheme| lower.starts_with(scheme)) {
        Ok(text.to_owned())
    } else {
        Err("an absolute URL is expected, such as https://example.com/sms".into())
    }
}

/// Reads `NAME=VALUE`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("NAME=VALUE is expected".into()),
    }
}

impl Described {
    /// Form, or raw body with its content type.
    fn content(&self) -> Result<Content, Failure> {
        let Some(path) = &self.body else {
            return Ok(Content::Form(Form::from_pairs(self.parameters.iter().cloned())));
        };
        if self.method == Method::Get {
            return Err(Failure::wrong_use("a GET has no body: leave out --body or --method GET"));
        }
        let bytes = read(path)?;
        let content_type = match &self.content_type {
            Some(content_type) => content_type.clone(),
            None if body_hash_in(&self.url).is_some() || !looks_like_a_form(&bytes) => JSON.into(),
            None => CONTENT_TYPE.into(),
        };
        Ok(Content::Raw { bytes, content_type })
    }
}

enum Content {
    Form(Form),
    Raw { bytes: Vec<u8>, content_type: String },
}

fn looks_like_a_form(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    !matches!(first, Some(b'{' | b'[' | b'"' | b'<')) && Form::parse(bytes).is_ok()
}

fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn body_hash_in(url: &str) -> Option<&str> {
    let query = url.split('#').next()?.split_once('?')?.1;
    query.rsplit('&').find_map(|pair| pair.strip_prefix(BODY_HASH)?.strip_prefix('='))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let bad = |why: String| Failure::wrong_use(format!("--body {}: {why}", path.display()));
    let mut bytes = Vec::new();
    let most = webhook::FORM_BYTES_MAX as u64 + 1;
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    match read {
        Ok(_) if bytes.len() > webhook::FORM_BYTES_MAX => {
            Err(bad(format!("more than {} bytes", webhook::FORM_BYTES_MAX)))
        }
        Ok(_) => Ok(bytes),
        Err(error) => Err(bad(error.to_string())),
    }
}

/// Prints the signature, and nothing else.
pub(super) fn sign(sign: &Sign) -> Result<(), Failure> {
    let Sign { voice, request } = sign;
    let key = Key::new(&request.token);
    let product = if *voice { Product::Voice } else { Product::Messaging };
    let url = signing_url(&request.url, product);
    let unreadable = |error: webhook::FormError| Failure::wrong_use(format!("--body: {error}"));
    let signature = match (request.content()?, request.method) {
        (Content::Form(form), Method::Get) => key.sign_url(&append_query(&url, &form)),
        (Content::Form(form), Method::Post) => key.sign_form(&url, &form),
        (Content::Raw { bytes, content_type }, _) if is_form(&content_type) => {
            key.sign_form(&url, &Form::parse(&bytes).map_err(unreadable)?)
        }
        (Content::Raw { bytes, .. }, _) => signed_body(&key, &url, &bytes)?,
    };
    line(format_args!("{signature}"));
    Ok(())
}

/// The signature of a body by its hash in the URL; a hash that is there already has to be its.
fn signed_body(key: &Key, url: &str, bytes: &[u8]) -> Result<String, Failure> {
    let Some(hash) = body_hash_in(url) else {
        return Ok(key.sign_body(url, bytes).1);
    };
    let (hashed, _) = key.sign_body("https://h/", bytes);
    if body_hash_in(&hashed) == Some(hash) {
        Ok(key.sign_url(url))
    } else {
        Err(Failure::wrong_use("the URL's bodySHA256 is not this body's"))
    }
}

/// Says whether a signature is right; why not, if it is not.
pub(super) fn verify(verify: &Verify) -> Result<(), Failure> {
    let Verify { signature, request } = verify;
    let content = request.content()?;
    let (url, body, content_type) = match (content, request.method) {
        (Content::Form(form), Method::Get) => (append_query(&request.url, &form), Vec::new(), None),
        (Content::Form(form), Method::Post) => {
            let body = form.encode().into_bytes();
            (request.url.clone(), body, Some(CONTENT_TYPE.to_owned()))
        }
        (Content::Raw { bytes, content_type }, _) => {
            (request.url.clone(), bytes, Some(content_type))
        }
    };
    let check = Request {
        method: request.method.as_str(),
        url: &url,
        body: &body,
        content_type: content_type.as_deref(),
        signature: Some(signature),
    };
    match webhook::verify(&request.token, &check) {
        Ok(verified) => {
            line(format_args!("valid: signed for {}", plain(&verified.url)));
            Ok(())
        }
        Err(mismatch) => {
            line(format_args!("invalid: {}", plain(&mismatch.reason())));
            Err(Failure::said())
        }
    }
}
