-- +goose Up
-- Full pages of discussions, each as one row: reading fifty rows takes three times
-- as long. Made from forum_post and never read where it is newer; triggers see to
-- that, so that no way to change a post can forget it. None looks at new posts: a
-- page to which one can be added is not full. On SQLite only, whose one writer
-- leaves no moment between a change and its trigger.
-- engine sqlite
CREATE TABLE forum_bound (
  num INTEGER PRIMARY KEY, -- random: the next one would say in which order pages changed
  discussion_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  posts BLOB NOT NULL,
  UNIQUE (discussion_id, n)
) STRICT;

-- Pages that are perhaps full, and not bound.
CREATE TABLE forum_unbound (
  discussion_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (discussion_id, n)
) WITHOUT ROWID, STRICT;

-- +goose StatementBegin
CREATE TRIGGER forum_post_changes AFTER UPDATE ON forum_post BEGIN
  INSERT INTO forum_unbound (discussion_id, n)
    SELECT discussion_id, n FROM forum_bound WHERE discussion_id = OLD.discussion_id AND n = (OLD.seq + 49) / 50 ON CONFLICT DO NOTHING;
  DELETE FROM forum_bound WHERE discussion_id = OLD.discussion_id AND n = (OLD.seq + 49) / 50;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER forum_post_moves AFTER UPDATE OF discussion_id, seq ON forum_post BEGIN
  DELETE FROM forum_bound WHERE discussion_id = NEW.discussion_id AND n = (NEW.seq + 49) / 50;
  INSERT INTO forum_unbound (discussion_id, n) VALUES (NEW.discussion_id, (NEW.seq + 49) / 50) ON CONFLICT DO NOTHING;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER forum_post_goes AFTER DELETE ON forum_post BEGIN
  INSERT INTO forum_unbound (discussion_id, n)
    SELECT discussion_id, n FROM forum_bound WHERE discussion_id = OLD.discussion_id AND n = (OLD.seq + 49) / 50 ON CONFLICT DO NOTHING;
  DELETE FROM forum_bound WHERE discussion_id = OLD.discussion_id AND n = (OLD.seq + 49) / 50;
END;
-- +goose StatementEnd
-- engine end
