-- +goose Up
-- What can be found. num orders by time: seconds since 1970, times eight, plus
-- the kind; it is the row's number in the index of words as well.
CREATE TABLE search_doc (
  num BIGINT PRIMARY KEY,
  kind BIGINT NOT NULL,
  id TEXT NOT NULL,
  UNIQUE (kind, id)
) /*strict*/;

-- The index's own vocabulary, for spelling and estimates: a folded word, how
-- it was written, in about how many texts.
-- engine sqlite
CREATE TABLE search_term (
  term TEXT PRIMARY KEY,
  shape TEXT NOT NULL,
  n INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
-- engine end
-- engine postgres
CREATE TABLE search_term (
  term TEXT COLLATE "C" PRIMARY KEY,
  shape TEXT NOT NULL,
  n BIGINT NOT NULL
);
-- engine end

-- version says how words are folded; 0 while nothing was ever indexed, -1 while it is being made anew.
CREATE TABLE search_state (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  version BIGINT NOT NULL,
  docs BIGINT NOT NULL,
  removed BIGINT NOT NULL
) /*strict*/;
INSERT INTO search_state (one, version, docs, removed) VALUES (1, 0, 0, 0);

-- Words come folded and separated from Go, so that both engines agree. A large
-- hash and late merges make indexing half as dear again.
-- engine sqlite
CREATE VIRTUAL TABLE search_word USING fts5(words, content='', contentless_delete=1, tokenize='ascii');
INSERT INTO search_word (search_word, rank) VALUES ('hashsize', 16777216);
INSERT INTO search_word (search_word, rank) VALUES ('automerge', 8);
-- engine end
-- engine postgres
CREATE TABLE search_word (
  num BIGINT PRIMARY KEY,
  words TSVECTOR NOT NULL
);
-- What is still to be sorted in is read by every search: keep that short (kB).
CREATE INDEX search_word_by_words ON search_word USING gin (words) WITH (gin_pending_list_limit = 512);
-- engine end
