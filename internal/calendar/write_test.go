package calendar

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestWrite_isRead: whatever a meeting is called, its file says its time, and its lines
// are as short as they have to be.
func TestWrite_isRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := time.Unix(rapid.Int64Range(1_767_225_600, 1_790_000_000).Draw(t, "start"), 0).UTC()
		m := Meeting{UID: rapid.StringN(1, 40, -1).Draw(t, "uid"), Title: rapid.String().Draw(t, "title"), Start: start, End: start.Add(time.Hour), Stamp: start, Remind: rapid.String().Draw(t, "remind")}
		var b bytes.Buffer
		if err := Write(&b, rapid.String().Draw(t, "name"), m, Meeting{UID: "x", Start: start.Add(2 * time.Hour), End: start.Add(3 * time.Hour), Cancelled: true}); err != nil {
			t.Fatal(err)
		}
		for l := range strings.SplitSeq(b.String(), "\r\n") {
			if len(l) > 75 {
				t.Fatalf("a line of %d bytes: %q", len(l), l)
			}
		}
		f, err := Read(b.Bytes())
		if err != nil {
			t.Fatalf("%v: %q", err, b.String())
		}
		all, err := f.Busy(start.Add(-time.Hour), start.Add(24*time.Hour), time.UTC)
		if err != nil || len(all) != 1 || !all[0].Start.Equal(m.Start) || !all[0].End.Equal(m.End) {
			t.Fatalf("%v %v", all, err)
		}
	})
}

func TestWrite_escapes(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := Write(&b, "", Meeting{UID: "1", Title: "a, b; c\\d\r\ne", Remind: "a, b"}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `SUMMARY:a\, b\; c\\d\ne`+"\r\n") {
		t.Errorf("%q", b.String())
	}
	if !strings.Contains(b.String(), "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:a\\, b\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\nEND:VEVENT\r\n") {
		t.Errorf("%q reminds of nothing", b.String())
	}
}
