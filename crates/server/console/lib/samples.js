// Code to begin with, with this house's own address, account and number in it.
//
// Written as a reader would write it; a test runs the shortest of them (curl) as it stands.

/** @typedef {{base: string, sid: string, token: string, number: string, person: string}} Known */

/** @type {Record<string, {name: string, install: string, answer: (k: Known) => string, send: (k: Known) => string}>} */
export const SAMPLES = {
  python: {
    name: 'Python',
    install: 'pip install flask twilio',
    answer: () => `from flask import Flask, request
from twilio.twiml.messaging_response import MessagingResponse

app = Flask(__name__)

@app.post("/sms")
def sms():
    answer = MessagingResponse()
    answer.message(f"You wrote: {request.form['Body']}")
    return str(answer), 200, {"Content-Type": "text/xml"}

app.run(port=3000)
`,
    send: (k) => `from twilio.rest import Client

client = Client("${k.sid}", "${k.token}")
client.api.base_url = "${k.base}"
client.messages.create(
    to="${k.person}", from_="${k.number}", body="Hi from my program"
)
`,
  },
  node: {
    name: 'Node',
    install: 'npm install express twilio',
    answer: () => `import express from "express";
import twilio from "twilio";

const app = express();
app.use(express.urlencoded({ extended: false }));

app.post("/sms", (request, response) => {
  const answer = new twilio.twiml.MessagingResponse();
  answer.message(\`You wrote: \${request.body.Body}\`);
  response.type("text/xml").send(answer.toString());
});

app.listen(3000);
`,
    send: (k) => `import twilio from "twilio";

const client = twilio("${k.sid}", "${k.token}");
client.api.baseUrl = "${k.base}";
await client.messages.create({
  to: "${k.person}", from: "${k.number}", body: "Hi from my program",
});
`,
  },
  rust: {
    name: 'Rust',
    install: 'cargo add axum; cargo add tokio -F full; cargo add offhook-webhook -F axum --rename webhook',
    answer: (k) => `use axum::{Router, routing::post};
use webhook::{InboundMessage, Origin, Receiver, Signed, Twiml, twiml::Response};

async fn sms(Signed(text): Signed<InboundMessage>) -> Twiml {
    Twiml(Response::new().message(format!("You wrote: {}", text.body)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let origin = Origin::fixed("http://localhost:3000")?;
    let receiver = Receiver::new("${k.token}", origin);
    let app = Router::new().route("/sms", post(sms)).with_state(receiver);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app).await?)
}
`,
    send: (k) => `// cargo add reqwest -F form; cargo add tokio -F full
#[tokio::main]
async fn main() -> Result<(), reqwest::Error> {
    let url = "${k.base}/2010-04-01/Accounts/${k.sid}/Messages.json";
    let answer = reqwest::Client::new()
        .post(url)
        .basic_auth("${k.sid}", Some("${k.token}"))
        .form(&[("To", "${k.person}"), ("From", "${k.number}"), ("Body", "Hi from my program")])
        .send()
        .await?;
    println!("{}", answer.text().await?);
    Ok(())
}
`,
  },
  curl: {
    name: 'curl',
    install: '',
    answer: (k) => `curl -u ${k.sid}:${k.token} \\
  ${k.base}/offhook/v1/Bins \\
  --data-urlencode 'FriendlyName=my answer' \\
  --data-urlencode 'Twiml=<Response><Message>You wrote: {{Body}}</Message></Response>'
`,
    send: (k) => `curl -u ${k.sid}:${k.token} \\
  ${k.base}/2010-04-01/Accounts/${k.sid}/Messages.json \\
  --data-urlencode 'To=${k.person}' \\
  --data-urlencode 'From=${k.number}' \\
  --data-urlencode 'Body=Hi from my program'
`,
  },
};
