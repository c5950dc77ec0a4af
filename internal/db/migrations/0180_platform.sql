-- +goose Up
-- A company through which freelancers find work. look: what is left of its domain
-- when letters that look alike count as one, so that no two can be taken for each
-- other. verdicts: how many there are; the last one counts, none: it waits.
CREATE TABLE platform (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  domain TEXT NOT NULL,
  look TEXT NOT NULL UNIQUE,
  about TEXT NOT NULL,
  verdicts BIGINT NOT NULL,
  face_id TEXT NOT NULL,   -- who proposed it
  at BIGINT NOT NULL
) /*clustered*/;

-- What stewards decided of it, each with its reason, numbered from 1.
CREATE TABLE platform_verdict (
  platform_id TEXT NOT NULL REFERENCES platform (id),
  n BIGINT NOT NULL,
  verdict TEXT NOT NULL,   -- accepted, refused
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (platform_id, n)
) /*clustered*/;
