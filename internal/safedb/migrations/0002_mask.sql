-- Masks. A row stays for ever, so that a right can be used once; the id is a hash
-- of the public key. state: 0 active, 1 renewed, 2 banned.
CREATE TABLE mask (
  space TEXT NOT NULL,
  id TEXT NOT NULL,
  key BLOB NOT NULL,
  epoch INTEGER NOT NULL,       -- of its birth
  state INTEGER NOT NULL,
  renewed INTEGER NOT NULL,     -- epoch of the right it asked for; 0 before
  asked BLOB NOT NULL,          -- SHA-256 of that request
  last_day INTEGER NOT NULL,    -- on which a post of it came out last; 0 before
  muted_until INTEGER NOT NULL, -- last day on which it may not post; 0 for none
  reports INTEGER NOT NULL,     -- open ones against its posts
  reason TEXT NOT NULL,         -- of a mute or ban, for its owner
  PRIMARY KEY (space, id)
) WITHOUT ROWID, STRICT;

-- Posts that have come out. The first of a thread has the thread's id and title.
-- state: 0 shown, 1 deleted by its author, 2 hidden.
CREATE TABLE post (
  space TEXT NOT NULL,
  thread TEXT NOT NULL,
  id TEXT NOT NULL,
  mask TEXT NOT NULL,
  day INTEGER NOT NULL,
  reply TEXT NOT NULL,
  title TEXT NOT NULL,
  lang TEXT NOT NULL,
  html TEXT NOT NULL,
  state INTEGER NOT NULL,
  recommended INTEGER NOT NULL,
  PRIMARY KEY (space, id)
) WITHOUT ROWID, STRICT;

CREATE TABLE recommendation (
  space TEXT NOT NULL,
  post TEXT NOT NULL,
  mask TEXT NOT NULL,
  PRIMARY KEY (space, post, mask)
) WITHOUT ROWID, STRICT;

-- Read passes that were used, and the day each is good for.
CREATE TABLE spent (
  space TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  pass TEXT NOT NULL,
  day INTEGER NOT NULL,
  PRIMARY KEY (space, epoch, pass)
) WITHOUT ROWID, STRICT;

-- Totals of a space and epoch, for the public log.
CREATE TABLE total (
  space TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  renewals INTEGER NOT NULL,
  masks INTEGER NOT NULL,
  PRIMARY KEY (space, epoch)
) WITHOUT ROWID, STRICT;

-- How many active masks a space had at the last batch, and whether there were
-- enough at the last tick for it to be spoken in.
CREATE TABLE standing (
  space TEXT NOT NULL PRIMARY KEY,
  masks INTEGER NOT NULL,
  speaking INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Facts of the whole hall: week of the last batch, week of the last counts in the
-- log, epoch up to which rights are void after a restore.
CREATE TABLE fact (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
