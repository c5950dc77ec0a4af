package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// calendarOf puts lines into a calendar. "|" begins a new line.
func calendarOf(lines string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.ReplaceAll(strings.TrimSpace(lines), "|", "\r\n") + "\r\nEND:VCALENDAR\r\n")
}

// eventOf puts lines into an event.
func eventOf(lines string) string { return "BEGIN:VEVENT|UID:1|" + lines + "|END:VEVENT" }

// busy prints the busy stretches of 2026, as day and time, in UTC.
func busy(t *testing.T, b []byte, zone string) string {
	t.Helper()
	loc, err := Zone(zone)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(b)
	var all []Interval
	if err == nil {
		all, err = f.Busy(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), loc)
	}
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, i := range all {
		out = append(out, i.Start.Format("0102T1504")+"/"+i.End.Format("0102T1504"))
	}
	return strings.Join(out, " ")
}

// own is a zone of somebody's own making: two hours ahead, three in summer.
const own = "BEGIN:VTIMEZONE|TZID:Own\\, here|BEGIN:STANDARD|DTSTART:16010101T040000|RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10|TZOFFSETFROM:+0300|TZOFFSETTO:+0200|END:STANDARD|" +
	"BEGIN:DAYLIGHT|DTSTART:16010101T030000|RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3|TZOFFSETFROM:+0200|TZOFFSETTO:+0300|END:DAYLIGHT|END:VTIMEZONE|"

func TestBusy_conventions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, lines, want string }{
		{"one meeting", eventOf("DTSTART:20260105T090000Z|DTEND:20260105T100000Z"), "0105T0900/0105T1000"},
		{"cut at both ends", eventOf("DTSTART:20251231T090000Z|DTEND:20260101T100000Z") + "|" + eventOf("DTSTART:20261231T230000Z|DTEND:20270103T000000Z"), "0101T0000/0101T1000 1231T2300/0101T0000"},
		{"touching ones are joined", eventOf("DTSTART:20260105T090000Z|DTEND:20260105T100000Z") + "|" + eventOf("DTSTART:20260105T100000Z|DTEND:20260105T103000Z"), "0105T0900/0105T1030"},
		{"nothing lasts nothing", eventOf("DTSTART:20260105T090000Z") + "|" + eventOf("DTSTART:20260105T090000Z|DTEND:20260105T090000Z"), ""},
		{"a day is a day of the owner", eventOf("DTSTART;VALUE=DATE:20260105"), "0104T2300/0105T2300"},
		{"a day that ends on itself", eventOf("DTSTART;VALUE=DATE:20260105|DTEND;VALUE=DATE:20260105"), "0104T2300/0105T2300"},
		{"a day of 23 hours", eventOf("DTSTART;VALUE=DATE:20260329|DURATION:P1D"), "0328T2300/0329T2200"},
		{"a zone on a day means nothing", eventOf("DTSTART;TZID=Asia/Tokyo;VALUE=DATE:20260105"), "0104T2300/0105T2300"},
		{"floating", eventOf("DTSTART:20260105T090000|DURATION:PT30M"), "0105T0800/0105T0830"},
		{"twice on the clock: the first", eventOf("DTSTART;TZID=Europe/Paris:20261025T023000|DURATION:PT1H"), "1025T0030/1025T0130"},
		{"never on the clock: as if not put forward", eventOf("DTSTART;TZID=Europe/Paris:20260329T023000|DURATION:PT1H"), "0329T0130/0329T0230"},
		{"never on the clock, and an end soon after", eventOf("DTSTART;TZID=Europe/Paris:20260329T024500|DTEND;TZID=Europe/Paris:20260329T031500"), "0329T0145/0329T0215"},
		{"days by the calendar", eventOf("DTSTART;TZID=Europe/Paris:20260328T120000|DURATION:P1D"), "0328T1100/0329T1000"},
		{"hours by the clock", eventOf("DTSTART;TZID=Europe/Paris:20260328T120000|DURATION:PT24H"), "0328T1100/0329T1100"},
		{"a name of Windows", eventOf("DTSTART;TZID=Romance Standard Time:20260105T090000|DURATION:PT1H"), "0105T0800/0105T0900"},
		{"one of several of a name", eventOf("DTSTART;TZID=W. Europe Standard Time 1:20260105T090000|DURATION:PT1H"), "0105T0800/0105T0900"},
		{"behind the name of a program", eventOf("DTSTART;TZID=/freeassociation.sourceforge.net/Tzfile/America/New_York:20260105T090000|DURATION:PT1H"), "0105T1400/0105T1500"},
		{"a zone of one's own", own + eventOf(`DTSTART;TZID="Own, here":20260328T090000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2`), "0328T0700/0328T0800 0329T0600/0329T0700"},
		{"a zone of one's own in autumn", own + eventOf(`DTSTART;TZID="Own, here":20261025T033000|DURATION:PT1H`), "1025T0030/1025T0130"},
		{"a difference by hand", eventOf("DTSTART;TZID=UTC+0200:20260105T090000|DURATION:PT1H"), "0105T0700/0105T0800"},
		{"transparent", eventOf("DTSTART:20260105T090000Z|DURATION:PT1H|TRANSP:TRANSPARENT"), ""},
		{"cancelled", eventOf("DTSTART:20260105T090000Z|DURATION:PT1H|STATUS:CANCELLED"), ""},
		{"tentative is busy", eventOf("DTSTART:20260105T090000Z|DURATION:PT1H|STATUS:TENTATIVE"), "0105T0900/0105T1000"},
		{"tasks and alarms say nothing", "BEGIN:VTODO|DTSTART:nonsense|END:VTODO|BEGIN:VEVENT|DTSTART:20260105T090000Z|DURATION:PT1H|BEGIN:VALARM|DURATION:P9D|END:VALARM|END:VEVENT", "0105T0900/0105T1000"},
		{"free and busy", "BEGIN:VFREEBUSY|FREEBUSY:20260105T090000Z/PT1H,20260105T120000Z/20260105T130000Z|FREEBUSY;FBTYPE=FREE:20260106T090000Z/PT1H|FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260107T090000Z/PT1H|END:VFREEBUSY", "0105T0900/0105T1000 0105T1200/0105T1300 0107T0900/0107T1000"},
		{"only what is a letter", "METHOD:COUNTER|" + eventOf("DTSTART:20260105T090000Z|DURATION:PT1H"), ""},
		{"a later word holds", eventOf("SEQUENCE:1|DTSTART:20260105T090000Z|DURATION:PT1H") + "|" + eventOf("SEQUENCE:2|DTSTART:20260106T090000Z|DURATION:PT1H"), "0106T0900/0106T1000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := busy(t, calendarOf(c.lines), "Europe/Paris"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestBusy_recurrence(t *testing.T) {
	t.Parallel()
	weekly := "DTSTART;TZID=Europe/Paris:20260105T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=4|"
	for _, c := range []struct{ name, lines, want string }{
		{"weekly", eventOf(weekly + "X-A:b"), "0105T0800/0105T0900 0112T0800/0112T0900 0119T0800/0119T0900 0126T0800/0126T0900"},
		{"over the change of clocks", eventOf("DTSTART;TZID=Europe/Paris:20260323T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=2"), "0323T0800/0323T0900 0330T0700/0330T0800"},
		{"left out, in UTC", eventOf(weekly + "EXDATE:20260112T080000Z,20260119T080000Z"), "0105T0800/0105T0900 0126T0800/0126T0900"},
		{"left out, by the day", eventOf(weekly + "EXDATE;VALUE=DATE:20260112,20260119"), "0105T0800/0105T0900 0126T0800/0126T0900"},
		{"left out, in another zone", eventOf(weekly + "EXDATE;TZID=America/New_York:20260112T030000"), "0105T0800/0105T0900 0119T0800/0119T0900 0126T0800/0126T0900"},
		{"left out, by a rule", eventOf(weekly + "EXRULE:FREQ=WEEKLY;INTERVAL=2"), "0112T0800/0112T0900 0126T0800/0126T0900"},
		{"the start is an instance, rule or no", eventOf("DTSTART:20260105T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2"), "0105T0900/0105T1000 0107T0900/0107T1000 0114T0900/0114T1000"},
		{"listed, with ends of their own", eventOf("DTSTART:20260105T090000Z|DURATION:PT1H|RDATE:20260106T090000Z|RDATE;VALUE=PERIOD:20260107T090000Z/PT2H,20260108T090000Z/20260108T093000Z"), "0105T0900/0105T1000 0106T0900/0106T1000 0107T0900/0107T1100 0108T0900/0108T0930"},
		{"until in UTC, which is one of them", eventOf("DTSTART;TZID=Europe/Paris:20260105T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;UNTIL=20260112T080000Z"), "0105T0800/0105T0900 0112T0800/0112T0900"},
		{"until by the clock", eventOf("DTSTART;TZID=Europe/Paris:20260105T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;UNTIL=20260112T085959"), "0105T0800/0105T0900"},
		{"until and with a day", eventOf("DTSTART;TZID=Europe/Paris:20260105T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;UNTIL=20260112"), "0105T0800/0105T0900 0112T0800/0112T0900"},
		{"days until a time", eventOf("DTSTART;VALUE=DATE:20260105|RRULE:FREQ=DAILY;INTERVAL=7;UNTIL=20260112T000000Z"), "0104T2300/0105T2300 0111T2300/0112T2300"},
		{"begun long ago and reaching in", eventOf("DTSTART:20251230T090000Z|DURATION:P4D|RRULE:FREQ=YEARLY;COUNT=1"), "0101T0000/0103T0900"},
		{"moved", eventOf(weekly+"X-A:b") + "|" + eventOf("RECURRENCE-ID:20260112T080000Z|DTSTART:20260113T120000Z|DURATION:PT30M"), "0105T0800/0105T0900 0113T1200/0113T1230 0119T0800/0119T0900 0126T0800/0126T0900"},
		{"moved in from another year", eventOf("DTSTART:20250105T090000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;COUNT=2") + "|" + eventOf("RECURRENCE-ID:20250105T090000Z|DTSTART:20260301T090000Z|DURATION:PT1H"), "0105T0900/0105T1000 0301T0900/0301T1000"},
		{"one cancelled", eventOf(weekly+"X-A:b") + "|" + eventOf("RECURRENCE-ID;TZID=Europe/Paris:20260112T090000|STATUS:CANCELLED"), "0105T0800/0105T0900 0119T0800/0119T0900 0126T0800/0126T0900"},
		{"moved from one on", eventOf(weekly+"X-A:b") + "|" + eventOf("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Paris:20260112T090000|DTSTART;TZID=Europe/Paris:20260113T100000|DURATION:PT2H"), "0105T0800/0105T0900 0113T0900/0113T1100 0120T0900/0120T1100 0127T0900/0127T1100"},
		{"cancelled from one on", eventOf(weekly+"X-A:b") + "|" + eventOf("RECURRENCE-ID;RANGE=THISANDFUTURE:20260119T080000Z|STATUS:CANCELLED"), "0105T0800/0105T0900 0112T0800/0112T0900"},
		{"one of days, named by its midnight", eventOf("DTSTART;VALUE=DATE:20260105|RRULE:FREQ=WEEKLY;COUNT=2") + "|" + eventOf("RECURRENCE-ID;TZID=Asia/Hong_Kong:20260112T000000|DTSTART;VALUE=DATE:20260114"), "0104T2300/0105T2300 0113T2300/0114T2300"},
		{"only an instance", eventOf("RECURRENCE-ID:20260112T080000Z|DTSTART:20260113T120000Z|DURATION:PT30M"), "0113T1200/0113T1230"},
		{"the last workday of months", eventOf("DTSTART:20261030T090000Z|DURATION:PT1H|RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"), "1030T0900/1030T1000 1130T0900/1130T1000 1231T0900/1231T1000"},
		{"leap days", eventOf("DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY"), ""},
		{"weeks that begin on Sunday", eventOf("DTSTART:20260104T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU"), "0104T0900/0104T1000 0106T0900/0106T1000 0118T0900/0118T1000 0120T0900/0120T1000"},
		{"week 20", eventOf("DTSTART:20250512T090000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;BYWEEKNO=20"), "0511T0900/0511T1000"},
		{"every ninety minutes", eventOf("DTSTART:20260105T220000Z|DURATION:PT1M|RRULE:FREQ=MINUTELY;INTERVAL=90;COUNT=3"), "0105T2200/0105T2201 0105T2330/0105T2331 0106T0100/0106T0101"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := busy(t, calendarOf(c.lines), "Europe/Paris"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestRead_refuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, lines string
		line        int
		reason      string
	}{
		{"a date that is none", eventOf("DTSTART:20260230T090000Z"), 5, "no date"},
		{"a duration that is none", eventOf("DTSTART:20260105T090000Z|DURATION:1H"), 6, "no duration"},
		{"less than nothing", eventOf("DTSTART:20260105T090000Z|DURATION:-PT1H"), 6, "less than nothing"},
		{"an end before the start", eventOf("DTSTART:20260105T090000Z|DTEND:20260105T080000Z"), 3, "ends before it starts"},
		{"half a day", eventOf("DTSTART;VALUE=DATE:20260105|DTEND:20260105T080000Z"), 3, "one end is a day"},
		{"a rule that makes no sense", eventOf("DTSTART:20260105T090000Z|RRULE:FREQ=FORTNIGHTLY"), 6, "FORTNIGHTLY"},
		{"a rule with a new word", eventOf("DTSTART:20260105T090000Z|RRULE:FREQ=YEARLY;BYEASTER=1"), 6, "BYEASTER"},
		{"a zone nobody knows", eventOf("DTSTART;TZID=Mars:20260105T090000|DURATION:PT1H"), 5, "Mars"},
		{"no line of a calendar", eventOf("DTSTART:20260105T090000Z|and so on"), 6, "no name"},
		{"no end", "BEGIN:VEVENT|DTSTART:20260105T090000Z", 5, "something else is open"},
		{"an event in an event", "BEGIN:VEVENT|BEGIN:VEVENT|END:VEVENT|END:VEVENT", 4, "inside of something else"},
		{"every second for ever", eventOf("DTSTART:19700101T000000Z|DURATION:PT1S|RRULE:FREQ=SECONDLY;INTERVAL=2"), 3, "recurrences"},
		{"counted since long ago", eventOf("DTSTART:00010101T000000Z|DURATION:PT1S|RRULE:FREQ=SECONDLY;COUNT=999999999"), 3, "recurrences"},
		{"version 1.0", "VERSION:1.0", 3, "version 1.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := calendarOf(c.lines)
			f, err := Read(b)
			if err == nil {
				_, err = f.Busy(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)
			}
			var fault *Fault
			if !errors.As(err, &fault) || fault.Line != c.line || !strings.Contains(fault.Reason, c.reason) {
				t.Errorf("got %v, want line %d and %q", err, c.line, c.reason)
			}
		})
	}
	for name, b := range map[string]string{
		"nothing": "", "a page": "<!DOCTYPE html>\n<html>", "half a file": "BEGIN:VCALENDAR\nVERSION:2.0\n", "bytes": "BEGIN:VCALENDAR\x00",
		"too much": "BEGIN:VCALENDAR\n" + strings.Repeat(" ", MaxBytes),
	} {
		if _, err := Read([]byte(b)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestRead_lines(t *testing.T) {
	t.Parallel()
	plain := string(calendarOf(eventOf(`DTSTART;X-A="a;b:c";TZID="Europe/Paris":20260105T090000|DESCRIPTION:a: b\nc|DURATION:PT1H`)))
	want := "0105T0800/0105T0900"
	folded := strings.ReplaceAll(plain, "\r\n", "\n")
	var b strings.Builder
	for l := range strings.SplitSeq(strings.TrimSuffix(folded, "\n"), "\n") {
		for i := range l {
			if i > 0 {
				b.WriteString("\r\n\t")
			}
			b.WriteString(l[i : i+1])
		}
		b.WriteString("\r\n")
	}
	for name, text := range map[string]string{
		"CRLF": plain, "LF": folded, "CR": strings.ReplaceAll(folded, "\n", "\r"), "a mark in front": "\xef\xbb\xbf" + plain,
		"empty lines": strings.ReplaceAll(plain, "\r\n", "\r\n\r\n"), "folded after each letter": b.String(),
		"no last end": strings.TrimRight(plain, "\r\n"), "small letters": strings.ReplaceAll(plain, "BEGIN:VEVENT", "begin:vevent"),
	} {
		if diff := cmp.Diff(want, busy(t, []byte(text), "UTC")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Several files make no more work than one may: a server that gives many costs no more.
func TestBusyOfAll_shareTheWork(t *testing.T) {
	t.Parallel()
	text := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20250101T000000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY;INTERVAL=7\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	one, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	alone, err := one.Busy(from, from.AddDate(0, 0, 30), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	two, err := BusyOfAll([]*Feed{one, one}, from, from.AddDate(0, 0, 30), time.UTC)
	if err != nil || len(two) != len(alone) {
		t.Errorf("%d stretches of two alike, %d of one: %v", len(two), len(alone), err)
	}
	many := make([]*Feed, 500)
	for i := range many {
		many[i] = one
	}
	var refused *Fault
	if _, err := BusyOfAll(many, from, from.AddDate(0, 0, 30), time.UTC); !errors.As(err, &refused) {
		t.Errorf("five hundred are counted: %v", err)
	}
}
