-- Order among masks. Days and epochs only; who keeps order is written beside a
-- decision, for the others who keep it, and nowhere shown.

-- What was reported. who is a keyed hash that tells one reporter's reports apart;
-- its key is wiped with the epoch, and then it is replaced by chance.
-- state: 0 open, 1 was right, 2 was not.
CREATE TABLE report (
  space TEXT NOT NULL,
  post TEXT NOT NULL,           -- '' for a notice that names none
  who BLOB NOT NULL,
  mask TEXT NOT NULL,           -- the author
  cause TEXT NOT NULL,
  words TEXT NOT NULL,          -- wiped when it is settled
  epoch INTEGER NOT NULL,
  known INTEGER NOT NULL,       -- 1 from a mask; 0 from a reader or an outsider
  state INTEGER NOT NULL,
  PRIMARY KEY (space, post, who)
) WITHOUT ROWID, STRICT;

CREATE TABLE secret (
  epoch INTEGER NOT NULL PRIMARY KEY,
  key BLOB NOT NULL
) WITHOUT ROWID, STRICT;

-- Decisions and, in state 0, what one has proposed and another must confirm.
-- state: 0 proposed, 1 stands, 2 declined, 3 undone.
CREATE TABLE decision (
  space TEXT NOT NULL,
  id TEXT NOT NULL,
  deed TEXT NOT NULL,
  post TEXT NOT NULL,
  mask TEXT NOT NULL,
  until INTEGER NOT NULL,       -- last day of a mute, or on which a hasty hiding is looked at; 0
  reason TEXT NOT NULL,
  day INTEGER NOT NULL,
  hand TEXT NOT NULL,           -- whose; '' for the hall itself
  second TEXT NOT NULL,         -- who confirmed it
  undoes TEXT NOT NULL,
  state INTEGER NOT NULL,
  logged INTEGER NOT NULL,
  PRIMARY KEY (space, id)
) WITHOUT ROWID, STRICT;

-- Posts that came out of a new mask and wait to be let in.
CREATE TABLE held (
  space TEXT NOT NULL,
  post TEXT NOT NULL,
  mask TEXT NOT NULL,
  PRIMARY KEY (space, post)
) WITHOUT ROWID, STRICT;

-- How a space is slowed: one post a day and mask; first posts of new masks held.
CREATE TABLE brake (
  space TEXT NOT NULL PRIMARY KEY,
  slow INTEGER NOT NULL,
  hold INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- How many texts each of those who keep order has opened.
CREATE TABLE opened (
  hand TEXT NOT NULL,
  space TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  texts INTEGER NOT NULL,
  PRIMARY KEY (hand, space, epoch)
) WITHOUT ROWID, STRICT;

-- Appeals; the id is that of the decision.
CREATE TABLE appeal (
  space TEXT NOT NULL,
  id TEXT NOT NULL,
  words TEXT NOT NULL,
  day INTEGER NOT NULL,
  beacon BLOB NOT NULL,         -- hash of the log when the jurors were drawn
  drawn INTEGER NOT NULL,       -- day of the last draw; 0 before
  outcome TEXT NOT NULL,
  logged INTEGER NOT NULL,
  PRIMARY KEY (space, id)
) WITHOUT ROWID, STRICT;

CREATE TABLE juror (
  space TEXT NOT NULL,
  id TEXT NOT NULL,
  mask TEXT NOT NULL,
  verdict TEXT NOT NULL,        -- '' while awaited, 'silent' when replaced
  words TEXT NOT NULL,
  PRIMARY KEY (space, id, mask)
) WITHOUT ROWID, STRICT;
