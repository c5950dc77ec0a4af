-- +goose Up
-- How many questions somebody has opened today.
CREATE INDEX question_by_asker ON question (face_id, at);
