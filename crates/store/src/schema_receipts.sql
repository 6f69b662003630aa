-- A text that reaches a status is known by the conversation it was sent for.
CREATE UNIQUE INDEX chat_texts_text ON chat_texts (text);
