-- +goose Up
-- A contact card on its way to somebody: sealed in its owner's browser, always of one
-- length. Whose it is and for whom is not kept; the key stands in the link alone.
CREATE TABLE connection_card (
  id TEXT PRIMARY KEY,         -- random, made by the browser
  day BIGINT NOT NULL,         -- from 1970-01-01, UTC
  undo TEXT NOT NULL,          -- hash of what takes it back
  body BYTEA NOT NULL
) /*clustered*/;
CREATE INDEX connection_card_by_day ON connection_card (day);
