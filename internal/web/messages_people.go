package web

import (
	"guildhall/internal/face"
	"guildhall/internal/web/answer"
	messagepage "guildhall/internal/web/page/message"
)

// newRoomPage is the frame in which a browser begins a room; it asks for the people itself.
func (d *Door) newRoomPage(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	return w.Show(200, messagepage.NewRoom())
}

// known is somebody whom the reader may bring into a room.
type known struct {
	Face   face.ID `json:"face"`
	Name   string  `json:"name"`
	Handle string  `json:"handle"`
}

// messagePeople are those with whom the reader is connected.
func (d *Door) messagePeople(r *answer.Request, _ face.ID) (any, error) {
	list, err := d.Alliances.Connections(r.Context(), knowing(r.Viewer))
	out := make([]known, len(list))
	for i, f := range list {
		out[i] = known{f.ID, f.Name, f.Handle}
	}
	return out, err
}

// gathered are the keys of somebody's devices, with which she is brought in.
type gathered struct {
	known
	Packages []drawn `json:"packages"`
}

// gatherPackages gives the keys of all devices of several people at once.
func (d *Door) gatherPackages(r *answer.Request, by face.ID) (any, error) {
	var in struct{ People []face.ID }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	list, err := d.Messages.Gather(r.Context(), by, in.People, func(devices int) error {
		return d.Drawn.TakeN(string(by), max(1, devices))
	})
	if err != nil {
		return nil, err
	}
	faces, err := d.Faces.Faces(r.Context(), in.People)
	out := make([]gathered, len(list))
	for i, g := range list {
		f := faces[g.Face]
		out[i] = gathered{known{g.Face, f.Name, f.Handle}, []drawn{}}
		for _, p := range g.Packages {
			out[i].Packages = append(out[i].Packages, drawn{p.Leaf, p.Body, p.Last})
		}
	}
	return out, err
}
