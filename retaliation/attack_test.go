package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"guildhall/internal/mask/wire"
)

// synthetic makes a hall in which masks speak a while after their owners did, when
// tied, or at any time.
func synthetic(r *rand.Rand, n int, tied bool) docket {
	var d docket
	for i := range n {
		s := suspect{id: fmt.Sprint(i), present: map[string][]hours{"open": nil}, spots: map[string]spot{}, tokens: map[string]bool{}}
		c := culprit{id: fmt.Sprint("m", i), traces: map[string][]trace{}, spots: map[string]spot{}, tokens: map[string]bool{}, truth: i}
		for range 10 {
			at := r.Float64() * liveDays * hoursOfDay
			s.present["open"] = append(s.present["open"], at)
			if !tied {
				at = r.Float64() * liveDays * hoursOfDay
			}
			at += r.Float64()
			c.traces["E1 appeared"] = append(c.traces["E1 appeared"], trace{at, at})
		}
		slices.Sort(s.present["open"])
		d.suspects, d.culprits = append(d.suspects, s), append(d.culprits, c)
	}
	return d
}

func attackSynthetic(change func(r *rand.Rand, d docket), tied bool) float64 {
	r := rand.New(rand.NewPCG(1, 2))
	v := newVocabulary("E2")
	var halls []sheet
	for range 16 {
		d := synthetic(r, 20, tied)
		change(r, d)
		halls = append(halls, v.read(d))
	}
	return advantage(attackAll(v, halls, "E2", io.Discard))
}

func nothing(*rand.Rand, docket) {}

func TestAttack_findsWhatIsThereAndNothingElse(t *testing.T) {
	t.Parallel()
	if a := attackSynthetic(nothing, true); a < 0.9 {
		t.Errorf("masks that speak within the hour of their owners: advantage %.2f, want nearly 1", a)
	}
	if a := attackSynthetic(nothing, false); a > 0.08 || a < -0.08 {
		t.Errorf("masks that have nothing to do with anybody: advantage %.2f, want 0", a)
	}
	order := func(_ *rand.Rand, d docket) {
		for i := range d.suspects {
			d.suspects[i].spots["seat"] = spot{i, 20}
			d.culprits[i].spots["mask"] = spot{i, 20}
		}
	}
	if a := attackSynthetic(order, false); a < 0.9 {
		t.Errorf("masks in the order of their owners: advantage %.2f", a)
	}
	shared := func(_ *rand.Rand, d docket) {
		for i := range d.suspects {
			d.suspects[i].tokens["push"+fmt.Sprint(i)] = true
			d.culprits[i].tokens["push"+fmt.Sprint(i)] = true
		}
	}
	if a := attackSynthetic(shared, false); a < 0.9 {
		t.Errorf("a value in common: advantage %.2f", a)
	}
}

func TestUpper_isAboveTheAdvantage(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	var vs []verdicts
	for range 25 {
		v := verdicts{candidates: 50}
		for range 40 {
			v.hits = append(v.hits, r.IntN(50) == 0)
		}
		vs = append(vs, v)
	}
	a, up := advantage(vs), upper(vs, r)
	if up < a || up > a+0.03 || a > 0.02 || a < -0.02 {
		t.Errorf("guessing: advantage %.4f, bound %.4f", a, up)
	}
}

func TestHeld_leavesOnlyAfterQuietHours(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	h := newHeld()
	post := func(id string) []wire.Act { return []wire.Act{{Do: wire.Post, ID: id}} }
	same := func(a, b []wire.Act) bool {
		return slices.EqualFunc(a, b, func(a, b wire.Act) bool { return a.ID == b.ID })
	}
	if got := h.end(r, 10, post("a"), 1); !same(got, post("a")) {
		t.Errorf("a quiet device holds %v", got)
	}
	h.spoke = 20
	if got := h.end(r, 20, post("b"), 1); got != nil || h.posts() != 1 {
		t.Errorf("a device that has just spoken openly sends %v", got)
	}
	if got := h.end(r, 25.9, nil, 1); got != nil {
		t.Errorf("within six hours it sends %v", got)
	}
	later, left := hours(20+mostHeld), 0
	for range 3000 {
		h := newHeld()
		h.spoke = later
		h.waiting = []parcel{{post("b")[0], later}}
		if h.end(r, later, nil, 1) != nil {
			left++
		}
	}
	if left < 850 || left > 1150 { // six deviations around a third
		t.Errorf("what is due leaves %d of 3000 visits with open words", left)
	}
	if got := h.end(r, later+quietHours, nil, 1); !same(got, post("b")) {
		t.Errorf("in a quiet visit after five days it sends %v", got)
	}
}

// people makes the evidence of a hall in which everybody has evenings of her own, and
// her mask speaks in them, when tied, or anybody's does.
func people(r *rand.Rand, n int, tied bool) *town {
	w := &town{residents: make([]resident, n), personas: make([]persona, n)}
	at := func(zone float64) hours {
		return hoursOfDay*float64(14+r.IntN(14)) + eveningHour - zone + r.NormFloat64()
	}
	zones := make([]float64, n)
	for i := range n {
		zones[i] = float64(r.IntN(2*mostZone+1) - mostZone)
		for range 20 {
			w.residents[i].open = append(w.residents[i].open, at(zones[i]))
		}
	}
	for i := range n {
		zone := zones[i]
		if !tied {
			zone = zones[r.IntN(n)]
		}
		p := persona{owner: i, posts: 10}
		for range p.posts {
			from := math.Floor(at(zone))
			p.acts = append(p.acts, act{"E1", trace{from, from + 1}})
		}
		w.personas[i] = p
		w.epochs[0] = append(w.epochs[0], i)
	}
	return w
}

func TestTown_findsEveningsAndNothingElse(t *testing.T) {
	t.Parallel()
	found := func(tied bool) float64 {
		r := rand.New(rand.NewPCG(7, 8))
		var known []*town
		for range 3 {
			known = append(known, people(r, 20, tied))
		}
		c := study(known, upTo("E1"), nil)
		right, masks := 0., 0.
		for range 12 {
			w := people(r, 20, tied)
			for i, says := range c.asPeopleLive(w) {
				if says[w.personas[i].owner] >= slices.Max(says) {
					right++
				}
				masks++
			}
		}
		return right / masks
	}
	if share := found(true); share < 0.3 {
		t.Errorf("masks that speak in the evenings of their owners: %.2f found of 1", share)
	}
	if share := found(false); share > 0.12 {
		t.Errorf("masks that speak in anybody's evenings: %.2f found, guessing finds 0.05", share)
	}
}

func TestMoment_readsEveryUnit(t *testing.T) {
	t.Parallel()
	at := moments(100)
	for name, n := range map[string]int64{"µs": at.UnixMicro(), "ms": at.UnixMilli(), "s": at.Unix(), "ticks": at.Unix() / 3600} {
		got, ok := moment(n)
		if !ok || got.from < 99 || got.from > 101 {
			t.Errorf("%s: %+v %v", name, got, ok)
		}
	}
	if day, ok := moment(at.Unix() / 86400); !ok || day.from < 76 || day.from > 100 {
		t.Errorf("days: %+v %v", day, ok)
	}
	for _, n := range []int64{0, 1, 42, 1 << 20, 1 << 60} {
		if _, ok := moment(n); ok {
			t.Errorf("%d is no time of this world", n)
		}
	}
}

// An adversary who weighs few pairs keeps to the one that tells.
func TestNarrow_keepsWhatTells(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	v := newVocabulary("E2")
	var halls []hall
	for range 16 {
		d := synthetic(r, 20, true)
		for i := range d.suspects {
			for k := range 8 {
				d.suspects[i].present[fmt.Sprintf("E2 noise%d", k)] = []hours{r.Float64() * liveDays * hoursOfDay}
			}
		}
		halls = append(halls, hall{docket: d})
	}
	v.narrow(halls, 1)
	sheets := v.readAll(halls)
	if len(v.only) != 1 || !v.only["E1 appeared / open"] {
		t.Errorf("it keeps to %v", v.only)
	}
	for n := range sheets[0].masks[0].traces {
		if name := v.pairs[n].name(); name != "E1 appeared / open" {
			t.Errorf("%s is weighed", name)
		}
	}
	if a := advantage(attackAll(v, sheets, "E2", io.Discard)); a < 0.9 {
		t.Errorf("with the pair that tells: advantage %.2f, want nearly 1", a)
	}
}
