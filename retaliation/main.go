package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"guildhall/internal/mask/client"
)

// options are the command line.
type options struct {
	bin, dir string
	sizes    string
	paces    string
	seeds    int
	controls string
	short    bool
}

func main() {
	var o options
	flag.StringVar(&o.bin, "bin", "build/guildhall-testclock", "the program, built with the tag testclock")
	flag.StringVar(&o.dir, "dir", "", "where the evidence is left; a fresh directory in memory when empty")
	flag.StringVar(&o.sizes, "n", "20,50,200", "members of the worlds")
	flag.StringVar(&o.paces, "paces", "careful,daily,hourly", "paces")
	flag.IntVar(&o.seeds, "seeds", 25, "halls of each world")
	flag.StringVar(&o.controls, "controls", strings.Join(controls(), ","), "leaks to plant")
	flag.BoolVar(&o.short, "short", false, "a quick run that shows that the test works, and bounds nothing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ok, err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "retaliation:", err)
		os.Exit(1)
	}
	if !ok {
		fmt.Fprintln(os.Stderr, "retaliation: a bound does not hold")
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (ok bool, err error) {
	if o.short {
		o.sizes, o.paces, o.seeds, o.controls = "20", "careful", 2, "push_row"
	}
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("/dev/shm", "retaliation-*"); err != nil {
			if o.dir, err = os.MkdirTemp("", "retaliation-*"); err != nil {
				return false, err
			}
		}
	}
	fmt.Println("evidence", o.dir)
	ok = true
	for _, w := range worlds(o) {
		good, err := measure(ctx, o, w)
		if err != nil {
			return false, fmt.Errorf("%+v: %w", w, err)
		}
		ok = ok && (good || o.short && w.control == "")
	}
	return ok, nil
}

// worlds lists what is to be measured: sizes and paces, the two other ways of
// living, and each leak.
func worlds(o options) (ws []world) {
	for _, size := range strings.Split(o.sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			continue
		}
		for _, pace := range strings.Split(o.paces, ",") {
			if pace == "careful" || n == 50 {
				ws = append(ws, world{members: n, pace: pace})
			}
		}
		if n == 50 {
			ws = append(ws, world{members: n, pace: "careful", apart: true}, world{members: n, pace: "careful", separate: true})
		}
	}
	for _, c := range strings.Split(o.controls, ",") {
		if c != "" {
			ws = append(ws, world{members: 20, pace: "careful", control: c})
		}
	}
	return ws
}

// measure plays the halls of one world, attacks them, and prints the figures.
func measure(ctx context.Context, o options, w world) (ok bool, err error) {
	seeds := o.seeds
	if w.control != "" {
		seeds = min(seeds, 4)
	}
	base := filepath.Join(o.dir, "stage-"+strconv.Itoa(w.members)+"-"+w.pace)
	if _, err := os.Stat(filepath.Join(base, "hall")); err != nil {
		if _, err := settle(ctx, o.bin, base, w.members+1, w.pace); err != nil {
			return false, err
		}
	}
	dockets := make([]docket, 0, seeds)
	truths := make([]truth, 0, seeds)
	for seed := range seeds {
		d, t, err := one(ctx, o, w, base, seed)
		if err != nil {
			return false, fmt.Errorf("hall %d: %w", seed, err)
		}
		dockets, truths = append(dockets, d), append(truths, t)
	}
	return report(w, dockets, truths), nil
}

// one plays one hall and reads its evidence. That of the first is kept.
func one(ctx context.Context, o options, w world, base string, seed int) (docket, truth, error) {
	dir := evidenceDir(o.dir, w, seed)
	if d, t, err := readDocket(dir + ".json"); err == nil { // played before
		return d, t, nil
	}
	if err := copyTree(filepath.Join(base, "hall"), filepath.Join(dir, "hall")); err != nil {
		return docket{}, truth{}, err
	}
	if err := copyTree(filepath.Join(base, "homes"), filepath.Join(dir, "homes")); err != nil {
		return docket{}, truth{}, err
	}
	p, err := begin(ctx, o.bin, dir, w, seed)
	if err != nil {
		return docket{}, truth{}, err
	}
	err = p.run()
	p.s.close()
	if err != nil {
		return docket{}, truth{}, err
	}
	t := p.truth()
	last, err := readFiles(ctx, p.s.dir)
	if err != nil {
		return docket{}, truth{}, err
	}
	d := docketOf(t, last, p.nights, p.seen, &p.traffic)
	if err := d.keep(dir+".json", t); err != nil {
		return docket{}, truth{}, err
	}
	if seed > 0 {
		return d, t, os.RemoveAll(dir)
	}
	return d, t, p.keep(dir, t)
}

// begin opens the hall for a play.
func begin(ctx context.Context, bin, dir string, w world, seed int) (*play, error) {
	s, err := open(ctx, bin, filepath.Join(dir, "hall"), zero, w.control)
	if err != nil {
		return nil, err
	}
	p := &play{world: w, ctx: ctx, r: rand.New(rand.NewPCG(uint64(seed), uint64(w.members))), s: s, seen: map[string][]trace{}}
	if err := s.set(zero); err != nil {
		return nil, err
	}
	for i := range w.members + 1 {
		who, err := p.arrive(filepath.Join(dir, "homes", strconv.Itoa(i)), i)
		if err != nil {
			return nil, err
		}
		if i == w.members { // the platform's own member only reads
			p.staff = who
			if _, err := who.home.Fetch(ctx, who.account, space, trust); err != nil {
				return nil, err
			}
			continue
		}
		who.habits = drawHabits(p.r, w)
		who.calls = drawCalls(p.r, who.habits, w)
		if w.members <= fewest { // a space with one mask less is closed for speaking
			who.calls = punctual(p.r, who.calls)
		} else if who.late = p.r.IntN(8) == 0; who.late {
			for len(who.calls) > 0 && who.calls[0].at < 7*hoursOfDay {
				who.calls = who.calls[1:]
			}
		}
		p.people = append(p.people, who)
	}
	p.threads, err = p.staff.account.Links(ctx, "/discussions", "/discussions/")
	if err == nil && len(p.threads) == 0 {
		err = fmt.Errorf("there is no open discussion to speak in")
	}
	return p, err
}

// arrive gives one person her home and her two ways into the hall.
func (p *play) arrive(home string, i int) (who *person, err error) {
	who = &person{n: i, held: newHeld(), mask: client.Mask{Hall: p.s.hall(i)}}
	if who.home, err = client.OpenHome(home); err != nil {
		return nil, err
	}
	if who.account, err = client.NewAccount(p.s.hall(i)); err != nil {
		return nil, err
	}
	if _, err = who.account.Resume(p.ctx, who.home.State.Login); err != nil {
		return nil, err
	}
	who.handle = who.home.State.Name
	who.face, err = p.faceOf(who.handle)
	return who, err
}

// keep leaves the evidence of a hall, and the truth apart from it.
func (p *play) keep(dir string, t truth) error {
	for name, v := range map[string]any{"truth.json": t, "traffic.json": p.traffic, "seen.json": p.seen} {
		b, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			return err
		}
		at := filepath.Join(dir, name)
		if name == "truth.json" {
			at = dir + "-truth.json"
		}
		if err := os.WriteFile(at, b, 0o600); err != nil {
			return err
		}
	}
	return os.RemoveAll(filepath.Join(dir, "homes"))
}

// truth is whose is what.
func (p *play) truth() truth {
	var t truth
	for i, who := range p.people {
		t.Suspects = append(t.Suspects, names{Face: who.face, Handle: who.handle, Late: who.late, Open: who.open})
		for n, m := range who.chain {
			if n > 0 && p.control == "ordered_ids" {
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
