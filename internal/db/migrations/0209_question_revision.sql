-- +goose Up
-- What a question said, one row for each state of its words, from 1; none while they
-- were never changed. restores: the state that was taken up again; 0: new words.
CREATE TABLE question_revision (
  question_id TEXT NOT NULL REFERENCES question (id),
  n BIGINT NOT NULL,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  restores BIGINT NOT NULL,
  PRIMARY KEY (question_id, n)
) /*clustered*/;
