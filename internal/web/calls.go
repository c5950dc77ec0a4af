package web

import (
	"context"

	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	callpage "guildhall/internal/web/page/call"
)

// Media is what carries calls.
type Media interface {
	// Need makes sure that it answers.
	Need(ctx context.Context) (string, error)
	// Ticket lets one page into a call.
	Ticket(call, seat string) string
	// Trial gives n tickets with which one page tries the ways to it.
	Trial(n int) []string
	// Address is where browsers find it; "": under the hall's own.
	Address() string
}

func (d *Door) registerCalls(m *answer.Mux) {
	m.Handle("POST /people/{handle}/calls", d.beginCall)
	m.Handle("GET /calls", d.incomingCall)
	m.Handle("GET /calls/ringing", asJSON(d.ringing))
	m.Handle("GET /calls/{id}", d.callPage)
	m.Handle("GET /calls/{id}/state", asJSON(d.callState))
	m.Handle("POST /calls/{id}/seat", asJSON(d.callSeat))
	m.Handle("POST /calls/{id}/answer", asJSON(d.answerCall))
	m.Handle("POST /calls/{id}/rings", asJSON(d.callRings))
	m.Handle("POST /calls/{id}/end", d.endCall)
	m.Handle("POST /calls/{id}/people", asJSON(d.bringIn))
}

const callsPath = "/calls"

// beginCall calls somebody, and leads to the call.
func (d *Door) beginCall(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	f, err := d.openFace(r)
	if err != nil {
		return err
	}
	if err := d.Called.Take(r.Viewer.FaceID); err != nil {
		return err
	}
	if err := d.CalledOne.Check(pair(face.ID(r.Viewer.FaceID), f.ID)); err != nil {
		return err
	}
	c, err := d.Calls.Begin(r.Context(), face.ID(r.Viewer.FaceID), f.ID)
	if err != nil {
		return err
	}
	_ = d.CalledOne.Take(pair(face.ID(r.Viewer.FaceID), f.ID)) // whether she blocks him or not; it was looked whether it may
	return w.Redirect(callsPath + "/" + string(c.ID))
}

// pair are who calls and who is called, for counting.
func pair(from, to face.ID) string { return string(from) + " " + string(to) }

// incomingCall leads to what rings now; it is where a device's message leads.
func (d *Door) incomingCall(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	list, err := d.Calls.Incoming(r.Context(), face.ID(r.Viewer.FaceID))
	if err != nil {
		return err
	}
	if len(list) > 0 {
		return w.Redirect(callsPath + "/" + string(list[0].ID))
	}
	return w.Show(200, callpage.None())
}

// ring is what rings on an open page, in its reader's words.
type ring struct {
	ID      call.ID `json:"id"`
	Text    string  `json:"text"`
	Answer  string  `json:"answer"`
	Decline string  `json:"decline"`
	Later   string  `json:"later"`
	Quiet   bool    `json:"quiet,omitempty"` // it is shown, and not heard
	// Of a meeting that begins: where it stands; Decline puts it away.
	Href string `json:"href,omitempty"`
}

func (d *Door) ringing(r *answer.Request, by face.ID) (any, error) {
	out := []ring{}
	list, err := d.Calls.Incoming(r.Context(), by)
	if err != nil {
		return nil, err
	}
	meetings, err := d.begins(r, by)
	if err != nil || len(list) == 0 {
		return append(out, meetings...), err
	}
	quiet, err := d.Quiet(r.Context(), by)
	if err != nil {
		return nil, err
	}
	l := r.Viewer.Lang
	for _, c := range list {
		_, text, agreed, err := d.caller(r, by, c)
		if err != nil {
			return nil, err
		}
		out = append(out, ring{ID: c.ID, Text: text, Answer: l.T("call.answer"), Decline: l.T("call.decline"), Later: l.T("call.later"), Quiet: quiet && !agreed})
	}
	return append(out, meetings...), nil
}

// caller is who calls, the words for it, and whether she has agreed to that minute.
func (d *Door) caller(r *answer.Request, by face.ID, c call.Call) (f face.Face, text string, agreed bool, err error) {
	if c.ByGuest() {
		g, err := d.Calls.Guest(r.Context(), by, c.ID)
		key := "call.guest.calls_you"
		if g.Booking != "" {
			key = "booking.call.calls_you"
		}
		return face.Face{Name: g.Name}, r.Viewer.Lang.T(key, g.Name), g.Booking != "", err
	}
	if f, err = d.Faces.Face(r.Context(), c.From); err != nil || !c.Brought() {
		return f, r.Viewer.Lang.T("call.calls_you", f.Name), false, err
	}
	n, err := d.Calls.Others(r.Context(), by, c.ID)
	return f, r.Viewer.Lang.T("call.group.calls_you", f.Name, n), false, err
}

// callPage is the frame of a call; what happens in it only the browsers know.
func (d *Door) callPage(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	by := face.ID(r.Viewer.FaceID)
	c, _, err := d.Calls.Get(r.Context(), by, call.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if c.Brought() && c.From == by {
		return d.ownCall(w, r, c)
	}
	p := callpage.CallPage{Call: c, Mine: c.From == by}
	if p.Quiet, err = d.Quiet(r.Context(), by); err != nil {
		return err
	}
	if c.ByGuest() {
		p.Guest, err = d.Calls.Guest(r.Context(), by, c.ID)
		p.With.Name = p.Guest.Name
		p.Quiet = p.Quiet && p.Guest.Booking == ""
	} else if err = d.withWhom(r, by, &p); err == nil {
		p.Connections, err = d.Alliances.Connections(r.Context(), knowing(r.Viewer))
	}
	if err != nil {
		return err
	}
	answer.ForCalls(w.Header())
	return w.Show(200, callpage.Call(p))
}

// callStanding is how a call stands, for its pages.
type callStanding struct {
	State      call.State    `json:"state"`
	Rings      []call.Device `json:"rings"`
	Woken      bool          `json:"woken"`
	NotReached bool          `json:"not_reached"`
	Answered   string        `json:"answered,omitempty"` // for a guest: what the called has sealed
	Number     string        `json:"number,omitempty"`   // of a guest's, for the digits
	// Of a call between members that is spoken: who is in it, and whom it rings to come in.
	People  []callPerson  `json:"people,omitempty"`
	Brought []callBrought `json:"brought,omitempty"`
}

func asStands(c call.Call, w call.Way) callStanding {
	if w.Rings == nil {
		w.Rings = []call.Device{}
	}
	return callStanding{State: c.State, Rings: w.Rings, Woken: w.Woken, NotReached: w.NotReached}
}

func (d *Door) callState(r *answer.Request, by face.ID) (any, error) {
	c, w, err := d.Calls.Get(r.Context(), by, call.ID(r.PathValue("id")))
	s := asStands(c, w)
	if err == nil && c.ByGuest() {
		var g call.Guest
		g, err = d.Calls.Guest(r.Context(), by, c.ID)
		s.Number = g.Opened
	} else if err == nil && c.State == call.Answered {
		err = d.addCompany(r, by, c.ID, &s)
	}
	return s, err
}

// ticket lets one page into what is spoken.
type ticket struct {
	URL    string `json:"url"`
	Ticket string `json:"ticket"`
}

// carried makes sure that what is said can be carried.
func (d *Door) carried(ctx context.Context) error {
	if _, err := d.Media.Need(ctx); err != nil {
		return fault.New(fault.Unavailable, "call.no_media").Because(err)
	}
	return nil
}

func (d *Door) ticket(r *answer.Request, c call.Call, seat string) (any, error) {
	if err := d.carried(r.Context()); err != nil {
		return nil, err
	}
	return ticket{d.Media.Address(), d.Media.Ticket(string(c.Room), seat)}, nil
}

// seatLength is that of a page's own number: 26 letters.
const seatLength = 26

func readSeat(r *answer.Request) (string, error) {
	var in struct{ Seat string }
	if err := readJSON(r, &in); err != nil {
		return "", err
	}
	if len(in.Seat) != seatLength {
		return "", fault.New(fault.Invalid, "fault.not_text")
	}
	return in.Seat, nil
}

// callSeat gives the page that speaks a ticket, as often as it comes back.
func (d *Door) callSeat(r *answer.Request, by face.ID) (any, error) {
	seat, err := readSeat(r)
	if err != nil {
		return nil, err
	}
	return d.seated(r, by, seat)
}

// seated lets it ring, if nothing is in the way of speaking, and gives a ticket.
func (d *Door) seated(r *answer.Request, by face.ID, seat string) (any, error) {
	id := call.ID(r.PathValue("id"))
	if _, _, err := d.Calls.Get(r.Context(), by, id); err != nil {
		return nil, err
	}
	if err := d.carried(r.Context()); err != nil {
		return nil, err
	}
	c, err := d.Calls.Seat(r.Context(), by, id, seat)
	if err != nil {
		return nil, err
	}
	return d.ticket(r, c, seat)
}

// answerCall answers on one page; a guest, with what that page has sealed for her.
func (d *Door) answerCall(r *answer.Request, by face.ID) (any, error) {
	var in struct{ Seat, Answered string }
	err := readJSON(r, &in)
	if err == nil && len(in.Seat) != seatLength {
		err = fault.New(fault.Invalid, "fault.not_text")
	}
	if err != nil {
		return nil, err
	}
	c, _, err := d.Calls.Get(r.Context(), by, call.ID(r.PathValue("id")))
	switch {
	case err != nil:
	case c.ByGuest():
		c, err = d.Calls.AnswerGuest(r.Context(), by, c.ID, in.Seat, in.Answered)
	default:
		c, err = d.Calls.Answer(r.Context(), by, c.ID, in.Seat)
		if err == nil {
			d.CalledOne.Forget(pair(c.From, by)) // she wishes to speak
		}
	}
	if err != nil {
		return nil, err
	}
	return d.ticket(r, c, in.Seat)
}

// callRings takes the word of a page that it rings.
func (d *Door) callRings(r *answer.Request, by face.ID) (any, error) {
	var in struct{ Device call.Device }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, d.Calls.Rings(r.Context(), by, call.ID(r.PathValue("id")), in.Device)
}

// endCall declines, cancels or hangs up, and leads to the conversation with the other.
func (d *Door) endCall(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	by, id := face.ID(r.Viewer.FaceID), call.ID(r.PathValue("id"))
	c, _, err := d.Calls.Get(r.Context(), by, id)
	if err != nil {
		return err
	}
	if err := d.Calls.End(r.Context(), by, id, r.Checked("later")); err != nil {
		return err
	}
	if c.ByGuest() {
		return w.Redirect(linksPath)
	}
	if c.Other(by) == "" {
		return w.Redirect(callsPath)
	}
	f, err := d.Faces.Face(r.Context(), c.Other(by))
	if err != nil {
		return err
	}
	if f.Handle == "" {
		return w.Redirect(callsPath)
	}
	return w.Redirect("/people/" + f.Handle + "/message")
}
