-- +goose Up
-- What somebody is told: one line for each sort of thing that happened to a thing,
-- with how often, the day of the last time (as every reader of the thing sees it
-- there) and the number of that event. Nothing says whether she has read it.
CREATE TABLE news (
  face_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  thing_kind TEXT NOT NULL,
  thing_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  day BIGINT NOT NULL, -- from 1970-01-01, UTC
  seq BIGINT NOT NULL,
  PRIMARY KEY (face_id, kind, thing_kind, thing_id)
) /*clustered*/;
CREATE INDEX news_by_day ON news (day);

-- Who follows what outside the forum: platform, question, clause, consultation.
CREATE TABLE news_follow (
  thing_kind TEXT NOT NULL,
  thing_id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  PRIMARY KEY (thing_kind, thing_id, face_id)
) /*clustered*/;
CREATE INDEX news_follow_by_face ON news_follow (face_id, thing_kind, thing_id);
