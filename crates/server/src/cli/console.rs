//! `offhook console`: a fresh link to the console of a running server.

use super::api::Api;
use super::failure::Failure;
use super::server_address::ServerFlags;
use super::terminal::line;
use webhook::Form;

/// Print a link that opens the web console, signed in
#[derive(Debug, clap::Args)]
pub(super) struct Console {
    #[command(flatten)]
    server: ServerFlags,
}

/// Asks the server for a link and prints it.
pub(super) async fn run(console: Console) -> Result<(), Failure> {
    let mut api = Api::open(&console.server).await?;
    let answer = api.post("/console/links", &Form::new()).await?;
    match console.server.json {
        true => line(format_args!("{answer}")),
        false => line(format_args!("{}", answer["url"].as_str().unwrap_or_default())),
    }
    Ok(())
}
