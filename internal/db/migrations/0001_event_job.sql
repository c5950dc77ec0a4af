-- +goose Up
-- What happened, in the order in which it was decided. event_head is one row:
-- its lock gives numbers without gaps, so that a cursor never skips.
CREATE TABLE event_head (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  seq BIGINT NOT NULL
) /*strict*/;
INSERT INTO event_head (one, seq) VALUES (1, 0);

CREATE TABLE event (
  seq BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  data TEXT NOT NULL
) /*strict*/;

CREATE TABLE event_cursor (
  name TEXT PRIMARY KEY,
  seq BIGINT NOT NULL
) /*clustered*/;

-- What to do later. lease_until = 0: free. attempt fences completion.
CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  unique_key TEXT NOT NULL UNIQUE,
  payload TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  attempt BIGINT NOT NULL
) /*strict*/;
CREATE INDEX job_by_run_at ON job (run_at);

-- Jobs that were given up, for the health page.
CREATE TABLE job_dead (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  attempt BIGINT NOT NULL,
  died_at BIGINT NOT NULL
) /*strict*/;

-- When a repeated job last ran.
CREATE TABLE job_schedule (
  kind TEXT PRIMARY KEY,
  slot BIGINT NOT NULL
) /*strict*/;
