-- +goose Up
-- A document a hall watches: its id is its address and never changes.
CREATE TABLE terms_document (
  id TEXT PRIMARY KEY,
  platform TEXT NOT NULL,     -- as it is called
  title TEXT NOT NULL,        -- Terms of Service, …
  declaration TEXT NOT NULL,  -- where to fetch what, as JSON; empty: not fetched
  added_at BIGINT NOT NULL,
  checked_at BIGINT NOT NULL, -- 0: never
  check_key TEXT NOT NULL,    -- why the last check failed; empty: it did not
  next_at BIGINT NOT NULL,    -- of the next check
  records BIGINT NOT NULL,
  laid BIGINT NOT NULL,       -- the last record whose clauses are laid; -1: none
  alarm_at BIGINT NOT NULL,   -- of the newest alarm; 0: none
  flaps BIGINT NOT NULL,
  blocked BIGINT NOT NULL
) /*clustered*/;

-- Each distinct text once.
CREATE TABLE terms_text (
  hash TEXT PRIMARY KEY,      -- SHA-256, base64url
  text TEXT NOT NULL
) /*clustered*/;

CREATE TABLE terms_record (
  document_id TEXT NOT NULL REFERENCES terms_document (id),
  n BIGINT NOT NULL,          -- from 0, in the order in which records came
  at BIGINT NOT NULL,
  note TEXT NOT NULL,
  hash TEXT NOT NULL REFERENCES terms_text (hash),
  class TEXT NOT NULL,        -- package watch's
  trouble TEXT NOT NULL,
  against BIGINT NOT NULL,    -- the record it was compared with; -1: none
  changes BIGINT NOT NULL,    -- how many clauses differ from that record
  PRIMARY KEY (document_id, n)
) /*clustered*/;

-- A substantive change that lasts.
CREATE TABLE terms_alarm (
  document_id TEXT NOT NULL REFERENCES terms_document (id),
  record BIGINT NOT NULL,
  raised_at BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL, -- 0: stands
  clauses BIGINT NOT NULL,
  names TEXT NOT NULL,          -- of the first few clauses, one a line
  PRIMARY KEY (document_id, record)
) /*clustered*/;
CREATE INDEX terms_alarm_by_time ON terms_alarm (raised_at, document_id, record);

-- A clause with its address; what it says is in its states.
CREATE TABLE terms_clause (
  id TEXT PRIMARY KEY,
  document_id TEXT NOT NULL REFERENCES terms_document (id),
  key TEXT NOT NULL,          -- of what it says now, or said last
  name TEXT NOT NULL,
  place BIGINT NOT NULL,      -- in the newest text laid
  gone BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX terms_clause_by_key ON terms_clause (document_id, key);

CREATE TABLE terms_clause_state (
  clause_id TEXT NOT NULL REFERENCES terms_clause (id),
  record BIGINT NOT NULL,
  document_id TEXT NOT NULL,
  sort TEXT NOT NULL,         -- first, new, changed, removed
  class TEXT NOT NULL,
  why TEXT NOT NULL,
  key TEXT NOT NULL,
  label TEXT NOT NULL,
  trail TEXT NOT NULL,        -- headings above it, one a line
  text TEXT NOT NULL,
  PRIMARY KEY (clause_id, record)
) /*clustered*/;
CREATE INDEX terms_clause_state_by_record ON terms_clause_state (document_id, record, clause_id);
CREATE INDEX terms_clause_state_by_key ON terms_clause_state (document_id, key, record);
