-- +goose Up
-- Since when a document is not watched any more; 0: it is.
ALTER TABLE terms_document ADD COLUMN let_go_at BIGINT NOT NULL DEFAULT 0;

-- What stewards said of how a document is watched, each with its reason, numbered
-- from 1. Imports leave no row.
CREATE TABLE terms_declaration (
  document_id TEXT NOT NULL REFERENCES terms_document (id),
  n BIGINT NOT NULL,
  deed TEXT NOT NULL,         -- declared, let_go, taken_up
  title TEXT NOT NULL,        -- as the document was called from then on
  declaration TEXT NOT NULL,  -- as JSON, from then on
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (document_id, n)
) /*clustered*/;
