package forum

import (
	"math"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/ident"
)

// Mark is where a list goes on after this article: Filter.Before.
func (a Article) Mark() string { return mark(a.At, string(a.ID)) }

// Mark is where a list goes on after this discussion; by activity, except in
// lists by face, which go by the moment of opening (see MarkOpened).
func (d Discussion) Mark() string { return mark(d.ActiveAt, string(d.ID)) }

// MarkOpened is where a list by face goes on after this discussion.
func (d Discussion) MarkOpened() string { return mark(d.At, string(d.ID)) }

// Mark is where a list goes on after this post.
func (l Listed) Mark() string { return mark(l.At, string(l.ID)) }

func mark(t time.Time, id string) string { return strconv.FormatInt(db.Micros(t), 10) + "-" + id }

// readMark gives what comes after everything for a mark that is empty or made up.
func readMark(s string) (at int64, id string) {
	us, id, _ := strings.Cut(s, "-")
	at, err := strconv.ParseInt(us, 10, 64)
	if err != nil || !ident.Valid(id) {
		return math.MaxInt64, ""
	}
	return at, id
}

// limit is how many of a list are given.
func limit(n int) int {
	if n <= 0 {
		return 30
	}
	return min(n, 100)
}
