//! The client as a value: what it is made of, shared by all its clones.
//!
//! Made once per house by the server. Nothing here is global; two clients share nothing.
//! Contract: DESIGN's flags `--guard`, `--allow`, `--map` and `--trust`.

use std::net::IpAddr;
use std::sync::Arc;

use exchange::webhooks::guard::Guard;

use crate::errand::Errand;
use crate::fetch::Fetch;
use crate::map::Map;
use crate::order::Order;
use crate::pool::Pool;
use crate::request::{Outcome, Request};
use crate::run;
use crate::tls::Tls;

/// What a client is told when it is made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which addresses may be dialled.
    pub guard: Guard,
    /// Public URLs that are answered elsewhere.
    pub maps: Vec<Map>,
    /// Names with fixed addresses, asked before the system's resolver, like `/etc/hosts`. A name
    /// can occur several times. The guard judges these addresses like any other.
    pub hosts: Vec<(String, IpAddr)>,
    /// Certificate authorities to trust besides Mozilla's, each one PEM file's content.
    pub trust: Vec<Vec<u8>>,
}

impl Settings {
    /// A guard, and nothing else out of the ordinary.
    pub fn new(guard: Guard) -> Settings {
        Settings { guard, maps: Vec::new(), hosts: Vec::new(), trust: Vec::new() }
    }
}

/// Why a client cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A trusted authority's file holds no certificate that can be used.
    #[error("the trusted certificate (number {number} of --trust) cannot be used: {why}")]
    Trust {
        /// Which of the files, from 1.
        number: usize,
        /// What is wrong with it.
        why: String,
    },
    /// The TLS library does not work as built.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

pub(crate) struct House {
    pub guard: Guard,
    pub maps: Vec<Map>,
    pub hosts: Vec<(String, IpAddr)>,
    pub tls: Tls,
    pub pool: Arc<Pool>,
}

/// The guarded client. Cloning is cheap; clones share connections.
#[derive(Clone)]
pub struct Client {
    house: Arc<House>,
}

impl Client {
    /// Makes a client with an empty pool of connections.
    ///
    /// # Errors
    /// A `--trust` without a usable certificate.
    pub fn new(settings: Settings) -> Result<Client, SettingsError> {
        let tls = Tls::new(&settings.trust)?;
        let Settings { guard, maps, hosts, .. } = settings;
        let house = House { guard, maps, hosts, tls, pool: Arc::default() };
        Ok(Client { house: Arc::new(house) })
    }

    /// Sends one webhook and everything that follows from it: redirects, a challenge, retries.
    ///
    /// Ends within the URL's total time (at most 15 s). Dropping the future ends the exchange.
    /// Never fails as a function: what went wrong is in the outcome. Must run inside a tokio
    /// runtime with its timer and I/O.
    pub async fn send(&self, request: Request<'_>) -> Outcome {
        run::exchange(&self.house, Order::webhook(request)).await
    }

    /// Sends events to a sink: as [`Client::send`], but `json` in place of the form, signed with its
    /// hash in the URL, the URL's credentials sent unasked, and 5 s for everything.
    pub async fn send_events(&self, request: Request<'_>, json: bytes::Bytes) -> Outcome {
        run::exchange(&self.house, Order::event(request, json)).await
    }

    /// Fetches one file and follows where it leads: redirects, a challenge, retries.
    ///
    /// Ends within [`FETCH_TOTAL_TIMEOUT_MS_MAX`](crate::FETCH_TOTAL_TIMEOUT_MS_MAX). The result is a
    /// 2xx answer with the whole file, or a 304 if the request was conditional. Attempts keep no
    /// body of a file. Otherwise as [`Client::send`].
    pub async fn fetch(&self, fetch: Fetch<'_>) -> Outcome {
        run::exchange(&self.house, Order::fetch(fetch)).await
    }

    /// Posts to the operator's own service. The guard is not asked, and a redirect is a failure.
    /// Otherwise as [`Client::fetch`].
    pub async fn run_errand(&self, errand: Errand<'_>) -> Outcome {
        run::exchange(&self.house, Order::errand(errand)).await
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("guard", &self.house.guard).finish_non_exhaustive()
    }
}
