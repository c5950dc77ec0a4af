package calendar

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// found are the stretches, and minutes in them, that another program (recurring_ical_events
// 2.0.1 over dateutil 2.8.2) found in the calendars for 1990 to 2029 in Europe/Paris, where
// both programs read the file and take it for the same.
var found = map[string][2]int{
	"OZMovies.ics":                         {57, 79380},
	"eli_courtwright.ics":                  {1, 60},
	"groupwise.ics":                        {1, 90},
	"korganizer.ics":                       {25, 36000},
	"sogo-geo-escaped-semicolon.ics":       {1, 90},
	"tmeher.ics":                           {1, 90},
	"2207678.ics":                          {1105, 11050},
	"7.ics":                                {1, 120},
	"Australian32Holidays.ics":             {145, 247740},
	"BCP321928.ics":                        {803, 1401060},
	"Buddhist.ics":                         {82, 118080},
	"Christian32Holidays.ics":              {37, 86460},
	"EXDATE-IN-UTC.ics":                    {85, 5100},
	"Misc.History.ics":                     {2114, 9759120},
	"Packers.ics":                          {66, 16980},
	"Standup.ics":                          {5431, 81465},
	"THFC.ics":                             {610, 812744},
	"bears.ics":                            {21, 3780},
	"bitfire1.ics":                         {1, 25},
	"calconnect10.ics":                     {5, 21600},
	"calconnect3.ics":                      {5, 300},
	"calconnect5.ics":                      {5, 300},
	"dst-only-vtimezone.ics":               {1, 75},
	"friday13.ics":                         {55, 79200},
	"korganizer_sample.ics":                {26, 3120},
	"lotr.ics":                             {886, 1350480},
	"miked.ics":                            {1, 60},
	"oracle-personal-notes-test-empty.ics": {1, 60},
	"rfc5545-sec3.6.1.ics":                 {1, 150},
	"rfc5545-sec4.1.ics":                   {1, 3330},
	"rfc5545-sec4.3.ics":                   {1, 510},
	"sunbird_sample.ics":                   {56, 79320},
}

func TestBusy_calendars(t *testing.T) {
	t.Parallel()
	data := os.Getenv("GUILDHALL_DATA")
	paths, _ := filepath.Glob(filepath.Join(data, "calendars", "*", "*.ics"))
	if data == "" || len(paths) == 0 {
		t.Skip("GUILDHALL_DATA names no calendars")
	}
	paris, _ := Zone("Europe/Paris")
	from, to := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, path := range paths {
		name, valid := filepath.Base(path), filepath.Base(filepath.Dir(path)) == "valid"
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Read(b)
		var all []Interval
		if err == nil {
			all, err = f.Busy(from, to, paris)
		}
		if err != nil {
			var fault *Fault
			if valid || !errors.As(err, &fault) || fault.Line < 1 {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		minutes := 0
		for _, i := range all {
			minutes += int(i.End.Sub(i.Start) / time.Minute)
		}
		if want, ok := found[name]; ok && want != [2]int{len(all), minutes} {
			t.Errorf("%s: %d stretches of %d minutes, the other program has %v", name, len(all), minutes, want)
		}
	}
}
