-- +goose Up
-- A case that is a mask's post in a safe space: which space and mask, and when a steward
-- took it up (a public deed). Nobody's face is beside it, its words stay in safe.db, and
-- its moment (at) is a day. masks: how many masks ask a question, each counted once.
ALTER TABLE question_variant ADD COLUMN space_id TEXT NOT NULL DEFAULT '';
ALTER TABLE question_variant ADD COLUMN mask_id TEXT NOT NULL DEFAULT '';
ALTER TABLE question_variant ADD COLUMN taken_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE question ADD COLUMN masks BIGINT NOT NULL DEFAULT 0;
CREATE INDEX question_variant_by_space ON question_variant (space_id) WHERE space_id <> '';
