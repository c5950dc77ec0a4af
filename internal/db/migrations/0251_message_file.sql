-- +goose Up
-- Files of messages, sealed piece by piece in the sender's browser: what they are called,
-- what they are and the key stand in the sealed text. Who sent one is not kept.
CREATE TABLE message_file (
  id TEXT PRIMARY KEY,         -- random, made by the sender
  group_id TEXT NOT NULL,
  day BIGINT NOT NULL,         -- from 1970-01-01, UTC
  pieces BIGINT NOT NULL,      -- how many have come
  size BIGINT NOT NULL         -- bytes of them, padded
) /*clustered*/;
CREATE INDEX message_file_by_day ON message_file (day);
CREATE INDEX message_file_by_group ON message_file (group_id);

CREATE TABLE message_file_piece (
  file_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (file_id, n)
) /*clustered*/;

-- The devices that may fetch a file and have not said that they have it.
CREATE TABLE message_file_waiting (
  leaf_id TEXT NOT NULL,
  file_id TEXT NOT NULL,
  PRIMARY KEY (leaf_id, file_id)
) /*clustered*/;
CREATE INDEX message_file_waiting_by_file ON message_file_waiting (file_id);
