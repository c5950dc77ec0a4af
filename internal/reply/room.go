package reply

import (
	"context"
	"strings"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/guard"
	"guildhall/internal/ident"
	"guildhall/internal/markdown"
	"guildhall/internal/typed"
)

// Config is what the room is given.
type Config struct {
	DB    *db.DB
	Faces *face.Room
	Now   func() time.Time
	// Touch is told, after a commit, whose pages have changed. nil tells nobody.
	Touch func(things ...string)
	// Host is the hall's own; links to it are not outbound.
	Host string
}

// Room keeps the replies of one hall. Safe for concurrent use.
type Room struct {
	Config
	ids *ident.Maker
}

// New makes the room.
func New(c Config) *Room {
	if c.Touch == nil {
		c.Touch = func(...string) {}
	}
	return &Room{Config: c, ids: ident.NewMaker(c.Now)}
}

// Write says what a platform replies to a claim of at most so many bytes, in the name
// of the platform for which by acts. Faults: SignIn, Forbidden; Conflict when it has
// replied already; Invalid on "text".
func (r *Room) Write(ctx context.Context, by Actor, t Target, most int, text string) (x Reply, err error) {
	defer fault.Wrap(&err, "reply.Write(%s)", t.Kind)
	if err = MayWrite(by, by.For); err != nil {
		return x, err
	}
	now := r.moment()
	x = Reply{ID: ID(r.ids.New()), Platform: by.For, Target: t, At: now, EditedAt: now, Revisions: 1, Mandate: by.Mandate}
	if x.Source, x.HTML, err = r.text(text, most); err != nil {
		return x, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qMake, string(x.ID), x.Platform, t.Kind, t.ID, db.Micros(now))
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "reply.there").Because(err)
		}
		if err != nil {
			return err
		}
		return r.reviseTx(ctx, x)
	})
	return x, err
}

// Revise puts a reply into other words; each state stays. Faults: SignIn, NotFound,
// Forbidden; Invalid on "text".
func (r *Room) Revise(ctx context.Context, by Actor, id ID, most int, text string) (x Reply, err error) {
	defer fault.Wrap(&err, "reply.Revise(%s)", id)
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.DB.Exec(ctx, qCount, string(id)); err != nil {
			return err
		}
		if x, err = r.one(ctx, qOne, string(id)); err != nil {
			return err
		}
		if err := MayWrite(by, x.Platform); err != nil {
			return err
		}
		if x.Source, x.HTML, err = r.text(text, most); err != nil {
			return err
		}
		x.Mandate, x.EditedAt = by.Mandate, r.moment()
		return r.reviseTx(ctx, x)
	})
	return x, err
}

func (r *Room) reviseTx(ctx context.Context, x Reply) error {
	r.touched(ctx, x)
	_, err := r.DB.Exec(ctx, qRevise, string(x.ID), x.Revisions, x.Mandate, db.Micros(x.EditedAt), x.Source, string(x.HTML))
	return err
}

// Reply reads one; the words of one that is hidden are left out for all but stewards
// and its platform. Faults: NotFound.
func (r *Room) Reply(ctx context.Context, a Actor, id ID) (x Reply, err error) {
	defer fault.Wrap(&err, "reply.Reply(%s)", id)
	x, err = r.one(ctx, qOne, string(id))
	return veiled(a, x), err
}

// Below reads the reply of a platform below a claim; found is false where there is
// none. Faults: none but Unavailable.
func (r *Room) Below(ctx context.Context, a Actor, t Target, platform string) (x Reply, found bool, err error) {
	defer fault.Wrap(&err, "reply.Below(%s)", t.Kind)
	x, err = r.one(ctx, qBelow, t.Kind, t.ID, platform)
	if fault.Is(err, fault.NotFound) {
		return Reply{}, false, nil
	}
	return veiled(a, x), err == nil, err
}

func veiled(a Actor, x Reply) Reply {
	if x.Hush != nil && !mayReadHidden(a, x) {
		x.Source, x.HTML = "", ""
	}
	return x
}

func mayReadHidden(a Actor, x Reply) bool { return a.Steward || a.For != "" && a.For == x.Platform }

// Revisions are all states of a reply, the newest first; none of one that is hidden,
// but to stewards and its platform. Faults: NotFound.
func (r *Room) Revisions(ctx context.Context, a Actor, id ID) (list []Revision, err error) {
	defer fault.Wrap(&err, "reply.Revisions(%s)", id)
	x, err := r.one(ctx, qOne, string(id))
	if err != nil || x.Hush != nil && !mayReadHidden(a, x) {
		return nil, err
	}
	return r.revisionRows(ctx, id)
}

// Hush hides a reply, with a reason that everybody sees in its place. Faults: SignIn,
// Forbidden, NotFound; Invalid on "reason".
func (r *Room) Hush(ctx context.Context, by Actor, id ID, reason string) (err error) {
	defer fault.Wrap(&err, "reply.Hush(%s)", id)
	if err = MayKeep(by); err != nil {
		return err
	}
	if reason, err = typed.Line("reason", reason, 1, MaxReason); err != nil {
		return err
	}
	return r.hushing(ctx, id, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qHush, string(id), string(by.Face), db.Micros(r.moment()), reason)
		return err
	})
}

// Unhush shows it again. Faults: SignIn, Forbidden, NotFound.
func (r *Room) Unhush(ctx context.Context, by Actor, id ID) (err error) {
	defer fault.Wrap(&err, "reply.Unhush(%s)", id)
	if err = MayKeep(by); err != nil {
		return err
	}
	return r.hushing(ctx, id, func(context.Context) error { return nil })
}

func (r *Room) hushing(ctx context.Context, id ID, do func(context.Context) error) error {
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		x, err := r.one(ctx, qOne, string(id))
		if err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qUnhush, string(id)); err != nil {
			return err
		}
		r.touched(ctx, x)
		return do(ctx)
	})
}

// Correct puts a visible note of the hall below a claim. It stays: a later one puts
// right what an earlier one says. Faults: SignIn, Forbidden; TooMany below one claim;
// Invalid on "text".
func (r *Room) Correct(ctx context.Context, by Actor, t Target, text string) (err error) {
	defer fault.Wrap(&err, "reply.Correct(%s)", t.Kind)
	if err = MayKeep(by); err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return fault.On("text", fault.Invalid, "fault.empty")
	}
	source, html, err := r.render(text, MaxCorrection)
	if err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		var n int
		if _, err := r.DB.Row(ctx, qCorrected, []any{t.Kind, t.ID}, &n); err != nil {
			return err
		}
		if n >= maxCorrected {
			return fault.New(fault.TooMany, "reply.corrected_enough", maxCorrected)
		}
		db.AfterCommit(ctx, func() { r.Touch(t.Thing()) })
		_, err := r.DB.Exec(ctx, qCorrect, t.Kind, t.ID, n+1, string(by.Face), db.Micros(r.moment()), source, string(html))
		return err
	})
}

// Corrections are the hall's notes below a claim, the first one first. Faults: none
// but Unavailable.
func (r *Room) Corrections(ctx context.Context, t Target) (list []Correction, err error) {
	defer fault.Wrap(&err, "reply.Corrections(%s)", t.Kind)
	if list, err = r.correctionRows(ctx, t); err != nil || len(list) == 0 {
		return list, err
	}
	people := make([]*face.Face, len(list))
	for i := range list {
		people[i] = &list[i].By
	}
	return list, r.Faces.Fill(ctx, people...)
}

// text reads what a platform says.
func (r *Room) text(s string, most int) (string, markdown.HTML, error) {
	if strings.TrimSpace(s) == "" {
		return "", "", fault.On("text", fault.Invalid, "fault.empty")
	}
	if err := guard.AsksWho("text", s); err != nil {
		return "", "", err
	}
	return r.render(s, most)
}

func (r *Room) render(s string, most int) (string, markdown.HTML, error) {
	s = strings.TrimSpace(s)
	t, err := markdown.Render(s, markdown.Options{MaxBytes: most, Top: 3, Host: r.Host})
	if err != nil {
		f := *fault.From(err)
		f.Field = "text"
		return "", "", &f
	}
	return s, t.HTML, nil
}

func (r *Room) touched(ctx context.Context, x Reply) {
	db.AfterCommit(ctx, func() { r.Touch("reply:"+string(x.ID), x.Target.Thing()) })
}

// moment is now as the database keeps it: whole microseconds, UTC.
func (r *Room) moment() time.Time { return r.Now().UTC().Truncate(time.Microsecond) }
