package web

import (
	"context"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/space"
	"guildhall/internal/web/answer"
	spacepage "guildhall/internal/web/page/space"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerSpaces(m *answer.Mux) {
	m.Handle("GET /spaces", d.spaces)
	m.Handle("GET /spaces/{id}", d.space, answer.Params("said"))
	m.Handle("POST /spaces/{id}/seat", d.takeSeat)
	m.Handle("POST /spaces/{id}/departure", d.leaveSeat)
	d.registerSpaceKeeping(m)
}

// sitter is the reader as the room of spaces knows her.
func sitter(v viewer.Viewer) space.Actor {
	return space.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}
}

// spaces lists all spaces.
func (d *Door) spaces(w *answer.Writer, _ *answer.Request) error {
	return w.Page(things("spaces"), func(ctx context.Context) (templ.Component, error) {
		var err error
		p := spacepage.ListPage{Next: d.Spaces.NextCount()}
		if p.Spaces, err = d.Spaces.Spaces(ctx); err != nil {
			return nil, err
		}
		p.Counted, err = d.Spaces.Counted(ctx)
		return spacepage.List(p), err
	})
}

// space shows one.
func (d *Door) space(w *answer.Writer, r *answer.Request) error {
	id, said := space.ID(r.PathValue("id")), r.Query("said")
	return w.Page(things("spaces", "space:"+string(id), "topics"), func(ctx context.Context) (templ.Component, error) {
		p, err := d.spacePage(ctx, w, id)
		p.Said = said
		return spacepage.Space(p), err
	})
}

func (d *Door) spacePage(ctx context.Context, w *answer.Writer, id space.ID) (p spacepage.SpacePage, err error) {
	p.Next = d.Spaces.NextCount()
	if p.Space, err = d.Spaces.Space(ctx, id); err != nil {
		return p, err
	}
	counted, err := d.Spaces.Counted(ctx)
	if err != nil {
		return p, err
	}
	if c, ok := counted[id]; ok {
		p.Count = &c
	}
	who := reading(ctx)
	if p.Space.Kind == space.Open {
		w.Shows(answer.Thing("topic:" + p.Space.Topic))
		if p.Discussions, err = d.Forum.Discussions(ctx, who, forum.Filter{Topic: forum.TopicKey(p.Space.Topic)}); err != nil {
			return p, err
		}
	}
	if p.Space.Kind == space.Safe && d.SafeOrigin != "" {
		p.Safe = &spacepage.Safe{Space: string(id), Name: p.Space.Name, Pace: string(p.Space.Pace), Origin: d.SafeOrigin,
			Box: d.Letterbox, Hall: d.URL, Closed: p.Space.Closed()}
		p.Clock = d.Clock
		w.Shows("consultations")
		open, err := d.Consultations.OfSpace(ctx, string(id))
		if err != nil {
			return p, err
		}
		p.Asked = ways(open)
	}
	if who.Face != "" {
		p.Standing, err = d.Spaces.Standing(ctx, id, who.Face)
	}
	return p, err
}

// takeSeat and leaveSeat do not use Writer.Once: what it remembers of a form
// knows the day, and a seat must not. Doing either twice is doing it once.
func (d *Door) takeSeat(w *answer.Writer, r *answer.Request) error {
	return d.seat(w, r, "seat", d.Spaces.Enter)
}

func (d *Door) leaveSeat(w *answer.Writer, r *answer.Request) error {
	return d.seat(w, r, "left", d.Spaces.Leave)
}

func (d *Door) seat(w *answer.Writer, r *answer.Request, said string, do func(context.Context, space.Actor, space.ID) error) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	id := space.ID(r.PathValue("id"))
	err := do(r.Context(), sitter(r.Viewer), id)
	if fault.Is(err, fault.Forbidden) {
		p, perr := d.spacePage(r.Context(), w, id)
		if perr != nil {
			return perr
		}
		p.Error = err
		return w.Again(err, spacepage.Space(p))
	}
	if err != nil {
		return err
	}
	return w.Redirect(spacepage.Href(id) + "?said=" + said)
}

// maySpeak asks for a seat where a space that gathers one of the topics wants
// one.
func (d *Door) maySpeak(ctx context.Context, r *answer.Request, topics []forum.TopicKey) error {
	keys := make([]string, len(topics))
	for i, t := range topics {
		keys[i] = string(t)
	}
	return d.Spaces.MaySpeak(ctx, sitter(r.Viewer), keys...)
}
