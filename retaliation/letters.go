package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask/client"
	"guildhall/internal/mask/wire"
)

// post is the way of letters in a hall: what is underway, and the keys that everybody
// gets alike.
type post struct {
	keys     client.Keys
	keysOf   int // the epoch
	underway []sent
	period   int // of the last delivery
}

// sent is a letter that says something.
type sent struct {
	letter, by string
	what       string // wire.Admit, wire.Opine by a pass to a consultation, or anything else of a mask
}

// A letterbox brings letters at an hour of the day, each by lot on one of the next days.
const (
	deliveryHour = 3
	daysInBox    = 3 // at most
)

// delivered notes what the hall sees when letters are brought: whose keys signed them,
// all at once, in an order that says nothing.
func (p *play) delivered(now hours) error {
	period := int(math.Floor((now - deliveryHour) / hoursOfDay))
	if !p.letters || period == p.period {
		return nil
	}
	p.period = period
	answered, err := p.s.answered()
	if err != nil {
		return err
	}
	p.r.Shuffle(len(p.underway), func(i, j int) { p.underway[i], p.underway[j] = p.underway[j], p.underway[i] })
	rest := p.underway[:0]
	for _, s := range p.underway {
		switch {
		case !answered[s.letter]:
			rest = append(rest, s)
		case s.what == wire.Opine:
			p.Voices = append(p.Voices, request{s.by, now})
		default:
			p.Mask = append(p.Mask, request{s.by, now})
		}
		if answered[s.letter] && s.what == wire.Admit {
			p.Admits = append(p.Admits, request{s.by, now})
		}
	}
	p.underway = rest
	return nil
}

// answered are the letters that the letterbox has just brought.
func (s *stage) answered() (ids map[string]bool, err error) {
	day := epoch.Day(s.clock().Add(-deliveryHour * time.Hour))
	files, err := os.ReadDir(filepath.Join(s.dir, "..", "letterbox", "answers", fmt.Sprint(day)))
	if err != nil && !os.IsNotExist(err) { // then there was none
		return nil, err
	}
	ids = map[string]bool{}
	for _, f := range files {
		ids[f.Name()] = true
	}
	return ids, nil
}

// keysNow are the keys of the space, which are the same for everybody.
func (p *play) keysNow() (k client.Keys, err error) {
	if e := epoch.Of(p.s.clock()); e != p.keysOf {
		if p.keys, err = p.staff.mask.Keys(p.ctx, space, trust); err != nil {
			return k, err
		}
		p.keysOf = e
	}
	return p.keys, nil
}

// byLetter is a visit to the page of the space in a hall with a letterbox: what has come
// back is taken in, she looks in, and when the page is put away it hands in one letter.
func (p *play) byLetter(who *person, c call) error {
	if !c.asMask {
		return nil
	}
	k, err := p.keysNow()
	if err != nil {
		return err
	}
	if err := p.collect(who, c, k); err != nil {
		return err
	}
	if who.home.CanRead(who.mask, space) {
		if _, err := who.home.Read(p.ctx, who.mask, space); err != nil {
			return err
		}
		p.Looks = append(p.Looks, request{p.reader(who), c.at})
	}
	registers, renews := p.due(who, c)
	registers, renews = registers && !who.home.Underway(space, wire.Take), renews && !who.home.Underway(space, wire.Renew)
	acts, err := p.acts(who, c)
	if err != nil {
		return err
	}
	what, asking := "", p.asksByLetter(who, c)
	switch {
	case registers:
		who.keep(acts, c.at)
		if err = who.home.RegisterByLetter(p.ctx, who.mask, space, k); err == nil {
			p.named(who)
		}
	case renews:
		who.keep(acts, c.at)
		err = who.home.RenewByLetter(p.ctx, who.mask, space, k)
	case len(asking) > 0:
		who.keep(acts, c.at)
		what, acts = wire.Admit, asking
		err = who.home.HandIn(p.ctx, who.mask, space, k, nil, acts...)
	default:
		err = who.home.HandIn(p.ctx, who.mask, space, k, nil, acts...)
	}
	if list := who.home.In(space).Letters; err == nil && (registers || renews || len(acts) > 0) {
		p.underway = append(p.underway, sent{list[len(list)-1].ID, who.current().ID, what})
	}
	if err != nil {
		return err
	}
	return p.opineByLetter(who, c, k)
}

// reader names the key of a day by which somebody looks in.
func (p *play) reader(who *person) string { return fmt.Sprintf("%d/%d", who.n, epoch.Day(p.s.clock())) }

// keep leaves acts on the device for another visit, since each hands in one letter.
func (who *person) keep(acts []wire.Act, now hours) {
	for _, a := range acts {
		who.held.waiting = append(who.held.waiting, parcel{a, now})
	}
}

// acts are what leaves as the page is put away. What she takes back leaves at once: the
// letter is taken back; or, when it was brought, she presses for it, and the hall sees
// her mask.
func (p *play) acts(who *person, c call) ([]wire.Act, error) {
	if !who.home.In(space).Taken || who.over == who.current() { // then there is no box to write in
		return nil, nil
	}
	now, later := p.deeds(who, c)
	for _, a := range now {
		had := who.home.In(space).Letters
		done, err := who.home.TakeBack(p.ctx, who.mask, space, a.ID)
		if err == nil && !done {
			err = p.visit(who, c, []wire.Act{a})
		}
		if err != nil {
			return nil, err
		}
		if done {
			p.recalled(had, who.home.In(space).Letters)
		}
	}
	return who.held.end(p.r, c.at, later, p.may(who.current())-who.unanswered()), nil
}

// recalled forgets the letter that is in one list and not in the other.
func (p *play) recalled(had, has []client.Letter) {
	for _, l := range had {
		gone := true
		for _, x := range has {
			gone = gone && x.ID != l.ID
		}
		for i, s := range p.underway {
			if gone && s.letter == l.ID {
				p.underway = append(p.underway[:i:i], p.underway[i+1:]...)
				break
			}
		}
	}
}

// unanswered is how many posts of hers are underway.
func (who *person) unanswered() (n int) {
	for _, l := range who.home.In(space).Letters {
		for _, a := range l.Acts {
			if a.Do == wire.Post {
				n++
			}
		}
	}
	return n
}

// collect takes in what has come back.
func (p *play) collect(who *person, c call, k client.Keys) error {
	back, err := who.home.Collect(p.ctx, who.mask, space, k)
	for _, b := range back {
		if is, err := p.tookVoice(who, b, c); is || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		if b.Lost || b.Refused != nil {
			p.Counts[fmt.Sprintf("letter lost %t: %v", b.Lost, b.Refused)]++
			for _, a := range b.Acts {
				if a.Do != wire.Take && a.Do != wire.Renew && a.Do != wire.Admit {
					who.keep([]wire.Act{a}, c.at)
				}
			}
			continue
		}
		p.took(who, &who.chain[b.N], c, b.Acts, b.Results)
		for i, r := range b.Results {
			if b.Acts[i].Do == wire.Renew && r.OK {
				who.due = p.afterRenewal(c.at)
			}
		}
	}
	return err
}

// collectAll takes in what has come back when all is over.
func (p *play) collectAll() error {
	if !p.letters {
		return nil
	}
	k, err := p.keysNow()
	for _, who := range p.people {
		if err == nil {
			err = p.collect(who, call{at: hours(p.days() * hoursOfDay)}, k)
		}
	}
	return err
}
