-- +goose Up
-- What stewards have put right about a platform, numbered from 1: as it was, and as it
-- is from then on. old_key: the old name as names are compared; who says it still finds
-- the platform. undone_at: when it was taken back; 0: it stands.
CREATE TABLE platform_correction (
  platform_id TEXT NOT NULL REFERENCES platform (id),
  n BIGINT NOT NULL,
  old_name TEXT NOT NULL,
  old_key TEXT NOT NULL,
  old_domain TEXT NOT NULL,
  old_about TEXT NOT NULL,
  new_name TEXT NOT NULL,
  new_domain TEXT NOT NULL,
  new_about TEXT NOT NULL,
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  undone_at BIGINT NOT NULL,
  undone_by TEXT NOT NULL,
  PRIMARY KEY (platform_id, n)
) /*clustered*/;
CREATE INDEX platform_correction_by_key ON platform_correction (old_key, at);
