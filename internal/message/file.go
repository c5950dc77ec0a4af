package message

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Files come sealed, in pieces, before the text that names them and holds their key. One
// that is taken back on its way goes at once, one that is not whole after a day as well. They
// are kept until each device that may fetch them has said that it has them, for Days at most.
// Of a file that nobody is to fetch only the lengths are counted, so that whoever sends it is
// answered as if somebody were.

// FileID names a file; it is drawn by the sender's browser.
type FileID string

// Limits of files.
const (
	PieceBytes = 1 << 20           // of a file in one piece, before it is sealed
	MaxPiece   = PieceBytes + seal // bytes of a piece as it comes
	MaxPieces  = 26                // of a file: 25 MB, and what rounds its length
	MaxFiles   = 200 << 20         // bytes of files that one conversation keeps waiting
	fileStep   = 4 << 10           // in which files grow

	DefaultFiles = 4 << 30 // bytes of files that wait in a hall, where nothing else is said
)

var (
	qFile     = db.SQL("message.file", `SELECT group_id, pieces, (SELECT count(*) FROM message_file_waiting WHERE file_id = $1) FROM message_file WHERE id = $1`)
	qFileMake = db.SQL("message.fileMake", `INSERT INTO message_file (id, group_id, day, pieces, size, done) VALUES ($1, $2, $3, 0, 0, 0)`)
	qFileGrow = db.SQL("message.fileGrow", `UPDATE message_file SET pieces = pieces + 1, size = size + $3, done = $4 WHERE id = $1 AND pieces = $2`)
	// Whoever fetches last takes the file with her.
	qFileDrop   = db.SQL("message.fileDrop", `DELETE FROM message_file WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM message_file_waiting WHERE file_id = $1)`)
	qPiecesDrop = db.SQL("message.piecesDrop", `DELETE FROM message_file_piece WHERE file_id = $1 AND NOT EXISTS (SELECT 1 FROM message_file WHERE id = $1)`)
	qFilesIn    = db.SQL("message.filesIn", `SELECT COALESCE(sum(size), 0) FROM message_file WHERE group_id = $1`)
	qFilesAll   = db.SQL("message.filesAll", `SELECT COALESCE(sum(size), 0) FROM message_file`)
	qFilesOld   = db.SQL("message.filesOld", `SELECT id FROM message_file WHERE day < $1 OR done = 0 AND day < $2`)
	qFileOpen   = db.SQL("message.fileOpen", `SELECT 1 FROM message_file WHERE id = $1 AND group_id = $2 AND done = 0`)

	qPieceMake = db.SQL("message.pieceMake", `INSERT INTO message_file_piece (file_id, n, body) VALUES ($1, $2, $3)`)
	qPiece     = db.SQL("message.piece", `SELECT p.body FROM message_file_piece p JOIN message_file_waiting w ON w.file_id = p.file_id
		WHERE w.leaf_id = $1 AND p.file_id = $2 AND p.n = $3`)

	qFileWait    = db.SQL("message.fileWait", `INSERT INTO message_file_waiting (leaf_id, file_id) VALUES ($1, $2)`)
	qFileGot     = db.SQL("message.fileGot", `DELETE FROM message_file_waiting WHERE leaf_id = $1 AND file_id = $2`)
	qFileGotBy   = db.SQL("message.fileGotBy", `DELETE FROM message_file_waiting WHERE file_id = $1`)
	qFilesFor    = db.SQL("message.filesFor", `SELECT file_id FROM message_file_waiting WHERE leaf_id = $1`)
	qFilesGotAll = db.SQL("message.filesGotAll", `DELETE FROM message_file_waiting WHERE leaf_id = $1`)
)

// Piece is part of a file that a device sends into a conversation.
type Piece struct {
	Group GroupID
	Leaf  LeafID
	File  FileID
	N     int  // from 0, without a gap
	Last  bool // with it the file is whole
	Body  []byte
}

// PutPiece takes in a piece; sent again it changes nothing. A file is for the devices that
// would be given a text of the sender's when its first piece comes; when there is none its
// bytes are not kept, and no answer says so. Faults: SignIn; NotFound when the device is not in the
// conversation; Invalid; Conflict when a piece before it is missing, the name is taken, or
// too much waits in the conversation or in the hall, or she has begun too many that are not whole;
// as Post's.
func (r *Room) PutPiece(ctx context.Context, by face.ID, p Piece) (err error) {
	defer fault.Wrap(&err, "message.PutPiece")
	n := len(p.Body) - seal
	if !ident.Valid(string(p.File)) || p.N < 0 || p.N >= MaxPieces || n <= 0 || n%fileStep != 0 || n > PieceBytes {
		return fault.New(fault.Invalid, "message.no_piece")
	}
	if err = r.begun.take(by, p, r.today()); err != nil {
		return err
	}
	defer func() {
		if err != nil && p.N == 0 {
			r.begun.end(by, p.File)
		}
	}()
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, _, err := r.taken(ctx, by, Sealed{Group: p.Group, Leaf: p.Leaf}); err != nil {
			return err
		}
		if p.N == 0 {
			if err := r.fileTx(ctx, by, p); err != nil {
				return err
			}
		}
		group, pieces, awaited := "", 0, 0
		found, err := r.DB.Row(ctx, qFile, []any{string(p.File)}, &group, &pieces, &awaited)
		switch {
		case err != nil || !found: // all have it
			return err
		case group != string(p.Group) || p.N > pieces:
			return fault.New(fault.Conflict, "message.no_piece")
		case p.N < pieces:
			return nil // sent again
		}
		done := 0
		if p.Last {
			done = 1
		}
		if awaited > 0 {
			if _, err := r.DB.Exec(ctx, qPieceMake, string(p.File), p.N, p.Body); err != nil {
				return err
			}
		}
		if _, err := r.DB.Exec(ctx, qFileGrow, string(p.File), p.N, n, done); err != nil {
			return err
		}
		return r.roomForTx(ctx, p.Group)
	})
}

// roomForTx sees that the files of a conversation are not too many.
func (r *Room) roomForTx(ctx context.Context, g GroupID) error {
	var waits int64
	if _, err := r.DB.Row(ctx, qFilesIn, []any{string(g)}, &waits); err != nil {
		return err
	}
	if waits > MaxFiles {
		return fault.New(fault.Conflict, "message.many_files", MaxFiles>>20)
	}
	return nil
}

// roomForMoreTx sees that the files of the whole hall leave room for one more. It is asked
// when a file begins, so that none is left in the middle.
func (r *Room) roomForMoreTx(ctx context.Context) error {
	var waits int64
	if _, err := r.DB.Row(ctx, qFilesAll, nil, &waits); err != nil {
		return err
	}
	if waits+MaxPieces*PieceBytes > r.AllFiles {
		return fault.New(fault.Conflict, "message.full_hall", int(r.AllFiles>>20))
	}
	return nil
}

// fileTx makes a file and says who is to fetch it, unless it is there.
func (r *Room) fileTx(ctx context.Context, by face.ID, p Piece) error {
	group, pieces, awaited := "", 0, 0
	if there, err := r.DB.Row(ctx, qFile, []any{string(p.File)}, &group, &pieces, &awaited); err != nil || there {
		return err
	}
	if err := r.roomForMoreTx(ctx); err != nil {
		return err
	}
	g, err := r.standing(ctx, p.Group)
	if err != nil {
		return err
	}
	members, err := r.members(ctx, string(p.Group))
	if err != nil {
		return err
	}
	to, _, err := r.hearers(ctx, by, g, members)
	if err != nil {
		return err
	}
	for _, l := range to {
		if l == p.Leaf {
			continue
		}
		if _, err := r.DB.Exec(ctx, qFileWait, string(l), string(p.File)); err != nil {
			return err
		}
	}
	_, err = r.DB.Exec(ctx, qFileMake, string(p.File), string(p.Group), r.today())
	return err
}

// GetPiece gives a piece of a file that waits for a device. Faults: SignIn, NotFound.
func (r *Room) GetPiece(ctx context.Context, by face.ID, id LeafID, f FileID, n int) (body []byte, err error) {
	defer fault.Wrap(&err, "message.GetPiece")
	err = r.DB.View(ctx, func(ctx context.Context) error {
		if _, err := r.mine(ctx, by, id); err != nil {
			return err
		}
		found, err := r.DB.Row(ctx, qPiece, []any{string(id), string(f), n}, &body)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "message.no_file")
		}
		return err
	})
	return body, err
}

// GotFile says that a device has a file and has kept it. Faults: SignIn, NotFound.
func (r *Room) GotFile(ctx context.Context, by face.ID, id LeafID, f FileID) (err error) {
	defer fault.Wrap(&err, "message.GotFile")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.mine(ctx, by, id); err != nil {
			return err
		}
		if had, err := r.DB.Exec(ctx, qFileGot, string(id), string(f)); err != nil || had == 0 {
			return err
		}
		return r.dropFilesTx(ctx, []string{string(f)})
	})
}

// CancelFile takes away a file that is not whole. Its number is known to nobody but who sends
// it, until the text is there that names it. Faults: SignIn; NotFound when the device is not in
// the conversation, or there is no such file.
func (r *Room) CancelFile(ctx context.Context, by face.ID, id LeafID, g GroupID, f FileID) (err error) {
	defer fault.Wrap(&err, "message.CancelFile")
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, _, err := r.taken(ctx, by, Sealed{Group: g, Leaf: id}); err != nil {
			return err
		}
		one := 0
		found, err := r.DB.Row(ctx, qFileOpen, []any{string(f), string(g)}, &one)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "message.no_file")
		}
		if err == nil {
			_, err = r.DB.Exec(ctx, qFileGotBy, string(f))
		}
		if err != nil {
			return err
		}
		return r.dropFilesTx(ctx, []string{string(f)})
	})
	if err == nil {
		r.begun.end(by, f)
	}
	return err
}

// dropFilesTx takes away those of the files that nobody is to fetch any more.
func (r *Room) dropFilesTx(ctx context.Context, files []string) error {
	if err := r.each(ctx, qFileDrop, files); err != nil {
		return err
	}
	return r.each(ctx, qPiecesDrop, files)
}

// notForTx takes a device's claim to files away.
func (r *Room) notForTx(ctx context.Context, id LeafID) error {
	files, err := r.ids(ctx, qFilesFor, string(id))
	if err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qFilesGotAll, string(id)); err != nil {
		return err
	}
	return r.dropFilesTx(ctx, files)
}

// oldFilesTx takes away what nobody has fetched for long, and what was begun before
// yesterday and is not whole.
func (r *Room) oldFilesTx(ctx context.Context) error {
	old, err := r.ids(ctx, qFilesOld, r.today()-Days, r.today()-1)
	if err != nil {
		return err
	}
	if err := r.each(ctx, qFileGotBy, old); err != nil {
		return err
	}
	return r.dropFilesTx(ctx, old)
}
