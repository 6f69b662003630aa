//! A problem of a document or of a webhook's answer, as one line.

use super::terminal::one_line;
use serde_json::Value;

/// `warning 12200: text`, with its line and column in front when it has them.
pub(super) fn shown(problem: &Value) -> String {
    let place = match (problem["line"].as_u64(), problem["column"].as_u64()) {
        (Some(line), Some(column)) => format!("{line}:{column}: "),
        _ => String::new(),
    };
    let level = problem["level"].as_str().unwrap_or("error");
    let code = problem["code"].as_u64().map(|code| format!(" {code}")).unwrap_or_default();
    let message = one_line(problem["message"].as_str().unwrap_or_default());
    format!("{place}{level}{code}: {message}")
}
