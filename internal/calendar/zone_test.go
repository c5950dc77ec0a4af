package calendar

import (
	"archive/zip"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// everyZone are the names in Go's own copy of the time zone database.
func everyZone(t *testing.T) []string {
	t.Helper()
	z, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var out []string
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, "/") {
			out = append(out, f.Name)
		}
	}
	if len(out) < 400 {
		t.Fatalf("only %d zones", len(out))
	}
	return out
}

// turnsOf are the moments of some years at which the clocks of a zone are set.
func turnsOf(loc *time.Location, from, to int) []time.Time {
	var out []time.Time
	at := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)
	for {
		_, next := at.In(loc).ZoneBounds()
		if next.IsZero() || next.Year() >= to {
			return out
		}
		out = append(out, next)
		at = next
	}
}

// TestClock_everyZone holds every quarter of an hour around every setting of the clocks
// in every zone against a plain search through time.
func TestClock_everyZone(t *testing.T) {
	t.Parallel()
	for _, name := range everyZone(t) {
		loc, err := Zone(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		k := &clock{z: place{loc}}
		for _, turn := range turnsOf(loc, 2024, 2028) {
			_, off := turn.Add(-time.Second).In(loc).Zone()
			for q := int64(-100); q <= 100; q++ {
				local := floorDiv(turn.Unix()+int64(off), 900)*900 + q*900
				got := k.instant(local)
				if want := plainSearch(loc, turn, local); got != want {
					t.Fatalf("%s, %s: %s, a plain search finds %s", name, time.Unix(local, 0).UTC().Format(time.DateTime), time.Unix(got, 0).UTC(), time.Unix(want, 0).UTC())
				}
			}
		}
	}
}

// plainSearch is the first moment at which clocks show a local time; else what it would
// be by the offset before the turn.
func plainSearch(loc *time.Location, turn time.Time, local int64) int64 {
	_, before := turn.Add(-time.Second).In(loc).Zone()
	_, after := turn.In(loc).Zone()
	a, b := local-int64(before), local-int64(after)
	switch {
	case a < turn.Unix():
		return a
	case b >= turn.Unix():
		return b
	}
	return a
}

func TestZone_names(t *testing.T) {
	t.Parallel()
	for _, to := range windows {
		if load(to) == nil {
			t.Errorf("%s is no zone", to)
		}
	}
	for name, want := range map[string]string{
		"EUROPE/PARIS": "Europe/Paris", "america/port-au-prince": "", "/mozilla.org/20050126_1/America/Argentina/Buenos_Aires": "America/Argentina/Buenos_Aires",
		"/Europe/Berlin": "Europe/Berlin", "/citadel.org/UTC": "UTC", "Tokyo Standard Time": "Asia/Tokyo", "Local": "", "": "", "../Paris": "", "/etc/passwd": "",
	} {
		loc, err := Zone(name)
		if got := loc; (err == nil) != (want != "") || err == nil && got.String() != want {
			t.Errorf("%q is %v, want %q", name, got, want)
		}
	}
}
