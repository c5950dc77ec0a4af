-- +goose Up
-- A motion needs as many voices as the hall was large when it was opened; a
-- voice has a side, and belongs to the wave of those who first spoke together
-- (-1: it counts among the stewards only). founded_at numbers the waves.
ALTER TABLE moderation_motion ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE moderation_motion ADD COLUMN needed BIGINT NOT NULL DEFAULT 5;
ALTER TABLE moderation_motion ADD COLUMN founded_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE moderation_voice ADD COLUMN side TEXT NOT NULL DEFAULT 'for';
ALTER TABLE moderation_voice ADD COLUMN wave BIGINT NOT NULL DEFAULT 0;
