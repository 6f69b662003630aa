-- Conversations with their participants, messages, webhooks and the texts that brought them.

CREATE TABLE chat_settings (
  account  TEXT PRIMARY KEY,
  method   TEXT NOT NULL,
  filters  TEXT NOT NULL,
  post_url TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE chats (
  sid           TEXT PRIMARY KEY,
  account       TEXT NOT NULL,
  friendly_name TEXT NOT NULL,
  unique_name   TEXT NOT NULL,
  attributes    TEXT NOT NULL,
  standing      TEXT NOT NULL,
  created       INTEGER NOT NULL,
  updated       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX chats_account ON chats (account, sid);
CREATE UNIQUE INDEX chats_name ON chats (account, unique_name) WHERE unique_name<>'';

CREATE TABLE chat_participants (
  sid        TEXT PRIMARY KEY,
  chat       TEXT NOT NULL,
  account    TEXT NOT NULL,
  identity   TEXT NOT NULL,
  address    TEXT NOT NULL,
  proxy      TEXT NOT NULL,
  attributes TEXT NOT NULL,
  last_read  INTEGER,
  created    INTEGER NOT NULL,
  updated    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX chat_participants_chat ON chat_participants (chat, sid);
-- Whose texts come in to a conversation.
CREATE INDEX chat_participants_bound ON chat_participants (account, proxy, address)
  WHERE address<>'';

CREATE TABLE chat_messages (
  sid         TEXT PRIMARY KEY,
  chat        TEXT NOT NULL,
  account     TEXT NOT NULL,
  place       INTEGER NOT NULL,
  author      TEXT NOT NULL,
  body        TEXT NOT NULL,
  attributes  TEXT NOT NULL,
  participant TEXT,
  created     INTEGER NOT NULL,
  updated     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX chat_messages_chat ON chat_messages (chat, place);

-- The texts that brought a message to its participants: its delivery receipts.
CREATE TABLE chat_texts (
  sid         TEXT PRIMARY KEY,
  message     TEXT NOT NULL,
  participant TEXT NOT NULL,
  text        TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX chat_texts_message ON chat_texts (message, sid);

CREATE TABLE chat_hooks (
  sid     TEXT PRIMARY KEY,
  chat    TEXT NOT NULL,
  account TEXT NOT NULL,
  url     TEXT NOT NULL,
  method  TEXT NOT NULL,
  filters TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX chat_hooks_chat ON chat_hooks (chat, sid);
