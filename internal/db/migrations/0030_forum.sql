-- +goose Up
-- Topics. Names and descriptions are one row a language.
CREATE TABLE forum_topic (
  topic_key TEXT PRIMARY KEY,
  merged_into TEXT NOT NULL,
  articles BIGINT NOT NULL,
  discussions BIGINT NOT NULL
) /*clustered*/;

CREATE TABLE forum_topic_name (
  topic_key TEXT NOT NULL REFERENCES forum_topic (topic_key),
  lang TEXT NOT NULL,
  name TEXT NOT NULL,
  about TEXT NOT NULL,
  PRIMARY KEY (topic_key, lang)
) /*clustered*/;

-- state: 0 shown, 1 hushed, 2 held, 3 erased, 4 moved (a post's stub).
CREATE TABLE forum_article (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  lang TEXT NOT NULL,
  face_id TEXT NOT NULL,
  platform TEXT NOT NULL,
  platform_key TEXT NOT NULL,
  topics TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  words BIGINT NOT NULL,
  at BIGINT NOT NULL,
  edited_at BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  state BIGINT NOT NULL,
  recommendations BIGINT NOT NULL,
  discussion_id TEXT NOT NULL,
  imported BIGINT NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL
) /*strict*/;
CREATE INDEX forum_article_by_at ON forum_article (at, id);
CREATE INDEX forum_article_by_face ON forum_article (face_id, at, id);
CREATE INDEX forum_article_by_platform ON forum_article (platform_key, at, id);

CREATE TABLE forum_article_topic (
  topic_key TEXT NOT NULL,
  at BIGINT NOT NULL,
  article_id TEXT NOT NULL,
  PRIMARY KEY (topic_key, at, article_id)
) /*clustered*/;
CREATE INDEX forum_article_topic_by_article ON forum_article_topic (article_id);

-- Which article links to which.
CREATE TABLE forum_article_link (
  article_id TEXT NOT NULL,
  to_id TEXT NOT NULL,
  PRIMARY KEY (article_id, to_id)
) /*clustered*/;
CREATE INDEX forum_article_link_by_to ON forum_article_link (to_id);

-- listed: 1 in lists; 0 without a shown post, held or merged away. held: its
-- first post waits, or its article is not shown. topics: keys, spaces between.
CREATE TABLE forum_discussion (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  lang TEXT NOT NULL,
  article_id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  topics TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  at BIGINT NOT NULL,
  posts BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  active_at BIGINT NOT NULL,
  last_post_id TEXT NOT NULL,
  last_face_id TEXT NOT NULL,
  faces BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  listed BIGINT NOT NULL,
  held BIGINT NOT NULL,
  closed BIGINT NOT NULL,
  summary BIGINT NOT NULL,
  merged_into TEXT NOT NULL,
  imported BIGINT NOT NULL,
  source TEXT NOT NULL
) /*strict*/;
CREATE INDEX forum_discussion_by_active ON forum_discussion (listed, active_at, id);
CREATE INDEX forum_discussion_by_face ON forum_discussion (face_id, at, id);

CREATE TABLE forum_discussion_topic (
  topic_key TEXT NOT NULL,
  active_at BIGINT NOT NULL,
  discussion_id TEXT NOT NULL,
  PRIMARY KEY (topic_key, active_at, discussion_id)
) /*clustered*/;
CREATE INDEX forum_discussion_topic_by_discussion ON forum_discussion_topic (discussion_id);

CREATE TABLE forum_discussion_face (
  discussion_id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  PRIMARY KEY (discussion_id, face_id)
) /*clustered*/;

-- The hot table: a page is one range of it. html comes last, because SQLite
-- reads what stands before it without touching overflow pages.
CREATE TABLE forum_post (
  discussion_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  edited_at BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  reply_to TEXT NOT NULL,
  state BIGINT NOT NULL,
  moved_id TEXT NOT NULL,
  recommendations BIGINT NOT NULL,
  imported BIGINT NOT NULL,
  text_hash TEXT NOT NULL,
  html TEXT NOT NULL,
  PRIMARY KEY (discussion_id, seq)
) /*clustered*/;
CREATE UNIQUE INDEX forum_post_by_id ON forum_post (id);
CREATE INDEX forum_post_by_face ON forum_post (face_id, at, id);
-- Finds the same text again; imported ones are not looked for.
CREATE INDEX forum_post_by_text ON forum_post (face_id, text_hash, at) WHERE text_hash <> '';
CREATE INDEX forum_post_by_at ON forum_post (at, id);

-- Every state of every text, numbered from 1.
CREATE TABLE forum_revision (
  kind TEXT NOT NULL,
  thing_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (kind, thing_id, n)
) /*clustered*/;

CREATE TABLE forum_summary (
  discussion_id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  html TEXT NOT NULL
) /*clustered*/;

-- One row for each recommendation, without a time. within: the discussion of a
-- post, the article itself.
CREATE TABLE forum_recommendation (
  thing_id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  within_id TEXT NOT NULL,
  PRIMARY KEY (thing_id, face_id)
) /*clustered*/;
CREATE INDEX forum_recommendation_by_face ON forum_recommendation (face_id, within_id);

CREATE TABLE forum_follow (
  face_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  thing_id TEXT NOT NULL,
  PRIMARY KEY (face_id, kind, thing_id)
) /*clustered*/;
CREATE INDEX forum_follow_by_thing ON forum_follow (kind, thing_id);

-- States with an author and a moment; undoing one deletes its row.
CREATE TABLE forum_hush (
  thing_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL
) /*clustered*/;

CREATE TABLE forum_hold (
  thing_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL
) /*clustered*/;

CREATE TABLE forum_closure (
  discussion_id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL
) /*clustered*/;

-- The history of splits, merges and their undoing.
CREATE TABLE forum_move (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  from_id TEXT NOT NULL,
  into_id TEXT NOT NULL,
  face_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  posts BIGINT NOT NULL,
  undoes TEXT NOT NULL
) /*clustered*/;
CREATE INDEX forum_move_by_from ON forum_move (from_id);
CREATE INDEX forum_move_by_into ON forum_move (into_id);

CREATE TABLE forum_moved_post (
  move_id TEXT NOT NULL,
  post_id TEXT NOT NULL,
  from_seq BIGINT NOT NULL,
  into_seq BIGINT NOT NULL,
  PRIMARY KEY (move_id, post_id)
) /*clustered*/;
