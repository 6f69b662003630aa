//! A telephone menu: what the customer's application answers when the call comes in, and when a
//! key was pressed. Run it with `cargo run --example menu -- 1`.

use twiml::{Dial, Gather, Record, Response, Say};

/// The answer to the call itself.
fn greeting() -> Response {
    let menu = Gather::new()
        .num_digits(1)
        .action("/menu")
        .say("For sales press 1. To leave a message press 2.")
        .say(Say::new("Para español, marque tres.").language("es-MX"));
    // Without a key the next verb runs: here the same document once more.
    Response::new().gather(menu).redirect("/voice")
}

/// The answer to the key.
fn pressed(digits: &str) -> Response {
    match digits {
        "1" => {
            let sales = Dial::new().timeout(20).number("+12025550123").client("alice");
            Response::new().dial(sales).say("Nobody is in. Goodbye.")
        }
        "2" => {
            let message = Record::new().max_length(60).action("/recorded");
            Response::new().say("Speak after the beep.").record(message)
        }
        "3" => Response::new().redirect("/voz"),
        _ => Response::new().say("That is not on the menu.").redirect("/voice"),
    }
}

fn main() {
    let answer = match std::env::args().nth(1) {
        None => greeting(),
        Some(digits) => pressed(&digits),
    };
    println!("{}", answer.to_xml());
}
