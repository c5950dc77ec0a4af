package account

import (
	"context"

	"guildhall/internal/alliance"
	"guildhall/internal/face"
	"guildhall/internal/member"
)

// connections are whom she knows, whom she asks, and what she has noted, sealed as
// it lies here: only her browsers can open it.
type connections struct {
	Known       []string          `json:"known"`
	Asking      []string          `json:"asking"`
	AskedBy     []string          `json:"asked_by"`
	Introducing [][2]string       `json:"introducing"`
	SealedNotes map[string]string `json:"sealed_notes"`
}

func (d *Door) exportConnections(ctx context.Context, s member.Session, x *exported) error {
	me := alliance.Actor{Face: face.ID(s.Face)}
	known, err := d.Alliances.Connections(ctx, me)
	if err != nil {
		return err
	}
	w, err := d.Alliances.Waits(ctx, me)
	if err != nil {
		return err
	}
	notes, err := d.Alliances.Notes(ctx, me)
	if err != nil {
		return err
	}
	c := &x.Connections
	c.SealedNotes = map[string]string{}
	for _, f := range known {
		c.Known = append(c.Known, f.Name)
		for _, n := range notes {
			if n.Other == f.ID {
				c.SealedNotes[f.Name] = n.Sealed
			}
		}
	}
	for _, a := range w.Asking {
		c.Asking = append(c.Asking, a.To.Name)
	}
	for _, a := range w.Asked {
		c.AskedBy = append(c.AskedBy, a.From.Name)
	}
	for _, i := range w.Introducing {
		c.Introducing = append(c.Introducing, [2]string{i.One.Name, i.Other.Name})
	}
	return nil
}
