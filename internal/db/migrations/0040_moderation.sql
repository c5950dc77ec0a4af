-- +goose Up
-- Who keeps the hall. active_day (days since 1970) is the last deed as a
-- steward, which is public anyway; succession needs it.
CREATE TABLE moderation_steward (
  face_id TEXT PRIMARY KEY,
  appointed_by TEXT NOT NULL,
  at BIGINT NOT NULL,
  active_day BIGINT NOT NULL
) /*clustered*/;

-- One-time links that make their bearer a steward. Only hashes are kept.
CREATE TABLE moderation_invitation (
  token_hash TEXT PRIMARY KEY,
  made_by TEXT NOT NULL
) /*clustered*/;

-- A wish to recall a steward, or to seat one where all have vanished.
CREATE TABLE moderation_motion (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  face_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  closes_at BIGINT NOT NULL,
  outcome TEXT NOT NULL
) /*strict*/;
CREATE TABLE moderation_voice (
  motion_id TEXT NOT NULL REFERENCES moderation_motion (id),
  face_id TEXT NOT NULL,
  PRIMARY KEY (motion_id, face_id)
) /*clustered*/;

-- A reader's report. by_face is empty when an outsider sent it.
CREATE TABLE moderation_report (
  id TEXT PRIMARY KEY,
  thing_kind TEXT NOT NULL,
  thing_id TEXT NOT NULL,
  cause TEXT NOT NULL,
  words TEXT NOT NULL,
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  outcome TEXT NOT NULL
) /*strict*/;
CREATE INDEX moderation_report_by_outcome ON moderation_report (outcome, at);
CREATE INDEX moderation_report_by_thing ON moderation_report (thing_kind, thing_id);
CREATE INDEX moderation_report_by_face ON moderation_report (by_face, outcome);

-- What stewards did, for everybody to read; by_face is for stewards' eyes.
CREATE TABLE moderation_decision (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  thing_kind TEXT NOT NULL,
  thing_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  undoes TEXT NOT NULL,
  undone_by TEXT NOT NULL
) /*strict*/;
CREATE INDEX moderation_decision_by_at ON moderation_decision (at);
CREATE INDEX moderation_decision_by_thing ON moderation_decision (thing_kind, thing_id, at);

CREATE TABLE moderation_block (
  by_face TEXT NOT NULL,
  blocked_face TEXT NOT NULL,
  PRIMARY KEY (by_face, blocked_face)
) /*clustered*/;
