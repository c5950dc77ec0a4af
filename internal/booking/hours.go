package booking

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/calendar"
	"guildhall/internal/fault"
)

// Week are the days of a week, as rules name them.
var Week = [7]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// Hours are rules as a form has them: what somebody has typed.
type Hours struct {
	Zone       string
	Days       [7]string // from Monday: "09:00-12:30, 14:00-18:00", or nothing
	Exceptions string    // a line each: "2026-12-24 09:00-12:00"; the date alone for nothing
	Notice     string    // hours
	Daily      string    // meetings; empty: no limit
	Horizon    string    // days; empty: no limit
}

// HoursOf are the rules of a page as a form has them.
func HoursOf(p Page) Hours {
	h := Hours{Zone: p.Rules.Zone.String(), Notice: limit(int(p.Rules.Notice / time.Hour)), Daily: limit(p.Rules.Daily), Horizon: limit(p.Rules.Horizon)}
	for i, day := range p.Rules.Week {
		h.Days[i] = strings.Join(spans(day), ", ")
	}
	var lines []string
	for _, date := range slices.Sorted(maps.Keys(p.Rules.Exceptions)) {
		lines = append(lines, strings.TrimSpace(date+" "+strings.Join(spans(p.Rules.Exceptions[date]), ", ")))
	}
	h.Exceptions = strings.Join(lines, "\n")
	return h
}

func limit(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func spans(list []calendar.Hours) (out []string) {
	for _, s := range list {
		out = append(out, fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60))
	}
	return out
}

// usualLength is what rules say of the length of a meeting; each kind has its own.
const usualLength = "length = \"30m\"\n"

// Rules writes them as SetRules takes them. Faults: Invalid on the field that cannot be
// understood: "zone", "monday" and so on, "exceptions", "notice", "daily", "horizon".
func (h Hours) Rules() (text string, err error) {
	zone := strings.TrimSpace(h.Zone)
	if _, err := calendar.Zone(zone); err != nil {
		return "", fault.On("zone", fault.Invalid, "face.zone.unknown").Because(err)
	}
	var w written
	w.section = fmt.Sprintf("zone = %q\n%s", zone, usualLength)
	w.b.WriteString(w.section)
	for _, n := range []struct{ field, typed, as string }{{"notice", h.Notice, `"%dh"`}, {"daily", h.Daily, "%d"}, {"horizon", h.Horizon, "%d"}} {
		if typed := strings.TrimSpace(n.typed); typed != "" {
			value, err := strconv.Atoi(typed)
			if err != nil {
				value = -1 // which no rule can be
			}
			w.add(n.field+" = "+fmt.Sprintf(n.as, value), n.field, "booking.number")
		}
	}
	w.begin("[hours]")
	for i, day := range h.Days {
		if strings.TrimSpace(day) != "" {
			w.add(Week[i]+" = "+quoted(day), Week[i], "booking.hours.wrong")
		}
	}
	w.begin("[exceptions]")
	for line := range strings.Lines(h.Exceptions) {
		if date, list, _ := strings.Cut(strings.TrimSpace(line), " "); date != "" {
			w.add(strconv.Quote(date)+" = "+quoted(list), "exceptions", "booking.exceptions.wrong", date)
		}
	}
	return w.b.String(), w.err
}

// written are rules as they come about: each line is tried for itself, so that what is
// wrong is said of its field.
type written struct {
	b       strings.Builder
	section string // what a line stands under
	err     error  // the first
}

func (w *written) begin(section string) {
	w.section = "zone = \"UTC\"\n" + usualLength + section + "\n"
	w.b.WriteString(section + "\n")
}

func (w *written) add(line, field, key string, args ...any) {
	if w.err != nil {
		return
	}
	if _, err := calendar.ReadRules([]byte(w.section + line)); err != nil {
		w.err = fault.On(field, fault.Invalid, key, args...).Because(err)
	}
	w.b.WriteString(line + "\n")
}

// quoted is a list of spans as rules have it.
func quoted(list string) string {
	var out []string
	for s := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune(",;،؛", r) }) {
		if s = strings.TrimSpace(strings.ReplaceAll(s, "–", "-")); s != "" {
			out = append(out, strconv.Quote(s))
		}
	}
	return "[" + strings.Join(out, ", ") + "]"
}
