package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"guildhall/internal/fault"
)

// options are the command line.
type options struct {
	bin, dir string
	sizes    string
	paces    string
	lives    string
	seeds    int
	first    int
	controls string
	levels   string
	pairs    int
	short    bool
	answers  bool
	why      io.Writer // where it is said on what the adversary relied
}

func main() {
	var o options
	flag.StringVar(&o.bin, "bin", "build/guildhall-testclock", "the program, built with the tag testclock")
	flag.StringVar(&o.dir, "dir", "", "where the evidence is left; a fresh directory in memory when empty")
	flag.StringVar(&o.sizes, "n", "20,50,200", "members of the worlds")
	flag.StringVar(&o.paces, "paces", "careful,daily,hourly", "paces")
	flag.IntVar(&o.seeds, "seeds", 25, "halls of each world")
	flag.StringVar(&o.lives, "lives", "plain,apart,separate,letters", "ways of living, in halls of 50 with the pace careful; also direct (separate, without a letterbox) and hasty")
	flag.IntVar(&o.first, "first", 0, "number of the first hall, so that several programs can play one world")
	flag.StringVar(&o.controls, "controls", strings.Join(controls(), ","), "leaks to plant")
	flag.BoolVar(&o.short, "short", false, "two halls of three weeks with one leak, to see that it is found; bounds nothing")
	flag.BoolVar(&o.answers, "answers", true, "tell whose answers to consultations of masks are, too")
	flag.StringVar(&o.levels, "levels", "E1,E2,E2r,E3", "what the adversary has")
	flag.IntVar(&o.pairs, "pairs", 0, "how many pairs of kinds of evidence are weighed at each level, those that promise most; 0: all, and in halls of more than 50 thirty")
	why := flag.Bool("why", false, "say on standard error on what the adversary relied")
	flag.Parse()
	if o.why = io.Discard; *why {
		o.why = os.Stderr
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ok, err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "retaliation:", err, fault.From(err).Args)
		os.Exit(1)
	}
	if !ok {
		fmt.Fprintln(os.Stderr, "retaliation: a bound does not hold")
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (ok bool, err error) {
	if o.short {
		o.sizes, o.seeds, o.controls = "", 2, "session_rows"
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
		ok = ok && good
	}
	return ok, nil
}
