package calendar_test

import (
	"testing"
	"time"

	"guildhall/internal/calendar"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	zone, err := calendar.Zone("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	r := calendar.Workdays(zone)
	r.Exceptions = map[string][]calendar.Hours{"2026-03-05": nil, "2026-03-07": {{22 * 60, 24 * 60}}}
	r.Notice, r.Daily, r.Horizon, r.Before = 48*time.Hour, 1, 1, time.Hour // which are for meetings
	for at, want := range map[string]bool{
		"2026-03-02T08:59:59": false, "2026-03-02T09:00:00": true, "2026-03-02T17:59:30": true, "2026-03-02T18:00:00": false,
		"2026-03-01T12:00:00": false, "2026-03-05T12:00:00": false, "2026-03-07T12:00:00": false, "2026-03-07T23:59:00": true,
		"2026-03-30T09:00:00": true, // the clocks were put forward the day before
	} {
		moment, err := time.ParseInLocation("2006-01-02T15:04:05", at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Open(moment); got != want {
			t.Errorf("%s: open %v", at, got)
		}
	}
}
