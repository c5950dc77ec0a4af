package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/client"
	"guildhall/internal/mask/wire"
)

// person lives in the hall.
type person struct {
	habits
	n       int
	late    bool // comes for the first time when the first window has closed
	calls   []call
	account *client.Account
	home    *client.Home
	mask    client.Mask
	held    *held
	posts   []wire.Act // what she has said under masks, by number
	chain   []maskName // her masks
	open    []hours
	due     hours // when the device registers a right that it holds; 0 for none
	handle  string
	face    string
}

// play is one hall living through the world.
type play struct {
	world
	ctx     context.Context
	r       *rand.Rand
	s       *stage
	people  []*person
	staff   *person // a member who only reads, at every tick: the platform's
	seen    map[string][]trace
	bundle  *wire.Bundle
	threads []string // open discussions
	traffic traffic
	nights  []night
	before  map[string]bool
	faces   map[string]string
}

// run plays it to its end.
func (p *play) run() error {
	type event struct {
		at hours
		do func() error
	}
	var events []event
	for _, who := range p.people {
		for _, c := range who.calls {
			events = append(events, event{c.at, func() error { return p.call(who, c) }})
		}
	}
	for h := 1; h <= liveDays*hoursOfDay; h++ {
		events = append(events, event{hours(h), p.look})
	}
	for d := 1; d <= liveDays; d++ {
		events = append(events, event{hours(d*hoursOfDay) + 3.5, p.night})
	}
	slices.SortStableFunc(events, func(a, b event) int { return compare(a.at, b.at) })
	for _, e := range events {
		if err := p.s.set(moments(e.at)); err != nil {
			return err
		}
		if err := e.do(); err != nil {
			return fmt.Errorf("at hour %.2f: %w", e.at, err)
		}
	}
	return nil
}

// call is one visit of a person: the account's part, and the mask's.
func (p *play) call(who *person, c call) error {
	if c.account {
		if err := p.asAccount(who, c); err != nil {
			return fmt.Errorf("%s: %w", who.handle, err)
		}
	}
	if !c.asMask {
		return nil
	}
	leave := who.held.begin(c.at)
	if err := p.asMask(who, c, leave); err != nil {
		return fmt.Errorf("a mask of %s: %w", who.handle, err)
	}
	var written []int
	if c.mask && who.home.In(space).Taken {
		written = append(written, p.write(who, c))
	}
	if !p.holdsBack() {
		return p.asMask(who, c, written)
	}
	return p.asMask(who, c, who.held.end(p.r, c.at, written))
}

// holdsBack tells whether devices hold posts back. They do, but where a control is
// about what that hides.
func (p *play) holdsBack() bool {
	return p.control != "exact_post_times" && p.control != "undeleted_rows" && p.control != "vault_changes"
}

// asAccount is what a signed-in browser does: it reads, fetches passes when there
// are some, and perhaps speaks.
func (p *play) asAccount(who *person, c call) error {
	p.traffic.account = append(p.traffic.account, request{who.face, c.at})
	l := who.home.In(space)
	had := l.Right != nil || l.Taken
	if _, err := who.home.Fetch(p.ctx, who.account, space, trust); err != nil {
		return err
	}
	if !had && l.Right != nil { // some moment of the week after the window
		closes := hours(epoch.FirstDayOfWeek(l.Week+1)-epoch.Day(zero)) * hoursOfDay
		who.due = closes + 6*hoursOfDay*p.r.Float64()
		if p.control == "ordered_ids" {
			who.due = c.at
			l.Week--
		}
	}
	if !c.open {
		return nil
	}
	at := "/discussions/" + p.threads[p.r.IntN(len(p.threads))]
	if _, err := who.account.Fill(p.ctx, at, at+"/posts", url.Values{"text": {fmt.Sprintf("I have seen this too, and it was %d hours before anybody answered.", p.r.IntN(1e9))}}); err != nil {
		return err
	}
	who.held.spoke = c.at
	who.open = append(who.open, c.at)
	return nil
}

// trust leaves the log to the tests of the client: auditing it at each visit would
// change nothing in the evidence.
func trust(context.Context, string, client.Listed) error { return nil }

// write makes a post of a mask.
func (p *play) write(who *person, c call) int {
	a := wire.Act{Do: wire.Post, ID: newPost(), Lang: "en", Text: fmt.Sprintf("They changed what they promised, %d times so far, and nobody asked us.", 2+p.r.IntN(90))}
	a.Thread, a.Title = a.ID, "What they promised"
	if c.reply && p.bundle != nil && len(p.bundle.Threads) > 0 {
		t := p.bundle.Threads[p.r.IntN(len(p.bundle.Threads))]
		a.Thread, a.Title, a.Reply = t.ID, "", t.Posts[p.r.IntN(len(t.Posts))].ID
	}
	who.posts = append(who.posts, a)
	return len(who.posts) - 1
}

// asMask is a mask's visit: it reads, and sends what leaves now. Rights are turned
// into masks, and masks renewed, in visits of their own.
func (p *play) asMask(who *person, c call, leave []int) error {
	l := who.home.In(space)
	if err := p.advance(who, c); err != nil {
		return err
	}
	if !l.Taken {
		return nil
	}
	acts := make([]wire.Act, 0, len(leave))
	for _, n := range leave {
		acts = append(acts, who.posts[n])
	}
	key := who.home.Root.MaskKey(space, l.N)
	id := who.current()
	p.traffic.mask = append(p.traffic.mask, request{id.ID, c.at})
	rs, _, err := who.mask.Visit(p.ctx, space, key, nil, acts...)
	if err != nil {
		if fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) { // not born yet
			for _, n := range leave {
				who.held.waiting = append(who.held.waiting, parcel{n, c.at})
			}
			return nil
		}
		return err
	}
	for i, r := range rs {
		if r.OK {
			id.Posts = append(id.Posts, acts[i].ID)
		} else {
			who.held.waiting = append(who.held.waiting, parcel{leave[i], c.at + hoursOfDay})
		}
	}
	return nil
}

// current is the mask that the person has or waits for.
func (who *person) current() *maskName { return &who.chain[len(who.chain)-1] }

// advance registers a right when its moment has come, and renews a mask in the
// first week of an epoch, 72 hours after it began.
func (p *play) advance(who *person, c call) error {
	l := who.home.In(space)
	if l.Right != nil && c.at >= who.due && who.home.Due(who.mask, space) {
		n := l.N
		if _, err := who.home.Register(p.ctx, who.mask, space); err != nil {
			return err
		}
		pub := who.home.Root.MaskKey(space, n).Public()
		who.chain = append(who.chain, nameOf(pub, who.n))
		p.traffic.mask = append(p.traffic.mask, request{who.current().ID, c.at})
		return nil
	}
	inEpoch := c.at - daysOfEpoch*hoursOfDay
	if !l.Taken || l.N > 0 || inEpoch < 72 || inEpoch > 7*hoursOfDay || len(who.held.waiting) > 0 {
		return nil
	}
	k, err := who.mask.Keys(p.ctx, space, trust)
	if err != nil {
		return err
	}
	p.traffic.mask = append(p.traffic.mask, request{who.current().ID, c.at})
	if err := who.home.Renew(p.ctx, who.mask, space, k); err != nil {
		if fault.Is(err, fault.Forbidden) { // not born, or held up: another time
			return nil
		}
		return err
	}
	who.due = c.at + 0.7*(7*hoursOfDay-inEpoch)*p.r.Float64()
	return nil
}

// look is what the platform's member does at every tick: she reads the bundle and
// notes what is new.
func (p *play) look() error {
	b, err := p.staff.home.Read(p.ctx, p.staff.mask, space)
	if fault.Is(err, fault.Forbidden) { // a new epoch: new passes for reading
		if _, err = p.staff.home.Fetch(p.ctx, p.staff.account, space, trust); err == nil {
			b, err = p.staff.home.Read(p.ctx, p.staff.mask, space)
		}
	}
	if err != nil || b == nil {
		return err
	}
	p.bundle = b
	at := p.s.clock().Sub(zero).Hours()
	for _, t := range b.Threads {
		for _, post := range t.Posts {
			if p.seen[post.ID] == nil {
				p.seen[post.ID] = []trace{{at - 1, at}}
			}
		}
	}
	return nil
}

// night keeps what changed in the files since the night before.
func (p *play) night() error {
	f, err := readFiles(p.ctx, p.s.dir)
	if err != nil {
		return err
	}
	n := night{at: p.s.clock().Sub(zero).Hours()}
	now := make(map[string]bool, len(f.records))
	for _, r := range f.records {
		k := fmt.Sprint(r)
		now[k] = true
		if p.before != nil && !p.before[k] {
			n.new.records = append(n.new.records, r)
		}
	}
	p.before = now
	p.nights = append(p.nights, n)
	return nil
}

// copyTree copies a directory.
func copyTree(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.CopyFS(to, os.DirFS(from))
}

func evidenceDir(base string, w world, seed int) string {
	return filepath.Join(base, fmt.Sprintf("n%d-%s-%s-%d", w.members, w.pace, w.kind(), seed))
}

// faceOf looks a face's id up, as the adversary can in the files.
func (p *play) faceOf(handle string) (string, error) {
	if p.faces == nil {
		f, err := readFiles(p.ctx, p.s.dir)
		if err != nil {
			return "", err
		}
		p.faces = map[string]string{}
		for _, r := range f.records {
			if r.where == "face" && len(r.words) > 1 {
				for _, w := range r.words[1:] {
					p.faces[w] = r.words[0]
				}
			}
		}
	}
	if p.faces[handle] == "" {
		return "", fmt.Errorf("nobody is called %s", handle)
	}
	return p.faces[handle], nil
}
