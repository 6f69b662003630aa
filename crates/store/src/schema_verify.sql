-- Verify: services, and the codes that were sent.

CREATE TABLE verify_services (
  sid                               TEXT PRIMARY KEY,
  account                           TEXT NOT NULL,
  friendly_name                     TEXT NOT NULL,
  code_length                       INTEGER NOT NULL,
  custom_code_enabled               INTEGER NOT NULL,
  psd2_enabled                      INTEGER NOT NULL,
  do_not_share_warning_enabled      INTEGER NOT NULL,
  lookup_enabled                    INTEGER NOT NULL,
  skip_sms_to_landlines             INTEGER NOT NULL,
  dtmf_input_required               INTEGER NOT NULL,
  verify_event_subscription_enabled INTEGER NOT NULL,
  tts_name                          TEXT NOT NULL,
  default_template_sid              TEXT NOT NULL,
  created                           INTEGER NOT NULL,
  updated                           INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX verify_services_account ON verify_services (account, sid);

-- `attempts`: sid, channel and time of each sending, fields apart by commas, sendings by blanks.
CREATE TABLE verifications (
  sid        TEXT PRIMARY KEY,
  service    TEXT NOT NULL,
  account    TEXT NOT NULL,
  to_address TEXT NOT NULL,
  channel    TEXT NOT NULL,
  standing   TEXT NOT NULL,
  code       TEXT NOT NULL,
  amount     TEXT NOT NULL,
  payee      TEXT NOT NULL,
  attempts   TEXT NOT NULL,
  wrong      INTEGER NOT NULL,
  created    INTEGER NOT NULL,
  updated    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX verifications_person ON verifications (service, to_address, sid);
