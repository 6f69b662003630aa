//! The audio socket: µ-law frames both ways over a real connection, on the real clock.

use crate::asker;
use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON, open};
use media::{FRAME_SAMPLES, dtmf, g711};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A browser phone, as far as its socket goes.
struct Phone {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Phone {
    /// Takes the handset end of a call.
    async fn connect(opened: &Opened, sid: &str) -> Phone {
        let authority = opened.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(authority).await.expect("a connection");
        let auth = asker::basic(opened.sid.as_str(), &opened.token);
        let request = format!(
            "GET /offhook/v1/Phones/{PERSON}/Calls/{sid}/Audio HTTP/1.1\r\nHost: {authority}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{auth}\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut phone = Phone { stream, unread: Vec::new() };
        let head = loop {
            if let Some(end) = phone.unread.windows(4).position(|four| four == b"\r\n\r\n") {
                break phone.unread.drain(..end + 4).collect::<Vec<u8>>();
            }
            assert!(phone.fill().await, "the socket has ended");
        };
        let head = String::from_utf8(head).expect("text");
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        // RFC 6455 1.3 has this very pair.
        assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
        phone
    }

    /// Reads more; `false` at the end.
    async fn fill(&mut self) -> bool {
        let mut piece = [0; 4096];
        let count = self.stream.read(&mut piece).await.unwrap_or(0);
        self.unread.extend_from_slice(&piece[..count]);
        count > 0
    }

    /// The next frame that is heard; `None` when the call has ended.
    async fn hear(&mut self) -> Option<Vec<u8>> {
        loop {
            // Frames of 160 bytes have two bytes of length; the server masks nothing.
            if self.unread.len() >= 4 + FRAME_SAMPLES {
                assert_eq!(self.unread[..4], [0x82, 126, 0, FRAME_SAMPLES as u8]);
                return Some(self.unread.drain(..4 + FRAME_SAMPLES).skip(4).collect());
            }
            if !self.fill().await {
                return None;
            }
        }
    }

    /// Says samples, a frame of them each time that one is heard, until the call ends.
    async fn say(&mut self, samples: &[i16]) {
        for frame in samples.chunks(FRAME_SAMPLES) {
            let mut bytes = vec![0x82, 0x80 | 126, 0, frame.len() as u8, 0, 0, 0, 0];
            g711::encode_mu(frame, &mut bytes);
            let sent = self.stream.write_all(&bytes).await.is_ok();
            if !sent || self.hear().await.is_none() {
                return;
            }
        }
    }
}

#[tokio::test]
async fn a_browser_phone_hears_what_is_played_and_its_keys_are_found_in_its_sound() {
    let mut opened = open().await;
    let verbs = "<Pause/><Play digits=\"5555555555\"/><Gather numDigits=\"2\" action=\"/keys\"/>";
    opened.customer.on("/voice", [Say::verbs(verbs)]);
    opened.customer.on("/keys", [Say::verbs("<Hangup/>")]);
    let voice = opened.customer.url("/voice");
    opened.number(|number| number.voice.url = voice.clone()).await;
    let calls = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let (status, call) = opened.call("POST", &calls, &[("To", NUMBER)]).await;
    assert_eq!(status, 201, "{call}");
    opened.heard_on("/voice").await;
    let mut phone = Phone::connect(&opened, call["sid"].as_str().expect("a sid")).await;
    let mut detector = dtmf::Detector::new();
    let mut heard = Vec::new();
    while heard.len() < 10 {
        let mut samples = Vec::new();
        g711::decode_mu(&phone.hear().await.expect("a call that goes on"), &mut samples);
        heard.extend(detector.feed(&samples).iter().map(|press| press.key.sign()));
    }
    assert_eq!(heard, ['5'; 10]);
    let keys = dtmf::Sequence::parse("w42w").expect("keys");
    phone.say(&keys.render()).await;
    let asked = opened.heard_on("/keys").await;
    assert_eq!(asked.get("Digits").as_deref(), Some("42"));
    opened.finish().await;
}

/// Dials the house's number, whose document this is; the call's sid.
async fn dial(opened: &mut Opened, verbs: &str) -> String {
    opened.customer.on("/voice", [Say::verbs(verbs)]);
    let voice = opened.customer.url("/voice");
    opened.number(|number| number.voice.url = voice.clone()).await;
    let calls = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let (status, call) = opened.call("POST", &calls, &[("To", NUMBER)]).await;
    assert_eq!(status, 201, "{call}");
    opened.heard_on("/voice").await;
    call["sid"].as_str().expect("a sid").to_owned()
}

/// Waits until the call's transcript has a line with these words.
async fn until(opened: &Opened, sid: &str, words: &str) {
    let path = format!("/offhook/v1/Phones/{PERSON}/Calls/{sid}/Transcript");
    let mut after = "0".to_owned();
    loop {
        let (_, shown) = opened.call("GET", &path, &[("After", &after), ("Wait", "PT20S")]).await;
        let lines = shown["lines"].as_array().expect("lines");
        if lines.iter().any(|line| line.as_str().expect("a text").contains(words)) {
            return;
        }
        assert!(!lines.is_empty(), "no {words:?} in 20 s");
        after = shown["count"].to_string();
    }
}

impl Phone {
    /// So many frames, as samples.
    async fn hear_frames(&mut self, frames: usize) -> Vec<i16> {
        let mut samples = Vec::new();
        for _ in 0..frames {
            g711::decode_mu(&self.hear().await.expect("a call that goes on"), &mut samples);
        }
        samples
    }
}

#[tokio::test]
async fn who_begins_to_listen_in_the_middle_of_a_sound_hears_the_rest_of_it() {
    let mut opened = open().await;
    // Half a second of nothing, the keys, and then a wait that outlasts the test.
    let sid = dial(&mut opened, "<Play digits=\"w5w5w5w5w5w5w5w5\"/><Pause length=\"60\"/>").await;
    until(&opened, &sid, "play keys").await;
    let mut phone = Phone::connect(&opened, &sid).await;
    let mut detector = dtmf::Detector::new();
    let mut heard = Vec::new();
    while heard.len() < 3 {
        heard.extend(
            detector.feed(&phone.hear_frames(1).await).iter().map(|press| press.key.sign()),
        );
    }
    assert_eq!(heard, ['5'; 3]);
    let hang_up = format!("/offhook/v1/Phones/{PERSON}/Calls/{sid}/Hangup");
    assert_eq!(opened.call("POST", &hang_up, &[]).await.0, 200);
    opened.finish().await;
}

#[tokio::test]
async fn a_caller_hears_the_ringing_of_the_country_until_somebody_answers() {
    let mut opened = open().await;
    let friend = "+12025550111";
    let sid = dial(&mut opened, &format!("<Dial ringTone=\"uk\">{friend}</Dial>")).await;
    until(&opened, &sid, "dial ").await;
    let mut phone = Phone::connect(&opened, &sid).await;
    let loud = |samples: &[i16]| samples.iter().any(|sample| sample.unsigned_abs() > 1000);
    // Twice 400 ms with 200 ms between, and then two seconds of silence.
    let rings = phone.hear_frames(20).await;
    let strength = crate::calls::strength;
    assert!(strength(&rings, 450.0) > 100.0 * strength(&rings, 480.0), "as in the United Kingdom");
    assert!(strength(&rings, 400.0) > 100.0 * strength(&rings, 480.0));
    let pause = phone.hear_frames(10).await;
    assert!(!loud(&pause[400..]));
    assert!(loud(&phone.hear_frames(10).await));
    let (_, found) = opened.call("GET", &format!("/offhook/v1/Phones/{friend}/Calls"), &[]).await;
    let leg = found["calls"][0]["sid"].as_str().expect("a sid").to_owned();
    let answer = format!("/offhook/v1/Phones/{friend}/Calls/{leg}/Answer");
    assert_eq!(opened.call("POST", &answer, &[]).await.0, 200);
    // What was on its way before the answer may still come; then there is silence for longer than
    // any pause of the ringing.
    phone.hear_frames(60).await;
    assert!(!loud(&phone.hear_frames(110).await), "nobody says anything");
    let hang_up = format!("/offhook/v1/Phones/{PERSON}/Calls/{sid}/Hangup");
    assert_eq!(opened.call("POST", &hang_up, &[]).await.0, 200);
    opened.finish().await;
}
