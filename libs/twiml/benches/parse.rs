//! What checking costs: `twiml::parse` beside the bare XML parser on typical documents.
//!
//! Prints the ratio of the two first; the mark is three times the bare parser.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput};
use twiml::Realm;

/// A name, its realm and its text.
type Sample = (&'static str, Realm, String);

fn samples() -> Vec<Sample> {
    let menu = r#"<?xml version="1.0" encoding="UTF-8"?>
<Response>
    <Gather input="dtmf speech" action="/menu?step=1" method="POST" timeout="5" numDigits="1"
            hints="sales, support" actionOnEmptyResult="true">
        <Say voice="Polly.Joanna-Neural" language="en-US">Thank you for calling.
            For sales press <say-as interpret-as="digits">1</say-as>, <break time="300ms"/>
            for support press <say-as interpret-as="digits">2</say-as>.</Say>
        <Pause length="1"/>
    </Gather>
    <Say>We did not hear anything. Goodbye!</Say>
    <Hangup/>
</Response>"#;
    let reply = r#"<?xml version="1.0" encoding="UTF-8"?><Response><Message to="+12025550123"
action="/status" method="POST"><Body>Your order &amp; invoice are on the way.</Body>
<Media>https://example.com/invoice.jpg?order=1&amp;page=2</Media></Message></Response>"#;
    let number = r#"<Number url="/whisper" statusCallback="/status" sendDigits="ww12"
statusCallbackEvent="initiated ringing answered completed">+12025550123</Number>"#;
    let dial = format!(
        r#"<Response><Dial action="/after" timeout="20" record="record-from-answer-dual"
answerOnBridge="true" callerId="+12025550100">{}</Dial></Response>"#,
        number.repeat(10)
    );
    let say = "<Say voice=\"alice\">One more sentence that somebody has to hear.</Say>\n<Pause/>\n";
    let long = format!("<Response>\n{}</Response>", say.repeat(600));
    vec![
        ("menu", Realm::Voice, menu.to_owned()),
        ("reply", Realm::Messaging, reply.to_owned()),
        ("dial", Realm::Voice, dial),
        ("long", Realm::Voice, long),
    ]
}

/// The fastest of many runs: noise only ever adds.
fn fastest(mut run: impl FnMut()) -> Duration {
    let timed = || {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    std::iter::repeat_with(timed).take(2000).min().unwrap_or_default()
}

fn bare(text: &str) {
    let options =
        roxmltree::ParsingOptions { allow_dtd: false, ..roxmltree::ParsingOptions::default() };
    let tree = roxmltree::Document::parse_with_options(black_box(text), options);
    black_box(tree.expect("the samples are well-formed"));
}

fn checked(text: &str, realm: Realm) {
    let (document, problems) = twiml::parse(black_box(text), realm).expect("the samples are TwiML");
    assert!(problems.is_empty(), "{problems:?}");
    black_box(document);
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for (name, realm, text) in samples() {
        let (bare_time, time) = (fastest(|| bare(&text)), fastest(|| checked(&text, realm)));
        let ratio = time.as_secs_f64() / bare_time.as_secs_f64();
        println!(
            "{name}: {} bytes, bare {bare_time:?}, parse {time:?}, {ratio:.2} times",
            text.len()
        );

        let mut group = criterion.benchmark_group("parse");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("bare", name), &text, |b, text| {
            b.iter(|| bare(text));
        });
        group.bench_with_input(BenchmarkId::new("twiml", name), &text, |b, text| {
            b.iter(|| checked(text, realm));
        });
        group.finish();
    }
    criterion.final_summary();
}
