package movein

import (
	"context"

	"guildhall/internal/db"
)

var (
	qSource       = db.SQL("movein.source", `SELECT thing_id FROM movein_source WHERE source_key = $1`)
	qSourceMake   = db.SQL("movein.sourceMake", `INSERT INTO movein_source (source_key, kind, thing_id) VALUES ($1, $2, $3)`)
	qRedirect     = db.SQL("movein.redirect", `SELECT target FROM movein_redirect WHERE path_key = $1`)
	qRedirectMake = db.SQL("movein.redirectMake", `INSERT INTO movein_redirect (path_key, target) VALUES ($1, $2) ON CONFLICT (path_key) DO NOTHING`)
)

// The kinds of movein_source.
const (
	kindArticle = "article"
	kindPost    = "post"
)

// moved gives what a thing of the source became, and whether it did.
func (r *Room) moved(ctx context.Context, key string) (id string, found bool, err error) {
	found, err = r.db.Row(ctx, qSource, []any{key}, &id)
	return id, found, err
}

func (r *Room) movedTx(ctx context.Context, key, kind, id string) error {
	_, err := r.db.Exec(ctx, qSourceMake, key, kind, id)
	return err
}

// redirectTx keeps an old address, unless another thing has it already, and
// tells how many were added.
func (r *Room) redirectTx(ctx context.Context, link, target string) (int, error) {
	key := pathKey(link)
	if key == "" || target == "" {
		return 0, nil
	}
	n, err := r.db.Exec(ctx, qRedirectMake, key, target)
	return int(n), err
}
