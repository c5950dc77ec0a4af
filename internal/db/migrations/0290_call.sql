-- +goose Up
-- Calls that ring or are going on, and for a minute those that have just ended. due is when
-- the next thing is to be done: it rings no more, it is forgotten. silent: the called has
-- blocked the caller, who is told nothing. A seat is the page that calls, or that answered.
CREATE TABLE call (
  id TEXT PRIMARY KEY,
  from_face TEXT NOT NULL,
  to_face TEXT NOT NULL,
  state TEXT NOT NULL,
  silent INTEGER NOT NULL,
  from_seat TEXT NOT NULL,
  to_seat TEXT NOT NULL,
  due BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX call_by_from ON call (from_face);
CREATE INDEX call_by_to ON call (to_face);
CREATE INDEX call_by_due ON call (due);
