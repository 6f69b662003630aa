//! The data folder: private, and one process's at a time.
//!
//! The lock file names the process and the URL it listens on, so that client commands find the
//! server and a second server can say who has the folder. It is locked by the operating system:
//! a killed process leaves no stale lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of a lock or credentials file that are read.
const LOCK_BYTES_MAX: u64 = 4096;
/// The file that gives client commands on this machine their credentials.
const CREDENTIALS: &str = "credentials";

/// What client commands sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The account.
    pub sid: String,
    /// Its auth token.
    pub token: String,
}

/// A locked data folder.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    lock: File,
}

/// Why the folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Another process has it.
    #[error("{path} is in use by another offhook ({holder})", path = path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
        /// What its lock file says.
        holder: String,
    },
    /// It can't be made or opened.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl DataDir {
    /// Makes the folder if need be (mode 0700) and locks it.
    ///
    /// # Errors
    /// Another process has it, or it can't be made.
    pub fn open(path: &Path) -> Result<DataDir, DataDirError> {
        let failed = |source| DataDirError::Io { path: path.to_owned(), source };
        if !path.is_dir() {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(path).map_err(failed)?;
        }
        let lock_path = path.join("lock");
        let lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(DataDir { path: path.to_owned(), lock }),
            Err(TryLockError::WouldBlock) => {
                let holder = read(&lock_path).unwrap_or_default().trim().replace('\n', ", ");
                Err(DataDirError::InUse { path: path.to_owned(), holder })
            }
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Names the process and its URL in the lock file.
    ///
    /// # Errors
    /// The file system's.
    pub fn announce(&mut self, url: &str) -> std::io::Result<()> {
        self.lock.set_len(0)?;
        self.lock.seek(SeekFrom::Start(0))?;
        write!(self.lock, "pid {}\nurl {url}\n", std::process::id())?;
        self.lock.flush()
    }

    /// The URL of the server that has the folder, if one has.
    pub fn url_of(path: &Path) -> Option<String> {
        let lock_path = path.join("lock");
        let lock = File::open(&lock_path).ok()?;
        match lock.try_lock() {
            // Nobody holds it: what it says is of the past.
            Ok(()) => None,
            Err(_) => {
                let text = read(&lock_path).ok()?;
                text.lines().find_map(|line| line.strip_prefix("url ")).map(str::to_owned)
            }
        }
    }
}

impl DataDir {
    /// Keeps an account's credentials for client commands, readable by the folder's owner only.
    ///
    /// # Errors
    /// The file system's.
    pub fn keep_credentials(path: &Path, sid: &str, token: &str) -> std::io::Result<()> {
        let (new, path) = (path.join("credentials.new"), path.join(CREDENTIALS));
        // A file of another mode may be left from a start that was killed here.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        write!(file, "account_sid {sid}\nauth_token {token}\n")?;
        file.flush()?;
        // Whoever reads meanwhile sees the old pair or the new one.
        fs::rename(new, path)
    }

    /// The credentials that a server left in the folder.
    pub fn credentials_of(path: &Path) -> Option<Credentials> {
        let text = read(&path.join(CREDENTIALS)).ok()?;
        let value =
            |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Some(Credentials {
            sid: value("account_sid")?.to_owned(),
            token: value("auth_token")?.to_owned(),
        })
    }
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(LOCK_BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}
