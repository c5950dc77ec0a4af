package search_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/search"
)

var noon = time.Date(2026, 6, 3, 12, 0, 0, 0, time.UTC)

// shelf is a room to be searched: documents as they stand now, and events that
// tell which have changed.
type shelf struct {
	mu   sync.Mutex
	docs map[search.Ref]search.Document

	fixed []search.Document                    // handed over with every event
	made  func(ref search.Ref) search.Document // gives documents instead of docs
	read  func()                               // called when All has read, and before it gives
}

func (s *shelf) source() search.Source {
	return search.Source{
		Changed: func(_ context.Context, e event.Event) (c search.Change, err error) {
			if !strings.HasPrefix(e.Kind, "test.") {
				return c, nil
			}
			err = e.Decode(&c)
			c.Docs = append(c.Docs, s.fixed...)
			return c, err
		},
		Documents: func(_ context.Context, refs []search.Ref) (docs []search.Document, err error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, ref := range refs {
				if s.made != nil {
					docs = append(docs, s.made(ref))
				} else if d, ok := s.docs[ref]; ok {
					docs = append(docs, d)
				}
			}
			return docs, nil
		},
		All: func(_ context.Context, after string, n int) (docs []search.Document, next string, err error) {
			if s.read != nil {
				defer s.read()
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, d := range s.docs {
				if d.ID > after {
					docs = append(docs, d)
				}
			}
			slices.SortFunc(docs, func(a, b search.Document) int { return cmp.Compare(a.ID, b.ID) })
			if len(docs) > 3 {
				docs = docs[:3]
				next = docs[2].ID
			}
			return docs, next, nil
		},
	}
}

// hall is a searchable hall of a test.
type hall struct {
	t     testing.TB
	d     *db.DB
	log   *event.Log
	faces *face.Room
	room  *search.Room
	shelf *shelf
	ana   face.Face
	n     int
}

func open(t testing.TB, d *db.DB) *hall {
	h := &hall{t: t, d: d, log: event.New(d), shelf: &shelf{docs: map[search.Ref]search.Document{}}}
	now := func() time.Time { return noon }
	h.faces = face.New(face.Config{DB: d, Events: h.log, Now: now})
	h.room = search.New(search.Config{DB: d, Events: h.log, Faces: h.faces, Source: h.shelf.source(), Now: now})
	var err error
	if h.ana, err = h.faces.New(context.Background(), "ana"); err != nil {
		t.Fatal(err)
	}
	return h
}

// put places a document and tells of it, without indexing it yet.
func (h *hall) put(d search.Document) search.Ref {
	h.n++
	if d.ID == "" {
		d.ID = fmt.Sprintf("d%04d", h.n)
	}
	if d.Author == "" {
		d.Author = h.ana.ID
	}
	if d.At.IsZero() {
		d.At = noon.Add(time.Duration(h.n)*time.Minute).AddDate(0, -1, 0)
	}
	d.Shown = true
	h.shelf.mu.Lock()
	h.shelf.docs[d.Ref] = d
	h.shelf.mu.Unlock()
	h.tell(search.Change{Refs: []search.Ref{d.Ref}})
	return d.Ref
}

func (h *hall) tell(c search.Change) {
	h.t.Helper()
	err := h.d.Tx(context.Background(), func(ctx context.Context) error { return h.log.Append(ctx, "test.changed", "x", c) })
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) post(text string) search.Ref {
	return h.put(search.Document{Ref: search.Ref{Kind: search.Post}, Title: "A discussion", Text: text})
}

func (h *hall) index() {
	h.t.Helper()
	if err := h.log.Drain(context.Background(), h.room.Consumer()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) find(q search.Query) search.Result {
	h.t.Helper()
	res, err := h.room.Find(context.Background(), q)
	if err != nil {
		h.t.Fatalf("Find(%+v): %v", q, err)
	}
	return res
}

// ids are what a query finds, in order.
func (h *hall) ids(text string) string {
	h.t.Helper()
	return idsOf(h.find(search.Query{Text: text}))
}

func idsOf(res search.Result) string {
	var ids []string
	for _, hit := range res.Hits {
		ids = append(ids, hit.ID)
	}
	return strings.Join(ids, " ")
}

func texts(ps []search.Piece) string {
	var b strings.Builder
	for _, p := range ps {
		if p.Mark {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}
