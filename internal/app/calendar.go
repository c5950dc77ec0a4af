package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"guildhall/internal/calendar"
)

// calendarCommand is "guildhall calendar".
type calendarCommand struct {
	Busy  *calendarBusyCommand  `arg:"subcommand" help:"Print when somebody is busy, from a calendar file (iCalendar)."`
	Slots *calendarSlotsCommand `arg:"subcommand" help:"Print when somebody can be met, from her rules and calendar files."`
}

// calendarWindow is the stretch of time that is asked for.
type calendarWindow struct {
	From calendarTime `arg:"required" placeholder:"TIME" help:"Begin of the stretch: 2026-01-01T00:00:00Z, or 2026-01-01 for its midnight in the zone."`
	To   calendarTime `arg:"required" placeholder:"TIME" help:"End of the stretch."`
	Zone calendarZone `placeholder:"ZONE" help:"Zone of whole days and of times without a zone, as Europe/Paris."`
}

// calendarZone is a time zone by its name.
type calendarZone struct{ *time.Location }

// UnmarshalText refuses what is no zone.
func (z *calendarZone) UnmarshalText(b []byte) error {
	loc, err := calendar.Zone(string(b))
	z.Location = loc
	return err
}

// calendarTime is a moment, or the midnight of a day.
type calendarTime struct {
	text string
	at   time.Time
	day  bool
}

// UnmarshalText refuses what is neither.
func (t *calendarTime) UnmarshalText(b []byte) (err error) {
	t.text = string(b)
	if t.at, err = time.Parse(time.RFC3339, t.text); err == nil {
		return nil
	}
	if t.at, err = time.Parse(time.DateOnly, t.text); err == nil {
		t.day = true
		return nil
	}
	return fmt.Errorf("%q is no time as 2026-01-01T00:00:00Z", t.text)
}

// in is the moment; of a day its midnight in a zone.
func (t calendarTime) in(zone *time.Location) time.Time {
	if t.day {
		return time.Date(t.at.Year(), t.at.Month(), t.at.Day(), 0, 0, 0, 0, zone)
	}
	return t.at
}

// window is the stretch, or what is wrong with it.
func (w calendarWindow) window(zone *time.Location) (from, to time.Time, err error) {
	from, to = w.From.in(zone), w.To.in(zone)
	if !from.Before(to) {
		return from, to, errors.New("--to is not after --from")
	}
	return from, to, nil
}

// calendarBusyCommand is "guildhall calendar busy".
type calendarBusyCommand struct {
	calendarWindow
	File string `arg:"positional,required" help:"Calendar file (.ics); - reads it from the input."`
}

// Run prints the busy stretches, or file, line and reason.
func (c calendarBusyCommand) Run(_ context.Context, s streams) error {
	zone := time.UTC
	if c.Zone.Location != nil {
		zone = c.Zone.Location
	}
	from, to, err := c.window(zone)
	if err != nil {
		return err
	}
	busy, err := busyIn(c.File, s, from, to, zone, false)
	if err != nil {
		return err
	}
	return writeIntervals(s.out, busy)
}

// busyIn reads the busy stretches of one file, joined or each for itself.
func busyIn(file string, s streams, from, to time.Time, zone *time.Location, apart bool) ([]calendar.Interval, error) {
	b, err := readSome(file, s, calendar.MaxBytes)
	if err != nil {
		return nil, err
	}
	feed, err := calendar.Read(b)
	if err != nil {
		return nil, located{file, err}
	}
	find := feed.Busy
	if apart {
		find = feed.Meetings
	}
	busy, err := find(from, to, zone)
	if err != nil {
		return nil, located{file, err}
	}
	return busy, nil
}

// readSome reads a file, of a large one only a byte more than is allowed.
func readSome(file string, s streams, most int64) ([]byte, error) {
	in := s.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, most+1))
}

// located is what is wrong with a file: FILE:LINE: reason, as editors understand it.
type located struct {
	file string
	err  error
}

func (l located) Error() string { return l.file + ":" + l.err.Error() }

// writeIntervals prints a line for each.
func writeIntervals(w io.Writer, all []calendar.Interval) error {
	var out bytes.Buffer
	for _, i := range all {
		fmt.Fprintf(&out, "%s\t%s\n", i.Start.UTC().Format(time.RFC3339), i.End.UTC().Format(time.RFC3339))
	}
	_, err := w.Write(out.Bytes())
	return err
}

// calendarSlotsCommand is "guildhall calendar slots".
type calendarSlotsCommand struct {
	calendarWindow
	Rules  string       `arg:"required" placeholder:"FILE" help:"Rules: hours, exceptions, length and what is kept free (TOML)."`
	Busy   []string     `placeholder:"FILE" help:"Calendar files of what keeps her busy; several behind each other."`
	Booked []string     `placeholder:"FILE" help:"Calendar files of meetings she has: busy, and counted for the daily limit."`
	Now    calendarTime `placeholder:"TIME" help:"Moment from which notice and horizon count. [default: --from]"`
}

// More shows a file of rules below the help.
func (calendarSlotsCommand) More() string { return calendar.RulesHelp }

// Run prints the free slots, or nothing at all when a file cannot be trusted.
func (c calendarSlotsCommand) Run(_ context.Context, s streams) error {
	b, err := readSome(c.Rules, s, 1<<20)
	if err != nil {
		return err
	}
	rules, err := calendar.ReadRules(b)
	if err != nil {
		return located{c.Rules, err}
	}
	zone := rules.Zone
	if c.Zone.Location != nil {
		zone = c.Zone.Location
	}
	from, to, err := c.window(zone)
	if err != nil {
		return err
	}
	now := from
	if c.Now.text != "" {
		now = c.Now.in(zone)
	}
	busy, booked, err := c.read(s, from, to, zone)
	if err != nil {
		return err
	}
	return writeIntervals(s.out, rules.Slots(from, to, now, busy, booked))
}

// read reads all files at once, and says what is wrong with the first that is.
func (c calendarSlotsCommand) read(s streams, from, to time.Time, zone *time.Location) (busy, booked []calendar.Interval, err error) {
	files := append(append([]string(nil), c.Busy...), c.Booked...)
	found, wrong := make([][]calendar.Interval, len(files)), make([]error, len(files))
	// What lies just outside reaches in by what is kept free around a meeting, and the
	// days at both ends have meetings that count.
	around := 3 * 24 * time.Hour
	var group sync.WaitGroup
	for i, file := range files {
		group.Go(func() {
			found[i], wrong[i] = busyIn(file, s, from.Add(-around), to.Add(around), zone, i >= len(c.Busy))
		})
	}
	group.Wait()
	for i := range files {
		if wrong[i] != nil {
			return nil, nil, wrong[i]
		}
		if i < len(c.Busy) {
			busy = append(busy, found[i]...)
		} else {
			booked = append(booked, found[i]...)
		}
	}
	return busy, booked, nil
}

// gathered lets files stand each behind a --busy of its own as well as several behind
// one: the parser keeps only those behind the last.
func gathered(args []string) []string {
	if len(args) < 2 || args[0] != "calendar" || args[1] != "slots" {
		return args
	}
	lists := map[string][]string{"--busy": nil, "--booked": nil}
	var out []string
	list := ""
	for _, a := range args {
		key, value, set := strings.Cut(a, "=")
		switch _, ours := lists[key]; {
		case ours:
			list = key
			if set {
				lists[list] = append(lists[list], value)
			}
		case list != "" && (a == "-" || !strings.HasPrefix(a, "-")):
			lists[list] = append(lists[list], a)
		default:
			list = ""
			out = append(out, a)
		}
	}
	for _, key := range []string{"--busy", "--booked"} {
		if len(lists[key]) > 0 {
			out = append(append(out, key), lists[key]...)
		}
	}
	return out
}
