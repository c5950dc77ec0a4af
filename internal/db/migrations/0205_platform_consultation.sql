-- +goose Up
-- A platform asks what people think of what it plans: which, and the mandate under
-- which somebody opened it in its name (steward_id is then empty); both empty: a
-- member opened it.
ALTER TABLE consultation ADD COLUMN platform_id TEXT NOT NULL DEFAULT '';
ALTER TABLE consultation ADD COLUMN mandate_id TEXT NOT NULL DEFAULT '';
CREATE INDEX consultation_by_platform ON consultation (platform_id, closes_at) WHERE platform_id <> '';
