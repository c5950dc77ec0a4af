-- +goose Up
-- A steward has suspended a role: nothing more is said in it. It goes when another
-- steward lifts it; when one ends the role for good, the end stands beside it.
CREATE TABLE representative_suspension (
  mandate_id TEXT PRIMARY KEY,
  by_face TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  end_face TEXT NOT NULL,   -- who ended the role; empty: nobody has
  end_reason TEXT NOT NULL
) /*clustered*/;
