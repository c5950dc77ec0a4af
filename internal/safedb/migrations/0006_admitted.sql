-- Passes to consultations that masks were given. mark names the mask under a key
-- that is in no file; asked is the hash of what was asked. Wiped when the
-- consultation closes.
CREATE TABLE admitted (
  consultation TEXT NOT NULL,
  mark TEXT NOT NULL,
  asked BLOB NOT NULL,
  PRIMARY KEY (consultation, mark)
) WITHOUT ROWID, STRICT;
