-- +goose Up
-- A message that one of those who could read it has shown to the stewards: its words, by
-- whom, and its day. Nothing else of the conversation, and not which one it is.
CREATE TABLE message_disclosed (
  id TEXT PRIMARY KEY,         -- a hash of what its author has signed
  face_id TEXT NOT NULL,       -- who wrote it
  day BIGINT NOT NULL,         -- from 1970-01-01, UTC, as she has dated it
  words TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_size BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX message_disclosed_by_face ON message_disclosed (face_id);
