-- +goose Up
-- How somebody wishes to be reached. modes: for each kind that is not at once,
-- "kind=digest" or "kind=never". Minutes are those of her day.
CREATE TABLE notice_setting (
  face_id TEXT PRIMARY KEY,
  zone TEXT NOT NULL,
  quiet_from BIGINT NOT NULL, -- the same as quiet_to: no quiet hours
  quiet_to BIGINT NOT NULL,
  digest_at BIGINT NOT NULL,
  wait BIGINT NOT NULL, -- minutes, from one rung to the next
  until TEXT NOT NULL, -- shown or opened
  words BIGINT NOT NULL, -- 1: a push says what sort of thing is new
  modes TEXT NOT NULL
) /*clustered*/;

-- A browser that may be woken: where, and the keys under which it alone can read.
-- session: the signed-in browser it belongs to, whose end is its end. token: what it
-- acknowledges by. No time, no counter of what it has shown.
CREATE TABLE notice_device (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  session TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE,
  endpoint TEXT NOT NULL UNIQUE,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  lang TEXT NOT NULL,
  rung BIGINT NOT NULL,
  state TEXT NOT NULL -- well, silent, dead
) /*clustered*/;
CREATE INDEX notice_device_by_face ON notice_device (face_id, rung, id);

-- What is on its way to somebody: of one kind one at most. due: the five minutes, counted
-- from 1970, in which the next rung is lit; 0: none follows. Gone when acknowledged.
CREATE TABLE notice (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  n BIGINT NOT NULL,
  rung BIGINT NOT NULL, -- the last that was lit; 4: all were, and something is still queued
  due BIGINT NOT NULL,
  UNIQUE (face_id, kind)
) /*clustered*/;
CREATE INDEX notice_by_due ON notice (due);

-- How far it came, for each device that was rung: the latest state only, without a time.
-- told: of how many; what has happened since begins anew.
CREATE TABLE notice_step (
  notice_id TEXT NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
  device_id TEXT NOT NULL REFERENCES notice_device (id) ON DELETE CASCADE,
  state TEXT NOT NULL, -- queued, handed, failed, shown, opened
  told BIGINT NOT NULL,
  status BIGINT NOT NULL, -- of the push service's last answer; 0: none
  PRIMARY KEY (notice_id, device_id)
) /*clustered*/;
CREATE INDEX notice_step_by_device ON notice_step (device_id);
CREATE INDEX notice_step_queued ON notice_step (notice_id, device_id) WHERE state = 'queued';
