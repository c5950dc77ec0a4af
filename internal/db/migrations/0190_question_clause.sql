-- +goose Up
-- The clause of a platform's terms that a question is about; empty: none.
ALTER TABLE question ADD COLUMN clause_id TEXT NOT NULL DEFAULT '';
CREATE INDEX question_by_clause ON question (clause_id, since_day, id) WHERE clause_id <> '';
