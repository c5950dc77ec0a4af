-- +goose Up
-- How a calendar server that speaks CalDAV is signed in to; '' for a calendar of which the address is the key.
ALTER TABLE booking_feed ADD COLUMN login TEXT NOT NULL DEFAULT '';
ALTER TABLE booking_feed ADD COLUMN word TEXT NOT NULL DEFAULT '';
