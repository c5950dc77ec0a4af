-- +goose Up
-- What has been done of a meeting at its minute. start_at: for which start; a meeting that
-- was moved since is rung anew. told: reminded, rung, seen (put away by whoever is booked), or
-- late (nobody was rung, it had begun long before). outcome: met (a call from the booking was
-- answered), unmet, or nothing.
CREATE TABLE booking_ring (
  booking_id TEXT PRIMARY KEY,
  start_at BIGINT NOT NULL,
  told TEXT NOT NULL,
  outcome TEXT NOT NULL
) /*clustered*/;
-- The call link whose key meetings by this page are called by; empty: she is met elsewhere.
ALTER TABLE booking_page ADD COLUMN call_link TEXT NOT NULL DEFAULT '';
-- The booking by which a guest calls, as long as the call is kept; empty: by the link.
ALTER TABLE call_guest ADD COLUMN booking_id TEXT NOT NULL DEFAULT '';
