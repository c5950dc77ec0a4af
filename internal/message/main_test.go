package message_test

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/message"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "message.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

const ana, bo, cleo = face.ID("ana"), face.ID("bo"), face.ID("cleo")

// hall is one room on one database. Everybody is connected but the strangers.
type hall struct {
	*message.Room
	t         *testing.T
	ctx       context.Context
	at        time.Time
	strangers map[[2]face.ID]bool
	blocks    map[[2]face.ID]bool
	arrived   [][]face.ID
}

func each(t *testing.T, f func(h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(newHall(t, d)) })
}

func newHall(t *testing.T, d *db.DB) *hall {
	h := &hall{t: t, ctx: context.Background(), at: time.Date(2026, 5, 28, 10, 35, 0, 0, time.UTC),
		strangers: map[[2]face.ID]bool{}, blocks: map[[2]face.ID]bool{}}
	h.Room = message.New(message.Config{DB: d, Secret: []byte("of this hall"), Events: event.New(d), Now: func() time.Time { return h.at },
		Connected: func(_ context.Context, a, b face.ID) (bool, error) {
			return !h.strangers[[2]face.ID{a, b}], nil
		},
		Shuns:   func(_ context.Context, by, whom face.ID) (bool, error) { return h.blocks[[2]face.ID{by, whom}], nil },
		Blocked: func(_ context.Context, by, whom face.ID) (bool, error) { return h.blocks[[2]face.ID{by, whom}], nil },
		Arrived: func(ctx context.Context, to []face.ID, quiet bool) error {
			if !db.InTx(ctx) {
				t.Error("told outside the transaction")
			}
			if !quiet {
				h.arrived = append(h.arrived, to)
			}
			return nil
		}})
	return h
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) refused(err error, kind fault.Kind, key string) {
	h.t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Key != key {
		h.t.Errorf("got %v; want %v %s", err, kind, key)
	}
}

// device enrols a device of somebody with some one-time packages.
func (h *hall) device(of face.ID, packages int) message.LeafID {
	h.t.Helper()
	e := message.Enrolment{Leaf: message.LeafID(ident.Random()), Identity: identity(of), Last: packet("last")}
	for i := range packages {
		e.Packages = append(e.Packages, packet(fmt.Sprint(i)))
	}
	h.ok(h.Enrol(h.ctx, of, e))
	return e.Leaf
}

func identity(of face.ID) []byte { return []byte(strings.Repeat(string(of)+".", 40)[:65]) }

// talk begins a conversation of devices; the first, of ana's, makes it.
func (h *hall) talk(first message.LeafID, others ...message.LeafID) message.GroupID {
	h.t.Helper()
	g := message.GroupID(ident.Random())
	_, err := h.Commit(h.ctx, ana, adding(g, first, 0, others...))
	h.ok(err)
	return g
}

func adding(g message.GroupID, by message.LeafID, epoch int64, add ...message.LeafID) message.Sealed {
	s := message.Sealed{Group: g, Leaf: by, Epoch: epoch, Once: ident.Random(), Body: sealed(g, epoch, 3, 100), Add: add}
	if len(add) > 0 {
		s.Welcome = welcome()
	}
	return s
}

func text(g message.GroupID, by message.LeafID, epoch int64) message.Sealed {
	return message.Sealed{Group: g, Leaf: by, Epoch: epoch, Once: ident.Random(), Body: sealed(g, epoch, 1, 256+16)}
}

// box lists what waits for a device, as kind and place.
func (h *hall) box(of face.ID, l message.LeafID) (seen []string, items []message.Item) {
	h.t.Helper()
	items, err := h.Box(h.ctx, of, l)
	h.ok(err)
	for _, i := range items {
		seen = append(seen, fmt.Sprint(i.Kind, " ", i.N))
	}
	return seen, items
}

func (h *hall) receive(of face.ID, l message.LeafID) {
	h.t.Helper()
	_, items := h.box(of, l)
	var ids []message.ItemID
	for _, i := range items {
		ids = append(ids, i.ID)
	}
	h.ok(h.Receive(h.ctx, of, l, ids))
}

// sealed has the outside of a private message with n bytes sealed in it.
func sealed(g message.GroupID, epoch int64, content byte, n int) []byte {
	b := []byte{0, 1, 0, 2, byte(len(g))}
	b = append(b, g...)
	b = binary.BigEndian.AppendUint64(b, uint64(epoch))
	b = append(b, content, 0)
	b = append(append(b, 28), make([]byte, 28)...)
	b = binary.BigEndian.AppendUint32(b, 0x80000000|uint32(n))
	return append(b, make([]byte, n)...)
}

func welcome() []byte { return []byte{0, 1, 0, 3, 0, 2, 1, 9, 2, 9, 9} }

func packet(mark string) []byte {
	return append([]byte{0, 1, 0, 5, 0, 1, 0, 2, 3, 1, 2, 3}, mark...)
}
