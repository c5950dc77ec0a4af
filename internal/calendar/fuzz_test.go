package calendar

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// FuzzRead: whatever a file says, it is refused with a line, or what comes out is in
// order, apart, and within what was asked for.
func FuzzRead(f *testing.F) {
	f.Add(calendarOf(own + eventOf(`DTSTART;TZID="Own, here":20260328T090000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2|EXDATE;VALUE=DATE:20260329`)))
	f.Add(calendarOf(eventOf("DTSTART;VALUE=DATE:20260105|RRULE:FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=MO;WKST=SU;UNTIL=20300101|RDATE;VALUE=PERIOD:20260107T090000Z/PT2H") + "|" + eventOf("RECURRENCE-ID;RANGE=THISANDFUTURE:20260112T000000Z|DTSTART:20260113T100000Z|DTEND:20260113T110000Z|SEQUENCE:4")))
	f.Add(calendarOf("METHOD:REQUEST|BEGIN:VFREEBUSY|FREEBUSY;FBTYPE=FREE:20260105T090000Z/PT1H|FREEBUSY:20260105T090000Z/PT1H|END:VFREEBUSY|" + eventOf("DTSTART:20260105T090000|DTEND:20260105T100000|RRULE:FREQ=SECONDLY;BYMINUTE=1;BYSETPOS=-1;INTERVAL=3|EXRULE:FREQ=MINUTELY;COUNT=40")))
	f.Add(madeUp(3, 2026))
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	paris, _ := Zone("Europe/Paris")
	f.Fuzz(func(t *testing.T, b []byte) {
		feed, err := Read(b)
		var all, each []Interval
		if err == nil {
			if all, err = feed.Busy(from, to, paris); err == nil {
				each, err = feed.Meetings(from, to, paris)
			}
		}
		var fault *Fault
		if err != nil && (!errors.As(err, &fault) || fault.Line < 1) {
			t.Fatalf("refused without a line: %v", err)
		}
		for i, s := range all {
			if !s.Start.Before(s.End) || s.Start.Before(from) || s.End.After(to) || i > 0 && !all[i-1].End.Before(s.Start) {
				t.Fatalf("stretch %d of %v", i, all)
			}
		}
		if err == nil && !slices.Equal(Merge(each), all) {
			t.Fatalf("meetings %v do not add up to %v", each, all)
		}
	})
}
