-- Version 4: Messaging Services with their senders, scheduled messages, and who wants no texts.

CREATE TABLE services (
  sid                           TEXT PRIMARY KEY,
  account                       TEXT NOT NULL,
  friendly_name                 TEXT NOT NULL,
  inbound_url                   TEXT NOT NULL,
  inbound_method                TEXT NOT NULL,
  fallback_url                  TEXT NOT NULL,
  fallback_method               TEXT NOT NULL,
  status_callback               TEXT NOT NULL,
  sticky_sender                 INTEGER NOT NULL,
  mms_converter                 INTEGER NOT NULL,
  smart_encoding                INTEGER NOT NULL,
  scan_message_content          TEXT NOT NULL,
  fallback_to_long_code         INTEGER NOT NULL,
  area_code_geomatch            INTEGER NOT NULL,
  validity_period               INTEGER NOT NULL,
  synchronous_validation        INTEGER NOT NULL,
  usecase                       TEXT NOT NULL,
  use_inbound_webhook_on_number INTEGER NOT NULL,
  advanced_opt_out              INTEGER NOT NULL,
  created                       INTEGER NOT NULL,
  updated                       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX services_account ON services (account, sid);

-- A sender is in one service only: its sid is the number's.
CREATE TABLE senders (
  sid     TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  account TEXT NOT NULL,
  address TEXT NOT NULL,
  created INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX senders_service ON senders (service, sid);

-- The sender that a person knows of a service.
CREATE TABLE sticky_senders (
  service TEXT NOT NULL,
  peer    TEXT NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (service, peer)
) WITHOUT ROWID;

-- Who wants no more texts, of a number or of a service.
CREATE TABLE opt_outs (
  account TEXT NOT NULL,
  scope   TEXT NOT NULL,
  peer    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (account, scope, peer)
) WITHOUT ROWID;

ALTER TABLE accounts ADD COLUMN opt_out_replies INTEGER NOT NULL DEFAULT 1;

ALTER TABLE messages ADD COLUMN send_at INTEGER;
ALTER TABLE messages ADD COLUMN expires INTEGER;
-- What a restart must take up again: accepted ones, too.
DROP INDEX messages_moving;
CREATE INDEX messages_moving ON messages (id) WHERE state IN (2, 4, 5, 6);
-- Scheduled ones, by their time and by their account.
CREATE INDEX messages_due ON messages (send_at, id) WHERE state = 3;
CREATE INDEX messages_scheduled ON messages (account) WHERE state = 3;
