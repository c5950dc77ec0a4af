package movein

import (
	"context"
	"io"
	"strings"

	"guildhall/internal/blob"
	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
)

// Config is what the room is given.
type Config struct {
	DB    *db.DB
	Faces *face.Room
	Forum *forum.Room
	Blobs *blob.Store // nil keeps no pictures: each stays a link
	// Fetch gets a picture that is not beside the source. nil asks nobody.
	Fetch func(ctx context.Context, url string) (io.ReadCloser, error)
}

// Room writes blogs into one hall.
type Room struct {
	db    *db.DB
	faces *face.Room
	forum *forum.Room
	blobs *blob.Store
	fetch func(ctx context.Context, url string) (io.ReadCloser, error)
}

// New makes the room.
func New(c Config) *Room {
	return &Room{db: c.DB, faces: c.Faces, forum: c.Forum, blobs: c.Blobs, fetch: c.Fetch}
}

// Redirect gives the page of this hall that an old address leads to now: path
// and query as a reader asked for them. It is empty when nothing of that address
// was moved in.
func (r *Room) Redirect(ctx context.Context, path string) (target string, err error) {
	defer fault.Wrap(&err, "movein.Redirect")
	if strings.HasPrefix(path, "//") { // no host: a path with a slash too many
		path = "/" + strings.TrimLeft(path, "/")
	}
	key := pathKey(path)
	if key == "" {
		return "", nil
	}
	_, err = r.db.Row(ctx, qRedirect, []any{key}, &target)
	return target, err
}
