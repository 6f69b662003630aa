//! A running house: what every test begins with.

use crate::asker::{self, Got};
use exchange::sid::AccountSid;
use exchange::webhooks::guard::{Guard, Profile};
use offhook::house::House;
use offhook::open::{Options, Running};
use serde_json::Value;
use std::sync::Arc;
use tempfile::TempDir;

/// A house that is open.
pub struct Opened {
    pub house: Arc<House>,
    pub url: String,
    pub sid: AccountSid,
    pub token: String,
    _running: Running,
    _folder: TempDir,
}

/// A fresh house.
pub async fn open() -> Opened {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options {
        listen: ([127, 0, 0, 1], 0).into(),
        data: folder.path().to_owned(),
        public_url: None,
        seed: None,
        first_account: None,
        guard: Guard {
            profile: Profile::Local,
            allow: Vec::new(),
        },
        maps: Vec::new(),
        trust: Vec::new(),
        proxy: false,
        size_bytes_max: None,
    };
    let running = offhook::open::open(options).await.expect("it opens");
    let house = running.house.clone();
    let account = house.store.accounts().expect("accounts").remove(0);
    Opened {
        house,
        url: running.url.clone(),
        sid: account.sid,
        token: account.auth_token,
        _running: running,
        _folder: folder,
    }
}

impl Opened {
    /// Calls an API with the account's credentials; `{AC}` in the path is the account.
    pub async fn ask(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Got {
        let path = path.replace("{AC}", self.sid.as_str());
        let auth = asker::basic(self.sid.as_str(), &self.token);
        let request = asker::form_request(method, &path, &auth, form);
        asker::exchange(&self.url, &request)
            .await
            .expect("an answer")
    }

    pub async fn call(&self, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let got = self.ask(method, path, form).await;
        (got.status, got.json())
    }
}
