package forum

import (
	"context"
	"encoding/binary"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
)

// A page that is full is bound: its posts stand once more, all in one row, which
// SQLite reads in a third of the time that fifty rows take. Triggers of forum_post
// let go of the row in the transaction that changes one of its posts, and Bind
// binds the page anew a little later; meanwhile it is read row by row.

// bindAtOnce is how many pages are bound in one transaction: others wait to write.
const bindAtOnce = 16

// Bind binds the pages that are full and not bound. On PostgreSQL nothing is.
func (r *Room) Bind(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "forum.Bind")
	if !r.binds() {
		return nil
	}
	if !r.noted.Load() {
		if err := r.db.Tx(ctx, r.unboundAllTx); err != nil {
			return err
		}
		r.noted.Store(true)
	}
	for {
		due, err := r.unboundRows(ctx, bindAtOnce)
		if err != nil || len(due) == 0 {
			return err
		}
		err = r.db.Tx(ctx, func(ctx context.Context) error {
			for _, p := range due {
				if err := r.bindTx(ctx, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

func (r *Room) binds() bool { return r.db.Engine() == db.SQLite }

// bindTx binds one page, if it is full.
func (r *Room) bindTx(ctx context.Context, p pageID) error {
	posts, err := r.pageRows(ctx, p.discussion, (p.n-1)*PageSize+1, p.n*PageSize)
	if err != nil {
		return err
	}
	if len(posts) == PageSize {
		if err := r.boundMakeTx(ctx, p, bind(posts)); err != nil {
			return err
		}
	}
	return r.unboundEraseTx(ctx, p)
}

// pagePosts reads the posts of a page, bound or row by row.
func (r *Room) pagePosts(ctx context.Context, d *Discussion, n int) (posts []Post, err error) {
	if r.binds() && n*PageSize <= d.LastSeq {
		if posts, err = r.boundRow(ctx, pageID{d.ID, n}); err != nil || posts != nil {
			return posts, err
		}
	}
	return r.pageRows(ctx, d.ID, (n-1)*PageSize+1, n*PageSize)
}

// boundForm is the first byte of a bound page. Another form needs another number,
// and a migration that lets all pages go.
const boundForm = 1

// bind writes the posts of a full page: a byte for the form, the numbers of each
// post, then the texts of all.
func bind(posts []Post) []byte {
	b := []byte{boundForm}
	for i := range posts {
		p := &posts[i]
		edited := int64(0)
		if !p.EditedAt.IsZero() {
			edited = db.Micros(p.EditedAt)
		}
		for _, n := range [...]int64{
			db.Micros(p.At), edited, int64(p.Revision), int64(p.State), int64(p.Recommendations), bit(p.Imported),
		} {
			b = binary.AppendVarint(b, n)
		}
		for _, s := range p.bound() {
			b = binary.AppendUvarint(b, uint64(len(s)))
		}
	}
	for i := range posts {
		for _, s := range posts[i].bound() {
			b = append(b, s...)
		}
	}
	return b
}

// bound are the texts of a post in the order in which they are bound.
func (p *Post) bound() [5]string {
	return [5]string{string(p.ID), string(p.Author.ID), string(p.ReplyTo), string(p.MovedTo), string(p.HTML)}
}

// unbind reads what bind wrote, without keeping b; nil when it is not that.
func unbind(id pageID, b []byte) []Post {
	if len(b) == 0 || b[0] != boundForm {
		return nil
	}
	b = b[1:]
	posts := make([]Post, PageSize)
	var long [PageSize][5]int
	for i := range posts {
		var n [6]int64
		for k := range n {
			v, size := binary.Varint(b)
			if size <= 0 {
				return nil
			}
			n[k], b = v, b[size:]
		}
		for k := range long[i] {
			v, size := binary.Uvarint(b)
			if size <= 0 || v > uint64(len(b)) {
				return nil
			}
			long[i][k], b = int(v), b[size:]
		}
		p := &posts[i]
		p.Discussion, p.Seq = id.discussion, (id.n-1)*PageSize+1+i
		p.At, p.EditedAt, p.Revision, p.State = db.Time(n[0]), moment(n[1]), int(n[2]), State(n[3])
		p.Recommendations, p.Imported = int(n[4]), n[5] == 1
	}
	if !share(posts, long[:], string(b)) {
		return nil
	}
	return posts
}

// share gives posts their texts, which stand in all one after the other; false
// when all is not just as long as they are.
func share(posts []Post, long [][5]int, all string) bool {
	for i := range posts {
		var s [5]string
		for k, n := range long[i] {
			if n > len(all) {
				return false
			}
			s[k], all = all[:n], all[n:]
		}
		p := &posts[i]
		p.ID, p.Author.ID, p.ReplyTo, p.MovedTo, p.HTML = PostID(s[0]), face.ID(s[1]), PostID(s[2]), PostID(s[3]), markdown.HTML(s[4])
	}
	return all == ""
}
