-- +goose Up
-- What a consultation said of itself (its about), one row for each state, from 1; none
-- while that was never changed. restores: the state that was taken up again; 0: new words.
CREATE TABLE consultation_revision (
  consultation_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  restores BIGINT NOT NULL,
  PRIMARY KEY (consultation_id, n)
) /*clustered*/;
