-- +goose Up
-- The public side of whoever speaks. Nothing here leads to an account.
CREATE TABLE face (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  handle TEXT NOT NULL,
  name TEXT NOT NULL,
  picture TEXT NOT NULL,
  since BIGINT NOT NULL
) /*clustered*/;

-- Every name a face has or had, folded; '#…' is the hash of a name that nobody
-- may take again, of a face that is gone ('' as face_id); '@…' is an author of
-- imported texts.
CREATE TABLE face_name (
  name_key TEXT PRIMARY KEY,
  face_id TEXT NOT NULL
) /*clustered*/;
CREATE INDEX face_name_by_face ON face_name (face_id);

-- Lists are lines.
CREATE TABLE face_profile (
  face_id TEXT PRIMARY KEY REFERENCES face (id),
  about TEXT NOT NULL,
  about_html TEXT NOT NULL,
  skills TEXT NOT NULL,
  languages TEXT NOT NULL,
  zone TEXT NOT NULL,
  links TEXT NOT NULL
) /*clustered*/;
