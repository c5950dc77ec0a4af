package notice_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// play is a hall in which anything may happen in any order, and what must hold of it.
type play struct {
	*hall
	rt      *rapid.T
	names   []string
	owed    int             // what happened that no device has been sent yet
	over    map[string]bool // notices that were acknowledged
	rungs   map[string]bool // notice and device: handed over
	letters []letter
}

var outcomes = []push.Outcome{
	{Kind: push.Accepted, Status: 201}, {Kind: push.Accepted, Status: 201}, {Kind: push.Accepted, Status: 201}, {Kind: push.Slow, Status: 429, After: time.Minute},
	{Kind: push.Unreachable, After: time.Minute}, {Kind: push.Resting, After: time.Minute},
}

// works lights and delivers, and looks at all that was sent.
func (p *play) works() {
	p.hall.works()
	for _, l := range p.sent {
		if at := p.at.UTC(); at.Hour() >= 22 || at.Hour() < 7 {
			p.rt.Fatalf("rang at %v", at)
		}
		if p.over[l.N] {
			p.rt.Fatal("it was acknowledged, and rings again")
		}
		if key := l.N + l.to; p.rungs[key] {
			p.rt.Fatal("a device was rung twice by one notice")
		} else {
			p.rungs[key] = true
		}
		p.owed = 0
	}
	p.letters = append(p.letters, p.sent...)
	p.sent = nil
}

func (p *play) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"something happens": func(*rapid.T) {
			p.ok(p.Raise(p.ctx, notice.Replies, []face.ID{ana}))
			if held, err := p.Held(p.ctx, ana); err != nil || len(held) != 1 {
				p.rt.Fatalf("it is on no way to her: %v, %v", held, err)
			}
			p.owed++
		},
		"time goes by": func(t *rapid.T) {
			for range rapid.IntRange(1, 40).Draw(t, "steps") {
				p.at = p.at.Add(5 * time.Minute)
				p.works()
			}
		},
		"the clock jumps": func(t *rapid.T) {
			p.at = p.at.Add(time.Duration(rapid.IntRange(-180, 1000).Draw(t, "minutes")) * time.Minute)
			p.works()
		},
		"services answer otherwise": func(t *rapid.T) {
			p.says[rapid.SampledFrom(p.names).Draw(t, "device")] = rapid.SampledFrom(outcomes).Draw(t, "outcome")
		},
		"a device shows it": func(t *rapid.T) {
			if len(p.letters) == 0 {
				return
			}
			l := rapid.SampledFrom(p.letters).Draw(t, "letter")
			p.ok(p.Acknowledge(p.ctx, l.T, l.N, notice.Shown))
			p.over[l.N] = true
		},
		"killed and started": func(*rapid.T) { p.start(p.DB) },
		"": func(t *rapid.T) { // what happened is on its way as long as no device has it
			held, err := p.Held(p.ctx, ana)
			if p.ok(err); p.owed > 0 && len(held) == 0 {
				t.Fatalf("%d things happened, and nothing is on its way", p.owed)
			}
		},
	}
}

// No notice is lost, none that was acknowledged climbs on, no device is rung twice by one,
// and nobody is rung in her quiet hours, whatever happens, killed between any two steps.
func TestLadder_whateverHappens(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	rapid.Check(t, func(rt *rapid.T) {
		p := &play{hall: open(t, d), rt: rt, over: map[string]bool{}, rungs: map[string]bool{}}
		p.ok(p.Forget(p.ctx, ana))
		for i := range rapid.IntRange(1, 4).Draw(rt, "devices") {
			name := fmt.Sprint("d", i)
			p.names = append(p.names, name)
			p.device(ana, name, rapid.IntRange(1, notice.Rungs).Draw(rt, "rung"))
		}
		p.at = p.at.Add(time.Duration(rapid.IntRange(0, 1440).Draw(rt, "from")) * time.Minute)
		rt.Repeat(p.actions())
		for _, name := range p.names { // everybody answers again: what is owed arrives within a day
			delete(p.says, name)
		}
		for range 60 {
			p.at = p.at.Add(30 * time.Minute)
			p.works()
		}
		if held, err := p.Held(p.ctx, ana); err != nil || len(held) > 0 || p.owed > 0 {
			rt.Fatalf("%d are owed, %v is held, %v", p.owed, held, err)
		}
	})
}
