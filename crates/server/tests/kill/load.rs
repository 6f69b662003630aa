//! Load: persons who text and a customer who sends, over many connections, until the house dies.

use crate::asker;
use crate::support::NUMBER;
use exchange::messages::State;
use exchange::sid::{AccountSid, MessageSid};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::task::JoinSet;

/// Connections at once.
const CONNECTIONS: u64 = 24;

/// What clients saw a 201 for.
#[derive(Debug, Default)]
pub struct Acknowledged {
    /// Messages created by the REST API.
    pub created: Vec<MessageSid>,
    /// Texts of persons.
    pub texted: Vec<MessageSid>,
}

impl Acknowledged {
    pub fn extend(&mut self, more: Acknowledged) {
        self.created.extend(more.created);
        self.texted.extend(more.texted);
    }
}

/// Makes load on one house after the other.
pub struct Load(Arc<Plan>);

struct Plan {
    account: AccountSid,
    auth: String,
    callback: String,
    /// Nobody texts twice: the guard against loops has no part in this.
    persons: AtomicU64,
}

/// Load on its way.
pub struct Working {
    over: Arc<AtomicBool>,
    workers: JoinSet<Acknowledged>,
}

impl Load {
    pub fn new(account: AccountSid, auth: &str, callback: &str) -> Load {
        Load(Arc::new(Plan {
            account,
            auth: auth.to_owned(),
            callback: callback.to_owned(),
            persons: AtomicU64::new(0),
        }))
    }

    pub fn begin(&self, url: &str) -> Working {
        let over = Arc::new(AtomicBool::new(false));
        let mut workers = JoinSet::new();
        for n in 0..CONNECTIONS {
            let (plan, over, url) = (self.0.clone(), over.clone(), url.to_owned());
            workers.spawn(async move { plan.work(n % 2 == 0, &url, &over).await });
        }
        Working { over, workers }
    }
}

impl Working {
    pub async fn end(mut self) -> Acknowledged {
        self.over.store(true, Ordering::Relaxed);
        let mut all = Acknowledged::default();
        while let Some(done) = self.workers.join_next().await {
            all.extend(done.expect("a worker does not panic"));
        }
        all
    }
}

impl Plan {
    async fn work(&self, creates: bool, url: &str, over: &AtomicBool) -> Acknowledged {
        let mut seen = Acknowledged::default();
        while !over.load(Ordering::Relaxed) {
            let n = self.persons.fetch_add(1, Ordering::Relaxed);
            let person = format!("+1202{:07}", 2_000_000 + n);
            let request = if creates { self.create(&person) } else { self.text(&person) };
            // A house that has been killed answers nothing, and promises nothing.
            let Some(got) = asker::exchange(url, &request).await else {
                continue;
            };
            assert_eq!(got.status, 201, "{}", got.text());
            let shown = got.json();
            let sid = shown["sid"].as_str().and_then(MessageSid::parse).expect("a sid");
            if creates {
                assert_eq!(shown["status"], State::Queued.as_str());
                seen.created.push(sid);
            } else {
                seen.texted.push(sid);
            }
        }
        seen
    }

    fn create(&self, person: &str) -> Vec<u8> {
        let form = [
            ("To", person),
            ("From", NUMBER),
            ("Body", "from the load"),
            ("StatusCallback", &self.callback),
        ];
        let path = format!("/2010-04-01/Accounts/{}/Messages.json", self.account);
        asker::form_request("POST", &path, &self.auth, &form)
    }

    fn text(&self, person: &str) -> Vec<u8> {
        let path = format!("/offhook/v1/Phones/{person}/Messages");
        let form = [("To", NUMBER), ("Body", "from a person")];
        asker::form_request("POST", &path, &self.auth, &form)
    }
}
