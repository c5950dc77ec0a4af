-- +goose Up
-- Which open letters were drafted from a consultation's result. Both are public; who
-- wrote a letter stands with the article.
CREATE TABLE consultation_letter (
  consultation_id TEXT NOT NULL,
  article_id TEXT NOT NULL,
  PRIMARY KEY (consultation_id, article_id)
) /*clustered*/;
