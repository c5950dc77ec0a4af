package web

import (
	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	callpage "guildhall/internal/web/page/call"
)

// callPerson is somebody in a call. Her name is the hall's word: no page says its own.
type callPerson struct {
	Seat   string `json:"seat"`
	Name   string `json:"name"`
	Handle string `json:"handle"`
}

// callBrought is somebody who is being called into it, or was just now.
type callBrought struct {
	Call  call.ID    `json:"call"`
	Name  string     `json:"name"`
	State call.State `json:"state"`
	Mine  bool       `json:"mine,omitempty"` // whoever asks has called her
}

// addCompany says who is in a call, to somebody in it.
func (d *Door) addCompany(r *answer.Request, by face.ID, id call.ID, s *callStanding) error {
	now, err := d.Calls.Company(r.Context(), by, id)
	if err != nil {
		return err
	}
	var ids []face.ID
	for _, p := range now.People {
		ids = append(ids, p.Face)
	}
	for _, b := range now.Brought {
		ids = append(ids, b.To)
	}
	faces, err := d.Faces.Faces(r.Context(), ids)
	if err != nil {
		return err
	}
	for _, p := range now.People {
		s.People = append(s.People, callPerson{p.Seat, faces[p.Face].Name, faces[p.Face].Handle})
	}
	for _, b := range now.Brought {
		s.Brought = append(s.Brought, callBrought{b.ID, faces[b.To].Name, b.State, b.From == by})
	}
	return nil
}

// bringIn calls one of the reader's connections into the call that she is in.
func (d *Door) bringIn(r *answer.Request, by face.ID) (any, error) {
	var in struct{ Handle string }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	f, err := d.Faces.ByHandle(r.Context(), in.Handle)
	if err == nil && f.Kind != face.Open {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return nil, err
	}
	if err := d.Called.Take(string(by)); err != nil {
		return nil, err
	}
	if err := d.CalledOne.Take(string(by) + " " + string(f.ID)); err != nil {
		return nil, err
	}
	c, err := d.Calls.Bring(r.Context(), by, call.ID(r.PathValue("id")), f.ID)
	return callBrought{c.ID, f.Name, c.State, true}, err
}

// ownCall leads whoever brings somebody in to the page on which she speaks herself.
func (d *Door) ownCall(w *answer.Writer, r *answer.Request, c call.Call) error {
	by := face.ID(r.Viewer.FaceID)
	now, err := d.Calls.Company(r.Context(), by, c.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	for _, p := range now.People {
		if p.Face == by && p.Call != c.ID {
			return w.Redirect(callsPath + "/" + string(p.Call))
		}
	}
	return w.Redirect(callsPath)
}

// withWhom finds the other side of a call; nobody, when she is gone and others go on.
func (d *Door) withWhom(r *answer.Request, by face.ID, p *callpage.CallPage) (err error) {
	if p.Call.Other(by) == "" {
		p.With.Name = "…"
		return nil
	}
	p.With, err = d.Faces.Face(r.Context(), p.Call.Other(by))
	return err
}
