package account

import (
	"net/http"

	"guildhall/internal/face"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

func (d *Door) registerBlocked(m *answer.Mux) {
	m.Handle("GET /account/blocked", d.blockedPage)
	m.Handle("POST /account/blocked/undo", d.unblock)
}

func (d *Door) blockedPage(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	faces, err := d.blocked(r)
	if err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.Blocked(faces))
}

// blocked lists whom the reader has blocked, as faces.
func (d *Door) blocked(r *answer.Request) (list []face.Face, err error) {
	ids, err := d.Moderation.Blocked(r.Context(), face.ID(r.Viewer.FaceID))
	if err != nil {
		return nil, err
	}
	of, err := d.Faces.Faces(r.Context(), ids)
	for _, id := range ids {
		if f, ok := of[id]; ok {
			list = append(list, f)
		}
	}
	return list, err
}

func (d *Door) unblock(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	if err := d.Moderation.Unblock(r.Context(), face.ID(r.Viewer.FaceID), face.ID(r.Text("face"))); err != nil {
		return err
	}
	return w.Redirect("/account/blocked")
}
