-- +goose Up
-- Conversations of more than two. Who began one takes others out of it: the hall holds
-- that, so that nobody else does. Its name is sealed.
ALTER TABLE message_group ADD COLUMN room BIGINT NOT NULL DEFAULT 0; -- 1: of more than two
ALTER TABLE message_group ADD COLUMN keeper_face TEXT NOT NULL DEFAULT '';
CREATE INDEX message_group_by_keeper ON message_group (keeper_face);

-- in; left: its owner has left, the keys are still to be changed; shut: it was never
-- welcomed, since its owner has blocked somebody who is in.
ALTER TABLE message_member ADD COLUMN stand TEXT NOT NULL DEFAULT 'in';
