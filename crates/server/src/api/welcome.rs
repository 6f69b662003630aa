//! `/`: what somebody sees who opens the house's address: a browser the console, others a text.

use super::console;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};

/// Says in both languages what this is and what to do next. No account, no secret.
pub(super) async fn welcome(headers: HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accepts.is_some_and(|accepts| accepts.contains("text/html")) {
        return Redirect::to(console::HOME).into_response();
    }
    let text = concat!(
        "Offhook ",
        env!("CARGO_PKG_VERSION"),
        "\n\n",
        "This is the address of a house: point an SDK's base URL here, or text its number with\n",
        "    offhook text +12025550100 \"hello\"\n",
        "The start printed the account and its token. The console is at /console/, our own API is\n",
        "described by /offhook/v1/openapi.json\n\n",
        "Esta es la dirección de una casa: apunta aquí la URL base de un SDK, o escribe a su número\n",
        "con la orden de arriba. Al arrancar se mostraron la cuenta y su token. La consola: /console/\n",
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
