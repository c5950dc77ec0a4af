-- +goose Up
-- What was moved in from where, so that moving it in again changes nothing.
-- kind: article, post. thing_id is empty for what was refused.
CREATE TABLE movein_source (
  source_key TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  thing_id TEXT NOT NULL
) /*clustered*/;

-- Old addresses, without host and final slash, and where in the hall they lead.
CREATE TABLE movein_redirect (
  path_key TEXT PRIMARY KEY,
  target TEXT NOT NULL
) /*clustered*/;
