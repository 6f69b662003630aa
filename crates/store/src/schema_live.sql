-- The conditions of partial indexes as comparisons: SQLite makes a table of its own for a list of
-- three or more, at every row that is written.

DROP INDEX messages_moving;
CREATE INDEX messages_moving ON messages (id) WHERE state <= 6 AND state <> 3;

DROP INDEX calls_live;
CREATE INDEX calls_live ON calls (id) WHERE state <= 4;
DROP INDEX calls_lines;
CREATE INDEX calls_lines ON calls (peer) WHERE state <= 4;
