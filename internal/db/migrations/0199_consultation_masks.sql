-- +goose Up
-- Consultations among masks. space: whose masks are asked; empty for open profiles.
-- counter: of answers that came with a pass, the highest holds; 0 for open profiles.
ALTER TABLE consultation ADD COLUMN space TEXT NOT NULL DEFAULT '';
ALTER TABLE consultation_answers ADD COLUMN counter BIGINT NOT NULL DEFAULT 0;
CREATE INDEX consultation_by_space ON consultation (space, closes_at);
