-- Handsets on WhatsApp, and how fast an account's senders send.

ALTER TABLE handsets ADD COLUMN profile_name TEXT NOT NULL DEFAULT '';
ALTER TABLE handsets ADD COLUMN read_after_ms INTEGER;
ALTER TABLE handsets ADD COLUMN service_window INTEGER NOT NULL DEFAULT 0;

ALTER TABLE accounts ADD COLUMN pacing INTEGER NOT NULL DEFAULT 0;
