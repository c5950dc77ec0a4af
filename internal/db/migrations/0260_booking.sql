-- +goose Up
-- Who can be booked, by which rules. turn counts what was booked, moved or cancelled: a
-- booking is written only if nobody else's came between looking and writing.
CREATE TABLE booking_page (
  face_id TEXT PRIMARY KEY,
  rules TEXT NOT NULL,
  turn BIGINT NOT NULL,
  own_key TEXT NOT NULL -- hash of the secret in the address of her own feed; empty: none
) /*clustered*/;
CREATE UNIQUE INDEX booking_page_by_own ON booking_page (own_key) WHERE own_key <> '';
-- What one can be met for. Lengths in minutes; step 0: as long as a meeting.
CREATE TABLE booking_kind (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  name TEXT NOT NULL,
  length BIGINT NOT NULL,
  step BIGINT NOT NULL,
  before_minutes BIGINT NOT NULL,
  after_minutes BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX booking_kind_by_face ON booking_kind (face_id);
-- Calendars elsewhere. Of what they say only busy stretches are kept, no word. unknown_at:
-- since when they cannot be read; 0: they can. why is a sentence of lang, line where.
CREATE TABLE booking_feed (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  address TEXT NOT NULL,
  busy TEXT NOT NULL,
  known_at BIGINT NOT NULL,
  unknown_at BIGINT NOT NULL,
  why TEXT NOT NULL,
  line BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX booking_feed_by_face ON booking_feed (face_id);
-- Meetings. state: held (she has to say yes), firm, offered (the visitor has, until
-- until_at). before_minutes and after_minutes: kept free around it. link_key: hash of the secret in the
-- visitor's address.
CREATE TABLE booking (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  kind_id TEXT NOT NULL,
  title TEXT NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  before_minutes BIGINT NOT NULL,
  after_minutes BIGINT NOT NULL,
  visitor TEXT NOT NULL,
  link_key TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  until_at BIGINT NOT NULL,
  version BIGINT NOT NULL
) /*clustered*/;
CREATE INDEX booking_by_face ON booking (face_id, start_at);
CREATE INDEX booking_by_until ON booking (until_at) WHERE until_at > 0;
CREATE TABLE booking_cancellation (
  booking_id TEXT PRIMARY KEY,
  by_visitor INTEGER NOT NULL
) /*clustered*/;
-- Who would take a slot that becomes free, from day to day (days since 1970 by her clock).
CREATE TABLE booking_wait (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  kind_id TEXT NOT NULL,
  place BIGINT NOT NULL,
  from_day BIGINT NOT NULL,
  to_day BIGINT NOT NULL,
  visitor TEXT NOT NULL,
  link_key TEXT NOT NULL UNIQUE
) /*clustered*/;
CREATE INDEX booking_wait_by_face ON booking_wait (face_id, place);
