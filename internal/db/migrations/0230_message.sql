-- +goose Up
-- Messages that only the two can read: the hall keeps and hands on what is sealed.
-- No row has a finer time than a day, every id is drawn by chance.

-- The key with which somebody signs the keys of her devices, once for all.
CREATE TABLE message_person (
  face_id TEXT PRIMARY KEY,
  identity BYTEA NOT NULL
) /*clustered*/;

-- A browser that reads and writes messages of somebody.
CREATE TABLE message_leaf (
  id TEXT PRIMARY KEY,         -- random, made there; not the device that is signed in
  face_id TEXT NOT NULL,
  last BYTEA NOT NULL          -- the key package that is given out when no other is left
) /*clustered*/;
CREATE INDEX message_leaf_by_face ON message_leaf (face_id, id);

-- Key packages, each given out once.
CREATE TABLE message_package (
  leaf_id TEXT NOT NULL,
  id TEXT NOT NULL,            -- random
  body BYTEA NOT NULL,
  PRIMARY KEY (leaf_id, id)
) /*clustered*/;

-- A conversation: which epoch of its keys is the newest, and how much was sent.
CREATE TABLE message_group (
  id TEXT PRIMARY KEY,         -- random, made by who began it
  epoch BIGINT NOT NULL,
  n BIGINT NOT NULL
) /*clustered*/;

CREATE TABLE message_member (
  group_id TEXT NOT NULL,
  leaf_id TEXT NOT NULL,
  PRIMARY KEY (group_id, leaf_id)
) /*clustered*/;
CREATE INDEX message_member_by_leaf ON message_member (leaf_id, group_id);

-- What was sent and is still awaited by some device. Who sent it is inside.
CREATE TABLE message_item (
  id TEXT PRIMARY KEY,         -- random
  group_id TEXT NOT NULL,
  n BIGINT NOT NULL,           -- its place in the conversation
  kind TEXT NOT NULL,          -- commit, welcome, text
  epoch BIGINT NOT NULL,
  day BIGINT NOT NULL,         -- from 1970-01-01, UTC
  body BYTEA NOT NULL
) /*clustered*/;
CREATE INDEX message_item_by_day ON message_item (day);
CREATE INDEX message_item_by_group ON message_item (group_id);

CREATE TABLE message_waiting (
  leaf_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  item_id TEXT NOT NULL,
  PRIMARY KEY (leaf_id, group_id, n, item_id)
) /*clustered*/;
CREATE INDEX message_waiting_by_item ON message_waiting (item_id);

-- What was taken in lately, by the sender's own name for it: sent again, it is the same.
CREATE TABLE message_once (
  group_id TEXT NOT NULL,
  once TEXT NOT NULL,          -- random, made by the sender
  n BIGINT NOT NULL,
  day BIGINT NOT NULL,
  PRIMARY KEY (group_id, once)
) /*clustered*/;
CREATE INDEX message_once_by_day ON message_once (day);
