package consultation

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/guard"
	"guildhall/internal/lang"
	"guildhall/internal/markdown"
	"guildhall/internal/typed"
)

// Opening is what one says to begin a consultation.
type Opening struct {
	Title   string
	About   string
	Lang    string
	LastDay string   // the last day on which one can answer, 2006-01-02, UTC
	Seeds   []string // first statements
	Origin  Origin
	Space   string // whose masks are asked; empty: the open profiles
}

// Open begins a consultation, whose steward the opener is, unless she acts for a
// platform. Faults: SignIn and Forbidden (see MayOpen, MayAskMasks); Invalid on title,
// about, lang, last_day, seeds, for a platform also for words that ask people to say who
// they are; NotFound for no such space.
func (r *Room) Open(ctx context.Context, by Actor, o Opening) (c Consultation, err error) {
	defer fault.Wrap(&err, "consultation.Open")
	c = Consultation{ID: ID(r.ids.New()), Origin: o.Origin, Space: o.Space, Opened: r.moment(), secret: make([]byte, 32)}
	if c.Title, err = typed.Line("title", o.Title, MinTitle, MaxTitle); err != nil {
		return c, err
	}
	if l, ok := lang.Parse(o.Lang); ok && l.String() == o.Lang {
		c.Lang = o.Lang
	} else {
		return c, fault.On("lang", fault.Invalid, "fault.choose")
	}
	if c.About, c.HTML, err = r.about(o.About); err != nil {
		return c, err
	}
	if c.Closes, err = closing(o.LastDay, c.Opened); err != nil {
		return c, err
	}
	seeds, err := sow(o.Seeds)
	if err != nil {
		return c, err
	}
	if err := modest(by, o); err != nil {
		return c, err
	}
	c.Platform, c.Mandate = by.For, by.Mandate
	c.Statements = len(seeds)
	if _, err = rand.Read(c.secret); err != nil {
		return c, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error { return r.openTx(ctx, by, &c, seeds) })
	return c, err
}

func (r *Room) openTx(ctx context.Context, by Actor, c *Consultation, seeds []string) error {
	settled, busy := false, false
	if by.Face != "" {
		j, err := r.joined(ctx, by.Face)
		if err != nil {
			return err
		}
		settled = !late(j, c.Opened)
		var one int64
		q, whose := qOpenBy, string(by.Face)
		if by.For != "" {
			q, whose = qOpenFor, by.For
		}
		if busy, err = r.DB.Row(ctx, q, []any{whose, micros(c.Opened)}, &one); err != nil {
			return err
		}
	}
	if err := MayOpen(by, c.Origin, settled, busy); err != nil {
		return err
	}
	if c.Space != "" {
		if err := MayAskMasks(by, c.Opened); err != nil {
			return err
		}
		if err := r.Speaking(ctx, c.Space); err != nil {
			return err
		}
		if err := r.Jobs.Add(ctx, KeyJob, string(c.ID), string(c.ID), c.Opened); err != nil {
			return err
		}
	}
	if err := r.makeTx(ctx, by, *c); err != nil {
		return err
	}
	for i, text := range seeds {
		if _, err := r.DB.Exec(ctx, qStatementMake, string(c.ID), i+1, text, 1, ""); err != nil {
			return err
		}
	}
	if c.Platform == "" {
		c.Steward.ID = by.Face
		if err := r.Faces.Fill(ctx, &c.Steward); err != nil {
			return err
		}
	}
	r.touched(ctx, c.ID)
	if o := c.Origin; o.Kind != "" {
		db.AfterCommit(ctx, func() { r.Touch("began:" + o.Kind + ":" + o.ID) })
	}
	if err := r.Jobs.Add(ctx, CloseJob, string(c.ID), string(c.ID), c.Closes); err != nil {
		return err
	}
	return r.Events.Append(ctx, EventOpened, string(c.ID), c.Origin)
}

// modest refuses what a platform asks of people beside what they think: who they are.
func modest(by Actor, o Opening) error {
	if by.For == "" {
		return nil
	}
	for _, x := range []struct{ field, text string }{{"title", o.Title}, {"about", o.About}, {"seeds", strings.Join(o.Seeds, "\n")}} {
		if err := guard.AsksWho(x.field, x.text); err != nil {
			return err
		}
	}
	return nil
}

// about renders what a consultation says of itself.
func (r *Room) about(text string) (string, markdown.HTML, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", "", nil
	}
	if len(text) > MaxAbout {
		return "", "", fault.On("about", fault.Invalid, "consultation.about_long", MaxAbout)
	}
	t, err := markdown.Render(text, markdown.Options{Top: 3, Host: r.Host})
	if f := fault.From(err); err != nil {
		return "", "", fault.On("about", f.Kind, f.Key, f.Args...).Because(err)
	}
	return text, t.HTML, nil
}

// closing is the end of the day that was chosen.
func closing(day string, now time.Time) (time.Time, error) {
	if strings.TrimSpace(day) == "" {
		return time.Time{}, fault.On("last_day", fault.Invalid, "consultation.day_missing")
	}
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(day))
	if err != nil {
		return t, fault.On("last_day", fault.Invalid, "consultation.day_broken")
	}
	if n := epoch.Day(t) - epoch.Day(now); n < MinDays || n > MaxDays {
		return t, fault.On("last_day", fault.Invalid, "consultation.day_far", MinDays, MaxDays)
	}
	return t.AddDate(0, 0, 1), nil
}

// sow checks the first statements, each as if somebody had added it.
func sow(seeds []string) (list []string, err error) {
	for _, s := range seeds {
		if strings.TrimSpace(s) == "" {
			continue
		}
		text, err := statement("seeds", s)
		if err != nil {
			f := fault.From(err)
			if strings.HasPrefix(f.Key, "guard.") { // it quotes what it found, so one sees where
				return nil, err
			}
			return nil, fault.On("seeds", f.Kind, "consultation.seed_wrong", len(list)+1).Because(fmt.Errorf("%w", err))
		}
		if n := near(text, list); n > 0 {
			return nil, fault.On("seeds", fault.Invalid, "consultation.seed_twice", n, len(list)+1)
		}
		list = append(list, text)
	}
	switch {
	case len(list) < 2:
		return nil, fault.On("seeds", fault.Invalid, "consultation.seeds_few")
	case len(list) > MaxSeeds:
		return nil, fault.On("seeds", fault.Invalid, "consultation.seeds_many", MaxSeeds)
	}
	return list, nil
}
