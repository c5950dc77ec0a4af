package space

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/lang"
	"guildhall/internal/markdown"
	"guildhall/internal/typed"
)

// Space reads one. Faults: NotFound.
func (r *Room) Space(ctx context.Context, id ID) (s Space, err error) {
	defer fault.Wrap(&err, "space.Space")
	list, err := r.spaceRows(ctx, qSpace, string(id))
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "space.none")
	}
	if err != nil {
		return s, err
	}
	return list[0], nil
}

// Spaces lists all, closed ones last, otherwise the longest open first.
func (r *Room) Spaces(ctx context.Context) (list []Space, err error) {
	defer fault.Wrap(&err, "space.Spaces")
	list, err = r.spaceRows(ctx, qSpaces)
	slices.SortStableFunc(list, func(a, b Space) int {
		switch {
		case a.Closed() == b.Closed():
			return 0
		case b.Closed():
			return -1
		}
		return 1
	})
	return list, err
}

// OfTopic finds the open space that gathers a topic; found is false when there
// is none.
func (r *Room) OfTopic(ctx context.Context, topic string) (s Space, found bool, err error) {
	defer fault.Wrap(&err, "space.OfTopic")
	list, err := r.spaceRows(ctx, qOfTopic, topic)
	if err != nil || len(list) == 0 {
		return s, false, err
	}
	return list[0], true, nil
}

// Revisions is what a space has said of itself, the newest first. Faults: NotFound.
func (r *Room) Revisions(ctx context.Context, id ID) (list []Revision, err error) {
	defer fault.Wrap(&err, "space.Revisions")
	list, err = r.revisionRows(ctx, id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "space.none")
	}
	return list, err
}

// Open opens a space; its address comes from its name. Faults: SignIn,
// Forbidden; Invalid on a field; Conflict on "name" when the address is taken,
// on "topic" when another space gathers it.
func (r *Room) Open(ctx context.Context, by Actor, n Opening) (s Space, err error) {
	defer fault.Wrap(&err, "space.Open")
	if err = MayKeep(by); err != nil {
		return s, err
	}
	if n.Kind != Open && n.Kind != Safe {
		return s, fault.On("kind", fault.Invalid, "fault.choose")
	}
	if (n.Kind == Open) != (n.Topic != "") {
		return s, fault.On("topic", fault.Invalid, "fault.choose")
	}
	if l, ok := lang.Parse(n.Lang); !ok || l.String() != n.Lang {
		return s, fault.On("lang", fault.Invalid, "fault.choose")
	}
	x, err := r.check(n.Kind, n.Says, n.Reason)
	if err != nil {
		return s, err
	}
	id, err := address(n.Address, x.Name)
	if err != nil {
		return s, err
	}
	s = Space{ID: id, Kind: n.Kind, Topic: n.Topic, Lang: n.Lang, OpenedBy: by.Face, OpenedAt: r.moment()}
	x.N, x.By, x.At = 1, by.Face, s.OpenedAt
	s.Revision = x
	err = r.DB.Tx(ctx, func(ctx context.Context) error { return r.openTx(ctx, s) })
	return s, err
}

// maxAddress is the length of an address; passes hold it.
const maxAddress = 40

var plain = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// address makes the id: of the letters that every keyboard and every pass has.
func address(typed, name string) (ID, error) {
	from := typed
	if from == "" {
		from = name
	}
	bare := strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return c
	}, norm.NFKD.String(from))
	s := ident.Slug(bare)
	if len(s) > maxAddress || !plain.MatchString(s) || s == ident.Slug("") {
		return "", fault.On("address", fault.Invalid, "space.address", maxAddress)
	}
	return ID(s), nil
}

// taken are addresses beside /spaces/{id} that mean something else.
var taken = map[ID]bool{"new": true}

func (r *Room) openTx(ctx context.Context, s Space) error {
	if taken[s.ID] {
		return fault.On("name", fault.Conflict, "space.name_taken")
	}
	if s.Topic != "" {
		if _, found, err := r.OfTopic(ctx, s.Topic); err != nil {
			return err
		} else if found {
			return fault.On("topic", fault.Conflict, "space.topic_taken")
		}
	}
	_, err := r.DB.Exec(ctx, qSpaceMake, string(s.ID), string(s.Kind), s.Topic, s.Lang, string(s.OpenedBy), db.Micros(s.OpenedAt))
	if db.IsUnique(err) {
		return fault.On("name", fault.Conflict, "space.name_taken").Because(err)
	}
	if err != nil {
		return err
	}
	return r.reviseTx(ctx, s.ID, s.Revision)
}

func (r *Room) reviseTx(ctx context.Context, id ID, x Revision) error {
	r.touched(ctx, id)
	_, err := r.DB.Exec(ctx, qRevision, string(id), x.N, string(x.By), db.Micros(x.At), x.Reason, x.Name, x.Purpose, x.Rules, string(x.HTML),
		string(x.Entry), string(x.Pace), string(x.Label))
	return err
}

// Change gives a space a new revision, made from revision base. What a safe
// space is can change, what has been promised to those who spoke there cannot:
// its pace may only become more careful. Faults: SignIn, Forbidden, NotFound;
// Invalid on a field; Conflict when somebody changed it meanwhile.
func (r *Room) Change(ctx context.Context, by Actor, id ID, base int, to Says, reason string) (s Space, err error) {
	defer fault.Wrap(&err, "space.Change(%s)", id)
	if err = MayKeep(by); err != nil {
		return s, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		if s, err = r.Space(ctx, id); err != nil {
			return err
		}
		x, err := r.check(s.Kind, to, reason)
		if err != nil {
			return err
		}
		if slices.Index(Paces(), x.Pace) > slices.Index(Paces(), s.Pace) {
			return fault.On("pace", fault.Invalid, "space.pace_faster")
		}
		if base != s.N {
			return fault.New(fault.Conflict, "space.changed_meanwhile")
		}
		x.N, x.By, x.At = s.N+1, by.Face, r.moment()
		n, err := r.DB.Exec(ctx, qRevise, string(id), s.N, x.N)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "space.changed_meanwhile")
		}
		if err != nil {
			return err
		}
		s.Revision = x
		return r.reviseTx(ctx, id, x)
	})
	return s, err
}

// check reads what a steward wrote of a space.
func (r *Room) check(k Kind, s Says, reason string) (x Revision, err error) {
	if s.Name, err = typed.Line("name", s.Name, 3, MaxName); err != nil {
		return x, err
	}
	if s.Purpose, err = typed.Line("purpose", s.Purpose, 10, MaxPurpose); err != nil {
		return x, err
	}
	if s.Entry != Anybody && s.Entry != Vouched {
		return x, fault.On("entry", fault.Invalid, "fault.choose")
	}
	if k == Safe && s.Entry != Vouched {
		return x, fault.On("entry", fault.Invalid, "space.safe_is_vouched")
	}
	if k == Safe && !slices.Contains(Paces(), s.Pace) {
		return x, fault.On("pace", fault.Invalid, "fault.choose")
	}
	if k == Open {
		s.Pace, s.Label = "", PlatformReads // everybody reads an open space
	}
	if !slices.Contains(Labels(), s.Label) {
		return x, fault.On("label", fault.Invalid, "fault.choose")
	}
	if reason, err = typed.Line("reason", reason, 3, MaxReason); err != nil {
		return x, err
	}
	if s.Rules, err = typed.Lines("rules", s.Rules, 10, MaxRules); err != nil {
		return x, err
	}
	t, err := markdown.Render(s.Rules, markdown.Options{MaxBytes: MaxRules, Top: 3, Host: r.Host})
	if err != nil {
		f := *fault.From(err)
		f.Field = "rules"
		return x, &f
	}
	return Revision{Says: s, HTML: t.HTML, Reason: reason}, nil
}

// Close ends a space: nobody enters, nobody receives passes; it stays readable.
// Closing a closed one changes nothing. Faults: SignIn, Forbidden, NotFound,
// Invalid on "reason".
func (r *Room) Close(ctx context.Context, by Actor, id ID, reason string) (err error) {
	defer fault.Wrap(&err, "space.Close(%s)", id)
	return r.ending(ctx, by, id, reason, func(ctx context.Context, reason string) error {
		_, err := r.DB.Exec(ctx, qClose, string(id), string(by.Face), db.Micros(r.moment()), reason)
		return err
	})
}

// Reopen takes a closure back. Faults: SignIn, Forbidden, NotFound, Invalid on
// "reason".
func (r *Room) Reopen(ctx context.Context, by Actor, id ID, reason string) (err error) {
	defer fault.Wrap(&err, "space.Reopen(%s)", id)
	return r.ending(ctx, by, id, reason, func(ctx context.Context, _ string) error {
		_, err := r.DB.Exec(ctx, qReopen, string(id))
		return err
	})
}

func (r *Room) ending(ctx context.Context, by Actor, id ID, reason string, do func(context.Context, string) error) error {
	if err := MayKeep(by); err != nil {
		return err
	}
	reason, err := typed.Line("reason", reason, 3, MaxReason)
	if err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.Space(ctx, id); err != nil {
			return err
		}
		r.touched(ctx, id)
		return do(ctx, reason)
	})
}
