-- +goose Up
-- An account. Times are half-years ("2026-2") and nothing finer: a table of
-- visits would say who was there. Clustered by a random id, because a rowid
-- would keep the order of joining. vault never changes but when a passkey is
-- added; its size is constant.
CREATE TABLE member_account (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL UNIQUE,
  user_handle TEXT NOT NULL UNIQUE,
  login_hash TEXT UNIQUE,
  vault BYTEA,
  code_hash TEXT NOT NULL,
  generation BIGINT NOT NULL,
  joined_half TEXT NOT NULL,
  seen_half TEXT NOT NULL,
  lang TEXT NOT NULL,
  zone TEXT NOT NULL,
  theme TEXT NOT NULL
) /*clustered*/;

-- A browser that is signed in. No times: the row says that it may, not when it did.
CREATE TABLE member_device (
  account_id TEXT NOT NULL REFERENCES member_account (id) ON DELETE CASCADE,
  device TEXT NOT NULL,
  label TEXT NOT NULL,
  PRIMARY KEY (account_id, device)
) /*clustered*/;

CREATE TABLE member_passkey (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES member_account (id) ON DELETE CASCADE,
  public_key BYTEA NOT NULL,
  backup_eligible BIGINT NOT NULL,
  transports TEXT NOT NULL,
  label TEXT NOT NULL
) /*clustered*/;
CREATE INDEX member_passkey_by_account ON member_passkey (account_id);

-- One-time recovery codes that are left.
CREATE TABLE member_recovery (
  code_hash TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES member_account (id) ON DELETE CASCADE
) /*clustered*/;
CREATE INDEX member_recovery_by_account ON member_recovery (account_id);
