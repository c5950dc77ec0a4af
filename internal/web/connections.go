package web

import (
	"context"
	"net/http"

	"guildhall/internal/alliance"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	alliancepage "guildhall/internal/web/page/alliance"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerConnections(m *answer.Mux) {
	m.Handle("GET /connections", d.connections)
	m.Handle("GET /cards", d.cards)
	m.Handle("POST /cards", asJSON(d.giveCard))
	m.Handle("GET /cards/{id}", d.cardLink)
	m.Handle("GET /cards/{id}/sealed", d.sealedCard)
	m.Handle("POST /cards/{id}/withdrawal", asJSON(d.takeCardBack))
	m.Handle("GET /people/{handle}/connection", d.between)
	m.Handle("POST /people/{handle}/connection/ask", d.askToConnect)
	m.Handle("POST /people/{handle}/connection/introduction", d.introduce)
	m.Handle("POST /people/{handle}/connection/note", d.keepNote)
	for path, do := range map[string]func(context.Context, alliance.Actor, face.ID) error{
		"ask/undo": d.Alliances.Withdraw, "acceptance": d.Alliances.Accept, "refusal": d.Alliances.Decline, "end": d.Alliances.End,
	} {
		m.Handle("POST /people/{handle}/connection/"+path, d.connecting(do))
	}
	for path, do := range map[string]func(context.Context, alliance.Actor, string) error{
		"acceptance": d.Alliances.Meet, "refusal": d.Alliances.Pass, "undo": d.Alliances.Unintroduce,
	} {
		m.Handle("POST /introductions/{id}/"+path, d.meeting(do))
	}
}

// knowing is the reader as the room of alliances knows her.
func knowing(v viewer.Viewer) alliance.Actor { return alliance.Actor{Face: face.ID(v.FaceID)} }

// connections shows whom the reader knows, and what waits.
func (d *Door) connections(w *answer.Writer, r *answer.Request) (err error) {
	if err = r.SignedIn(); err != nil {
		return err
	}
	var p alliancepage.ListPage
	err = d.DB.View(r.Context(), func(ctx context.Context) error {
		if p.Connections, err = d.Alliances.Connections(ctx, knowing(r.Viewer)); err != nil {
			return err
		}
		p.Waiting, err = d.Alliances.Waits(ctx, knowing(r.Viewer))
		return err
	})
	if err != nil {
		return err
	}
	return w.Show(200, alliancepage.List(p))
}

// between shows what stands between the reader and somebody, and what she may do.
func (d *Door) between(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	p, err := d.betweenPage(r)
	if err != nil {
		return err
	}
	return w.Show(200, alliancepage.Between(p))
}

// betweenPage is that page; for whose session ended while she wrote, only the form.
func (d *Door) betweenPage(r *answer.Request) (p alliancepage.BetweenPage, err error) {
	p.Once = answer.NewOnce()
	me := knowing(r.Viewer)
	err = d.DB.View(r.Context(), func(ctx context.Context) error {
		if p.Face, err = d.somebody(ctx, r); err != nil || me.Face == "" {
			return err
		}
		if err := alliance.MayAsk(me, p.Face); err != nil {
			return err
		}
		waiting, err := d.Alliances.Waits(ctx, me)
		if err != nil {
			return err
		}
		for _, a := range waiting.Asked {
			if a.From.ID == p.Face.ID {
				p.Asked = &a
			}
		}
		for _, a := range waiting.Asking {
			p.Asking = p.Asking || a.To.ID == p.Face.ID
		}
		all, err := d.Alliances.Connections(ctx, me)
		for _, f := range all {
			if f.ID == p.Face.ID {
				p.Holds = true
			} else {
				p.Others = append(p.Others, f)
			}
		}
		if err == nil && p.Holds {
			p.Sealed, err = d.noteAbout(ctx, me, p.Face.ID)
		}
		return err
	})
	return p, err
}

// somebody is whom the address names. Faults: NotFound, also for who has left.
func (d *Door) somebody(ctx context.Context, r *answer.Request) (face.Face, error) {
	f, err := d.Faces.ByHandle(ctx, r.PathValue("handle"))
	if err == nil && f.Kind != face.Open {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return f, err
}

func (d *Door) askToConnect(w *answer.Writer, r *answer.Request) error {
	return d.wording(w, r, func(ctx context.Context, f face.Face) error {
		return d.Alliances.Ask(ctx, knowing(r.Viewer), f.ID, r.Text("words"))
	})
}

func (d *Door) introduce(w *answer.Writer, r *answer.Request) error {
	return d.wording(w, r, func(ctx context.Context, f face.Face) error {
		return d.Alliances.Introduce(ctx, knowing(r.Viewer), f.ID, face.ID(r.Text("other")), r.Text("words"))
	})
}

// wording does what comes with words, which stay where they were typed when it fails.
func (d *Door) wording(w *answer.Writer, r *answer.Request, do func(context.Context, face.Face) error) error {
	err := d.speak(r)
	if err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			f, err := d.somebody(ctx, r)
			if err != nil {
				return "", err
			}
			return alliancepage.ListHref, do(ctx, f)
		})
	}
	if !mendable(err) && !fault.Is(err, fault.SignIn) && !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.Forbidden) {
		return err
	}
	p, perr := d.betweenPage(r)
	if perr != nil {
		return perr
	}
	p.Words, p.Other, p.Once, p.Error = r.Text("words"), face.ID(r.Text("other")), r.Once(), err
	return w.Again(err, alliancepage.Between(p))
}

// connecting does something with somebody that needs no words.
func (d *Door) connecting(do func(context.Context, alliance.Actor, face.ID) error) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		if err := d.speak(r); err != nil {
			return err
		}
		f, err := d.somebody(r.Context(), r)
		if err != nil {
			return err
		}
		if err := do(r.Context(), knowing(r.Viewer), f.ID); err != nil {
			return err
		}
		return w.Redirect(alliancepage.ListHref)
	}
}

// meeting answers an introduction, or takes it back.
func (d *Door) meeting(do func(context.Context, alliance.Actor, string) error) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		if err := d.speak(r); err != nil {
			return err
		}
		if err := do(r.Context(), knowing(r.Viewer), r.PathValue("id")); err != nil {
			return err
		}
		return w.Redirect(alliancepage.ListHref)
	}
}

func (d *Door) noteAbout(ctx context.Context, me alliance.Actor, other face.ID) (string, error) {
	notes, err := d.Alliances.Notes(ctx, me)
	for _, n := range notes {
		if n.Other == other {
			return n.Sealed, nil
		}
	}
	return "", err
}

// keepNote keeps what the reader's browser has sealed.
func (d *Door) keepNote(w *answer.Writer, r *answer.Request) error {
	if err := d.speak(r); err != nil {
		return err
	}
	f, err := d.somebody(r.Context(), r)
	if err != nil {
		return err
	}
	if err := d.Alliances.KeepNote(r.Context(), knowing(r.Viewer), alliance.Note{Other: f.ID, Sealed: r.Text("sealed")}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
