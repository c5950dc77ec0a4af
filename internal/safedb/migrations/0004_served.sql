-- Rights that seats were served, so that no restore of the hall's database serves
-- one twice: this file is not rolled back. mark is a hash under a key of the hall's,
-- asked the hash of what was asked. Once its owner has left, mark is chance.
CREATE TABLE served (
  mark TEXT NOT NULL PRIMARY KEY,
  space TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  asked BLOB NOT NULL
) WITHOUT ROWID, STRICT;

-- How many masks renewed in the window that closed at the last batch, and at all.
CREATE TABLE renewing (
  space TEXT NOT NULL PRIMARY KEY,
  week INTEGER NOT NULL,
  renewals INTEGER NOT NULL,
  total INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
