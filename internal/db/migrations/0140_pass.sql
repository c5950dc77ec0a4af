-- +goose Up
-- The keys that sign passes, one for each slot. private is sealed under the
-- hall's secret, and empty once nothing is signed with it any more. place is the
-- key's in the public log; -1 before it is there, and then nothing is signed.
CREATE TABLE pass_issuer (
  purpose TEXT NOT NULL,
  space TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  modulus TEXT NOT NULL,
  private BYTEA NOT NULL,
  day BIGINT NOT NULL,
  place BIGINT NOT NULL,
  PRIMARY KEY (purpose, space, epoch)
) /*clustered*/;

-- What a seat was given: the epoch (-1: nothing) and the hash of what was asked.
-- Every eligible seat is served at its member's visit, used or not, so the rows
-- must not tell when: no time, clustered by a hash, and on PostgreSQL rewritten
-- in shuffled order each night. Nothing refers to them.
CREATE TABLE pass_seat (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  right_epoch BIGINT NOT NULL,
  right_asked BYTEA NOT NULL,
  read_epoch BIGINT NOT NULL,
  read_asked BYTEA NOT NULL
) /*clustered*/;
CREATE INDEX pass_seat_by_face ON pass_seat (face_id);

-- How many rights were served in a week, by branch of vouches; the branches of
-- past weeks are added up under ''. Numbers, of nobody.
CREATE TABLE pass_count (
  space TEXT NOT NULL,
  week BIGINT NOT NULL,
  branch TEXT NOT NULL,
  seats BIGINT NOT NULL,
  PRIMARY KEY (space, week, branch)
) /*clustered*/;

-- The public key that signs an account's requests for passes; empty: none yet.
-- It is set once, at joining or with the vault, and never changes.
ALTER TABLE member_account ADD COLUMN request_key TEXT NOT NULL DEFAULT '';
