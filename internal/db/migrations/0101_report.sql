-- +goose Up
-- A report knows its day (since 1970) and no moment: stewards need to see what
-- has waited, and a moment beside other moments says who sent it. Clustered by a
-- random id, because a rowid would keep the order of sending.
DROP INDEX moderation_report_by_outcome;
DROP INDEX moderation_report_by_thing;
DROP INDEX moderation_report_by_face;
ALTER TABLE moderation_report RENAME TO moderation_report_timed;
CREATE TABLE moderation_report (
  id TEXT PRIMARY KEY,
  thing_kind TEXT NOT NULL,
  thing_id TEXT NOT NULL,
  cause TEXT NOT NULL,
  words TEXT NOT NULL,
  by_face TEXT NOT NULL,
  day BIGINT NOT NULL,
  outcome TEXT NOT NULL
) /*clustered*/;
INSERT INTO moderation_report (id, thing_kind, thing_id, cause, words, by_face, day, outcome)
  SELECT id, thing_kind, thing_id, cause, words, by_face, at / 86400000000, outcome FROM moderation_report_timed ORDER BY id;
DROP TABLE moderation_report_timed;
CREATE INDEX moderation_report_by_outcome ON moderation_report (outcome, day);
CREATE INDEX moderation_report_by_thing ON moderation_report (thing_kind, thing_id);
CREATE INDEX moderation_report_by_face ON moderation_report (by_face, outcome);
