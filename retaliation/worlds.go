package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/mask/client"
)

// worlds lists what is to be measured: sizes and paces, the other ways of living,
// and each leak.
func worlds(o options) (ws []world) {
	lives := strings.Split(o.lives, ",")
	for _, size := range strings.Split(o.sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			continue
		}
		for _, pace := range strings.Split(o.paces, ",") {
			if slices.Contains(lives, "plain") && (pace == "careful" || n == 50) {
				ws = append(ws, world{members: n, pace: pace})
			}
		}
		for _, w := range []world{{apart: true}, {separate: true, letters: true}, {separate: true}, {letters: true}, {hasty: true}} {
			if w.members, w.pace = n, "careful"; n == 50 && slices.Contains(lives, w.kind()) {
				ws = append(ws, w)
			}
		}
	}
	for _, c := range strings.Split(o.controls, ",") {
		if c != "" {
			w := world{members: membersOfControls, pace: "careful", control: c, short: o.short}
			if c == "vault_changes" { // what waits three days is dated too coarsely for nights to tell
				w.pace = "hourly"
			}
			ws = append(ws, w)
		}
	}
	return ws
}

// membersOfControls is more than the 20 that a space needs for speaking, so that it
// is not closed half of the time.
const membersOfControls = 24

// mostControls is how many halls of a control are played: what is planted is plain
// to see.
const mostControls = 8

// pairsOfMany is how many pairs of kinds are weighed in halls of more than 50: all of them,
// beside 200 suspects in 25 halls, are more than a machine of 24 GB holds.
const pairsOfMany = 30

// measure plays the halls of one world, attacks them, and prints the figures.
func measure(ctx context.Context, o options, w world) (ok bool, err error) {
	seeds := o.seeds
	if w.control != "" {
		seeds = min(seeds, mostControls)
	}
	var halls []hall
	for seed := o.first; seed < seeds; seed++ {
		h, err := inHallOfItsOwn(ctx, o, w, seed)
		if err != nil {
			return false, fmt.Errorf("hall %d: %w", seed, err)
		}
		halls = append(halls, h)
	}
	pairs := o.pairs
	if pairs == 0 && w.members > 50 {
		pairs = pairsOfMany
	}
	ok = report(w, halls, strings.Split(o.levels, ","), pairs, o.why)
	if w.control == "" && o.answers {
		reportVoices(w, halls, strings.Split(o.levels, ","), o.why)
	}
	return ok, nil
}

// inHallOfItsOwn plays one hall with people who have just joined it: were they the same in
// all halls, so would be their keys and masks, and the places at which these lie in tables.
// The adversary could learn those, and nobody in life could.
func inHallOfItsOwn(ctx context.Context, o options, w world, seed int) (h hall, err error) {
	base := evidenceDir(o.dir, w, seed) + "-stage"
	if _, played := os.Stat(evidenceDir(o.dir, w, seed) + evidenceFile); played != nil {
		if err := os.RemoveAll(base); err != nil {
			return h, err
		}
		if _, err := settle(ctx, o.bin, base, w.members+1, w.pace); err != nil {
			return h, err
		}
	}
	if h, err = one(ctx, o, w, base, seed); err == nil {
		err = os.RemoveAll(base)
	}
	return h, err
}

// hall is one hall with its truth, ready to be attacked.
type hall struct {
	docket
	truth
	counts map[string]int
	voices docket   // likewise of the answers to consultations of masks: whose they are
	whose  []docket // and of which mask, by consultation
}

// readHall reads the evidence of a hall.
func readHall(e evidence, t truth, w world) hall {
	h := hall{docket: docketOf(e, t, w.timing()), truth: t, counts: e.Counts}
	if w.control != "" { // is told of masks only
		return h
	}
	h.voices = docketOf(e, t.ofVoices(), w.timing())
	for nth := range mostAskings {
		if opinions := t.ofOpinions(e, nth+1); len(opinions.Culprits) > 0 {
			h.whose = append(h.whose, docketOf(e, opinions, w.timing()))
		}
	}
	return h
}

// one plays one hall, or finds that it was played before, and reads its evidence.
// The files of the first are kept too.
func one(ctx context.Context, o options, w world, base string, seed int) (hall, error) {
	dir := evidenceDir(o.dir, w, seed)
	if e, t, err := readEvidence(dir); err == nil {
		return readHall(e, t, w), nil
	}
	for _, part := range []string{"hall", "homes"} {
		if err := copyTree(filepath.Join(base, part), filepath.Join(dir, part)); err != nil {
			return hall{}, err
		}
	}
	p, err := begin(ctx, o.bin, dir, w, seed)
	if err != nil {
		return hall{}, err
	}
	if seed == 0 && w.control == "" {
		p.keeps = filepath.Join(dir, "nights")
	}
	err = p.run()
	if err == nil {
		err = p.collectAll()
	}
	p.s.close()
	p.pushes.Close()
	if err != nil {
		return hall{}, err
	}
	t := p.truth()
	if err := p.last(); err != nil {
		return hall{}, err
	}
	if err := p.keep(dir, t, p.days(), p.letters); err != nil {
		return hall{}, err
	}
	if err := os.RemoveAll(filepath.Join(dir, "homes")); err != nil {
		return hall{}, err
	}
	if seed > 0 {
		err = os.RemoveAll(dir)
	}
	return readHall(p.evidence, t, w), err
}

// last reads the files when all is over.
func (p *play) last() (err error) {
	p.clocks()
	seek := newFinder(p.names())
	if p.Last, err = readFiles(p.ctx, p.s.dir, seek); err != nil {
		return err
	}
	var cells files
	err = cells.readCells(p.ctx, p.s.dir, seek)
	p.Cells = cells.Records
	return err
}

// begin opens the hall for a play.
func begin(ctx context.Context, bin, dir string, w world, seed int) (*play, error) {
	pushes, err := openPushes(dir)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, bin, filepath.Join(dir, "hall"), zero, w.control, w.letters, "HALL_TEST_PUSH="+pushes.roots)
	if err != nil {
		return nil, err
	}
	p := &play{world: w, ctx: ctx, pushes: pushes, r: rand.New(rand.NewPCG(uint64(seed), uint64(w.members))), s: s}
	p.Seen, p.Gone, p.Counts = map[string]hours{}, map[string]hours{}, map[string]int{}
	if err := s.set(zero); err != nil {
		return nil, err
	}
	for i := range w.members + 1 {
		who, err := p.arrive(filepath.Join(dir, "homes", strconv.Itoa(i)), i)
		if err != nil {
			return nil, err
		}
		if i == w.members { // the platform's own member lives under no mask
			p.staff = who
			if _, err := who.home.Fetch(ctx, who.account, space, trust); err != nil {
				return nil, err
			}
			continue
		}
		p.settleIn(who)
		p.people = append(p.people, who)
	}
	p.threads, err = p.staff.account.Links(ctx, "/discussions", "/discussions/")
	if err == nil && len(p.threads) == 0 {
		err = fmt.Errorf("there is no open discussion to speak in")
	}
	return p, err
}

// settleIn draws somebody's life. Her habits are the same in all halls, so that it can
// be told whether somebody with such habits is found more often than others.
func (p *play) settleIn(who *person) {
	who.habits = drawHabits(rand.New(rand.NewPCG(uint64(who.n), uint64(p.members))), p.world)
	who.calls = drawCalls(p.r, who.habits, p.world)
	who.renewAfter = renewSpan * p.r.Float64()
	if p.members <= membersOfControls { // a space with few masks less is closed for speaking
		who.calls = punctual(p.r, who.calls, p.world)
	} else if who.late = p.r.IntN(8) == 0; who.late {
		for len(who.calls) > 0 && who.calls[0].at < 7*hoursOfDay {
			who.calls = who.calls[1:]
		}
	}
}

// arrive gives one person her home and her two ways into the hall.
func (p *play) arrive(home string, i int) (who *person, err error) {
	who = &person{n: i, held: newHeld(), concerns: concerns{judged: map[string]bool{}, voices: map[string]*voice{}, opined: map[string]bool{}}, mask: client.Mask{Hall: p.s.hall(i)}}
	if who.home, err = client.OpenHome(home); err != nil {
		return nil, err
	}
	if who.account, err = client.NewAccount(p.s.hall(i)); err != nil {
		return nil, err
	}
	if who.mute, err = client.NewAccount(p.s.hall(i)); err != nil {
		return nil, err
	}
	if _, err = who.account.Resume(p.ctx, who.home.State.Login); err != nil {
		return nil, err
	}
	who.handle = who.home.State.Name
	who.face, err = p.faceOf(who.handle)
	return who, err
}

// truth is whose is what.
func (p *play) truth() truth {
	t := truth{Voices: p.voicesOf()}
	for i, who := range p.people {
		t.Suspects = append(t.Suspects, names{Face: who.face, Handle: who.handle, Late: who.late, Open: who.open, Told: who.told, Voters: who.voters})
		for n, m := range who.chain {
			if n > 0 && p.inOrder() {
				break // later masks are renewed, and follow no seat
			}
			if len(m.Posts) > 0 { // of a mask that never spoke nobody asks who it is
				m.Owner = i
				t.Culprits = append(t.Culprits, m)
			}
		}
	}
	return t
}
