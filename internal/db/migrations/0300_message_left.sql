-- +goose Up
-- Who has left a room: whoever is brought into it again is asked first. A member may stand
-- there as "asked" since then: she is given the changes, and no text.
CREATE TABLE message_left (
  group_id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  PRIMARY KEY (group_id, face_id)
) /*clustered*/;
CREATE INDEX message_left_by_face ON message_left (face_id);
