-- What arrived and waits for a tick, in cells of one size at random places; see
-- Box. Tables of this file have random keys and no rowids, and know no time finer
-- than a day but the tick at which something that waits will be released.
CREATE TABLE box (
  slot INTEGER NOT NULL PRIMARY KEY,
  cell BLOB NOT NULL
) WITHOUT ROWID, STRICT;
