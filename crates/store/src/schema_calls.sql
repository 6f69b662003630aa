-- Version 3: calls, their recordings and transcripts.

-- The columns that change while a call lives come first. `node` and `start` say which life of
-- which node owns it; one node has neither.
CREATE TABLE calls (
  id                INTEGER PRIMARY KEY,
  tail              INTEGER NOT NULL,
  state             INTEGER NOT NULL,
  events            INTEGER NOT NULL,
  updated           INTEGER NOT NULL,
  started           INTEGER,
  answered          INTEGER,
  ended             INTEGER,
  sip_response_code INTEGER,
  answered_by       TEXT,
  account           TEXT NOT NULL,
  parent            TEXT,
  direction         INTEGER NOT NULL,
  from_address      TEXT NOT NULL,
  to_address        TEXT NOT NULL,
  peer              TEXT NOT NULL,
  number            TEXT,
  application       TEXT,
  forwarded_from    TEXT,
  caller_name       TEXT,
  plan              TEXT NOT NULL,
  created           INTEGER NOT NULL,
  node              TEXT NOT NULL DEFAULT '',
  start             INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX calls_account ON calls (account, id);
CREATE INDEX calls_peer ON calls (account, peer, id);
CREATE INDEX calls_parent ON calls (account, parent, id) WHERE parent IS NOT NULL;
-- Calls that a restart must end or dial: queued, ringing, in-progress.
CREATE INDEX calls_live ON calls (id) WHERE state IN (2, 3, 4);
-- The lines of a handset that are in use.
CREATE INDEX calls_lines ON calls (peer) WHERE state IN (2, 3, 4);

CREATE TABLE recordings (
  id          INTEGER PRIMARY KEY,
  tail        INTEGER NOT NULL,
  status      TEXT NOT NULL,
  duration_ms INTEGER,
  error_code  INTEGER,
  updated     INTEGER NOT NULL,
  account     TEXT NOT NULL,
  call        TEXT NOT NULL,
  source      TEXT NOT NULL,
  channels    INTEGER NOT NULL,
  track       TEXT NOT NULL,
  started     INTEGER NOT NULL,
  created     INTEGER NOT NULL
);
CREATE INDEX recordings_account ON recordings (account, id);
CREATE INDEX recordings_call ON recordings (account, call, id);
CREATE INDEX recordings_live ON recordings (id) WHERE status IN ('in-progress', 'paused');

-- What was heard and done on a call, by the number its sid begins with.
CREATE TABLE transcripts (
  call INTEGER PRIMARY KEY,
  text TEXT NOT NULL
);
