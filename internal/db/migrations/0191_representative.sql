-- +goose Up
-- Somebody says that she acts for a platform, and in which role. It leads from a
-- profile to an organisation: pages show role and domain, the profile only where she
-- wishes it. text: what the platform publishes to say so too. A time of 0: never.
CREATE TABLE representative_mandate (
  id TEXT PRIMARY KEY,         -- random
  platform_id TEXT NOT NULL,
  domain TEXT NOT NULL,        -- as machines write it
  face_id TEXT NOT NULL,       -- empty when the account is gone
  role TEXT NOT NULL,
  text TEXT NOT NULL,
  made_day BIGINT NOT NULL,
  named BIGINT NOT NULL,       -- what she does for the platform shows her profile
  badged BIGINT NOT NULL,      -- her profile shows the badge
  way TEXT NOT NULL,           -- where the text was last found: dns, file
  first_at BIGINT NOT NULL,    -- it was found there first
  found_at BIGINT NOT NULL,    -- and last
  checked_at BIGINT NOT NULL,
  dns_fault TEXT NOT NULL,     -- why it was not found at the last look, as a text's key
  file_fault TEXT NOT NULL,
  ended_at BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX representative_mandate_by_platform ON representative_mandate (platform_id, id);
CREATE INDEX representative_mandate_by_face ON representative_mandate (face_id, platform_id) WHERE face_id <> '';
