package platform

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/typed"
)

// The events of this room. The subject is the platform's id; none carries text.
const (
	EventProposed = "platform.proposed"
	EventDecided  = "platform.decided" // data Verdict's word as Decided
)

// Decided says what stewards said.
type Decided struct {
	Word Word `json:"word"`
}

// Config is what the room is given.
type Config struct {
	DB     *db.DB
	Events *event.Log
	Now    func() time.Time
	// Touch is told, after a commit, whose pages have changed: "platforms",
	// "platform:ID". nil tells nobody.
	Touch func(things ...string)
}

// Room keeps the platforms of one hall. Safe for concurrent use.
type Room struct{ Config }

// New makes the room.
func New(c Config) *Room {
	if c.Touch == nil {
		c.Touch = func(...string) {}
	}
	return &Room{c}
}

// Platform reads one. Faults: NotFound.
func (r *Room) Platform(ctx context.Context, a Actor, id ID) (p Platform, err error) {
	defer fault.Wrap(&err, "platform.Platform(%s)", id)
	list, err := r.rows(ctx, qOne, string(id))
	if err != nil {
		return p, err
	}
	if len(list) == 0 {
		return p, fault.New(fault.NotFound, "platform.none")
	}
	return list[0], MayRead(a, list[0])
}

// Named finds the platform that an article or a document names in words, as names are
// compared: "cafe gigs" is Café Gigs. Empty for none, and for one that is not accepted.
func (r *Room) Named(ctx context.Context, words string) (id ID, err error) {
	defer fault.Wrap(&err, "platform.Named")
	key := ident.Fold(words)
	if key == "" {
		return "", nil
	}
	list, err := r.rows(ctx, qNamed, key)
	if err == nil && len(list) == 0 { // as it was called before
		list, err = r.rows(ctx, qFormerly, key)
	}
	if err != nil || len(list) == 0 || !list[0].Accepted() {
		return "", err
	}
	return list[0].ID, nil
}

// Platforms lists by name those that are accepted, and to who proposed them and
// to stewards the others.
func (r *Room) Platforms(ctx context.Context, a Actor) (list []Platform, err error) {
	defer fault.Wrap(&err, "platform.Platforms")
	all, err := r.rows(ctx, qAll)
	for _, p := range all {
		if p.Accepted() || a.Steward || a.Face != "" && a.Face == p.ProposedBy {
			list = append(list, p)
		}
	}
	return list, err
}

// Verdicts is what stewards decided of a platform, the newest first. Faults: NotFound.
func (r *Room) Verdicts(ctx context.Context, a Actor, id ID) (list []Verdict, err error) {
	defer fault.Wrap(&err, "platform.Verdicts(%s)", id)
	if _, err = r.Platform(ctx, a, id); err != nil {
		return nil, err
	}
	return r.verdictRows(ctx, id)
}

// Propose names a platform; stewards are asked. Faults: SignIn; Invalid on
// "name", "domain" or "about"; Conflict on "name" or "domain" when there is one
// that could be taken for it, waiting and refused ones included.
func (r *Room) Propose(ctx context.Context, by Actor, n Proposal) (p Platform, err error) {
	defer fault.Wrap(&err, "platform.Propose")
	if err = MayPropose(by); err != nil {
		return p, err
	}
	p = Platform{ProposedBy: by.Face, At: r.moment()}
	if p.Name, err = typed.Line("name", n.Name, 2, MaxName); err != nil {
		return p, err
	}
	if p.About, err = typed.Line("about", n.About, 0, MaxAbout); err != nil {
		return p, err
	}
	d, err := ParseDomain(n.Domain)
	if err != nil {
		return p, err
	}
	p.Domain, p.ID = d.ASCII, address(p.Name, d)
	err = r.DB.Tx(ctx, func(ctx context.Context) error { return r.proposeTx(ctx, &p, d) })
	return p, err
}

func (r *Room) proposeTx(ctx context.Context, p *Platform, d Domain) error {
	if err := r.freeTx(ctx, "name", qLikeName, ident.Fold(p.Name), ""); err != nil {
		return err
	}
	if err := r.freeTx(ctx, "domain", qLikeDomain, d.look(), ""); err != nil {
		return err
	}
	var id string
	if found, err := r.DB.Row(ctx, qTaken, []any{string(p.ID)}, &id); err != nil {
		return err
	} else if found || p.ID == "new" {
		p.ID += "-" + ID(ident.Slug(strings.ReplaceAll(p.Domain, ".", "-")))
	}
	_, err := r.DB.Exec(ctx, qMake, string(p.ID), p.Name, ident.Fold(p.Name), p.Domain, d.look(), p.About, string(p.ProposedBy), db.Micros(p.At))
	if db.IsUnique(err) {
		return fault.On("name", fault.Conflict, "platform.taken", p.Name).Because(err)
	}
	if err != nil {
		return err
	}
	r.touched(ctx, p.ID)
	return r.Events.Append(ctx, EventProposed, string(p.ID), struct{}{})
}

// Erase takes away what a face proposed and nobody has decided yet, and its words about
// what was refused. What was accepted is everybody's. Faults: none but Unavailable.
func (r *Room) Erase(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "platform.Erase")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		list, err := r.rows(ctx, qProposedBy, string(f))
		if err != nil {
			return err
		}
		for _, p := range list {
			q := qEraseAbout
			switch {
			case p.Accepted():
				continue
			case p.Verdict == nil:
				q = qErase
			}
			for _, q := range []*db.Query{qEraseCorrections, q} { // they hold the words as well
				if _, err := r.DB.Exec(ctx, q, string(p.ID)); err != nil {
					return err
				}
			}
			r.touched(ctx, p.ID)
		}
		return nil
	})
}

// freeTx refuses what could be taken for another platform than own.
func (r *Room) freeTx(ctx context.Context, field string, q *db.Query, key, own string) error {
	var name string
	found, err := r.DB.Row(ctx, q, []any{key, own}, &name)
	if err == nil && found {
		err = fault.On(field, fault.Conflict, "platform.taken", name)
	}
	return err
}

// Decide accepts a platform or refuses it; a later word counts. Faults: SignIn,
// Forbidden, NotFound; Invalid on "word" or "reason".
func (r *Room) Decide(ctx context.Context, by Actor, id ID, word Word, reason string) (err error) {
	defer fault.Wrap(&err, "platform.Decide(%s)", id)
	if err = MayDecide(by); err != nil {
		return err
	}
	if word != Accepted && word != Refused {
		return fault.On("word", fault.Invalid, "fault.choose")
	}
	if reason, err = typed.Line("reason", reason, 3, MaxReason); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.Platform(ctx, by, id); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qCount, string(id)); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qVerdict, string(id), string(word), string(by.Face), db.Micros(r.moment()), reason); err != nil {
			return err
		}
		r.touched(ctx, id)
		return r.Events.Append(ctx, EventDecided, string(id), Decided{word})
	})
}

func (r *Room) touched(ctx context.Context, id ID) {
	db.AfterCommit(ctx, func() { r.Touch("platforms", "platform:"+string(id)) })
}

// moment is now as the database keeps it: whole microseconds, UTC.
func (r *Room) moment() time.Time { return r.Now().UTC().Truncate(time.Microsecond) }

// maxAddress is the length of an address that comes from a name.
const maxAddress = 40

var typable = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// address makes the id of the letters that every keyboard has: of the name, else
// of the domain.
func address(name string, d Domain) ID {
	bare := strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return c
	}, norm.NFKD.String(name))
	if s := ident.Slug(bare); typable.MatchString(s) && len(s) <= maxAddress && s != ident.Slug("") {
		return ID(s)
	}
	return ID(ident.Slug(strings.ReplaceAll(d.ASCII, ".", "-")))
}
