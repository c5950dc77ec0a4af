-- +goose Up
-- Who wishes to be found in the directory, and by what: a row with the field 'all' for
-- everybody in it, and one for each skill (folded), language and time zone of hers.
CREATE TABLE face_listing (
  field TEXT NOT NULL,
  value_key TEXT NOT NULL,
  face_id TEXT NOT NULL REFERENCES face (id),
  PRIMARY KEY (field, value_key, face_id)
) /*clustered*/;
CREATE INDEX face_listing_by_face ON face_listing (face_id);
