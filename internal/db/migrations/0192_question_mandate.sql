-- +goose Up
-- The mandate under which a platform wrote an entry itself; empty: a steward did.
ALTER TABLE question_entry ADD COLUMN mandate_id TEXT NOT NULL DEFAULT '';

-- A representative wants an answer gone that askers have accepted; a second person of
-- her platform must want it too. face_id is hers, so that the second is another one.
CREATE TABLE question_withdrawal (
  question_id TEXT NOT NULL,
  n BIGINT NOT NULL,         -- of the answer
  mandate_id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (question_id, n)
) /*clustered*/;
