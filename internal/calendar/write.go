package calendar

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Meeting is what is told to other calendars.
type Meeting struct {
	UID        string
	Title      string
	Start, End time.Time
	Version    int       // counts changes, so that the last one holds
	Stamp      time.Time // when this is said
	Cancelled  bool
	Tentative  bool
	Remind     string // what a reminder ten minutes before says; "": there is none
}

// Write writes meetings as a calendar file (METHOD:PUBLISH, times in UTC) that other
// programs import or subscribe to. name is the calendar's own, or empty.
func Write(w io.Writer, name string, meetings ...Meeting) error {
	var b strings.Builder
	put := func(key, value string) { fold(&b, key+":"+value) }
	put("BEGIN", "VCALENDAR")
	put("VERSION", "2.0")
	put("PRODID", "-//Guildhall//Guildhall//EN")
	put("METHOD", "PUBLISH")
	if name != "" {
		put("NAME", escaped(name))
		put("X-WR-CALNAME", escaped(name))
	}
	for _, m := range meetings {
		put("BEGIN", "VEVENT")
		put("UID", escaped(m.UID))
		put("DTSTAMP", utc(m.Stamp))
		put("DTSTART", utc(m.Start))
		put("DTEND", utc(m.End))
		put("SEQUENCE", strconv.Itoa(m.Version))
		put("SUMMARY", escaped(m.Title))
		switch {
		case m.Cancelled:
			put("STATUS", "CANCELLED")
		case m.Tentative:
			put("STATUS", "TENTATIVE")
		default:
			put("STATUS", "CONFIRMED")
		}
		if m.Remind != "" && !m.Cancelled {
			put("BEGIN", "VALARM")
			put("ACTION", "DISPLAY")
			put("DESCRIPTION", escaped(m.Remind))
			put("TRIGGER", "-PT10M")
			put("END", "VALARM")
		}
		put("END", "VEVENT")
	}
	put("END", "VCALENDAR")
	_, err := io.WriteString(w, b.String())
	return err
}

// utc is a time as files have it.
func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escaped writes a text so that no letter of it is a sign of the format.
func escaped(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\x00", "").Replace(s)
}

// fold writes a line in pieces of 75 bytes at most, never within a letter.
func fold(b *strings.Builder, line string) {
	for most := 75; len(line) > most; most = 74 {
		n := most
		for n > 1 && !utf8.RuneStart(line[n]) {
			n--
		}
		b.WriteString(line[:n] + "\r\n ")
		line = line[n:]
	}
	b.WriteString(line + "\r\n")
}
