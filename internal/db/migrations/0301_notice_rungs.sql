-- +goose Up
-- On which rungs somebody has a device that can be rung is read from the index alone; what is
-- due is read in the order in which it lies there.
DROP INDEX notice_device_by_face;
CREATE INDEX notice_device_by_face ON notice_device (face_id, rung, state, id);
DROP INDEX notice_by_due;
CREATE INDEX notice_by_due ON notice (due, id);
