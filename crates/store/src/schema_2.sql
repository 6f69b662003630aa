-- Version 2. An alert has a level of its own: about a tell's answer it is a warning, whatever its
-- code's is elsewhere. Those of before said theirs in their text.
ALTER TABLE alerts ADD COLUMN level INTEGER NOT NULL DEFAULT 0;
UPDATE alerts SET level = 1 WHERE text LIKE '%LogLevel=WARNING';
-- What is known about a message: also what has to be forgotten with it.
CREATE INDEX alerts_resource ON alerts (account, resource, id);
