-- +goose Up
-- A call leads into a room: that of its own number, or the one into which somebody is
-- brought. The first call's row stands for the room as long as that lasts.
ALTER TABLE call ADD COLUMN room_id TEXT NOT NULL DEFAULT '';
UPDATE call SET room_id = id;
CREATE INDEX call_by_room ON call (room_id);
-- Who is in a room now, and by which call she came. A row goes when she leaves, and all
-- with the room: no moment is kept. Nobody is in two.
CREATE TABLE call_here (
  face_id TEXT PRIMARY KEY,
  room_id TEXT NOT NULL,
  call_id TEXT NOT NULL
) /*clustered*/;
CREATE INDEX call_here_by_room ON call_here (room_id);
INSERT INTO call_here (face_id, room_id, call_id) SELECT from_face, id, id FROM call WHERE state = 'answered' ON CONFLICT DO NOTHING;
INSERT INTO call_here (face_id, room_id, call_id) SELECT to_face, id, id FROM call WHERE state = 'answered' ON CONFLICT DO NOTHING;
