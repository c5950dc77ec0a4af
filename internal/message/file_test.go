package message_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/message"
)

func piece(g message.GroupID, by message.LeafID, f message.FileID, n, size int) message.Piece {
	return message.Piece{Group: g, Leaf: by, File: f, N: n, Body: bytes.Repeat([]byte{byte(n + 1)}, size+16)}
}

// has tells whether a device is given a piece.
func (h *hall) has(of face.ID, l message.LeafID, f message.FileID, n int) bool {
	h.t.Helper()
	b, err := h.GetPiece(h.ctx, of, l, f, n)
	if err == nil && b[0] != byte(n+1) {
		h.t.Errorf("piece %d is another", n)
	}
	if err != nil {
		h.refused(err, fault.NotFound, "message.no_file")
	}
	return err == nil
}

func TestFile_keptUntilEachHasIt(t *testing.T) {
	each(t, func(h *hall) {
		a, a2, b, d := h.device(ana, 1), h.device(ana, 1), h.device(bo, 1), h.device("dan", 1)
		g := h.talk(a, a2, b)
		f := message.FileID(ident.Random())
		h.ok(h.PutPiece(h.ctx, ana, piece(g, a, f, 0, message.PieceBytes)))
		h.refused(h.PutPiece(h.ctx, ana, piece(g, a, f, 2, 4096)), fault.Conflict, "message.no_piece")
		h.ok(h.PutPiece(h.ctx, ana, piece(g, a, f, 1, 4096)))
		again := piece(g, a, f, 1, 4096)
		again.Body[0] = 99
		h.ok(h.PutPiece(h.ctx, ana, again)) // changes nothing
		for _, bad := range []message.Piece{piece(g, a, f, -1, 4096), piece(g, a, f, message.MaxPieces, 4096), piece(g, a, f, 2, 4097),
			piece(g, a, f, 2, 0), piece(g, a, f, 2, message.PieceBytes+4096), piece(g, a, "x", 0, 4096)} {
			h.refused(h.PutPiece(h.ctx, ana, bad), fault.Invalid, "message.no_piece")
		}
		h.refused(h.PutPiece(h.ctx, "dan", piece(g, d, f, 2, 4096)), fault.NotFound, "message.no_group")
		if h.has("dan", d, f, 0) || h.has(ana, a, f, 0) {
			h.t.Error("one who is to fetch nothing is given it")
		}
		_, err := h.GetPiece(h.ctx, "dan", b, f, 0)
		h.refused(err, fault.NotFound, "message.no_leaf")
		if !h.has(bo, b, f, 0) || !h.has(bo, b, f, 1) || h.has(bo, b, f, 2) || !h.has(ana, a2, f, 1) {
			h.t.Error("not all of it is there")
		}
		h.ok(h.GotFile(h.ctx, bo, b, f))
		h.ok(h.GotFile(h.ctx, bo, b, f))
		if h.has(bo, b, f, 0) || !h.has(ana, a2, f, 0) {
			h.t.Error("it went too early, or not at all")
		}
		h.refused(h.GotFile(h.ctx, "dan", a2, f), fault.NotFound, "message.no_leaf")
		held, err := h.Holdings(h.ctx, ana)
		h.ok(err)
		if held.Files != 1 {
			h.t.Errorf("%d files wait for her", held.Files)
		}
		h.ok(h.GotFile(h.ctx, ana, a2, f))
		h.ok(h.PutPiece(h.ctx, ana, piece(g, a, f, 1, 4096))) // all have it: nothing to keep
		if h.has(ana, a2, f, 0) {
			h.t.Error("it is kept though all have it")
		}
	})
}

func TestFile_goes(t *testing.T) {
	each(t, func(h *hall) {
		a, b, b2 := h.device(ana, 1), h.device(bo, 1), h.device(bo, 1)
		g := h.talk(a, b, b2)
		f, old := message.FileID(ident.Random()), message.FileID(ident.Random())
		h.ok(h.PutPiece(h.ctx, ana, piece(g, a, f, 0, 4096)))
		whole := piece(g, a, old, 0, 4096)
		whole.Last = true
		h.ok(h.PutPiece(h.ctx, ana, whole))
		h.ok(h.Dismiss(h.ctx, bo, b2))
		h.ok(h.GotFile(h.ctx, bo, b, f)) // the last device that could fetch it
		h.at = h.at.Add(message.Days * 24 * time.Hour)
		h.ok(h.Keep(h.ctx))
		if !h.has(bo, b, old, 0) {
			h.t.Error("it went before its time")
		}
		h.at = h.at.Add(24 * time.Hour)
		h.ok(h.Keep(h.ctx))
		if h.has(bo, b, old, 0) {
			h.t.Error("what nobody fetches stays")
		}
		// Whom the receiver has blocked is not told; nothing is kept.
		h.blocks[[2]face.ID{bo, ana}] = true
		h.ok(h.PutPiece(h.ctx, ana, piece(g, a, f, 0, 4096)))
		h.ok(h.PutPiece(h.ctx, ana, piece(g, a, f, 1, 4096)))
		if h.has(bo, b, f, 0) {
			h.t.Error("it came nevertheless")
		}
		delete(h.blocks, [2]face.ID{bo, ana})
		h.ok(h.PutPiece(h.ctx, ana, piece(g, a, f, 2, 4096)))
		if h.has(bo, b, f, 2) {
			h.t.Error("a piece came of what was not for him")
		}
		other := h.talk(a, b)
		h.refused(h.PutPiece(h.ctx, ana, piece(other, a, f, 0, 4096)), fault.Conflict, "message.no_piece")
		f = message.FileID(ident.Random())
		h.ok(h.PutPiece(h.ctx, ana, piece(other, a, f, 0, 4096)))
		h.refused(h.PutPiece(h.ctx, ana, piece(g, a, f, 1, 4096)), fault.Conflict, "message.no_piece") // of another conversation
	})
}

func TestFile_notTooMuch(t *testing.T) {
	each(t, func(h *hall) {
		a, b, c := h.device(ana, 1), h.device(bo, 1), h.device(cleo, 1)
		h.blocks[[2]face.ID{cleo, ana}] = true // she is told the same of what nobody fetches
		for _, g := range []message.GroupID{h.talk(a, b), h.talk(a, c)} {
			for sent := 0; sent < message.MaxFiles; {
				f := message.FileID(ident.Random())
				for n := 0; n < message.MaxPieces && sent < message.MaxFiles; n++ {
					sent += message.PieceBytes
					p := piece(g, a, f, n, message.PieceBytes)
					p.Last = n == message.MaxPieces-1 || sent == message.MaxFiles
					h.ok(h.PutPiece(h.ctx, ana, p))
				}
			}
			f := message.FileID(ident.Random())
			h.refused(h.PutPiece(h.ctx, ana, piece(g, a, f, 0, 4096)), fault.Conflict, "message.many_files")
			if h.has(bo, b, f, 0) {
				h.t.Error("what is refused is kept")
			}
		}
	})
}

// Whatever pieces she sends, whoever is blocked is answered as whoever is not.
func TestFile_blockedIsNotTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			h := newHall(t, d)
			sender := face.ID("ana" + ident.Random())
			a := h.device(sender, 1)
			var talks [2][2]message.GroupID // of who hears her, and of who does not
			var files [2][3]message.FileID
			for i := range talks {
				other := face.ID(ident.Random())
				h.blocks[[2]face.ID{other, sender}] = i == 1
				l := h.device(other, 1)
				for j := range talks[i] {
					talks[i][j] = message.GroupID(ident.Random())
					_, err := h.Commit(h.ctx, sender, adding(talks[i][j], a, 0, l))
					h.ok(err)
				}
				for j := range files[i] {
					files[i][j] = message.FileID(ident.Random())
				}
			}
			for range rapid.IntRange(1, 12).Draw(rt, "pieces") {
				talk, file := rapid.IntRange(0, 1).Draw(rt, "talk"), rapid.IntRange(0, 2).Draw(rt, "file")
				n, size := rapid.IntRange(-1, 4).Draw(rt, "n"), rapid.SampledFrom([]int{4096, 8192, 0, 5}).Draw(rt, "size")
				var told [2]string
				for i := range talks {
					if err := h.PutPiece(h.ctx, sender, piece(talks[i][talk], a, files[i][file], n, size)); err != nil {
						told[i] = fmt.Sprint(fault.From(err).Kind, fault.From(err).Key)
					}
				}
				if told[0] != told[1] {
					rt.Fatalf("piece %d of file %d in %d: %q, and to whom is blocked %q", n, file, talk, told[0], told[1])
				}
			}
		})
	})
}

// The whole hall has a ceiling; a file that has begun still comes to its end.
func TestPutPiece_wholeHall(t *testing.T) {
	each(t, func(h *hall) {
		a, b := h.device(ana, 1), h.device(bo, 1)
		g := h.talk(a, b)
		h.AllFiles = message.MaxPieces*message.PieceBytes + 1
		put := func(f message.FileID, n int) error {
			return h.PutPiece(h.ctx, ana, message.Piece{Group: g, Leaf: a, File: f, N: n, Body: make([]byte, 4096+16)})
		}
		first := message.FileID(ident.Random())
		h.ok(put(first, 0))
		h.ok(put(first, 1))
		h.refused(put(message.FileID(ident.Random()), 0), fault.Conflict, "message.full_hall")
		h.ok(put(first, 2))
		h.ok(h.GotFile(h.ctx, bo, b, first))
		h.ok(put(message.FileID(ident.Random()), 0))
	})
}

// What is taken back on its way goes at once, what is not whole in a day or two; how much
// one has begun is bounded, and what is whole does not count.
func TestFile_begun(t *testing.T) {
	each(t, func(h *hall) {
		a, b := h.device(ana, 1), h.device(bo, 1)
		g := h.talk(a, b)
		f := message.FileID(ident.Random())
		h.ok(h.PutPiece(h.ctx, ana, piece(g, a, f, 0, 4096)))
		h.refused(h.CancelFile(h.ctx, ana, b, g, f), fault.NotFound, "message.no_leaf")
		h.refused(h.CancelFile(h.ctx, ana, a, message.GroupID(ident.Random()), f), fault.NotFound, "message.no_group")
		h.ok(h.CancelFile(h.ctx, ana, a, g, f))
		if h.has(bo, b, f, 0) {
			t.Error("what was taken back is given")
		}
		h.refused(h.CancelFile(h.ctx, ana, a, g, f), fault.NotFound, "message.no_file")

		whole, begun := message.FileID(ident.Random()), message.FileID(ident.Random())
		h.ok(h.PutPiece(h.ctx, ana, piece(g, a, begun, 0, message.PieceBytes)))
		last := piece(g, a, whole, 0, 4096)
		last.Last = true
		h.ok(h.PutPiece(h.ctx, ana, last))
		h.refused(h.CancelFile(h.ctx, ana, a, g, whole), fault.NotFound, "message.no_file")
		h.at = h.at.Add(24 * time.Hour)
		h.ok(h.Keep(h.ctx))
		if !h.has(bo, b, begun, 0) {
			t.Error("what was begun yesterday is gone")
		}
		h.at = h.at.Add(24 * time.Hour)
		h.ok(h.Keep(h.ctx))
		if h.has(bo, b, begun, 0) || !h.has(bo, b, whole, 0) {
			t.Error("what is not whole stays, or what is goes")
		}
	})
}

func TestFile_begunTooMany(t *testing.T) {
	each(t, func(h *hall) {
		a, b := h.device(ana, 1), h.device(bo, 1)
		g := h.talk(a, b)
		var files []message.FileID
		for range message.MaxBegun / message.PieceBytes {
			f := message.FileID(ident.Random())
			if len(files) == 20 { // the ones that are begun go on
				f = files[len(files)-1]
				h.ok(h.PutPiece(h.ctx, ana, piece(g, a, f, 1, 4096)))
				break
			}
			h.ok(h.PutPiece(h.ctx, ana, piece(g, a, f, 0, 4096)))
			files = append(files, f)
		}
		more := piece(g, a, message.FileID(ident.Random()), 0, 4096)
		h.refused(h.PutPiece(h.ctx, ana, more), fault.Conflict, "message.many_begun")
		h.ok(h.PutPiece(h.ctx, bo, piece(g, b, message.FileID(ident.Random()), 0, 4096))) // another's are her own
		h.ok(h.CancelFile(h.ctx, ana, a, g, files[0]))
		h.ok(h.PutPiece(h.ctx, ana, more))
		end := piece(g, a, files[1], 1, 4096)
		end.Last = true
		h.ok(h.PutPiece(h.ctx, ana, end))
		h.ok(h.PutPiece(h.ctx, ana, piece(g, a, message.FileID(ident.Random()), 0, 4096)))
	})
}
