package web

import (
	"io"
	"strconv"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/message"
	"guildhall/internal/web/answer"
)

func fileOf(r *answer.Request) message.FileID { return message.FileID(r.PathValue("file")) }

// putPiece takes in a sealed piece of a file.
func (d *Door) putPiece(r *answer.Request, by face.ID) (any, error) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return nil, fault.New(fault.Invalid, "message.no_piece").Because(err)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, message.MaxPiece+1))
	if err == nil {
		err = d.FilesSent.TakeN(string(by), 1)
	}
	if err != nil {
		return nil, err
	}
	return done{}, d.Messages.PutPiece(r.Context(), by, message.Piece{Group: message.GroupID(r.PathValue("id")), Leaf: leafOf(r), File: fileOf(r), N: n, Last: r.URL.Query().Get("last") == "1", Body: body})
}

// cancelFile takes away a file whose text was taken back before all of it had come.
func (d *Door) cancelFile(r *answer.Request, by face.ID) (any, error) {
	return done{}, d.Messages.CancelFile(r.Context(), by, leafOf(r), message.GroupID(r.PathValue("id")), fileOf(r))
}

// getPiece gives a sealed piece. It is never shown as a page, whatever is in it.
func (d *Door) getPiece(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return fault.New(fault.NotFound, "message.no_file").Because(err)
	}
	body, err := d.Messages.GetPiece(r.Context(), face.ID(r.Viewer.FaceID), leafOf(r), fileOf(r), n)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", "attachment")
	h.Set("Cache-Control", "private, no-store")
	w.WriteHeader(200)
	_, err = w.Write(body)
	return err
}

func (d *Door) gotFile(r *answer.Request, by face.ID) (any, error) {
	return done{}, d.Messages.GotFile(r.Context(), by, leafOf(r), fileOf(r))
}
