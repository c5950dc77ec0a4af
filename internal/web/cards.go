package web

import (
	"guildhall/internal/alliance"
	"guildhall/internal/face"
	"guildhall/internal/web/answer"
	alliancepage "guildhall/internal/web/page/alliance"
)

// cards is the frame in which a browser shows the cards it keeps.
func (d *Door) cards(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	return w.Show(200, alliancepage.Cards())
}

// cardLink is the frame in which a browser opens a card that somebody has given by a link,
// to whoever has it. The key stands behind the # and is not sent.
func (d *Door) cardLink(w *answer.Writer, r *answer.Request) error {
	return w.Show(200, alliancepage.CardLink(r.PathValue("id")))
}

// sealedCard gives the card behind a link. It is never shown as a page, whatever is in it.
func (d *Door) sealedCard(w *answer.Writer, r *answer.Request) error {
	body, err := d.Alliances.SealedCard(r.Context(), r.PathValue("id"))
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

// giveCard keeps a card that the reader's browser has sealed.
func (d *Door) giveCard(r *answer.Request, by face.ID) (any, error) {
	var in struct {
		ID, Undo string
		Body     sealed
	}
	err := readJSON(r, &in)
	if err == nil {
		err = d.CardsLeft.Take(string(by))
	}
	if err != nil {
		return nil, err
	}
	return done{}, d.Alliances.PutCard(r.Context(), knowing(r.Viewer), alliance.Card{ID: in.ID, Undo: in.Undo, Body: in.Body})
}

// takeCardBack ends a link of the reader's.
func (d *Door) takeCardBack(r *answer.Request, _ face.ID) (any, error) {
	var in struct{ Undo string }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return done{}, d.Alliances.TakeCardBack(r.Context(), r.PathValue("id"), in.Undo)
}
