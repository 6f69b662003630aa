-- Verify: rate limits of services, their buckets, and when each value of a limit was used.

CREATE TABLE verify_limits (
  sid         TEXT PRIMARY KEY,
  service     TEXT NOT NULL,
  account     TEXT NOT NULL,
  unique_name TEXT NOT NULL,
  description TEXT NOT NULL,
  created     INTEGER NOT NULL,
  updated     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX verify_limits_name ON verify_limits (service, unique_name);

CREATE TABLE verify_buckets (
  sid              TEXT PRIMARY KEY,
  rate_limit       TEXT NOT NULL,
  most             INTEGER NOT NULL,
  interval_seconds INTEGER NOT NULL,
  created          INTEGER NOT NULL,
  updated          INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX verify_buckets_interval ON verify_buckets (rate_limit, interval_seconds);

CREATE TABLE verify_uses (
  id         INTEGER PRIMARY KEY,
  rate_limit TEXT NOT NULL,
  value      TEXT NOT NULL,
  at         INTEGER NOT NULL
);
CREATE INDEX verify_uses_value ON verify_uses (rate_limit, value, at);
