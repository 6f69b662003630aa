//! A receiver for texts and calls: an echo, a menu, and what became of each answer.

use axum::{Router, routing::post};
use std::env::var;
use std::time::Instant;
use webhook::twiml::{Gather, Message, Response};
use webhook::{
    GatherResult, Heard, InboundMessage, Memory, MessageStatus, OnceLayer, Origin, Receiver,
    Signed, Twiml, VerifyLayer, VoiceRequest,
};

async fn sms(Signed(text): Signed<InboundMessage>) -> Twiml {
    let echo = Message::new(format!("You said: {}", text.body)).status_callback("/status");
    Twiml(Response::new().message(echo))
}

async fn status(Signed(status): Signed<MessageStatus>) {
    println!("{} is {}", status.sid, status.state);
}

async fn voice(Signed(_): Signed<VoiceRequest>) -> Twiml {
    let menu = Gather::new().num_digits(1).action("/menu").say("For our hours, press 1.");
    Twiml(Response::new().gather(menu).redirect("/voice"))
}

async fn menu(Signed(result): Signed<GatherResult>) -> Twiml {
    Twiml(match result.heard() {
        Heard::Keys("1") => Response::new().say("We are open from nine to five."),
        _ => Response::new().say("There is no such choice.").redirect("/voice"),
    })
}

fn app(receiver: Receiver) -> Router {
    let began = Instant::now();
    let once = OnceLayer::new(Memory::new(move || began.elapsed()));
    Router::new()
        .route("/status", post(status).layer(once)) // a status that is sent again is taken once
        .route("/sms", post(sms))
        .route("/voice", post(voice))
        .route("/menu", post(menu))
        .layer(VerifyLayer::new(receiver.clone())) // only what is signed comes in
        .with_state(receiver)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = var("PORT").unwrap_or_else(|_| "8080".into());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let here = format!("http://{}", listener.local_addr()?);
    let public_url = var("PUBLIC_URL").unwrap_or(here);
    println!("listening for {public_url}");
    let origin = Origin::fixed(public_url)?;
    let receiver = Receiver::new(&var("TWILIO_AUTH_TOKEN")?, origin);
    axum::serve(listener, app(receiver.on_refusal(|why| eprintln!("refused: {why}")))).await?;
    Ok(())
}
