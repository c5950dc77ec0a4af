package question

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/markdown"
)

// Config is what the room is given.
type Config struct {
	DB     *db.DB
	Events *event.Log
	Faces  *face.Room
	Now    func() time.Time
	// Platform tells whether questions may be put to a platform.
	Platform func(ctx context.Context, id string) (bool, error)
	// Touch is told, after a commit, whose pages have changed. nil tells nobody.
	Touch func(things ...string)
	// Host is the hall's own; links to it are not outbound.
	Host string
}

// Room keeps the questions of one hall. Safe for concurrent use.
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

// Today is the day on which clocks are read now.
func (r *Room) Today() Day { return DayOf(r.Now()) }

// moment is now as the database keeps it: whole microseconds, UTC.
func (r *Room) moment() time.Time { return r.Now().UTC().Truncate(time.Microsecond) }

func (r *Room) touched(ctx context.Context, q Question) {
	db.AfterCommit(ctx, func() {
		r.Touch("questions", "question:"+string(q.ID), "clock:"+q.Platform)
		if q.Clause != "" {
			r.Touch("clause:" + q.Clause)
		}
	})
}

// text renders what a person wrote, within a number of bytes and of links.
func (r *Room) text(field, s string, most, links int) (string, markdown.HTML, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", "", nil
	}
	t, err := markdown.Render(s, markdown.Options{MaxBytes: most, Top: 3, Host: r.Host})
	if err != nil {
		f := *fault.From(err)
		f.Field = field
		return s, "", &f
	}
	if links > 0 && len(t.Links) > links {
		return s, "", fault.On(field, fault.Invalid, "question.links", links)
	}
	return s, t.HTML, nil
}

// address reads where something was said: a page of the web. Faults: Invalid.
func address(field, s string, needed bool) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" && !needed {
		return "", nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(s) > MaxLink {
		return s, fault.On(field, fault.Invalid, "question.link")
	}
	return u.String(), nil
}

// owed checks who is said to owe the answer.
func (r *Room) owed(ctx context.Context, o Owes, platform string) error {
	if !slices.Contains([]Owes{ByPlatform, ByCommunity, BySite}, o) {
		return fault.On("owes", fault.Invalid, "fault.choose")
	}
	if platform == "" {
		if o == ByPlatform {
			return fault.On("platform", fault.Invalid, "question.which_platform")
		}
		return nil
	}
	if ok, err := r.Platform(ctx, platform); err != nil {
		return err
	} else if !ok {
		return fault.On("platform", fault.Invalid, "fault.choose")
	}
	return nil
}
