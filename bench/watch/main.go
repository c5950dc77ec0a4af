// Command watch replays recorded histories of terms and holds what the watch
// says against labels that somebody else gave, before any output was seen.
//
//	go run ./bench/watch [-half tune|report] [-why] [DIR…]
//
// Without directories it takes $GUILDHALL_DATA/terms/*. Each history is a line;
// below stand the figures of both halves, averaged by service, because one
// service may hold most of the records. Figures are given three times: with all
// labels, without those another reader could have given otherwise, and with those of
// a second reader who had not seen the first ones'.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"guildhall/internal/terms/watch"
)

const labelDir = "internal/terms/testdata/labels"

func main() {
	half := flag.String("half", "", "print one half only: tune or report")
	why := flag.Bool("why", false, "name each record on which watch and label differ")
	flag.Parse()
	if err := report(flag.Args(), *half, *why); err != nil {
		fmt.Fprintln(os.Stderr, "watch:", err)
		os.Exit(1)
	}
}

func report(dirs []string, half string, why bool) error {
	if len(dirs) == 0 {
		data := os.Getenv("GUILDHALL_DATA")
		if data == "" {
			data = "../shared/data"
		}
		dirs, _ = filepath.Glob(filepath.Join(data, "terms", "*"))
		if len(dirs) == 0 {
			fmt.Printf("there are no histories in %s/terms: nothing is reported\n", data)
			return nil
		}
	}
	halves := map[string][]score{}
	fmt.Printf("%-44s %-7s %7s %7s %7s %10s %7s %7s\n", "document", "half", "records", "returns", "alarms", "suppressed", "missed", "false")
	for _, dir := range dirs {
		s, err := replay(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		if half != "" && s.half != half {
			continue
		}
		halves[s.half] = append(halves[s.half], s)
		fmt.Println(s.line())
		if why {
			fmt.Print(strings.Join(s.why, ""))
		}
	}
	names := make([]string, 0, len(halves))
	for name := range halves {
		names = append(names, name)
	}
	sort.Strings(names)
	var all agreement
	for _, name := range names {
		summary(name, halves[name])
		for _, s := range halves[name] {
			all.merge(s.readers)
		}
	}
	fmt.Println("\n" + all.line())
	return nil
}

// figures are counts of one history.
type figures struct{ returns, suppressed, due, missed, alarms, right int }

// score is what came of one history.
type score struct {
	document, service, half string
	records                 int
	all, sure, other        figures // sure: without labels in doubt; other: by the second reader
	readers                 agreement
	why                     []string
}

func (s score) line() string {
	return fmt.Sprintf("%-44s %-7s %7d %7d %7d %10s %7s %7d", s.document, s.half, s.records, s.all.returns, s.all.alarms,
		fmt.Sprintf("%d/%d", s.all.suppressed, s.all.returns), fmt.Sprintf("%d/%d", s.all.missed, s.all.due), s.all.alarms-s.all.right)
}

// replay holds one history against its labels.
func replay(dir string) (score, error) {
	records, err := watch.ReadDir(dir)
	if err != nil {
		return score{}, err
	}
	s := score{document: filepath.Base(dir), records: len(records), half: "unlabelled"}
	s.service, _, _ = strings.Cut(s.document, "--")
	l, err := readLabels(filepath.Join(labelDir, s.document+".json"))
	if err != nil && !os.IsNotExist(err) {
		return score{}, err
	}
	if err == nil {
		s.half = l.Split
	}
	seconds, err := readSeconds(filepath.Join(labelDir, "second", s.document+".json"))
	if err != nil && !os.IsNotExist(err) {
		return score{}, err
	}
	verdicts, alarms := watch.Judge(records, time.Time{})
	alarmed := map[int]bool{}
	for _, a := range alarms {
		alarmed[a.Record] = true
	}
	returns := watch.Returns(records)
	for i := range records {
		at := l.of(i)
		s.all.count(at, returns[i], alarmed[i])
		if at.Doubt == "" {
			s.sure.count(at, returns[i], alarmed[i])
		}
		other, read := seconds[i]
		if read {
			s.readers.add(at, other)
		} else {
			other = at // nobody read a return or a wall twice
		}
		s.other.count(other, returns[i], alarmed[i])
		if at.due() != alarmed[i] {
			s.why = append(s.why, fmt.Sprintf("    %4d %s: alarm %v, watch says %s %s, label %s: %s %s\n", i, records[i].At.Format("2006-01-02"),
				alarmed[i], verdicts[i].Class, verdicts[i].Trouble, at.Label, at.Reason, at.doubtful()))
		}
	}
	return s, nil
}

func (f *figures) count(l label, returned, alarmed bool) {
	if returned && !l.due() {
		f.returns++
		if !alarmed {
			f.suppressed++
		}
	}
	if l.due() {
		f.due++
		if !alarmed {
			f.missed++
		}
	}
	if alarmed {
		f.alarms++
		if l.due() {
			f.right++
		}
	}
}

// summary prints the figures of a half, each averaged over the services that
// have any.
func summary(name string, scores []score) {
	for _, which := range []struct {
		words string
		of    func(score) figures
	}{{"all labels", func(s score) figures { return s.all }}, {"without those in doubt", func(s score) figures { return s.sure }},
		{"by the second reader", func(s score) figures { return s.other }}} {
		services := map[string]figures{}
		var sum figures
		for _, s := range scores {
			f, g := services[s.service], which.of(s)
			f.add(g)
			sum.add(g)
			services[s.service] = f
		}
		fmt.Printf("\n%s, %s: %d services, %d alarms\n", name, which.words, len(services), sum.alarms)
		for _, figure := range []struct {
			words string
			part  func(figures) (int, int)
		}{
			{"returns suppressed", func(f figures) (int, int) { return f.suppressed, f.returns }},
			{"substantive changes missed", func(f figures) (int, int) { return f.missed, f.due }},
			{"alarms that are substantive", func(f figures) (int, int) { return f.right, f.alarms }},
		} {
			mean, n := 0.0, 0
			for _, f := range services {
				if part, whole := figure.part(f); whole > 0 {
					mean += float64(part) / float64(whole)
					n++
				}
			}
			part, whole := figure.part(sum)
			if n == 0 {
				fmt.Printf("  %-28s none to count\n", figure.words)
				continue
			}
			fmt.Printf("  %-28s %6.1f %% mean of %d services; %d of %d in all\n", figure.words, 100*mean/float64(n), n, part, whole)
		}
	}
}

func (f *figures) add(g figures) {
	f.returns += g.returns
	f.suppressed += g.suppressed
	f.due += g.due
	f.missed += g.missed
	f.alarms += g.alarms
	f.right += g.right
}
