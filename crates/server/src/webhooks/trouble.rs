//! What an exchange got wrong becomes alerts, in the same change as its finish.

use crate::house::House;
use exchange::accounts::Account;
use exchange::alerts::RequestRecord;
use exchange::alerts::codes::{self, Level};
use exchange::alerts::raise::{self, Trouble};
use exchange::sid::Sid;
use exchange::webhooks::{ProblemRecord, Purpose};
use store::{Change, Write};

/// Alerts raised for one exchange at most; the log entry lists every problem.
const ALERTS_MAX: usize = 10;

/// The exchange that had trouble.
pub(crate) struct About {
    /// What the webhook was for.
    pub(crate) purpose: Purpose,
    /// What it was about.
    pub(crate) resource: Sid,
    /// What was asked, and answered.
    pub(crate) request: RequestRecord,
}

/// Adds an alert for each problem to `change`, and the tells of them. Most exchanges have none:
/// then nobody asks what they were about.
pub(crate) fn raise(
    house: &House,
    account: &Account,
    about: impl FnOnce() -> About,
    problems: &[ProblemRecord],
    change: &mut Change,
) {
    if problems.is_empty() {
        return;
    }
    let about = about();
    if about.purpose == Purpose::Replay {
        return;
    }
    for problem in problems.iter().take(ALERTS_MAX) {
        let trouble = Trouble {
            code: problem.code,
            level: Level::parse(problem.level).unwrap_or(Level::Error),
            message: problem.message.clone(),
            at: problem.at,
            resource: Some(about.resource),
            request: Some(about.request.clone()),
        };
        let alert = raise::raise(trouble, account, house.alert_sid(), house.now());
        change.webhooks.extend(raise::tell(&alert, account, about.purpose, house.ids.token()));
        change.writes.push(Write::InsertAlert(Box::new(alert)));
    }
}

/// A problem as the log keeps it.
pub(crate) fn problem(code: u32, message: String, at: Option<(u32, u32)>) -> ProblemRecord {
    ProblemRecord { code, level: codes::level(code).as_str(), message, at }
}
