-- Version 1. Times are Unix microseconds of the house; sids are text, except that messages and
-- alerts are found by the number their sid begins with (exchange::sid).

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE accounts (
  sid            TEXT PRIMARY KEY,
  owner          TEXT NOT NULL,
  friendly_name  TEXT NOT NULL,
  auth_token     TEXT NOT NULL,
  status         TEXT NOT NULL,
  created        INTEGER NOT NULL,
  updated        INTEGER NOT NULL,
  debugger_url   TEXT,
  retry_profile  TEXT NOT NULL,
  tls_validation INTEGER NOT NULL,
  media_auth     TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE keys (
  sid           TEXT PRIMARY KEY,
  account       TEXT NOT NULL,
  friendly_name TEXT NOT NULL,
  secret_sha256 TEXT NOT NULL,
  created       INTEGER NOT NULL,
  updated       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX keys_account ON keys (account, sid);

CREATE TABLE numbers (
  sid                    TEXT PRIMARY KEY,
  account                TEXT NOT NULL,
  phone_number           TEXT NOT NULL UNIQUE,
  friendly_name          TEXT NOT NULL,
  voice_url              TEXT NOT NULL,
  voice_method           TEXT NOT NULL,
  voice_fallback_url     TEXT NOT NULL,
  voice_fallback_method  TEXT NOT NULL,
  sms_url                TEXT NOT NULL,
  sms_method             TEXT NOT NULL,
  sms_fallback_url       TEXT NOT NULL,
  sms_fallback_method    TEXT NOT NULL,
  status_callback        TEXT NOT NULL,
  status_callback_method TEXT NOT NULL,
  voice_application      TEXT,
  sms_application        TEXT,
  voice_caller_id_lookup INTEGER NOT NULL,
  voice_receive_mode     TEXT NOT NULL,
  trunk_sid              TEXT NOT NULL,
  address_sid            TEXT NOT NULL,
  emergency_address_sid  TEXT NOT NULL,
  emergency_status       TEXT NOT NULL,
  identity_sid           TEXT NOT NULL,
  bundle_sid             TEXT NOT NULL,
  created                INTEGER NOT NULL,
  updated                INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX numbers_account ON numbers (account, sid);

CREATE TABLE applications (
  sid                     TEXT PRIMARY KEY,
  account                 TEXT NOT NULL,
  friendly_name           TEXT NOT NULL,
  voice_url               TEXT NOT NULL,
  voice_method            TEXT NOT NULL,
  voice_fallback_url      TEXT NOT NULL,
  voice_fallback_method   TEXT NOT NULL,
  sms_url                 TEXT NOT NULL,
  sms_method              TEXT NOT NULL,
  sms_fallback_url        TEXT NOT NULL,
  sms_fallback_method     TEXT NOT NULL,
  status_callback         TEXT NOT NULL,
  status_callback_method  TEXT NOT NULL,
  message_status_callback TEXT NOT NULL,
  sms_status_callback     TEXT NOT NULL,
  voice_caller_id_lookup  INTEGER NOT NULL,
  public_connect_enabled  INTEGER NOT NULL,
  created                 INTEGER NOT NULL,
  updated                 INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX applications_account ON applications (account, sid);

CREATE TABLE bins (
  sid           TEXT PRIMARY KEY,
  account       TEXT NOT NULL,
  friendly_name TEXT NOT NULL,
  access        TEXT NOT NULL,
  version       INTEGER NOT NULL,
  twiml         TEXT NOT NULL,
  created       INTEGER NOT NULL,
  updated       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX bins_account ON bins (account, sid);

CREATE TABLE bin_versions (
  bin     TEXT NOT NULL,
  version INTEGER NOT NULL,
  twiml   TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (bin, version)
) WITHOUT ROWID;

CREATE TABLE handsets (
  address          TEXT PRIMARY KEY,
  on_call          TEXT NOT NULL,
  answer_after_ms  INTEGER NOT NULL,
  on_message       TEXT NOT NULL,
  error_code       INTEGER,
  deliver_after_ms INTEGER NOT NULL,
  lines            INTEGER NOT NULL
) WITHOUT ROWID;

-- Cookies of the conversation between a number of the house and a person (webhooks.md 1.3).
CREATE TABLE conversations (
  account TEXT NOT NULL,
  number  TEXT NOT NULL,
  peer    TEXT NOT NULL,
  jar     TEXT NOT NULL,
  used    INTEGER NOT NULL,
  PRIMARY KEY (account, number, peer)
) WITHOUT ROWID;

CREATE TABLE messages (
  id              INTEGER PRIMARY KEY,
  tail            INTEGER NOT NULL,
  state           INTEGER NOT NULL,
  updated         INTEGER NOT NULL,
  with_media      INTEGER NOT NULL,
  account         TEXT NOT NULL,
  direction       INTEGER NOT NULL,
  from_address    TEXT NOT NULL,
  to_address      TEXT NOT NULL,
  peer            TEXT NOT NULL,
  body            TEXT NOT NULL,
  error_code      INTEGER,
  num_segments    INTEGER NOT NULL,
  media           TEXT,
  service         TEXT,
  callback_url    TEXT,
  callback_method TEXT,
  in_reply_to     TEXT,
  created         INTEGER NOT NULL,
  sent            INTEGER,
  feedback        TEXT
);
CREATE INDEX messages_account ON messages (account, id);
CREATE INDEX messages_peer ON messages (account, peer, id);
-- Outgoing messages that a restart must take up again: queued, sending, sent.
CREATE INDEX messages_moving ON messages (id) WHERE state IN (4, 5, 6);

-- One row per ask or tell: queue and log in one. The columns a finish writes come first and
-- keep their width, so that it overwrites the row in place.
CREATE TABLE webhooks (
  id              INTEGER PRIMARY KEY,
  status          INTEGER NOT NULL,
  due             INTEGER NOT NULL,
  late            INTEGER NOT NULL,
  failures        INTEGER NOT NULL,
  account         TEXT NOT NULL,
  kind            INTEGER NOT NULL,
  purpose         TEXT NOT NULL,
  resource        TEXT NOT NULL,
  host            TEXT NOT NULL,
  url             TEXT NOT NULL,
  method          INTEGER NOT NULL,
  parameters      TEXT NOT NULL,
  token           BLOB NOT NULL,
  fallback_url    TEXT,
  fallback_method INTEGER,
  context         TEXT,
  created         INTEGER NOT NULL
);
CREATE INDEX webhooks_resource ON webhooks (account, resource, id);
-- What is still to be sent, by destination. Empty when the house is quiet.
CREATE INDEX webhooks_waiting ON webhooks (account, host, kind, id) WHERE status = 2;
-- What went wrong (failed, dead), to be found among many that went well.
CREATE INDEX webhooks_failed ON webhooks (account, id) WHERE status = 4;
CREATE INDEX webhooks_dead ON webhooks (account, id) WHERE status = 5;

-- The requests of a webhook: one row per exchange, in the order of their wire times. The answer
-- is that of the last attempt; its body stands here when there is one.
CREATE TABLE exchanges (
  webhook  INTEGER NOT NULL,
  begun_us INTEGER NOT NULL,
  attempts TEXT NOT NULL,
  answer   TEXT,
  problems TEXT,
  PRIMARY KEY (webhook, begun_us)
) WITHOUT ROWID;

CREATE TABLE alerts (
  id       INTEGER PRIMARY KEY,
  tail     INTEGER NOT NULL,
  account  TEXT NOT NULL,
  resource TEXT,
  code     INTEGER NOT NULL,
  text     TEXT NOT NULL,
  request  TEXT,
  created  INTEGER NOT NULL
);
CREATE INDEX alerts_account ON alerts (account, id);
