-- Who recommended is a mark under a key that is in no file, so that nobody reads here
-- how often a mask does. Of those that are here only the number is kept.
CREATE TABLE recommended (
  space TEXT NOT NULL,
  post TEXT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (space, post, mark)
) WITHOUT ROWID, STRICT;
INSERT INTO recommended (space, post, mark) SELECT space, post, lower(hex(randomblob(16))) FROM recommendation;
DROP TABLE recommendation;
ALTER TABLE recommended RENAME TO recommendation;
