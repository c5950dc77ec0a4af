package mask

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/safedb"
)

// Quoted is a post as others may quote it.
type Quoted struct {
	ID   string
	Mask string
	Name string // of the mask
	Day  int    // on which it appeared
	Lang string
	HTML string // made safe
}

const qQuoted = `SELECT p.mask, p.day, p.lang, p.html, m.key FROM post p JOIN mask m ON m.space = p.space AND m.id = p.mask
	WHERE p.space = $1 AND p.id = $2 AND p.state = 0`

// Quoted reads posts of a space that are shown, by their ids; others are left out. It is
// what the space's bundle shows, and no other column is read.
func (r *Room) Quoted(ctx context.Context, space string, ids ...string) (found map[string]Quoted, err error) {
	defer fault.Wrap(&err, "mask.Quoted")
	found = map[string]Quoted{}
	return found, r.DB.Read(ctx, func(tx *safedb.Tx) error {
		for _, id := range ids {
			q, key := Quoted{ID: id}, []byte{}
			there, err := tx.Row(qQuoted, []any{space, id}, &q.Mask, &q.Day, &q.Lang, &q.HTML, &key)
			if err != nil {
				return err
			}
			if there {
				q.Name = wire.Name(key)
				found[id] = q
			}
		}
		return nil
	})
}
