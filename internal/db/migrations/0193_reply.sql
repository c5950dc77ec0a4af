-- +goose Up
-- What a platform says below a claim that names it: one reply each, of whatever kind
-- the claim is. revisions: how many there are; the last one counts.
CREATE TABLE reply (
  id TEXT PRIMARY KEY,
  platform_id TEXT NOT NULL,
  kind TEXT NOT NULL,        -- article, question, clause, consultation
  thing_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  revisions BIGINT NOT NULL
) /*clustered*/;
CREATE UNIQUE INDEX reply_by_thing ON reply (kind, thing_id, platform_id);

CREATE TABLE reply_revision (
  reply_id TEXT NOT NULL REFERENCES reply (id),
  n BIGINT NOT NULL,         -- from 1
  mandate_id TEXT NOT NULL,  -- under which it was written
  at BIGINT NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  PRIMARY KEY (reply_id, n)
) /*clustered*/;

-- A reply that a steward has hidden. Undoing it deletes the row.
CREATE TABLE reply_hush (
  reply_id TEXT PRIMARY KEY REFERENCES reply (id),
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL
) /*clustered*/;

-- What the hall's stewards put right below a claim, for everybody to see.
CREATE TABLE reply_correction (
  kind TEXT NOT NULL,
  thing_id TEXT NOT NULL,
  n BIGINT NOT NULL,         -- from 1
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  PRIMARY KEY (kind, thing_id, n)
) /*clustered*/;
