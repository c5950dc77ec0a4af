package representative

import (
	"context"
	"strings"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/guard"
	"guildhall/internal/ident"
	"guildhall/internal/typed"
)

// Config is what the room is given.
type Config struct {
	DB    *db.DB
	Faces *face.Room
	Now   func() time.Time
	// Host is the hall's own; it stands in what platforms publish.
	Host string
	// Domain is that of a platform that is accepted; empty: it is not.
	Domain func(ctx context.Context, platform string) (string, error)
	// LookupTXT asks the DNS. It ends by itself after some seconds.
	LookupTXT func(ctx context.Context, name string) ([]string, error)
	// Fetch reads a page of at most MaxFile bytes from a public address, and follows
	// redirects to the same host only.
	Fetch func(ctx context.Context, address string) ([]byte, error)
	// Began is told, in the transaction, of a mandate that the platform has confirmed for
	// the first time.
	Began func(ctx context.Context, m Mandate) error
	// Touch is told, after a commit, whose pages have changed: "mandates:PLATFORM",
	// "mandate:ID". nil tells nobody.
	Touch func(things ...string)
}

// Room keeps who acts for the platforms of one hall. Safe for concurrent use.
type Room struct{ Config }

// New makes the room.
func New(c Config) *Room {
	if c.Touch == nil {
		c.Touch = func(...string) {}
	}
	return &Room{c}
}

// How often the hall looks, and for how long.
const (
	every    = 23 * time.Hour // a look that comes an hour late is still a daily one
	patience = 30             // days for which it looks on where nothing is found
	atOnce   = 50             // mandates looked at in one go
	longest  = time.Minute    // after which no further one is begun
	lately   = 3 * time.Hour  // CheckDue is called oftener than that
)

// Claim says that a member acts for a platform; it counts once the platform says so
// too. Faults: SignIn; NotFound for a platform that is not accepted; Conflict when
// she has said so already; Invalid on "role", also where it asks people who they are.
func (r *Room) Claim(ctx context.Context, by Actor, platform, role string) (m Mandate, err error) {
	defer fault.Wrap(&err, "representative.Claim(%s)", platform)
	if err = MayClaim(by); err != nil {
		return m, err
	}
	if role, err = roleOf(role); err != nil {
		return m, err
	}
	m = Mandate{ID: ID(ident.Random()), Platform: platform, Face: face.Face{ID: by.Face}, Role: role, madeDay: r.today()}
	m.Text = published(r.Host, platform, ident.Random())
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		if m.Domain, err = r.Domain(ctx, platform); err != nil {
			return err
		}
		if m.Domain == "" {
			return fault.New(fault.NotFound, "representative.no_platform")
		}
		list, err := r.rows(ctx, qLive, string(by.Face), platform)
		for _, x := range list {
			if err == nil && (!x.Fallen || x.Suspension != nil) { // a fallen one is of another domain
				err = fault.New(fault.Conflict, "representative.already")
			}
		}
		if err != nil {
			return err
		}
		r.touched(ctx, m)
		_, err = r.DB.Exec(ctx, qMake, string(m.ID), m.Platform, m.Domain, string(by.Face), m.Role, m.Text, m.madeDay)
		return err
	})
	return m, err
}

// Mandate reads one, as somebody sees it. Faults: NotFound.
func (r *Room) Mandate(ctx context.Context, a Actor, id ID) (m Mandate, err error) {
	defer fault.Wrap(&err, "representative.Mandate")
	if m, err = r.mandate(ctx, id); err != nil {
		return m, err
	}
	if m.First.IsZero() && !mine(a, m) {
		return Mandate{}, fault.New(fault.NotFound, "representative.none")
	}
	list := []Mandate{veiled(a, m)}
	err = r.fill(ctx, list)
	return list[0], err
}

func (r *Room) mandate(ctx context.Context, id ID) (Mandate, error) {
	list, err := r.rows(ctx, qOne, string(id))
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "representative.none")
	}
	if err != nil {
		return Mandate{}, err
	}
	return list[0], nil
}

// Check looks now whether the platform says so, and keeps what was found; what was
// not, stands in the mandate. No transaction may be open. Faults: SignIn, NotFound,
// Conflict when it ended.
func (r *Room) Check(ctx context.Context, by Actor, id ID) (m Mandate, err error) {
	defer fault.Wrap(&err, "representative.Check")
	if m, err = r.mandate(ctx, id); err != nil {
		return m, err
	}
	if err = MayKeep(by, m); err != nil {
		return Mandate{}, err
	}
	return r.check(ctx, m)
}

func (r *Room) check(ctx context.Context, m Mandate) (Mandate, error) {
	domain, err := r.Domain(ctx, m.Platform)
	if err != nil {
		return m, err
	}
	m.Way, m.DNSFault, m.FileFault = "", "representative.no_platform", ""
	if domain == m.Domain {
		m.Way, m.DNSFault, m.FileFault = r.look(ctx, m)
	}
	if err := ctx.Err(); err != nil {
		return m, err // whoever asked has gone; nothing was learnt of the platform
	}
	m.Checked = r.moment()
	began := m.Way != "" && m.First.IsZero()
	if began {
		m.First = m.Checked
	}
	if m.Way != "" {
		m.Found = m.Checked
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		r.touched(ctx, m)
		n, err := r.DB.Exec(ctx, qChecked, string(m.ID), string(m.Way), micros(m.First), micros(m.Found), micros(m.Checked), m.DNSFault, m.FileFault)
		if err != nil || n == 0 || !began {
			return err
		}
		return r.Began(ctx, m)
	})
	return m, err
}

// CheckDue looks at the mandates that were not looked at for a day, the proven ones
// first, for about a minute, and forgets claims that were never proven in 30 days. Of a
// domain that does not answer it asks no more in this turn. Faults: none but Unavailable.
func (r *Room) CheckDue(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "representative.CheckDue")
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qForget, r.today()-patience)
		return err
	})
	if err != nil {
		return err
	}
	now := r.moment()
	due, err := r.rows(ctx, qDue, micros(now.Add(-every)), micros(now.AddDate(0, 0, -patience)), atOnce)
	if err != nil {
		return err
	}
	if err := r.checkAll(ctx, due, now); err != nil {
		return err
	}
	lapsed, err := r.rows(ctx, qLapsing, micros(now.Add(-Lasts-lately)), micros(now.Add(-Lasts)))
	for _, m := range lapsed { // pages that were kept say that it is proven
		r.touched(ctx, m)
	}
	return err
}

func (r *Room) checkAll(ctx context.Context, due []Mandate, begun time.Time) error {
	down := map[string]bool{}
	for _, m := range due {
		if down[m.Domain] || r.moment().Sub(begun) >= longest {
			continue // its turn comes: those that were looked at go behind it
		}
		m, err := r.check(ctx, m)
		if err != nil {
			return err
		}
		down[m.Domain] = m.DNSFault == faultDNSDown || m.FileFault == faultFileDown
	}
	return nil
}

// Show sets whether what she does for the platform shows her profile, and whether
// her profile says for whom she speaks. Faults: SignIn, NotFound, Conflict.
func (r *Room) Show(ctx context.Context, by Actor, id ID, named, badged bool) (err error) {
	defer fault.Wrap(&err, "representative.Show")
	return r.keep(ctx, by, id, func(ctx context.Context, _ Mandate) error {
		_, err := r.DB.Exec(ctx, qShow, string(id), one(named), one(badged))
		return err
	})
}

// End says that she acts for the platform no more. What was said stays, with the
// role. Faults: SignIn, NotFound, Conflict.
func (r *Room) End(ctx context.Context, by Actor, id ID) (err error) {
	defer fault.Wrap(&err, "representative.End")
	return r.keep(ctx, by, id, func(ctx context.Context, m Mandate) error { return r.endTx(ctx, m) })
}

func (r *Room) endTx(ctx context.Context, m Mandate) error {
	if m.First.IsZero() { // it never counted
		_, err := r.DB.Exec(ctx, qDrop, string(m.ID))
		return err
	}
	_, err := r.DB.Exec(ctx, qEnd, string(m.ID), micros(r.moment()))
	return err
}

func (r *Room) keep(ctx context.Context, by Actor, id ID, do func(context.Context, Mandate) error) error {
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := r.mandate(ctx, id)
		if err != nil {
			return err
		}
		if err := MayKeep(by, m); err != nil {
			return err
		}
		r.touched(ctx, m)
		return do(ctx, m)
	})
}

// Erase takes a face off its mandates, and ends them: roles stay under what was
// said for a platform. Faults: none but Unavailable.
func (r *Room) Erase(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "representative.Erase")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		list, err := r.rows(ctx, qOfFace, string(f))
		if err != nil {
			return err
		}
		for _, m := range list {
			r.touched(ctx, m)
			if m.Ended.IsZero() {
				if err := r.endTx(ctx, m); err != nil {
					return err
				}
			}
		}
		_, err = r.DB.Exec(ctx, qFaceless, string(f))
		return err
	})
}

func (r *Room) touched(ctx context.Context, m Mandate) {
	db.AfterCommit(ctx, func() { r.Touch("mandates:"+m.Platform, "mandate:"+string(m.ID), "face:"+string(m.Face.ID)) })
}

// moment is now as the database keeps it: whole microseconds, UTC.
func (r *Room) moment() time.Time { return r.Now().UTC().Truncate(time.Microsecond) }

func (r *Room) today() int64 { return r.Now().Unix() / 86400 }

// roleOf reads a role: everybody sees it beside what she says for the platform.
func roleOf(s string) (string, error) {
	if err := guard.Plain("role", strings.Join(strings.Fields(s), " ")); err != nil { // told, not tidied: it may be meant to deceive
		return s, err
	}
	s, err := typed.Line("role", s, 2, MaxRole)
	for _, refuse := range []func(field, text string) error{guard.AsksWho, guard.Redacted} {
		if err == nil {
			err = refuse("role", s)
		}
	}
	return s, err
}
