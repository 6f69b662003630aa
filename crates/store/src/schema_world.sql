-- Tokens and kinds of keys, test credentials, caller ids, addresses, usage, the audit log.

ALTER TABLE accounts ADD COLUMN secondary_token TEXT;
ALTER TABLE keys ADD COLUMN kind TEXT NOT NULL DEFAULT 'standard';
-- Permissions of a restricted key, a line each.
ALTER TABLE keys ADD COLUMN policy TEXT NOT NULL DEFAULT '';

CREATE TABLE test_credentials (
  account TEXT PRIMARY KEY,
  sid     TEXT NOT NULL UNIQUE,
  token   TEXT NOT NULL,
  created INTEGER NOT NULL
) WITHOUT ROWID;

-- Numbers of other networks that an account may call from.
CREATE TABLE caller_ids (
  sid           TEXT PRIMARY KEY,
  account       TEXT NOT NULL,
  phone_number  TEXT NOT NULL,
  friendly_name TEXT NOT NULL,
  created       INTEGER NOT NULL,
  updated       INTEGER NOT NULL,
  UNIQUE (account, phone_number)
) WITHOUT ROWID;
CREATE INDEX caller_ids_account ON caller_ids (account, sid);

-- Verifications of such numbers, as long as their calls.
CREATE TABLE validations (
  call            TEXT PRIMARY KEY,
  account         TEXT NOT NULL,
  phone_number    TEXT NOT NULL,
  friendly_name   TEXT NOT NULL,
  code            TEXT NOT NULL,
  callback_url    TEXT,
  callback_method TEXT
) WITHOUT ROWID;

CREATE TABLE addresses (
  sid               TEXT PRIMARY KEY,
  account           TEXT NOT NULL,
  friendly_name     TEXT NOT NULL,
  customer_name     TEXT NOT NULL,
  street            TEXT NOT NULL,
  street_secondary  TEXT NOT NULL,
  city              TEXT NOT NULL,
  region            TEXT NOT NULL,
  postal_code       TEXT NOT NULL,
  iso_country       TEXT NOT NULL,
  emergency_enabled INTEGER NOT NULL,
  created           INTEGER NOT NULL,
  updated           INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX addresses_account ON addresses (account, sid);

-- What was used, by UTC day (days since 1970) and category; only ever counted up.
CREATE TABLE usage (
  account  TEXT NOT NULL,
  day      INTEGER NOT NULL,
  category TEXT NOT NULL,
  count    INTEGER NOT NULL,
  usage    INTEGER NOT NULL,
  PRIMARY KEY (account, day, category)
) WITHOUT ROWID;

CREATE TABLE usage_triggers (
  sid             TEXT PRIMARY KEY,
  account         TEXT NOT NULL,
  friendly_name   TEXT NOT NULL,
  category        TEXT NOT NULL,
  trigger_by      TEXT NOT NULL,
  trigger_value   INTEGER NOT NULL,
  recurring       TEXT,
  callback_url    TEXT NOT NULL,
  callback_method TEXT NOT NULL,
  fired           INTEGER,
  created         INTEGER NOT NULL,
  updated         INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX usage_triggers_account ON usage_triggers (account, sid);

-- Who changed what by the APIs.
CREATE TABLE audit (
  id            INTEGER PRIMARY KEY,
  tail          INTEGER NOT NULL,
  account       TEXT NOT NULL,
  actor         TEXT NOT NULL,
  event_type    TEXT NOT NULL,
  resource_type TEXT NOT NULL,
  resource      TEXT NOT NULL,
  source_ip     TEXT NOT NULL,
  data          TEXT NOT NULL,
  created       INTEGER NOT NULL
);
CREATE INDEX audit_account ON audit (account, id);
