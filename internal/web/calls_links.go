package web

import (
	"context"
	"strings"

	"guildhall/internal/calendar"
	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	callpage "guildhall/internal/web/page/call"
)

const linksPath = callsPath + "/links"

func (d *Door) registerCallLinks(m *answer.Mux) {
	m.Handle("GET /calls/links", d.callLinks)
	m.Handle("POST /calls/links", asJSON(d.makeCallLink))
	m.Handle("POST /calls/links/{id}/burning", d.linkDeed(func(ctx context.Context, by face.ID, id string) error {
		return d.Calls.SetLink(ctx, by, id, call.Burnt)
	}))
	m.Handle("POST /calls/links/{id}/silence", d.linkDeed(func(ctx context.Context, by face.ID, id string) error {
		return d.Calls.SetLink(ctx, by, id, call.Silent)
	}))
	m.Handle("POST /calls/links/{id}/opening", d.linkDeed(func(ctx context.Context, by face.ID, id string) error {
		return d.Calls.SetLink(ctx, by, id, call.Open)
	}))
	m.Handle("POST /calls/links/{id}/removal", d.linkDeed(d.Calls.DropLink))
}

// callLinks shows the reader at which addresses she can be called.
func (d *Door) callLinks(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	by := face.ID(r.Viewer.FaceID)
	p := callpage.LinksPage{Origin: strings.TrimSuffix(d.URL, "/"), Rules: true}
	var err error
	if p.Links, err = d.Calls.Links(r.Context(), by); err != nil {
		return err
	}
	if p.Face, err = d.Faces.Face(r.Context(), by); err != nil {
		return err
	}
	if _, err := d.Bookings.Page(r.Context(), by); fault.Is(err, fault.NotFound) {
		p.Rules = false
	} else if err != nil {
		return err
	}
	return w.Show(200, callpage.Links(p))
}

// makeCallLink takes a link that her browser has made a key for.
func (d *Door) makeCallLink(r *answer.Request, by face.ID) (any, error) {
	var in struct {
		ID, Key, Shown, Zone string
		Own, Named, Once     bool
	}
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if _, err := calendar.Zone(in.Zone); err != nil {
		return nil, fault.On("zone", fault.Invalid, "face.zone.unknown").Because(err)
	}
	if err := d.Pace.Take(string(by)); err != nil {
		return nil, err
	}
	return struct{}{}, d.Calls.MakeLink(r.Context(), by, call.Link{ID: in.ID, Key: in.Key, Shown: in.Shown, Zone: in.Zone, Own: in.Own, Named: in.Named, Once: in.Once})
}

// linkDeed does something with a link of the reader's own.
func (d *Door) linkDeed(do func(ctx context.Context, by face.ID, id string) error) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		if err := r.SignedIn(); err != nil {
			return err
		}
		if err := do(r.Context(), face.ID(r.Viewer.FaceID), r.PathValue("id")); err != nil {
			return err
		}
		return w.Redirect(linksPath)
	}
}
