-- Event Streams: where events go, and who wants which.

CREATE TABLE sinks (
  sid          TEXT PRIMARY KEY,
  account      TEXT NOT NULL,
  description  TEXT NOT NULL,
  destination  TEXT NOT NULL,
  batch_events INTEGER NOT NULL,
  status       TEXT NOT NULL,
  test_id      TEXT NOT NULL,
  created      INTEGER NOT NULL,
  updated      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sinks_account ON sinks (account, sid);

-- `wanted`: name and version of each event type, fields apart by commas, types by blanks.
CREATE TABLE subscriptions (
  sid         TEXT PRIMARY KEY,
  account     TEXT NOT NULL,
  description TEXT NOT NULL,
  sink        TEXT NOT NULL,
  wanted      TEXT NOT NULL,
  created     INTEGER NOT NULL,
  updated     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX subscriptions_account ON subscriptions (account, sid);
CREATE INDEX subscriptions_sink ON subscriptions (sink);
