-- +goose Up
-- A canonical question. What its clock shows follows from asked_day, its entries
-- and the judgements, and is kept here for lists: owes, state, since_day to promised_day.
-- Days are counted from 1970-01-01, UTC; 0 is none. listed: 0 in no list (hushed,
-- waits, merged away), 1 open, 2 answered, 3 closed.
CREATE TABLE question (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  lang TEXT NOT NULL,
  platform_id TEXT NOT NULL,
  asked_of TEXT NOT NULL,    -- who was said to owe the answer: platform, community, site
  owes TEXT NOT NULL,        -- who owes it, after corrections
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  asked_day BIGINT NOT NULL,
  variants BIGINT NOT NULL,
  faces BIGINT NOT NULL,
  entries BIGINT NOT NULL,
  merged_into TEXT NOT NULL,
  hushed BIGINT NOT NULL,
  listed BIGINT NOT NULL,
  state TEXT NOT NULL,
  since_day BIGINT NOT NULL,
  stop_day BIGINT NOT NULL,
  paused_days BIGINT NOT NULL,
  paused_from BIGINT NOT NULL,
  promised_day BIGINT NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL
) /*clustered*/;
CREATE INDEX question_by_since ON question (listed, since_day, id);
CREATE INDEX question_by_platform ON question (platform_id, listed, since_day, id);

-- One person's case under a question: own words, a post of a discussion (whose
-- words stay there), or neither. origin: where it was first asked.
CREATE TABLE question_variant (
  question_id TEXT NOT NULL REFERENCES question (id),
  id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  origin TEXT NOT NULL,
  post_id TEXT NOT NULL,
  hushed BIGINT NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  PRIMARY KEY (question_id, id)
) /*clustered*/;
CREATE UNIQUE INDEX question_variant_by_id ON question_variant (id);
CREATE INDEX question_variant_by_face ON question_variant (face_id, question_id);
CREATE INDEX question_variant_by_post ON question_variant (post_id, question_id) WHERE post_id <> '';

-- The book of a question, numbered from 1: nothing in it is changed; what is taken
-- back has another entry that says so (undoes).
CREATE TABLE question_entry (
  question_id TEXT NOT NULL REFERENCES question (id),
  n BIGINT NOT NULL,
  kind TEXT NOT NULL,        -- pause, resumption, answer, promise, closure, reopening, correction, merge, split, undoing
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  day BIGINT NOT NULL,       -- on which it counts
  until_day BIGINT NOT NULL, -- of a promise
  code TEXT NOT NULL,
  owes TEXT NOT NULL,        -- of a correction: who owes the answer instead
  link TEXT NOT NULL,
  undoes BIGINT NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  PRIMARY KEY (question_id, n)
) /*clustered*/;

-- What askers say to an answer. No time is kept.
CREATE TABLE question_judgement (
  question_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  face_id TEXT NOT NULL,
  verdict TEXT NOT NULL,     -- full, partly, not
  words TEXT NOT NULL,
  PRIMARY KEY (question_id, n, face_id)
) /*clustered*/;

-- Merges and splits, and which variants went.
CREATE TABLE question_move (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,        -- merge, split
  from_id TEXT NOT NULL,
  into_id TEXT NOT NULL,
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  undone_by TEXT NOT NULL,   -- face; empty: it stands
  undone_at BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX question_move_by_from ON question_move (from_id);
CREATE INDEX question_move_by_into ON question_move (into_id);

CREATE TABLE question_moved (
  move_id TEXT NOT NULL REFERENCES question_move (id),
  variant_id TEXT NOT NULL,
  PRIMARY KEY (move_id, variant_id)
) /*clustered*/;
CREATE INDEX question_moved_by_variant ON question_moved (variant_id);

-- What is hidden, or waits for a steward (by nobody). Undoing it deletes the row.
CREATE TABLE question_hush (
  thing_id TEXT PRIMARY KEY, -- of a question or a variant
  question_id TEXT NOT NULL,
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL
) /*clustered*/;

-- Which questions hold a word, and in how many it stands; the term '' counts all.
CREATE TABLE question_word (
  word TEXT NOT NULL,
  question_id TEXT NOT NULL,
  PRIMARY KEY (word, question_id)
) /*clustered*/;
CREATE INDEX question_word_by_question ON question_word (question_id);
CREATE TABLE question_term (
  word TEXT PRIMARY KEY,
  n BIGINT NOT NULL
) /*clustered*/;
