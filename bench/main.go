package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"
)

// options are the command line.
type options struct {
	bin, dir                          string
	members, discussions, posts, seed int
	rounds, requests                  int
	only                              *regexp.Regexp
	postgres                          string
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "floor" {
		fail(serveFloor(os.Args[2]))
	}
	if len(os.Args) == 3 && os.Args[1] == "masks" {
		fail(serveMasks(os.Args[2]))
	}
	var o options
	var only string
	flag.StringVar(&o.bin, "bin", "bin/guildhall", "the program")
	flag.StringVar(&o.dir, "dir", "build/bench", "where the filled hall is kept between runs")
	flag.IntVar(&o.members, "members", 5000, "people in the hall")
	flag.IntVar(&o.discussions, "discussions", 10_000, "discussions in the hall")
	flag.IntVar(&o.posts, "posts", 500_000, "posts in the hall")
	flag.IntVar(&o.seed, "seed", 1, "what the synthetic hall is drawn from")
	flag.IntVar(&o.rounds, "rounds", 5, "interleaved rounds of each ratio")
	flag.IntVar(&o.requests, "requests", 40_000, "requests of a round")
	flag.StringVar(&o.postgres, "db", "", "postgres://… of a filled hall instead of SQLite")
	flag.StringVar(&only, "only", "", "regular expression over the names of figures")
	flag.Parse()
	var err error
	o.only, err = regexp.Compile(only)
	fail(err)
	// nginx takes relative paths from its own prefix.
	o.dir, err = filepath.Abs(o.dir)
	fail(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err = run(ctx, o)
	stop()
	fail(err)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// group measures some figures together.
type group struct {
	names []string
	run   func(ctx context.Context, b *bench) error
}

// groups in the order in which they are measured: what needs a fresh server
// comes first.
var groups = []group{
	{[]string{"binary_size", "start_to_ready", "memory_idle"}, measureStart},
	{[]string{"log_append_p50", "log_verify_100000"}, measureLog},
	{[]string{"page_cached_cpu", "page_cached_vs_nginx", "page_cached_vs_floor", "page_cached_rate", "nginx_rate"}, measureCached},
	{[]string{"unchanged_304_cpu", "unchanged_304_vs_nginx", "unchanged_304_vs_floor"}, measureUnchanged},
	{[]string{"memory_64_readers"}, measureMemory},
	{[]string{"page_uncached_cpu", "page_uncached_rate", "page_uncached_vs_floor"}, measureUncached},
	{[]string{"page_signed_in_cpu"}, measureSignedIn},
	{[]string{"consultation_2000x200_seconds"}, measureOpinions},
	{[]string{"consultation_answer_p50", "consultation_answer_p99", "consultation_answers_rate", "consultation_page_meanwhile_p50"}, measureAnswers},
	{[]string{"terms_compare_100k"}, measureComparing},
	{[]string{"terms_check_1000_memory", "terms_check_1000_memory_before", "terms_check_1000_seconds", "terms_check_1000_waited"}, measureWatch},
	{[]string{"search_rare_p50", "search_common_p50"}, measureSearch},
	{[]string{"blind_sign_rate", "blind_sign_vs_stdlib"}, measureSigning},
	{[]string{"post_1_writer_p50", "post_1_writer_p99", "post_8_writers_p50", "post_8_writers_p99"}, measurePosts},
	{[]string{"live_told_p50", "live_told_p99", "live_idle_line", "live_storm_8000"}, measureLive},
	{[]string{"followed_100k_queued_rate", "followed_100k_handed_rate", "followed_100k_page_meanwhile", "ladder_climb_100k"}, measureFollowed},
	{[]string{"message_accepted_p50", "message_heard_p50", "message_room_30"}, measureMessages},
	{[]string{"call_rings_p50", "call_rings_p99", "call_stops_p50", "call_stops_p99", "call_200_ring_p50", "call_200_ring_last"}, measureCalls},
	{[]string{"mask_batch_100k", "mask_post_p50", "mask_post_p99"}, measureMasks},
	{[]string{"mask_bundle_cpu", "mask_bundle_page_cpu", "mask_bundle_vs_page"}, measureBundle},
}

// bench is one run.
type bench struct {
	options
	hall *hall
}

func run(ctx context.Context, o options) error {
	b := &bench{options: o}
	var err error
	if b.hall, err = prepare(ctx, o); err != nil {
		return err
	}
	failed := 0
	for _, g := range groups {
		if !slices.ContainsFunc(g.names, o.only.MatchString) {
			continue
		}
		if err := g.run(ctx, b); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			fmt.Fprintf(os.Stderr, "bench: %v: %v\n", g.names, err)
			failed++
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d groups of figures could not be measured", failed)
	}
	return nil
}

// say prints a figure.
func say(name string, value float64, unit string) {
	fmt.Printf("%s %.4g %s\n", name, value, unit)
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// median of some values.
func median(vs []float64) float64 {
	vs = slices.Clone(vs)
	slices.Sort(vs)
	return vs[len(vs)/2]
}
