//! Reset: the house as it was at its first start, while it runs.
//!
//! Accounts of the seed (or the one of a house without a seed) keep their sid and token, so that
//! whoever is signed in stays so. Everything else is made anew, and nothing of before can appear
//! after: requests that are in finish first, new ones wait; one change clears the store and makes
//! the new start; it is answered when the delivery thread has dropped what was on its way.
//! Contract: DESIGN section 1, `POST /offhook/v1/Reset`.

use crate::first::Start;
use crate::house::House;
use jiff::Timestamp;
use std::time::Duration;
use store::{Change, StoreError, Write};
use tokio::sync::oneshot;

/// How long a reset waits for requests that are in (wire time).
const WAIT: Duration = Duration::from_secs(20);

/// Why a house was not reset; it is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The seed can't be applied.
    #[error("seed: {0}")]
    Seed(String),
    /// A request has been in for too long.
    #[error("other requests are still being answered")]
    Busy,
    /// The store's.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What becomes of a change when the delivery thread drops its ticket.
struct TakenUp {
    _work: crate::clock::Work,
    _told: oneshot::Sender<()>,
}

/// Resets the house. The caller must not be in itself.
///
/// # Errors
/// [`ResetError`]; nothing is changed then.
pub async fn reset(house: &House) -> Result<(), ResetError> {
    let alone = tokio::time::timeout(WAIT, house.enter_alone()).await;
    let _alone = alone.map_err(|_| ResetError::Busy)?;
    let now = Timestamp::from_microsecond(house.clock.wire_us()).unwrap_or_else(|_| house.now());
    let mut kept = house.store.accounts()?;
    kept.retain(|account| account.owner == account.sid);
    let start = Start { house, now, kept };
    let mut writes = vec![Write::Clear];
    writes.extend(start.writes().map_err(ResetError::Seed)?);
    // Nothing of a call may be written after what is written here.
    house.calls.clear().await;
    let (told, taken_up) = oneshot::channel();
    let ticket = TakenUp { _work: house.clock.work(), _told: told };
    let change = Change { writes, ticket: Some(Box::new(ticket)), ..Change::default() };
    house.store.save(change).await?;
    // The sender is dropped with the ticket, when the delivery thread has taken the change up.
    let _ = taken_up.await;
    // Sounds of recordings that nobody can find any more.
    if let Err(error) = tokio::fs::remove_dir_all(&house.settings.recordings).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "recordings of before the reset are still on the disk");
    }
    crate::media_files::clear(house).await;
    house.clock.reset();
    house.count_reset();
    Ok(())
}
