-- +goose Up
-- A space: its id is its address and never changes. What it says of itself is
-- its latest revision. Opened and changed by stewards, in public.
CREATE TABLE space (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,      -- open, safe
  topic TEXT NOT NULL,     -- of an open one: whose discussions it gathers
  lang TEXT NOT NULL,
  revision BIGINT NOT NULL,
  opened_by TEXT NOT NULL,
  opened_at BIGINT NOT NULL
) /*clustered*/;

CREATE TABLE space_revision (
  space_id TEXT NOT NULL REFERENCES space (id),
  n BIGINT NOT NULL,
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  rules TEXT NOT NULL,
  rules_html TEXT NOT NULL,
  entry TEXT NOT NULL,     -- open, vouched
  pace TEXT NOT NULL,      -- of a safe one: careful, daily, hourly
  label TEXT NOT NULL,     -- everybody, members
  PRIMARY KEY (space_id, n)
) /*clustered*/;

-- The end of a space, with its history: one row an ending, undone or not.
CREATE TABLE space_closure (
  space_id TEXT PRIMARY KEY REFERENCES space (id),
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL
) /*clustered*/;

-- Who holds a seat where: no time, no order. Clustered by the key in SQLite; in
-- PostgreSQL rewritten in shuffled order each night, because its rows remember
-- the transaction they came with. It refers to nothing and nothing to it, so
-- that it can be emptied and filled in one go.
CREATE TABLE space_seat (
  space_id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  PRIMARY KEY (space_id, face_id)
) /*clustered*/;
CREATE INDEX space_seat_by_face ON space_seat (face_id, space_id);

-- How many seats there were when an epoch began: what pages show. A number that
-- follows each arrival would tell of it.
CREATE TABLE space_count (
  space_id TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  seats BIGINT NOT NULL,
  PRIMARY KEY (space_id, epoch)
) /*clustered*/;
