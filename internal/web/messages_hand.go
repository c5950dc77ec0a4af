package web

import (
	"slices"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/message"
	"guildhall/internal/web/answer"
)

// What a device of somebody's does. Nothing here is read but its outside.

type done struct{}

func (d *Door) enrolLeaf(r *answer.Request, by face.ID) (any, error) {
	var in struct {
		Leaf           message.LeafID
		Identity, Last sealed
		Packages       []sealed
	}
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return done{}, d.Messages.Enrol(r.Context(), by, message.Enrolment{Leaf: in.Leaf, Identity: in.Identity, Last: in.Last, Packages: plainBytes(in.Packages)})
}

func leafOf(r *answer.Request) message.LeafID { return message.LeafID(r.PathValue("leaf")) }

func (d *Door) stockLeaf(r *answer.Request, by face.ID) (any, error) {
	var in struct{ Packages []sealed }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return done{}, d.Messages.Stock(r.Context(), by, leafOf(r), plainBytes(in.Packages))
}

func (d *Door) dismissLeaf(r *answer.Request, by face.ID) (any, error) {
	return done{}, d.Messages.Dismiss(r.Context(), by, leafOf(r))
}

type waiting struct {
	ID    message.ItemID  `json:"id"`
	Group message.GroupID `json:"group"`
	N     int64           `json:"n"`
	Kind  message.Kind    `json:"kind"`
	Epoch int64           `json:"epoch"`
	Body  sealed          `json:"body"`
}

func (d *Door) box(r *answer.Request, by face.ID) (any, error) {
	list, err := d.Messages.Box(r.Context(), by, leafOf(r))
	out := make([]waiting, len(list))
	for i, x := range list {
		out[i] = waiting{x.ID, x.Group, x.N, x.Kind, x.Epoch, x.Body}
	}
	return out, err
}

func (d *Door) receive(r *answer.Request, by face.ID) (any, error) {
	var in struct{ Items []message.ItemID }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return done{}, d.Messages.Receive(r.Context(), by, leafOf(r), in.Items)
}

type groupMember struct {
	Leaf   message.LeafID `json:"leaf"`
	Face   face.ID        `json:"face"` // empty: the device is no more, or its owner has left
	Left   bool           `json:"left"`
	Name   string         `json:"name"`
	Handle string         `json:"handle"`
}

func (d *Door) group(r *answer.Request, by face.ID) (any, error) {
	g, err := d.Messages.Group(r.Context(), by, leafOf(r), message.GroupID(r.PathValue("id")))
	if err != nil {
		return nil, err
	}
	ids := make([]face.ID, 0, len(g.Leaves))
	for _, l := range slices.Concat(g.Leaves, g.Lacking) {
		if l.Face != "" {
			ids = append(ids, l.Face)
		}
	}
	faces, err := d.Faces.Faces(r.Context(), ids)
	members := func(list []message.Leaf) []groupMember {
		out := make([]groupMember, len(list))
		for i, l := range list {
			f := faces[l.Face]
			out[i] = groupMember{l.ID, l.Face, l.Left, f.Name, f.Handle}
		}
		return out
	}
	return standing{g.Epoch, g.Room, g.Keeper, g.Asked, members(g.Leaves), members(g.Lacking)}, err
}

type standing struct {
	Epoch   int64         `json:"epoch"`
	Room    bool          `json:"room"`
	Keeper  face.ID       `json:"keeper"`
	Asked   bool          `json:"asked"` // the reader had left, and hears nothing until she comes in
	Members []groupMember `json:"members"`
	Lacking []groupMember `json:"lacking"` // devices of theirs that are not in yet
}

// leaveGroup takes all devices of the reader out of a conversation.
func (d *Door) leaveGroup(r *answer.Request, by face.ID) (any, error) {
	var in struct{ Leaf message.LeafID }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return done{}, d.Messages.Leave(r.Context(), by, in.Leaf, message.GroupID(r.PathValue("id")))
}

// enterGroup lets the reader, who had left and was brought in again, hear a room.
func (d *Door) enterGroup(r *answer.Request, by face.ID) (any, error) {
	var in struct{ Leaf message.LeafID }
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return done{}, d.Messages.Enter(r.Context(), by, in.Leaf, message.GroupID(r.PathValue("id")))
}

// change is what a device sends into a conversation.
type change struct {
	Leaf          message.LeafID
	Epoch         int64
	Once          string
	Body, Welcome sealed
	Add, Remove   []message.LeafID
	Room, Quiet   bool
}

// stepOfSent is what one thing sent counts for, in bytes.
const stepOfSent = 4 << 10

// into reads what is sent into a conversation, and counts it.
func (d *Door) into(r *answer.Request, by face.ID) (message.Sealed, error) {
	var in change
	err := readJSON(r, &in)
	if err == nil {
		err = d.Sent.TakeN(string(by), 1+(len(in.Body)+len(in.Welcome))/stepOfSent)
	}
	return message.Sealed{Group: message.GroupID(r.PathValue("id")), Leaf: in.Leaf, Epoch: in.Epoch, Once: in.Once,
		Body: in.Body, Welcome: in.Welcome, Add: in.Add, Remove: in.Remove, Room: in.Room, Quiet: in.Quiet}, err
}

type placed struct {
	N int64 `json:"n"`
}

func (d *Door) changeGroup(r *answer.Request, by face.ID) (any, error) {
	s, err := d.into(r, by)
	if err != nil {
		return nil, err
	}
	n, err := d.Messages.Commit(r.Context(), by, s)
	return placed{n}, err
}

func (d *Door) sendText(r *answer.Request, by face.ID) (any, error) {
	s, err := d.into(r, by)
	if err == nil && (len(s.Add)+len(s.Remove)+len(s.Welcome) > 0 || s.Room) {
		err = fault.New(fault.Invalid, "message.not_sealed")
	}
	if err != nil {
		return nil, err
	}
	n, err := d.Messages.Post(r.Context(), by, s)
	return placed{n}, err
}
