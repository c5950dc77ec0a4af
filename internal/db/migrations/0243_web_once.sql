-- +goose Up
-- What remembers that a form was sent names nobody any more: mark is a hash of who sent it and
-- of the form's key, which is in no file, and where it led is sealed by the same. Those of the
-- last two days are forgotten here; they can be turned into nothing else.
DROP INDEX web_once_by_day;
DROP TABLE web_once;
CREATE TABLE web_once (
  mark TEXT PRIMARY KEY,
  path TEXT NOT NULL, -- sealed, in steps of 128 bytes; empty while the deed is being done
  day BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX web_once_by_day ON web_once (day);
