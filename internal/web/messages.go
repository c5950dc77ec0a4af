package web

import (
	"encoding/base64"
	"encoding/json"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/message"
	"guildhall/internal/space"
	"guildhall/internal/web/answer"
	messagepage "guildhall/internal/web/page/message"
)

func (d *Door) registerMessages(m *answer.Mux) {
	m.Handle("GET /messages", d.messagesPage)
	m.Handle("GET /messages/room", d.newRoomPage)
	m.Handle("GET /messages/people", asJSON(d.messagePeople))
	m.Handle("POST /messages/packages", asJSON(d.gatherPackages))
	m.Handle("GET /messages/{id}", d.messagePage)
	m.Handle("GET /people/{handle}/message", d.messageTo)
	m.Handle("GET /people/{handle}/leaves", asJSON(d.leaves))
	m.Handle("POST /people/{handle}/packages", asJSON(d.drawPackages))
	m.Handle("POST /messages/leaves", asJSON(d.enrolLeaf))
	m.Handle("POST /messages/leaves/{leaf}/packages", asJSON(d.stockLeaf))
	m.Handle("POST /messages/leaves/{leaf}/dismissal", asJSON(d.dismissLeaf))
	m.Handle("GET /messages/leaves/{leaf}/box", asJSON(d.box))
	m.Handle("POST /messages/leaves/{leaf}/receipts", asJSON(d.receive))
	m.Handle("GET /messages/leaves/{leaf}/groups/{id}", asJSON(d.group))
	m.Handle("POST /messages/groups/{id}/changes", asJSON(d.changeGroup))
	m.Handle("POST /messages/groups/{id}/texts", asJSON(d.sendText))
	m.Handle("POST /messages/leaves/{leaf}/groups/{id}/files/{file}/{n}", asJSON(d.putPiece), answer.Upload())
	m.Handle("POST /messages/leaves/{leaf}/groups/{id}/files/{file}/cancellation", asJSON(d.cancelFile))
	m.Handle("GET /messages/leaves/{leaf}/files/{file}/{n}", d.getPiece)
	m.Handle("POST /messages/leaves/{leaf}/files/{file}/receipt", asJSON(d.gotFile))
	m.Handle("POST /messages/groups/{id}/leaving", asJSON(d.leaveGroup))
	m.Handle("POST /messages/groups/{id}/entering", asJSON(d.enterGroup))
	m.Handle("POST /messages/reports", asJSON(d.reportMessage))
	m.Handle("POST /moderation/warnings", d.warn)
}

// refusal is what a script of the messages is told: words to show, and their key, by
// which it knows what to do.
type refusal struct {
	Message string `json:"message"`
	Key     string `json:"key"`
}

// asJSON answers the scripts of the messages in JSON, failures too. What is our own bug
// goes the way of all bugs.
func asJSON(h func(r *answer.Request, by face.ID) (any, error)) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		var out any
		err := r.SignedIn()
		if err == nil {
			out, err = h(r, face.ID(r.Viewer.FaceID))
		}
		return saysJSON(w, r, out, err)
	}
}

// saysJSON says to a script what came out.
func saysJSON(w *answer.Writer, r *answer.Request, out any, err error) error {
	if fault.Is(err, fault.Internal) {
		return err
	}
	status := 200
	if err != nil {
		f := fault.From(err)
		status, out = answer.Status(err), refusal{r.Viewer.Lang.Fault(f), f.Key}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "private, no-store")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(out)
}

// readJSON takes what a script has sent. Faults: Invalid.
func readJSON(r *answer.Request, into any) error {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		return fault.New(fault.Invalid, "fault.not_text").Because(err)
	}
	return nil
}

// sealed are bytes in JSON, as browsers write them: base64url without padding.
type sealed []byte

// MarshalText writes them.
func (s sealed) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, s), nil
}

// UnmarshalText reads them.
func (s *sealed) UnmarshalText(text []byte) (err error) {
	*s, err = base64.RawURLEncoding.Strict().DecodeString(string(text))
	return err
}

func plainBytes(list []sealed) [][]byte {
	out := make([][]byte, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// messagesPage is the frame in which a browser shows the conversations it holds.
func (d *Door) messagesPage(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	return w.Show(200, messagepage.List())
}

// messagePage is the frame of one conversation. The hall does not say here with whom:
// the browser knows.
func (d *Door) messagePage(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	return d.showTalk(w, r, messagepage.TalkPage{Group: r.PathValue("id")})
}

func (d *Door) showTalk(w *answer.Writer, r *answer.Request, p messagepage.TalkPage) error {
	list, err := d.Spaces.Spaces(r.Context())
	for _, s := range list {
		if s.Kind == space.Safe {
			p.Spaces = append(p.Spaces, s)
		}
	}
	p.Causes = messageCauses()
	if err != nil {
		return err
	}
	return w.Show(200, messagepage.Talk(p))
}

// messageTo leads a browser to its conversation with somebody, or lets it begin one.
func (d *Door) messageTo(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	f, err := d.openFace(r)
	if err != nil {
		return err
	}
	if string(f.ID) == r.Viewer.FaceID {
		return w.Redirect("/messages")
	}
	return d.showTalk(w, r, messagepage.TalkPage{With: f})
}

// openFace is the profile that an address names. Faults: NotFound.
func (d *Door) openFace(r *answer.Request) (face.Face, error) {
	f, err := d.Faces.ByHandle(r.Context(), r.PathValue("handle"))
	if err == nil && f.Kind != face.Open {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return f, err
}

// person is somebody as the scripts know her.
type person struct {
	Face     face.ID          `json:"face"`
	Name     string           `json:"name"`
	Handle   string           `json:"handle"`
	Identity sealed           `json:"identity"`
	Leaves   []message.LeafID `json:"leaves"`
	Left     map[string]int   `json:"left,omitempty"` // packages of one's own devices
}

func (d *Door) leaves(r *answer.Request, by face.ID) (any, error) {
	f, err := d.openFace(r)
	if err != nil {
		return nil, err
	}
	list, err := d.Messages.Leaves(r.Context(), by, f.ID)
	if err != nil {
		return nil, err
	}
	p := person{Face: f.ID, Name: f.Name, Handle: f.Handle, Leaves: []message.LeafID{}}
	for _, l := range list {
		p.Leaves = append(p.Leaves, l.ID)
		if by == f.ID {
			if p.Left == nil {
				p.Left = map[string]int{}
			}
			p.Left[string(l.ID)] = l.Packages
		}
	}
	p.Identity, err = d.Messages.Identity(r.Context(), f.ID)
	return p, err
}

type drawn struct {
	Leaf message.LeafID `json:"leaf"`
	Body sealed         `json:"body"`
	Last bool           `json:"last"`
}

func (d *Door) drawPackages(r *answer.Request, by face.ID) (any, error) {
	var in struct{ Leaves []message.LeafID }
	f, err := d.openFace(r)
	if err == nil {
		err = readJSON(r, &in)
	}
	if err == nil {
		err = d.Drawn.TakeN(string(by), max(1, min(len(in.Leaves), message.MaxLeaves)))
	}
	if err != nil {
		return nil, err
	}
	list, err := d.Messages.Draw(r.Context(), by, f.ID, in.Leaves)
	out := make([]drawn, len(list))
	for i, p := range list {
		out[i] = drawn{p.Leaf, p.Body, p.Last}
	}
	return out, err
}
