-- +goose Up
-- What an account is vouched for. No time finer than an epoch, and no edge: not
-- who vouched, not for whom. gave_1 and gave_2 are the epochs of the last two
-- vouches she gave, 0 for none.
CREATE TABLE member_standing (
  account_id TEXT PRIMARY KEY REFERENCES member_account (id) ON DELETE CASCADE,
  joined_epoch BIGINT NOT NULL,
  branch TEXT NOT NULL,
  vouches BIGINT NOT NULL,
  founder BIGINT NOT NULL,
  gave_1 BIGINT NOT NULL,
  gave_2 BIGINT NOT NULL
) /*clustered*/;

-- Who joined before epochs were noted joined at the end of her half-year.
INSERT INTO member_standing (account_id, joined_epoch, branch, vouches, founder, gave_1, gave_2)
SELECT id, ((CAST(substr(joined_half, 1, 4) AS BIGINT) - 1970) * 365 + (CAST(substr(joined_half, 1, 4) AS BIGINT) - 1969) / 4
    + CASE WHEN substr(joined_half, 6, 1) = '1' THEN 181 ELSE 365 END - 4) / 28, '', 0, 0, 0, 0
FROM member_account;

-- The branches of founders; that of mail proofs is always there.
CREATE TABLE member_branch (label TEXT PRIMARY KEY) /*clustered*/;

-- Used codes and used mail passes, alike. A row says that something was used.
CREATE TABLE member_spent (id TEXT PRIMARY KEY) /*clustered*/;

-- One row: the day on which the hall began, and how many founders it has.
CREATE TABLE member_founding (
  one BIGINT PRIMARY KEY,
  day BIGINT NOT NULL,
  founders BIGINT NOT NULL
) /*clustered*/;
