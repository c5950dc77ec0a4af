package app

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"guildhall/internal/demo"
	"guildhall/internal/epoch"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass"
	"guildhall/internal/pass/token"
)

// troupe are the invented people behind the masks of a demonstration hall. They do
// what members' own programs do, in the same steps and through the same rooms: being
// served, registering, speaking, renewing, judging. Only that their secrets lie here.
type troupe struct {
	path  string
	hall  *Hall
	story []demo.Masked
	heard []demo.Heard

	mu sync.Mutex
	cast
}

// cast is what the troupe's file keeps.
type cast struct {
	Space     string
	Moderator string           // a steward's face
	Lived     int              // the last day on which everybody acted; 0: none yet
	Born      int              // the day of the first births; the story counts from it
	Actors    []*actor         // those of the story first, then understudies
	Guests    []*actor         // the visitors' members, until they have been served
	Said      map[string]*line // by place in the story
	Opened    []*hearing       // consultations of the masks that are open
	Asked     int              // the epoch in which the masks were asked last; 0: none yet
}

// actor is one of them. Mask N comes from a right of Epoch.
type actor struct {
	Face  string
	Root  token.Root
	N     int
	Epoch int
	Week  int // in which she took her last step
	Stage stage
}

// stage is how far an actor has come.
type stage string

const (
	seated  stage = "" // has a seat
	served  stage = "served"
	waiting stage = "waiting"
	active  stage = "active"
)

const (
	castFile = "demo-masks.json"
	// players are the masks that speak in the story; understudies register when a
	// visitor would be born alone.
	players      = 60
	understudies = 22
	// storyWeeks is how long before today the first masks were served.
	storyWeeks = 6
	batchLeast = 10
)

// readTroupe reads the file of the hall in dir; nil when there is none.
func readTroupe(dir string) (*troupe, error) {
	t := &troupe{path: filepath.Join(dir, castFile)}
	b, err := os.ReadFile(t.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &t.cast)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.path, err)
	}
	story, err := demo.Story()
	if err != nil {
		return nil, err
	}
	t.story, t.heard = story.Masked, story.Heard
	return t, nil
}

// keep writes the file.
func (t *troupe) keep() error {
	b, err := json.Marshal(&t.cast)
	if err != nil {
		return err
	}
	return writeDurably(t.path, b)
}

// drawRoot draws the secret of an invented person.
func drawRoot() (r token.Root) {
	_, _ = rand.Read(r[:]) // never fails: the runtime stops the program instead
	return r
}

// catchUp lets the troupe live from the day it last did, or from the beginning of its
// story, to now; at most the length of the story.
func (t *troupe) catchUp(ctx context.Context, dir string, c Config, now time.Time) error {
	from := epoch.FirstDayOfWeek(epoch.Week(now) - storyWeeks)
	if t.Lived > 0 && t.Lived+1 > from {
		from = t.Lived + 1
	}
	today := epoch.Day(now)
	if from > today {
		return nil
	}
	clock := &storyClock{}
	clock.set(epoch.StartOfDay(from).Add(12 * time.Hour))
	h, err := Open(ctx, dir, c, clock.now)
	if err != nil {
		return err
	}
	defer h.Close()
	t.hall = h
	if t.Lived == 0 { // a room begins to count with its first tick
		if _, err := h.Masks.Tick(ctx); err != nil {
			return err
		}
	}
	for day := from; day < today; day++ {
		clock.set(epoch.StartOfDay(day).Add(12 * time.Hour))
		if err := t.live(ctx); err != nil {
			return err
		}
	}
	clock.set(now)
	return t.live(ctx)
}

// live does what is due at the hall's present time: the tick, and everybody's next step.
func (t *troupe) live(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.openHearing(ctx); err != nil { // before the tick, whose bundle shows it
		return err
	}
	if _, err := t.hall.Masks.Tick(ctx); err != nil {
		return err
	}
	if _, err := t.hall.Passes.Keys(ctx, t.Space); err != nil { // makes the epoch's keys
		return err
	}
	for _, step := range []func(context.Context) error{t.serveGuests, t.everybody, t.callUp, t.speak, t.judge, t.opine} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	t.Lived = epoch.Day(t.hall.Now())
	return t.keep()
}

// serveGuests fetches the rights of the visitors' members, as their own browsers will
// again: so that the window has closed when they come.
func (t *troupe) serveGuests(ctx context.Context) error {
	for _, g := range t.Guests {
		g.Epoch = epoch.Of(t.hall.Now())
		if _, err := t.right(ctx, g); err != nil {
			return err
		}
	}
	t.Guests = nil
	return nil
}

// everybody takes her next step.
func (t *troupe) everybody(ctx context.Context) error {
	now := t.hall.Now()
	week := epoch.Week(now)
	for i, a := range t.Actors {
		switch {
		case a.Stage == seated:
			a.Epoch, a.Week = epoch.Of(now), week
			if _, err := t.right(ctx, a); err != nil {
				return err
			}
			a.Stage = served
		case a.Stage == served && i < players && week > a.Week:
			if err := t.register(ctx, a); err != nil {
				return err
			}
		case a.Stage == waiting && week > a.Week:
			r, err := t.visit(ctx, a, nil, wire.Act{Do: wire.Status})
			if err != nil {
				return err
			}
			if a.Week = week; r.State == "active" {
				a.Stage, t.Born = active, max(t.Born, 1)
			}
		case a.Stage == active && t.renews(i, a, now):
			if err := t.renew(ctx, a); err != nil {
				return err
			}
		}
	}
	if t.Born == 1 {
		t.Born = epoch.Day(now)
	}
	return nil
}

// renews tells whether an actor renews today. Half of them do it as soon as they may,
// the others a week later, so that there is always somebody who can speak.
func (t *troupe) renews(i int, a *actor, now time.Time) bool {
	into := epoch.Day(now) - epoch.FirstDay(epoch.Of(now))
	return epoch.Of(now) > a.Epoch && into >= 3+i%2*5
}

// right fetches the right of a seat; again, the same one.
func (t *troupe) right(ctx context.Context, a *actor) (token.Pass, error) {
	k, err := t.hall.Passes.Issuer(ctx, token.Slot{Purpose: token.Right, Space: t.Space, Epoch: a.Epoch})
	if err != nil {
		return token.Pass{}, err
	}
	q, err := a.Root.Right(t.Space, a.Epoch, 0, k)
	if err != nil {
		return token.Pass{}, err
	}
	got, err := t.hall.Passes.Serve(ctx, a.Face, a.Root.RequestKey().Public().(ed25519.PublicKey), pass.Request{
		Space: t.Space, Epoch: a.Epoch, Right: q.Blinded, Signature: a.Root.SignServe(t.Space, a.Epoch, q.Blinded, nil)})
	if err != nil {
		return token.Pass{}, err
	}
	return q.Finalize(got.Right)
}

// register lets the mask of a seat's right wait for the next batch.
func (t *troupe) register(ctx context.Context, a *actor) error {
	p, err := t.right(ctx, a)
	if err != nil {
		return err
	}
	return t.take(ctx, a, p)
}

func (t *troupe) take(ctx context.Context, a *actor, p token.Pass) error {
	r, err := t.visit(ctx, a, &p, wire.Act{Do: wire.Take})
	if err != nil {
		return err
	}
	if !r.OK {
		return fmt.Errorf("demo: take: %s", r.Message)
	}
	a.Stage, a.Week = waiting, epoch.Week(t.hall.Now())
	return nil
}

// renew asks for the next mask, and lets it wait. Whoever may not yet (a post of hers
// waits, or a report) tries again tomorrow.
func (t *troupe) renew(ctx context.Context, a *actor) error {
	e := epoch.Of(t.hall.Now())
	k, err := t.hall.Passes.Issuer(ctx, token.Slot{Purpose: token.Right, Space: t.Space, Epoch: e})
	if err != nil {
		return err
	}
	q, err := a.Root.Right(t.Space, e, a.N+1, k)
	if err != nil {
		return err
	}
	r, err := t.visit(ctx, a, nil, wire.Act{Do: wire.Renew, Epoch: e, Blinded: q.Blinded})
	if err != nil || !r.OK {
		return err
	}
	p, err := q.Finalize(r.Signature)
	if err != nil {
		return err
	}
	a.N, a.Epoch = a.N+1, e
	return t.take(ctx, a, p)
}

// visit pays one visit as an actor's mask.
func (t *troupe) visit(ctx context.Context, a *actor, p *token.Pass, act wire.Act) (r wire.Result, err error) {
	return t.come(ctx, t.Space, a.Root.MaskKey(t.Space, a.N), p, act)
}

// come pays one visit under a key, sealed and opened as over the line.
func (t *troupe) come(ctx context.Context, to string, key ed25519.PrivateKey, p *token.Pass, act wire.Act) (r wire.Result, err error) {
	v := wire.Visit{Space: to, Day: epoch.Day(t.hall.Now()), Lang: "en", Acts: []wire.Act{act}}
	if p != nil {
		v.Show(*p)
	}
	body, err := wire.Seal(v, key)
	if err != nil {
		return r, err
	}
	sent, err := wire.Open(body)
	if err != nil {
		return r, err
	}
	out, err := t.hall.Masks.Visit(ctx, sent)
	if err != nil {
		return r, err
	}
	return out.Results[0], nil
}

// callUp lets understudies register when a visitor waits who would not be ten with
// those who wait already. One of them always waits, to see that somebody does.
func (t *troupe) callUp(ctx context.Context) error {
	if t.Born == 0 {
		return nil
	}
	var watch *actor
	mine, free := 0, []*actor{}
	for i, a := range t.Actors {
		if a.Stage == waiting {
			mine++
			watch = a
		}
		if i >= players && a.Stage == served {
			free = append(free, a)
		}
	}
	if watch == nil {
		if len(free) == 0 {
			return nil
		}
		watch, mine, free = free[0], 1, free[1:]
		if err := t.register(ctx, watch); err != nil {
			return err
		}
	}
	r, err := t.visit(ctx, watch, nil, wire.Act{Do: wire.Status})
	if err != nil || r.Waiting <= mine {
		return err
	}
	for n := r.Waiting; n < batchLeast && len(free) > 0; n++ {
		if err := t.register(ctx, free[0]); err != nil {
			return err
		}
		free = free[1:]
	}
	return nil
}
