//! `/`: what somebody sees who opens the house's address in a browser.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Says in both languages what this is and what to do next. No account, no secret.
pub(super) async fn welcome() -> Response {
    let text = concat!(
        "Offhook ",
        env!("CARGO_PKG_VERSION"),
        "\n\n",
        "This is the address of a house: point an SDK's base URL here, or text its number with\n",
        "    offhook text +12025550100 \"hello\"\n",
        "The start printed the account and its token. Our own API: /offhook/v1/openapi.json\n\n",
        "Esta es la dirección de una casa: apunta aquí la URL base de un SDK, o escribe a su número\n",
        "con la orden de arriba. Al arrancar se mostraron la cuenta y su token.\n",
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
