package terms

import (
	"context"
	"strings"
	"sync"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/terms/clause"
	"guildhall/internal/terms/watch"
)

// A look is a visit on a press: somebody waits for it.
const (
	lookLasts = 45 * time.Second // at most, with all that is asked
	lookWait  = 15 * time.Second // between two looks at one host, whatever it wishes
	lookGood  = 30 * time.Minute // for so long what was seen can be kept
	looksKept = 8                // in memory
)

// Seen is what a look has found.
type Seen struct {
	Clauses  []clause.Clause
	Words    int
	Language string // a code of two letters; empty when it cannot be told
}

// looks are the last looks of all stewards, in memory only. One goes on at a time.
type looks struct {
	turn chan struct{}
	mu   sync.Mutex
	seen []look               // oldest first
	last map[string]time.Time // by host
}

// look is a text that somebody was shown.
type look struct {
	by   string
	said string // the declaration
	at   time.Time
	text string
}

// Look visits an address on a steward's press, as politely as any check, and says
// what would be watched there; the text can be declared for half an hour. No
// transaction may be open. Faults: SignIn, Forbidden; Invalid on a field of the
// draft, with the reason why nothing can be read too; Conflict on "title" when a new
// document is there already.
func (r *Room) Look(ctx context.Context, by Actor, id DocumentID, d Draft) (s Seen, err error) {
	defer fault.Wrap(&err, "terms.Look")
	if err = MayDeclare(by); err != nil {
		return s, err
	}
	said, err := d.Declaration()
	if err != nil {
		return s, err
	}
	if id == "" {
		if err = r.free(ctx, d); err != nil {
			return s, err
		}
	}
	text, err := r.lookAt(ctx, said)
	if err != nil {
		return s, unread(d, err)
	}
	trouble, doc := watch.Sight(text)
	if trouble != "" {
		return s, fault.On("address", fault.Invalid, "terms.trouble."+string(trouble))
	}
	r.looks.keep(look{by: string(by.Face), said: said.encode(), at: r.now(), text: text})
	return Seen{Clauses: doc.Clauses, Words: doc.Words(), Language: doc.Language}, nil
}

// Shown is what the steward's last look at a draft has found; nil when there was none
// lately.
func (r *Room) Shown(by Actor, d Draft) *Seen {
	said, err := d.Declaration()
	if err != nil {
		return nil
	}
	x, err := r.looks.find(string(by.Face), said.encode(), r.now())
	if err != nil {
		return nil
	}
	if trouble, doc := watch.Sight(x.text); trouble == "" {
		return &Seen{Clauses: doc.Clauses, Words: doc.Words(), Language: doc.Language}
	}
	return nil
}

// unread puts the reason why nothing can be read beside the field that may mend it.
func unread(d Draft, err error) error {
	f := fault.From(err)
	switch {
	case f.Kind == fault.Internal || f.Key == "fault.unavailable": // it is the hall that cannot
		return err
	case (f.Key == "terms.check.nothing" || f.Key == "terms.check.deep") && strings.TrimSpace(d.Select) != "":
		return fault.On("select", fault.Invalid, f.Key).Because(err)
	}
	return fault.On("address", fault.Invalid, f.Key, f.Args...).Because(err)
}

// lookAt fetches what a declaration says, when its turn has come.
func (r *Room) lookAt(ctx context.Context, said Declaration) (string, error) {
	ctx, stop := context.WithTimeout(ctx, lookLasts)
	defer stop()
	slow := fault.New(fault.Unavailable, "fetch.slow")
	select {
	case r.looks.turn <- struct{}{}:
		defer func() { <-r.looks.turn }()
	case <-ctx.Done():
		return "", slow.Because(ctx.Err())
	}
	v := &visits{room: r, hosts: map[string]*robots{}, last: r.looks.hosts(r.now()), most: lookWait, looking: true}
	text, err := v.declared(ctx, said)
	r.looks.visited(v.last)
	if err != nil && ctx.Err() != nil {
		return "", slow.Because(ctx.Err())
	}
	return cleanText(text), err
}

func newLooks() *looks { return &looks{turn: make(chan struct{}, 1), last: map[string]time.Time{}} }

// hosts are those that were visited a little while ago.
func (l *looks) hosts(now time.Time) map[string]time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[string]time.Time{}
	for host, at := range l.last {
		if now.Sub(at) < lookWait {
			out[host] = at
		}
	}
	return out
}

func (l *looks) visited(hosts map[string]time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = hosts
}

func (l *looks) keep(x look) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen = append(l.seen, x); len(l.seen) > looksKept {
		l.seen = l.seen[1:]
	}
}

// find is the newest look of somebody at what a declaration says. Faults: Conflict
// when there was none lately.
func (l *looks) find(by, said string, now time.Time) (look, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.seen) - 1; i >= 0; i-- {
		if x := l.seen[i]; x.by == by && x.said == said && now.Sub(x.at) < lookGood {
			return x, nil
		}
	}
	return look{}, fault.New(fault.Conflict, "terms.draft.look")
}
