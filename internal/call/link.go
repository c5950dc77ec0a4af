package call

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/typed"
)

// LinkState is how a link stands. The list is append-only.
type LinkState string

// The states of a link. Burnt is for ever, and said; silent is not said.
const (
	Open   LinkState = "open"
	Silent LinkState = "silent"
	Burnt  LinkState = "burnt"
)

// MaxLinks is how many links one has at most.
const MaxLinks = 50

// MaxName is how long the name of a guest is, and the one a link shows.
const MaxName = 60

// Link is an address at which somebody can be called without an account.
type Link struct {
	ID    string // drawn by her browser; in the address, but for her own
	Face  face.ID
	Own   bool   // it lies under her handle
	Shown string // what she is called there
	Named bool   // it leads to her page
	Once  bool   // it is good for one call
	Key   string // her public key for it: P-256, base64url
	Zone  string // by whose clock it rings, where she has not said when she can be met
	State LinkState
}

const linkColumns = `SELECT id, face_id, own, shown, named, once, public_key, zone, state FROM call_link `

var (
	qMakeLink  = db.SQL("call.makeLink", `INSERT INTO call_link (id, face_id, own, shown, named, once, public_key, zone, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open') ON CONFLICT DO NOTHING`)
	qLink      = db.SQL("call.link", linkColumns+`WHERE id = $1`)
	qOwnLink   = db.SQL("call.ownLink", linkColumns+`WHERE face_id = $1 AND own = 1`)
	qLinks     = db.SQL("call.links", linkColumns+`WHERE face_id = $1 ORDER BY own DESC, state, shown, id`)
	qSetLink   = db.SQL("call.setLink", `UPDATE call_link SET state = $3 WHERE id = $1 AND face_id = $2 AND state <> 'burnt'`)
	qDropLink  = db.SQL("call.dropLink", `DELETE FROM call_link WHERE id = $1 AND face_id = $2 AND state = 'burnt'`)
	qLinksGone = db.SQL("call.linksGone", `DELETE FROM call_link WHERE face_id = $1`)
)

func (r *Room) links(ctx context.Context, q *db.Query, arg string) (list []Link, err error) {
	err = r.config.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var l Link
		var own, named, once int
		err := scan(&l.ID, &l.Face, &own, &l.Shown, &named, &once, &l.Key, &l.Zone, &l.State)
		l.Own, l.Named, l.Once = own == 1, named == 1, once == 1
		list = append(list, l)
		return err
	}, arg)
	return list, err
}

func (r *Room) link(ctx context.Context, q *db.Query, arg string) (Link, error) {
	list, err := r.links(ctx, q, arg)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "call.link.none")
	}
	if err != nil {
		return Link{}, err
	}
	return list[0], nil
}

// Link finds a link by its id, OwnLink the one under somebody's handle. Faults: NotFound.
func (r *Room) Link(ctx context.Context, id string) (l Link, err error) {
	defer fault.Wrap(&err, "call.Link")
	if l, err = r.link(ctx, qLink, id); err == nil && l.Own {
		err = fault.New(fault.NotFound, "call.link.none")
	}
	return l, err
}

// OwnLink finds the link under somebody's handle. Faults: NotFound.
func (r *Room) OwnLink(ctx context.Context, of face.ID) (l Link, err error) {
	defer fault.Wrap(&err, "call.OwnLink")
	return r.link(ctx, qOwnLink, string(of))
}

// Links lists somebody's links, her own first. Faults: SignIn.
func (r *Room) Links(ctx context.Context, by face.ID) (list []Link, err error) {
	defer fault.Wrap(&err, "call.Links")
	if err := MayLink(by); err != nil {
		return nil, err
	}
	return r.links(ctx, qLinks, string(by))
}

// MakeLink makes a link; her own leads to her page and is good for many calls. Faults:
// SignIn; Invalid; Conflict when there is one already, or too many.
func (r *Room) MakeLink(ctx context.Context, by face.ID, l Link) (err error) {
	defer fault.Wrap(&err, "call.MakeLink")
	if err := MayLink(by); err != nil {
		return err
	}
	if l.Shown, err = typed.Line("shown", l.Shown, 1, MaxName); err != nil {
		return err
	}
	if !ident.Valid(l.ID) || !validKey(l.Key) {
		return fault.New(fault.Invalid, "fault.not_text")
	}
	if l.Own {
		l.Named, l.Once = true, false
	}
	return r.config.DB.Tx(ctx, func(ctx context.Context) error {
		list, err := r.links(ctx, qLinks, string(by))
		if err == nil && len(list) >= MaxLinks {
			err = fault.New(fault.Conflict, "call.link.many", MaxLinks)
		}
		if err != nil {
			return err
		}
		n, err := r.config.DB.Exec(ctx, qMakeLink, l.ID, string(by), bit(l.Own), l.Shown, bit(l.Named), bit(l.Once), l.Key, l.Zone)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "call.link.there")
		}
		return err
	})
}

// SetLink lets a link ring, be silent, or burn. Faults: SignIn; NotFound, also of one that
// is burnt.
func (r *Room) SetLink(ctx context.Context, by face.ID, id string, s LinkState) (err error) {
	defer fault.Wrap(&err, "call.SetLink")
	return r.linkDeed(ctx, by, qSetLink, id, string(by), string(s))
}

// DropLink takes a burnt link away. Faults: SignIn; NotFound, also of one that is not burnt.
func (r *Room) DropLink(ctx context.Context, by face.ID, id string) (err error) {
	defer fault.Wrap(&err, "call.DropLink")
	return r.linkDeed(ctx, by, qDropLink, id, string(by))
}

func (r *Room) linkDeed(ctx context.Context, by face.ID, q *db.Query, args ...any) error {
	if err := MayLink(by); err != nil {
		return err
	}
	return r.config.DB.Tx(ctx, func(ctx context.Context) error {
		n, err := r.config.DB.Exec(ctx, q, args...)
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "call.link.none")
		}
		return err
	})
}

// validKey tells whether a text is a point of P-256.
func validKey(text string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(b)
	}
	return err == nil
}

func bit(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
