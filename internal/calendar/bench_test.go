package calendar

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// madeUp is a feed as programs write them: single meetings, some that recur, some of
// them moved, in several zones, with texts and people nobody needs here.
func madeUp(n int, year int) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n")
	zones := []string{";TZID=Europe/Paris:%s", ";TZID=\"W. Europe Standard Time\":%s", ":%sZ", ";TZID=America/New_York:%s"}
	day := time.Date(year-2, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		at := day.Add(time.Duration(i) * 37 * time.Hour * 16 / 36).Truncate(15 * time.Minute)
		z := zones[i%len(zones)]
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d@example.com\r\nDTSTAMP:20250101T000000Z\r\nDTSTART"+z+"\r\nDTEND"+z+"\r\n", i,
			at.Format("20060102T150405"), at.Add(time.Duration(15+i%4*15)*time.Minute).Format("20060102T150405"))
		switch {
		case i%10 == 0:
			b.WriteString("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=60\r\n")
		case i%17 == 0:
			b.WriteString("RRULE:FREQ=MONTHLY;BYDAY=-1FR\r\nEXDATE" + fmt.Sprintf(z, "20260130T090000") + "\r\n")
		}
		b.WriteString("SUMMARY:A meeting about what was said at the last one\r\nDESCRIPTION:" + strings.Repeat("words and more words\\n and ", 2) + "\r\n " + strings.Repeat("rest of the line ", 4) + "\r\n")
		b.WriteString("ATTENDEE;CN=\"Ana: of the hall\";PARTSTAT=ACCEPTED:mailto:ana@example.com\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:bo@example.com\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return []byte(b.String())
}

// aWeek are rules of somebody who can be met often.
const aWeek = `zone = "Europe/Paris"
length = "45m"
step = "15m"
before = "10m"
after = "5m"
notice = "1d"
[hours]
monday = ["09:00-12:30", "14:00-18:00"]
tuesday = ["09:00-12:30", "14:00-18:00"]
wednesday = ["09:00-12:30"]
thursday = ["09:00-12:30", "14:00-18:00"]
friday = ["08:00-20:00"]
`

// BenchmarkSlots reads five feeds of 2,000 events and finds the free slots of a quarter.
func BenchmarkSlots(b *testing.B) {
	feed := madeUp(2000, 2026)
	rules, err := ReadRules([]byte(aWeek))
	if err != nil {
		b.Fatal(err)
	}
	from := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 3, 0)
	b.SetBytes(int64(5 * len(feed)))
	for b.Loop() {
		var busy []Interval
		for range 5 {
			f, err := Read(feed)
			if err != nil {
				b.Fatal(err)
			}
			some, err := f.Busy(from, to, rules.Zone)
			if err != nil {
				b.Fatal(err)
			}
			busy = append(busy, some...)
		}
		if len(rules.Slots(from, to, from, busy, nil)) == 0 {
			b.Fatal("no slot")
		}
	}
}
