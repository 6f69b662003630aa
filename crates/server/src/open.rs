//! Opens a house: folder, store, client, delivery thread, listener. `serve` and tests begin here.

use crate::api;
use crate::api::console::Access;
use crate::api::door::Connection;
use crate::calls::{self, Calls};
use crate::clock::Clock;
use crate::data_dir::{DataDir, DataDirError};
use crate::first::Start;
use crate::house::{House, Settings};
use crate::speech;
use crate::{listener, webhooks};
use client::{Client, Map};
use exchange::sid::AccountSid;
use exchange::webhooks::guard::Guard;
use jiff::SignedDuration;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use store::{Change, Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

/// The folder of recordings in the data folder.
const RECORDINGS: &str = "recordings";
/// The folder of the media of messages in it.
const MEDIA: &str = "media";

/// What a house is opened with: `serve`'s flags, read.
#[derive(Debug)]
pub struct Options {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Its data folder.
    pub data: PathBuf,
    /// The base of URLs given to webhooks; the listener's when absent.
    pub public_url: Option<String>,
    /// Text of the seed file.
    pub seed: Option<String>,
    /// The first account, when the environment names it.
    pub first_account: Option<(AccountSid, String)>,
    /// Which addresses webhooks may dial.
    pub guard: Guard,
    /// Public URLs that are answered elsewhere.
    pub maps: Vec<Map>,
    /// Certificate authorities to trust, PEM.
    pub trust: Vec<Vec<u8>>,
    /// Whether twilio Hosts are answered beyond loopback.
    pub proxy: bool,
    /// Who says what a call says.
    pub speech: speech::Choice,
    /// The program that makes MP3 of recordings; see [`crate::mp3::installed`].
    pub mp3: Option<PathBuf>,
    /// Days that the request log is kept.
    pub keep_log_days: u32,
    /// Bytes the database may take; the disk when absent.
    pub size_bytes_max: Option<u64>,
}

/// Why a house does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder.
    #[error(transparent)]
    Data(#[from] DataDirError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The client's settings.
    #[error(transparent)]
    Client(#[from] client::SettingsError),
    /// The program that should speak.
    #[error(transparent)]
    Speech(#[from] speech::ChoiceError),
    /// The address.
    #[error("{address} can't be listened on: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// Threads and sockets.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The environment's account is not the folder's.
    #[error(
        "the data folder has account {sid} with another auth token: OFFHOOK_AUTH_TOKEN names \
         {given}, the folder has {kept}"
    )]
    OtherToken {
        /// The account.
        sid: AccountSid,
        /// The end of the environment's token.
        given: String,
        /// The end of the folder's.
        kept: String,
    },
    /// The seed.
    #[error("seed: {0}")]
    Seed(String),
}

/// A running house.
pub struct Running {
    /// The house.
    pub house: Arc<House>,
    /// Where it listens.
    pub url: String,
    stop: watch::Sender<bool>,
    listener: tokio::task::JoinHandle<()>,
    clock: tokio::task::JoinHandle<()>,
    retention: tokio::task::JoinHandle<()>,
    delivery: webhooks::Delivery,
    switchboard: calls::Switchboard,
    data: DataDir,
}

/// Opens a house and serves it.
///
/// # Errors
/// Folder, database, seed, address: whatever stands in the way, said in one line.
pub async fn open(options: Options) -> Result<Running, OpenError> {
    let speech = options.speech.engine()?;
    let mut data = DataDir::open(&options.data)?;
    let clock = Clock::new();
    let (sender, committed) = mpsc::unbounded_channel();
    let (calls, orders) = Calls::new(clock.clone());
    let announced = calls.clone();
    let store = Store::open(data.path(), options.size_bytes_max, move |batch| {
        announced.announce(&batch);
        // The delivery thread is gone only when the house is; rows tell the next start.
        let _ = sender.send(batch);
    })?;
    let client = Client::new(client::Settings {
        guard: options.guard.clone(),
        maps: options.maps.clone(),
        hosts: Vec::new(),
        trust: options.trust,
    })?;
    let (socket, address) = listen(options.listen).await?;
    let url = format!("http://{}", shown(address));
    let given = options.seed.clone();
    let settings = Settings {
        public_url: options.public_url.unwrap_or_else(|| url.clone()),
        own_urls: own_urls(address),
        folder: data.path().to_owned(),
        recordings: data.path().join(RECORDINGS),
        media: data.path().join(MEDIA),
        simulator: true,
        // A start without one goes on with the folder's.
        seed: match options.seed {
            Some(seed) => Some(seed),
            None => store.seed()?,
        },
        keep_log: SignedDuration::from_hours(24 * i64::from(options.keep_log_days)),
        first_account: options.first_account,
        speech,
        mp3: options.mp3,
        guard: options.guard,
        maps: options.maps,
        console: Access { links: address.ip().is_loopback(), port: address.port() },
    };
    let house = Arc::new(House::new(store, client, calls, settings)?);
    furnish(&house).await?;
    crate::moved::follow(&house).await?;
    if let Some(seed) = given {
        house.save(Change::one(store::Write::PutSeed(seed))).await?;
    }
    let account = house.main_account()?;
    DataDir::keep_credentials(data.path(), account.sid.as_str(), &account.auth_token)?;
    data.announce(&url)?;
    crate::media_files::open(&house)?;
    let delivery = webhooks::start(house.clone(), committed)?;
    let switchboard = calls::start(house.clone(), orders)?;
    calls::take_up(&house).await?;
    let clock = tokio::spawn(async move { clock.run().await });
    let retention = tokio::spawn(crate::retention::run(house.clone()));
    let (stop, stopped) = watch::channel(false);
    let connection = Connection {
        scheme: "http",
        local: address,
        twilio_hosts: address.ip().is_loopback() || options.proxy,
        peer: None,
    };
    let router = api::router(house.clone());
    let listener = tokio::spawn(listener::serve(socket, router, connection, stopped));
    Ok(Running { house, url, stop, listener, clock, retention, delivery, switchboard, data })
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), OpenError> {
    let failed = |source| OpenError::Listen { address, source };
    let socket = TcpListener::bind(address).await.map_err(failed)?;
    let bound = socket.local_addr().map_err(failed)?;
    Ok((socket, bound))
}

/// An address as a URL names it: a listener on every address is reached on this machine.
fn shown(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("127.0.0.1:{}", address.port())
    } else {
        address.to_string()
    }
}

fn own_urls(address: SocketAddr) -> Vec<String> {
    let port = address.port();
    let mut urls = vec![format!("http://{}", shown(address))];
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        urls.push(format!("http://localhost:{port}"));
        urls.push(format!("http://127.0.0.1:{port}"));
    }
    urls
}

/// First start: the seed's accounts and numbers, or the demo's. Later: checks the environment's
/// account.
async fn furnish(house: &House) -> Result<(), OpenError> {
    let accounts = house.store.accounts()?;
    if accounts.is_empty() {
        let start = Start { house, now: house.now(), kept: Vec::new() };
        let writes = start.writes().map_err(OpenError::Seed)?;
        house.save(Change { writes, ..Change::default() }).await?;
        return Ok(());
    }
    if let Some(seed) = &house.settings.seed {
        // It is not applied now; a Reset should not be the first to find that it can't be.
        let start = Start { house, now: house.now(), kept: Vec::new() };
        crate::seed::writes(&start, seed).map_err(OpenError::Seed)?;
    }
    if let Some((sid, token)) = &house.settings.first_account {
        match accounts.iter().find(|account| account.sid == *sid) {
            Some(account) if account.auth_token != *token => {
                return Err(OpenError::OtherToken {
                    sid: *sid,
                    given: hidden(token),
                    kept: hidden(&account.auth_token),
                });
            }
            Some(_) => {}
            None => {
                let start = Start { house, now: house.now(), kept: Vec::new() };
                let account = store::Write::InsertAccount(Box::new(start.account()));
                house.save(Change::one(account)).await?;
            }
        }
    }
    Ok(())
}

/// The end of a secret, enough to tell two apart.
fn hidden(token: &str) -> String {
    let end: String = token.chars().rev().take(4).collect();
    format!("…{}", end.chars().rev().collect::<String>())
}

impl Running {
    /// Ends it: requests and exchanges in flight are finished or parked, within 10 s.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        self.retention.abort();
        // A stream would hold its connection to the end of the wait.
        self.house.events.close();
        let (delivery, switchboard) = (self.delivery, self.switchboard);
        let delivered = tokio::task::spawn_blocking(move || {
            // First the calls: what their ends cause is told.
            switchboard.stop();
            delivery.stop();
        });
        // Either has logged what went wrong with it.
        let _ = tokio::join!(self.listener, delivered);
        self.clock.abort();
        drop(self.house);
        drop(self.data);
    }
}
