-- +goose Up
-- Addresses at which somebody can be called without an account. own: under her handle, one
-- at most; the others under their id. public_key: for which guests seal, made in her browser
-- from her root and the id. named: it leads to her page. once: it is good for one call.
-- zone: by whose clock it rings, where she has not said when she can be met.
-- state: open; silent (whoever calls by it is told nothing, and nothing rings); burnt.
CREATE TABLE call_link (
  id TEXT PRIMARY KEY,
  face_id TEXT NOT NULL,
  own INTEGER NOT NULL,
  shown TEXT NOT NULL,
  named INTEGER NOT NULL,
  once INTEGER NOT NULL,
  public_key TEXT NOT NULL,
  zone TEXT NOT NULL,
  state TEXT NOT NULL
) /*clustered*/;
CREATE INDEX call_link_by_face ON call_link (face_id);
CREATE UNIQUE INDEX call_link_by_own ON call_link (face_id) WHERE own = 1;
-- Of a call by a guest, as long as the call is kept: by which link, what the guest calls
-- herself, what her page has sealed, what the page that answered has sealed, and what opens
-- the digits both compare. Who the guest is stands in call.from_face: a hash of what her page
-- alone knows.
CREATE TABLE call_guest (
  call_id TEXT PRIMARY KEY,
  link_id TEXT NOT NULL,
  name TEXT NOT NULL,
  asked TEXT NOT NULL,
  answered TEXT NOT NULL,
  opened TEXT NOT NULL
) /*clustered*/;
