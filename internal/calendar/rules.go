package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Hours are a stretch of a day by the clock on the wall, in minutes since its midnight.
type Hours struct{ From, To int }

// Rules say when somebody can be met.
type Rules struct {
	Zone       *time.Location
	Week       [7][]Hours         // from Monday
	Exceptions map[string][]Hours // by date (2006-01-02), in place of the week's hours
	Length     time.Duration      // of a meeting
	Step       time.Duration      // from one begin to the next
	Before     time.Duration      // kept free before a meeting
	After      time.Duration      // and after it
	Notice     time.Duration      // from now to the first meeting
	Daily      int                // meetings a day at most; 0: no limit
	Horizon    int                // days from today on that can be booked; 0: no limit
}

// ReadRules reads rules as the package comment shows them. A *Fault says which line is
// wrong.
func ReadRules(b []byte) (Rules, error) {
	var f ruleFile
	meta, err := toml.Decode(string(b), &f)
	var syntax toml.ParseError
	switch {
	case errors.As(err, &syntax):
		return Rules{}, wrong(max(1, syntax.Position.Line), "%s", syntax.Message)
	case err != nil:
		return Rules{}, wrong(1, "%s", strings.TrimPrefix(err.Error(), "toml: "))
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return Rules{}, wrong(lineOf(b, unknown[0][len(unknown[0])-1]), "%q is no setting of rules", unknown[0].String())
	}
	return f.rules(b)
}

// ruleFile is how rules are written.
type ruleFile struct {
	Zone       string              `toml:"zone"`
	Length     string              `toml:"length"`
	Step       string              `toml:"step"`
	Before     string              `toml:"before"`
	After      string              `toml:"after"`
	Notice     string              `toml:"notice"`
	Daily      int                 `toml:"daily"`
	Horizon    int                 `toml:"horizon"`
	Hours      map[string][]string `toml:"hours"`
	Exceptions map[string][]string `toml:"exceptions"`
}

var dayNames = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// rules takes what is written for what it means.
func (f ruleFile) rules(b []byte) (Rules, error) {
	r := Rules{Daily: f.Daily, Horizon: f.Horizon, Exceptions: map[string][]Hours{}}
	at := func(key string, err error) error { return wrong(lineOf(b, key), "%s: %v", key, err) }
	var err error
	if r.Zone, err = Zone(f.Zone); err != nil {
		return r, at("zone", err)
	}
	for _, d := range []struct {
		key, text string
		to        *time.Duration
	}{
		{"length", f.Length, &r.Length}, {"step", f.Step, &r.Step}, {"before", f.Before, &r.Before},
		{"after", f.After, &r.After}, {"notice", f.Notice, &r.Notice},
	} {
		if *d.to, err = written(d.text); err != nil {
			return r, at(d.key, err)
		}
	}
	if r.Step == 0 {
		r.Step = r.Length
	}
	for name, list := range f.Hours {
		i := slices.Index(dayNames, name)
		if i < 0 {
			return r, at(name, errors.New("no day of the week"))
		}
		if r.Week[i], err = hours(list); err != nil {
			return r, at(name, err)
		}
	}
	for date, list := range f.Exceptions {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return r, at(date, errors.New("no date as 2026-12-24"))
		}
		if r.Exceptions[date], err = hours(list); err != nil {
			return r, at(date, err)
		}
	}
	key, err := r.check()
	if err != nil {
		return r, at(key, err)
	}
	return r, nil
}

// check refuses rules that cannot be meant, and says which one.
func (r *Rules) check() (key string, err error) {
	switch {
	case r.Length < time.Minute || r.Length > 24*time.Hour:
		return "length", errors.New("a meeting lasts a minute at least and a day at most")
	case r.Step < time.Minute || r.Step > 24*time.Hour:
		return "step", errors.New("a minute at least and a day at most")
	case r.Before > 24*time.Hour:
		return "before", errors.New("a day at most")
	case r.After > 24*time.Hour:
		return "after", errors.New("a day at most")
	case r.Daily < 0:
		return "daily", errors.New("less than nothing")
	case r.Horizon < 0:
		return "horizon", errors.New("less than nothing")
	}
	return "", nil
}

// written reads 45m, 1h30m or 2d; nothing is nothing.
func written(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 3660 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d%time.Second != 0 || d > 3660*24*time.Hour {
		return 0, fmt.Errorf("%q is no length as 45m, 1h30m or 2d", s)
	}
	return d, nil
}

// hours reads 09:00-12:30 and the like, in order and apart.
func hours(list []string) ([]Hours, error) {
	out := make([]Hours, 0, len(list))
	for _, s := range list {
		a, b, ok := strings.Cut(s, "-")
		from, ok1 := minute(strings.TrimSpace(a))
		to, ok2 := minute(strings.TrimSpace(b))
		switch {
		case !ok || !ok1 || !ok2:
			return nil, fmt.Errorf("%q are no hours as 09:00-12:30", s)
		case from >= to:
			return nil, fmt.Errorf("%q end before they begin; what goes over midnight stands in both days", s)
		}
		out = append(out, Hours{from, to})
	}
	slices.SortFunc(out, func(a, b Hours) int { return a.From - b.From })
	for i := 1; i < len(out); i++ {
		if out[i].From < out[i-1].To {
			return nil, errors.New("hours that lie in each other")
		}
	}
	return out, nil
}

// minute reads 09:00, up to 24:00.
func minute(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	h, ok1 := number([]byte(s[:2]))
	m, ok2 := number([]byte(s[3:]))
	return h*60 + m, ok1 && ok2 && m < 60 && h*60+m <= 24*60
}

// lineOf is the line in which a key stands, or the first.
func lineOf(b []byte, key string) int {
	for i, l := range strings.Split(string(b), "\n") {
		l = strings.TrimSpace(l)
		if rest, ok := strings.CutPrefix(strings.TrimLeft(l, `"'`), key); ok && strings.HasPrefix(strings.TrimLeft(rest, `"' `), "=") {
			return i + 1
		}
	}
	return 1
}
