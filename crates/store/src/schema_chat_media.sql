-- Media of conversations' messages: uploaded, or of a text that came in.
CREATE TABLE chat_media (
  sid          TEXT PRIMARY KEY,
  account      TEXT NOT NULL,
  service      TEXT NOT NULL,
  message      TEXT,
  text         TEXT,
  content_type TEXT NOT NULL,
  size         INTEGER NOT NULL,
  filename     TEXT NOT NULL,
  created      INTEGER NOT NULL,
  updated      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX chat_media_message ON chat_media (message, sid) WHERE message IS NOT NULL;
CREATE INDEX chat_media_service ON chat_media (service, sid);
