-- +goose Up
-- A post that says what two sides say and ends in a proposal, which stands here in
-- plain words. of_posts: the ids of the posts it restates, spaces between. due_at: the
-- day by which something should come of it.
CREATE TABLE forum_restate (
  post_id TEXT PRIMARY KEY,
  of_posts TEXT NOT NULL,
  proposal TEXT NOT NULL,
  due_at BIGINT NOT NULL
) /*clustered*/;

-- What came of a proposal: a question or a consultation.
CREATE TABLE forum_outcome (
  post_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  thing_id TEXT NOT NULL,
  PRIMARY KEY (post_id, kind, thing_id)
) /*clustered*/;

-- Whether a post of the discussion is, or once was, such a restate: pages of others
-- need not look.
ALTER TABLE forum_discussion ADD COLUMN restated BIGINT NOT NULL DEFAULT 0;
