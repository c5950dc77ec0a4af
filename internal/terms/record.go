package terms

import (
	"context"
	"strings"
	"unicode/utf8"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/terms/watch"
)

// NewID makes a document's id of its platform's name and its title.
func NewID(platform, title string) DocumentID {
	return DocumentID(ident.Slug(platform) + "--" + ident.Slug(title))
}

// Watch begins to watch a document, or changes where it is fetched. An empty
// declaration leaves the one there is.
func (r *Room) Watch(ctx context.Context, id DocumentID, platform, title string, d Declaration) (err error) {
	defer fault.Wrap(&err, "terms.Watch(%s)", id)
	return r.db.Tx(ctx, func(ctx context.Context) error { return r.watchTx(ctx, id, platform, title, d) })
}

func (r *Room) watchTx(ctx context.Context, id DocumentID, platform, title string, d Declaration) error {
	now, said := db.Micros(r.moment()), d.encode()
	n, err := r.db.Exec(ctx, qDocumentMake, id, platform, title, said, now)
	if err == nil && n == 0 && said != "" {
		_, err = r.db.Exec(ctx, qDocumentDeclare, id, platform, title, said, now)
	}
	r.touched(ctx, id)
	return err
}

// Keep adds versions to a document, each unless it says what the one before it
// says, and looks at the whole row again. kept is how many were added. Faults:
// NotFound for a document that is not watched.
func (r *Room) Keep(ctx context.Context, id DocumentID, versions ...watch.Record) (kept int, err error) {
	defer fault.Wrap(&err, "terms.Keep(%s)", id)
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		kept = 0
		last, err := r.lastHash(ctx, id)
		if err != nil {
			return err
		}
		for _, v := range versions {
			v.Text = cleanText(v.Text)
			hash := Hash(v.Text)
			if hash == last {
				continue
			}
			if err := r.keepTx(ctx, id, v, hash); err != nil {
				return err
			}
			last = hash
			kept++
		}
		return nil
	})
	if err != nil || kept == 0 {
		return kept, err
	}
	return kept, r.Judge(ctx, id)
}

func (r *Room) lastHash(ctx context.Context, id DocumentID) (string, error) {
	d, err := r.Document(ctx, id)
	if err != nil || d.Records == 0 {
		return "", err
	}
	v, err := r.Record(ctx, id, d.Records-1)
	return v.Hash, err
}

func (r *Room) keepTx(ctx context.Context, id DocumentID, v watch.Record, hash string) error {
	var records int
	if _, err := r.db.Row(ctx, qDocumentRecords, []any{id}, &records); err != nil {
		return err
	}
	n := records - 1
	var one int
	seen, err := r.db.Row(ctx, qRecordSeen, []any{id, hash}, &one)
	if err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qTextMake, hash, v.Text); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qRecordMake, id, n, db.Micros(v.At.UTC()), note(v.Note), hash); err != nil || seen {
		return err
	}
	return r.events.Append(ctx, EventRecorded, string(id), Recorded{Record: n, Hash: hash, Day: int(v.At.Unix() / 86_400)})
}

// maxNote is the length of a recorder's note in letters.
const maxNote = 200

func note(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\ufffd")
	if utf8.RuneCountInString(s) > maxNote {
		s = string([]rune(s)[:maxNote])
	}
	return s
}

// cleanText takes out what a database cannot keep.
func cleanText(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "\ufffd"), "\ufffd")
}
