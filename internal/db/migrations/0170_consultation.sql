-- +goose Up
-- A consultation. While it is open its secret turns faces into the voters of
-- consultation_answers; closing empties it, and nothing leads back any more.
CREATE TABLE consultation (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  about TEXT NOT NULL,
  about_html TEXT NOT NULL,
  lang TEXT NOT NULL,
  steward_id TEXT NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_id TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  closes_at BIGINT NOT NULL,
  statements BIGINT NOT NULL,
  secret BYTEA NOT NULL
) /*clustered*/;
CREATE INDEX consultation_by_closing ON consultation (closes_at, id);
CREATE INDEX consultation_by_origin ON consultation (origin_kind, origin_id);
CREATE INDEX consultation_by_steward ON consultation (steward_id, closes_at);

-- Statements never change. voter: who wrote it, as in consultation_answers; empty
-- for seeds, and for all once the consultation is closed.
CREATE TABLE consultation_statement (
  consultation_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  text TEXT NOT NULL,
  seed BIGINT NOT NULL,
  voter TEXT NOT NULL,
  PRIMARY KEY (consultation_id, n)
) /*clustered*/;

-- A statement that was taken out, by whom, when and why; undone by deleting it.
CREATE TABLE consultation_removal (
  consultation_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (consultation_id, n)
) /*clustered*/;

-- One row for each person, without a face, a time or an order, rewritten in
-- shuffled order each night on PostgreSQL; gone when the consultation is closed.
-- answers: a letter for each statement.
CREATE TABLE consultation_answers (
  consultation_id TEXT NOT NULL,
  voter TEXT NOT NULL,
  fresh BIGINT NOT NULL,
  answers TEXT NOT NULL,
  PRIMARY KEY (consultation_id, voter)
) /*clustered*/;

-- How many answered for the first time on a day (since 1970, UTC).
CREATE TABLE consultation_day (
  consultation_id TEXT NOT NULL,
  day BIGINT NOT NULL,
  people BIGINT NOT NULL,
  PRIMARY KEY (consultation_id, day)
) /*clustered*/;

-- What it came to, once, for good. logged: its place in the log, -1 until then.
CREATE TABLE consultation_result (
  consultation_id TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  logged BIGINT NOT NULL,
  bundle BYTEA NOT NULL
) /*clustered*/;
