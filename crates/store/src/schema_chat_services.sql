-- Services of conversations, who is asked before something happens, and by which text a message came.
ALTER TABLE chat_settings ADD COLUMN pre_url TEXT NOT NULL DEFAULT '';
ALTER TABLE chat_settings ADD COLUMN service TEXT;

CREATE TABLE chat_services (
  sid           TEXT PRIMARY KEY,
  account       TEXT NOT NULL,
  friendly_name TEXT NOT NULL,
  method        TEXT NOT NULL,
  filters       TEXT NOT NULL,
  pre_url       TEXT NOT NULL,
  post_url      TEXT NOT NULL,
  created       INTEGER NOT NULL,
  updated       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX chat_services_account ON chat_services (account, sid);

-- Until now every conversation was in the service that its account began with.
ALTER TABLE chats ADD COLUMN service TEXT NOT NULL DEFAULT '';
UPDATE chats SET service='IS' || substr(account, 3);
CREATE INDEX chats_service ON chats (service, sid);
DROP INDEX chats_name;
CREATE UNIQUE INDEX chats_name ON chats (service, unique_name) WHERE unique_name<>'';

ALTER TABLE chat_messages ADD COLUMN text TEXT;
CREATE INDEX chat_messages_text ON chat_messages (text) WHERE text IS NOT NULL;
