-- +goose Up
-- What many people are still to be told, a batch at a time, in the order of events.
-- telling: whom it concerns, as JSON. part: which of its lists is being gone through,
-- and after whom. The row goes when all are told.
CREATE TABLE news_spread (
  seq BIGINT NOT NULL,
  i BIGINT NOT NULL,
  kind TEXT NOT NULL,
  thing_kind TEXT NOT NULL,
  thing_id TEXT NOT NULL,
  day BIGINT NOT NULL,
  telling TEXT NOT NULL,
  part BIGINT NOT NULL,
  after_face TEXT NOT NULL,
  PRIMARY KEY (seq, i)
) /*clustered*/;
