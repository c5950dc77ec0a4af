package call

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/typed"
)

// Guest is what is known of whoever calls by a link, while the call is kept.
type Guest struct {
	Link     string // its id
	Name     string // what she calls herself
	Asked    string // what her page has sealed for the devices of the called
	Answered string // what the page that answered has sealed for hers
	Opened   string // what opens the digits that both compare
	Booking  string // by which she calls; "": by the link alone
}

const (
	guestMark = "guest-"
	// maxSealed is how long what pages seal for each other is at most, as text; numberLong
	// how long a number of 32 bytes is.
	maxSealed  = 2000
	numberLong = 43
)

var (
	qMakeGuest  = db.SQL("call.makeGuest", `INSERT INTO call_guest (call_id, link_id, name, asked, answered, opened, booking_id) VALUES ($1, $2, $3, $4, '', '', $5)`)
	qGuest      = db.SQL("call.guest", `SELECT link_id, name, asked, answered, opened, booking_id FROM call_guest WHERE call_id = $1`)
	qReply      = db.SQL("call.reply", `UPDATE call_guest SET answered = $2 WHERE call_id = $1`)
	qOpenGuest  = db.SQL("call.openGuest", `UPDATE call_guest SET opened = $2 WHERE call_id = $1 AND opened = '' AND answered <> ''`)
	qUsed       = db.SQL("call.used", `UPDATE call_link SET state = 'burnt' WHERE id = $1 AND once = 1`)
	qGuestsGone = db.SQL("call.guestsGone", `DELETE FROM call_guest WHERE NOT EXISTS (SELECT 1 FROM call WHERE call.id = call_id)`)
)

// Visitor is whoever knows a secret, as a side of a call.
func Visitor(secret string) face.ID {
	sum := sha256.Sum256([]byte("guildhall/calls/guest/1\x00" + secret))
	return face.ID(guestMark + base64.RawURLEncoding.EncodeToString(sum[:]))
}

// ByGuest tells that a call came by a link.
func (c Call) ByGuest() bool { return strings.HasPrefix(string(c.From), guestMark) }

// BeginByLink calls whoever has made a link. What it gives with the call is the secret by
// which the guest's page is known. Faults: NotFound; Invalid; Conflict for a link that is
// burnt, and while another guest rings.
func (r *Room) BeginByLink(ctx context.Context, link Link, name, asked string) (c Call, secret string, err error) {
	return r.begin(ctx, link, "", name, asked)
}

// begin is either, by a link or by a booking.
func (r *Room) begin(ctx context.Context, link Link, booking, name, asked string) (c Call, secret string, err error) {
	defer fault.Wrap(&err, "call.begin")
	if name, err = typed.Line("name", name, 1, MaxName); err != nil {
		return c, "", err
	}
	if asked == "" || len(asked) > maxSealed {
		return c, "", fault.New(fault.Invalid, "fault.not_text")
	}
	secret = ident.Random()
	err = r.config.DB.Tx(ctx, func(ctx context.Context) error {
		l, err := r.link(ctx, qLink, link.ID) // as it is now
		if err == nil {
			err = MayRing(l)
		}
		if err != nil {
			return err
		}
		now := r.config.Now()
		open, err := r.calls(ctx, qOpen, string(l.Face), now.UnixMicro())
		if err != nil {
			return err
		}
		for _, o := range open {
			if o.ByGuest() && o.State == Ringing {
				return fault.New(fault.Conflict, "call.link.rings")
			}
		}
		c = Call{ID: ID(ident.Random()), From: Visitor(secret), To: l.Face, State: Ringing, silent: l.State == Silent, due: now.Add(RingFor)}
		c.Room = c.ID
		if c, err = r.makeTx(ctx, c); err != nil {
			return err
		}
		_, err = r.config.DB.Exec(ctx, qMakeGuest, string(c.ID), l.ID, name, asked, booking)
		return err
	})
	return c, secret, err
}

// Guest tells what is known of the guest of a call, to either side. Faults: NotFound.
func (r *Room) Guest(ctx context.Context, by face.ID, id ID) (g Guest, err error) {
	defer fault.Wrap(&err, "call.Guest")
	if _, err := r.seen(ctx, by, id); err != nil {
		return g, err
	}
	found, err := r.config.DB.Row(ctx, qGuest, []any{string(id)}, &g.Link, &g.Name, &g.Asked, &g.Answered, &g.Opened, &g.Booking)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "call.over")
	}
	return g, err
}

// AnswerGuest is Answer, with what the page that answers has sealed for the guest's. A link
// that is good for one call is burnt by it. Faults: as Answer; Invalid.
func (r *Room) AnswerGuest(ctx context.Context, by face.ID, id ID, seat, answered string) (c Call, err error) {
	defer fault.Wrap(&err, "call.AnswerGuest")
	if answered == "" || len(answered) > maxSealed {
		return c, fault.New(fault.Invalid, "fault.not_text")
	}
	err = r.config.DB.Tx(ctx, func(ctx context.Context) error {
		g, err := r.Guest(ctx, by, id)
		if err != nil {
			return err
		}
		if c, err = r.Answer(ctx, by, id, seat); err != nil || g.Answered != "" {
			return err
		}
		if _, err = r.config.DB.Exec(ctx, qReply, string(id), answered); err == nil {
			_, err = r.config.DB.Exec(ctx, qUsed, g.Link)
		}
		if err == nil {
			err = r.metTx(ctx, g)
		}
		return err
	})
	return c, err
}

// OpenDigits takes the number of the guest's page that opens the digits, once and after the
// answer. Faults: NotFound; Invalid; Conflict.
func (r *Room) OpenDigits(ctx context.Context, by face.ID, id ID, number string) (err error) {
	defer fault.Wrap(&err, "call.OpenDigits")
	if len(number) != numberLong {
		return fault.New(fault.Invalid, "fault.not_text")
	}
	return r.config.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := r.seen(ctx, by, id)
		if err == nil && by != c.From {
			err = fault.New(fault.NotFound, "call.over")
		}
		if err != nil {
			return err
		}
		n, err := r.config.DB.Exec(ctx, qOpenGuest, string(id), number)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "call.over")
		}
		if err == nil {
			db.AfterCommit(ctx, func() { r.config.Tell(c.To) })
		}
		return err
	})
}
