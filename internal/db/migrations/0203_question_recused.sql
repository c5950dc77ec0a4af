-- +goose Up
-- Who speaks or has spoken for a platform: what they say to its answers does not count,
-- and as askers of its questions they are not counted.
CREATE TABLE question_recused (
  platform_id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  PRIMARY KEY (platform_id, face_id)
) /*clustered*/;
INSERT INTO question_recused (platform_id, face_id)
  SELECT DISTINCT platform_id, face_id FROM representative_mandate WHERE first_at > 0 AND face_id <> '';
