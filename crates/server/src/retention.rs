//! The request log is kept for some days, and no longer.
//!
//! Rows that ended before then go in small batches, so that no webhook waits for them; rows that
//! wait still are never touched. Called when the house opens, every hour, and after each advance
//! of virtual time. It is no deadline of the clock: a house in which nothing else is due is idle.

use crate::house::House;
use std::sync::Arc;
use std::time::Duration;
use store::{Change, StoreError, Write};

/// Pause between two looks (wire time).
const PAUSE: Duration = Duration::from_secs(3600);
/// Rows of the log read at once, and deleted by one change.
const BATCH_MAX: u64 = 200;

/// Looks again and again, as long as the house is open.
pub(crate) async fn run(house: Arc<House>) {
    loop {
        if let Err(error) = tidy(&house).await {
            tracing::warn!(%error, "the request log could not be tidied; tried again in an hour");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Deletes what has been kept for long enough.
///
/// # Errors
/// The store's; what was deleted before stays so.
pub(crate) async fn tidy(house: &House) -> Result<(), StoreError> {
    let Ok(before) = house.now().checked_sub(house.settings.keep_log) else { return Ok(()) };
    let mut after = 0;
    loop {
        let old = house.store.ended_webhooks(after, before, BATCH_MAX)?;
        if !old.ids.is_empty() {
            house.save(Change::one(Write::DeleteWebhooks(old.ids))).await?;
        }
        match old.next {
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
}
