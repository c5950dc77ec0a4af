-- +goose Up
-- Who asks whom to be connected. Whoever declines writes that here and nowhere else:
-- the asker sees it wait, and it lapses as if nobody had looked. withdrawn: the asker
-- has taken back what was declined; it lies here until it lapses, or asking again would
-- ask anew.
CREATE TABLE connection_ask (
  from_face TEXT NOT NULL,
  to_face TEXT NOT NULL,
  words TEXT NOT NULL,
  day BIGINT NOT NULL,
  declined INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL,
  PRIMARY KEY (from_face, to_face)
) /*clustered*/;
CREATE INDEX connection_ask_by_to ON connection_ask (to_face);
-- One row for each side: whoever blocks the other keeps none, and the other keeps his.
CREATE TABLE connection (
  face_id TEXT NOT NULL,
  other_id TEXT NOT NULL,
  PRIMARY KEY (face_id, other_id)
) /*clustered*/;
CREATE INDEX connection_by_other ON connection (other_id);
-- Somebody thinks that two of hers should know each other. Answers: 0 none yet, 1 yes,
-- 2 no, which nobody but its giver sees.
CREATE TABLE connection_introduction (
  id TEXT PRIMARY KEY,
  by_face TEXT NOT NULL,
  one_face TEXT NOT NULL,
  other_face TEXT NOT NULL,
  words TEXT NOT NULL,
  day BIGINT NOT NULL,
  one_says INTEGER NOT NULL,
  other_says INTEGER NOT NULL
) /*clustered*/;
CREATE INDEX connection_introduction_by_by ON connection_introduction (by_face);
CREATE INDEX connection_introduction_by_one ON connection_introduction (one_face);
CREATE INDEX connection_introduction_by_other ON connection_introduction (other_face);
-- What somebody notes about a connection, sealed in her browser, always of one length.
CREATE TABLE connection_note (
  face_id TEXT NOT NULL,
  other_id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  PRIMARY KEY (face_id, other_id)
) /*clustered*/;
