package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/mask/client"
	"guildhall/internal/mask/wire"
)

// person lives in the hall.
type person struct {
	habits
	n          int
	late       bool // comes for the first time when the first window has closed
	calls      []call
	account    *client.Account
	home       *client.Home
	mask       client.Mask
	held       *held
	sent       []string   // posts under masks that the hall has taken
	chain      []maskName // her masks
	open       []hours    // when she spoke openly
	due        hours      // when the device registers a right that it holds; 0 for none
	renewAfter hours      // how long after renewal has opened her device asks for it
	over       *maskName  // of her masks the one that speaks no more, as the hall has told her
	handle     string
	face       string
	mute       *client.Account // her device, which speaks without a cookie
	known      []string        // whom she knew when she last looked, as addresses call them
	handset
	desk
	meetings
	concerns
}

// slug is how addresses call her.
func (who *person) slug() string { return ident.Slug(who.handle) }

// play is one hall living through the world.
type play struct {
	world
	ctx    context.Context
	r      *rand.Rand
	s      *stage
	keeps  string // where the files of each night are kept; "" for nowhere
	people []*person
	evidence
	staff *person // the platform's member, who reads at every tick and answers questions
	affairs
	bundle  *wire.Bundle
	threads []string // open discussions
	before  map[string]record
	pushes  *pushes
	faces   map[string]string
	post
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
	for h := 1; h <= p.days()*hoursOfDay; h++ {
		events = append(events, event{hours(h), p.look})
	}
	for d := 1; d <= p.days(); d++ {
		events = append(events, event{hours(d*hoursOfDay) + 3.5, p.night})
		if d < p.days() {
			events = append(events, event{hours(d*hoursOfDay) + officeHour, func() error { return p.office(d) }})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return compare(a.at, b.at) })
	for _, e := range events {
		if err := p.s.set(moments(e.at)); err != nil {
			return err
		}
		err := p.delivered(e.at)
		if err == nil {
			err = p.wake()
		}
		if err == nil {
			err = e.do()
		}
		if err != nil {
			return fmt.Errorf("at hour %.2f: %w", e.at, err)
		}
	}
	return nil
}

// call is one visit of a person: the account's part, and the mask's. What the mask
// does leaves when the page of the space is put away: that may be before she speaks
// openly, of which nobody knows then.
func (p *play) call(who *person, c call) (err error) {
	parts := []func(*person, call) error{p.asAccount, p.lookIn, p.asMask}
	switch {
	case p.letters && c.maskFirst:
		parts = []func(*person, call) error{p.byLetter, p.asAccount}
	case p.letters:
		parts = []func(*person, call) error{p.asAccount, p.byLetter}
	case c.maskFirst && !p.inOrder():
		parts = []func(*person, call) error{p.lookIn, p.asMask, p.asAccount}
	}
	for _, part := range parts {
		if err := part(who, c); err != nil {
			return fmt.Errorf("%s at hour %.2f: %w", who.handle, c.at, err)
		}
	}
	return nil
}

// asMask is what she does under her mask, and the page being put away.
func (p *play) asMask(who *person, c call) error {
	if !c.asMask || !who.home.In(space).Taken || who.over == who.current() { // then there is no box to write in
		return nil
	}
	now, later := p.deeds(who, c)
	if p.holdsBack() {
		later = who.held.end(p.r, c.at, later, p.may(who.current()))
	}
	if now = append(now, later...); len(now) == 0 {
		return nil
	}
	return p.visit(who, c, now)
}

// may tells how many posts more a mask may say without standing out.
func (p *play) may(m *maskName) int {
	if p.bundle == nil {
		return 1 - len(m.Posts)
	}
	_, most := p.bundle.Said(m.ID)
	return most + 1 - len(m.Posts)
}

// holdsBack tells whether devices hold posts back. They do, but where a control is
// about what that hides.
func (p *play) holdsBack() bool {
	return p.control != "exact_post_times" && p.control != "undeleted_rows" && p.control != "vault_changes"
}

// asAccount is what a signed-in browser does: it reads, fetches passes when there
// are some, and perhaps speaks.
func (p *play) asAccount(who *person, c call) error {
	if !c.account {
		return nil
	}
	p.Account = append(p.Account, request{who.face, c.at})
	l := who.home.In(space)
	had := l.Right != nil || l.Taken
	if !had || !who.home.CanRead(who.mask, space) { // else nothing is lacking, and nothing asked for
		if _, err := who.home.Fetch(p.ctx, who.account, space, trust); err != nil {
			return err
		}
	}
	if !had && l.Right != nil { // some moment of the week after the window
		who.held.spoke = c.at // the hall's files date it
		closes := hours(epoch.FirstDayOfWeek(l.Week+1)-epoch.Day(zero)) * hoursOfDay
		who.due = closes + 6*hoursOfDay*p.r.Float64()
		if p.inOrder() {
			who.due = c.at
			l.Week--
		}
	}
	return p.openly(who, c)
}

// inOrder tells whether the control is about registering in the order of seats.
func (w world) inOrder() bool { return w.control == "ordered_ids" || w.control == "rowid_order" }

// trust leaves the log to the tests of the client: auditing it at each visit would
// change nothing in the evidence.
var trust trusting

type trusting struct{}

// Issuer believes every key.
func (trusting) Issuer(context.Context, string, client.Listed) error { return nil }

// Letterbox believes every letterbox.
func (trusting) Letterbox(context.Context, client.Letters) error { return nil }

// lookIn is the page of a safe space being opened: rights are turned into masks and
// masks renewed in visits of their own.
func (p *play) lookIn(who *person, c call) error {
	if !c.asMask {
		return nil
	}
	l := who.home.In(space)
	if err := p.advance(who, c); err != nil || !l.Taken {
		return err
	}
	if err := p.read(who, c); err != nil {
		return err
	}
	if err := p.admit(who, c); err != nil {
		return err
	}
	return p.opine(who, c)
}

// read looks in with the day's read pass, whose key nobody has seen before; as the mask
// only where there is none.
func (p *play) read(who *person, c call) error {
	if !who.home.CanRead(who.mask, space) {
		return p.visit(who, c, nil)
	}
	_, err := who.home.Read(p.ctx, who.mask, space)
	return err
}

// visit sends acts as the mask, and reads.
func (p *play) visit(who *person, c call, acts []wire.Act) error {
	key := who.home.Root.MaskKey(space, who.home.In(space).N)
	id := who.current()
	p.Mask = append(p.Mask, request{id.ID, c.at})
	rs, _, err := who.mask.Visit(p.ctx, space, key, nil, acts...)
	if fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) { // not born yet
		for _, a := range acts {
			who.held.waiting = append(who.held.waiting, parcel{a, c.at})
		}
		return nil
	}
	if err != nil {
		return err
	}
	p.took(who, id, c, acts, rs)
	return nil
}

// took notes what the hall said to acts of one of her masks.
func (p *play) took(who *person, id *maskName, c call, acts []wire.Act, rs []wire.Result) {
	for i, r := range rs {
		switch a := acts[i]; {
		case a.Do == wire.Take && r.OK:
			id.born = r.Batch
		case a.Do != wire.Post:
		case r.OK:
			id.Posts = append(id.Posts, a.ID)
			who.sent = append(who.sent, a.ID)
		case r.Error == "mask.over":
			who.over = id // its successor says it
			who.held.waiting = append(who.held.waiting, parcel{a, c.at})
		default:
			who.held.waiting = append(who.held.waiting, parcel{a, c.at + hoursOfDay})
		}
		p.did(acts[i].Do, r)
	}
}

// current is the mask that the person has or waits for.
func (who *person) current() *maskName { return &who.chain[len(who.chain)-1] }

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
	if err := p.learnAskings(); err != nil {
		return err
	}
	at := p.s.clock().Sub(zero).Hours()
	for _, t := range b.Threads {
		for _, post := range t.Posts {
			if _, known := p.Seen[post.ID]; !known {
				p.Seen[post.ID] = at
			}
			if _, known := p.Gone[post.ID]; !known && post.State == "deleted" {
				p.Gone[post.ID] = at
			}
		}
	}
	return nil
}

// faceOf looks a face's id up, as the adversary can in the files.
func (p *play) faceOf(handle string) (string, error) {
	if p.faces == nil {
		f, err := readFiles(p.ctx, p.s.dir, nil)
		if err != nil {
			return "", err
		}
		p.faces = map[string]string{}
		for _, r := range f.Records {
			if r.Where == "face" && len(r.Words) > 1 {
				for _, w := range r.Words[1:] {
					p.faces[w] = r.Words[0]
				}
			}
		}
	}
	if p.faces[handle] == "" {
		return "", fmt.Errorf("nobody is called %s", handle)
	}
	return p.faces[handle], nil
}
