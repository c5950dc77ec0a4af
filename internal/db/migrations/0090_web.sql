-- +goose Up
-- Forms that were sent, so that sending one twice does its deed once. A row
-- lives two days and knows no time finer than the day.
CREATE TABLE web_once (
  face_id TEXT NOT NULL, -- empty for readers who are not signed in
  once_key TEXT NOT NULL,
  path TEXT NOT NULL,
  day BIGINT NOT NULL,
  PRIMARY KEY (face_id, once_key)
) /*clustered*/;
CREATE INDEX web_once_by_day ON web_once (day);
