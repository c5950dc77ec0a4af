-- +goose Up
-- Of read passes nothing is noted any more: the epoch for which a seat was served
-- them, in copies of the files taken each night, dated its owner's first visit of
-- every epoch. The table is made anew, so that nothing of that stays in its pages;
-- seats that were served no right have no row.
DROP INDEX pass_seat_by_face;
ALTER TABLE pass_seat RENAME TO pass_seat_dated;
CREATE TABLE pass_seat (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  right_epoch BIGINT NOT NULL,
  right_asked BYTEA NOT NULL
) /*clustered*/;
INSERT INTO pass_seat (id, face_id, right_epoch, right_asked)
  SELECT id, face_id, right_epoch, right_asked FROM pass_seat_dated WHERE right_epoch >= 0 ORDER BY id;
DROP TABLE pass_seat_dated;
CREATE INDEX pass_seat_by_face ON pass_seat (face_id);
