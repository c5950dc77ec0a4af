-- +goose Up
-- Whoever cannot be woken by a push service is told by other ways: mail, an ntfy address, a
-- webhook. These belong to no signed-in browser. endpoint is then the address, auth the key
-- that signs what a webhook gets. Only a push service's address is one device's alone.
DROP INDEX notice_device_by_face;
DROP INDEX notice_step_by_device;
DROP INDEX notice_step_queued;
ALTER TABLE notice_device RENAME TO notice_device_pushed;
ALTER TABLE notice_step RENAME TO notice_step_pushed;
CREATE TABLE notice_device (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  way TEXT NOT NULL, -- push, mail, ntfy, hook
  session TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE,
  endpoint TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  lang TEXT NOT NULL,
  rung BIGINT NOT NULL,
  state TEXT NOT NULL -- unproven, well, silent, dead
) /*clustered*/;
INSERT INTO notice_device (id, face_id, way, session, token, endpoint, p256dh, auth, lang, rung, state)
  SELECT id, face_id, 'push', session, token, endpoint, p256dh, auth, lang, rung, state FROM notice_device_pushed;

CREATE TABLE notice_step (
  notice_id TEXT NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
  device_id TEXT NOT NULL REFERENCES notice_device (id) ON DELETE CASCADE,
  state TEXT NOT NULL, -- queued, handed, failed, shown, opened
  told BIGINT NOT NULL,
  status BIGINT NOT NULL, -- of the push service's last answer; 0: none
  PRIMARY KEY (notice_id, device_id)
) /*clustered*/;
INSERT INTO notice_step (notice_id, device_id, state, told, status)
  SELECT notice_id, device_id, state, told, status FROM notice_step_pushed;

DROP TABLE notice_step_pushed;
DROP TABLE notice_device_pushed;
CREATE UNIQUE INDEX notice_device_by_endpoint ON notice_device (endpoint) WHERE way = 'push';
CREATE INDEX notice_device_by_face ON notice_device (face_id, rung, id);
CREATE INDEX notice_step_by_device ON notice_step (device_id);
CREATE INDEX notice_step_queued ON notice_step (notice_id, device_id) WHERE state = 'queued';

-- 1: each week all of her devices are rung once, silently, and those that show nothing are told.
ALTER TABLE notice_setting ADD COLUMN checks BIGINT NOT NULL DEFAULT 0;
