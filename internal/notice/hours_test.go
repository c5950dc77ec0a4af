package notice

import (
	"testing"
	"time"
)

// On the days on which clocks jump, quiet hours are those on her wall.
func TestSettings_loud(t *testing.T) {
	t.Parallel()
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	night := Settings{Zone: "Europe/Madrid", QuietFrom: 22 * 60, QuietTo: 7 * 60, DigestAt: 18 * 60}
	for _, c := range []struct {
		s        Settings
		now, end time.Time
	}{
		{night, time.Date(2026, 3, 28, 22, 0, 0, 0, madrid), time.Date(2026, 3, 29, 7, 0, 0, 0, madrid)},   // 8 hours
		{night, time.Date(2026, 10, 24, 22, 0, 0, 0, madrid), time.Date(2026, 10, 25, 7, 0, 0, 0, madrid)}, // 10 hours
		{night, time.Date(2026, 6, 1, 12, 0, 0, 0, madrid), time.Date(2026, 6, 1, 12, 0, 0, 0, madrid)},
		{Settings{Zone: "Europe/Madrid", QuietFrom: 120, QuietTo: 150}, time.Date(2026, 3, 29, 3, 0, 0, 0, madrid), time.Date(2026, 3, 29, 3, 0, 0, 0, madrid)}, // an hour that is not
		{Settings{Zone: "Asia/Kathmandu", QuietFrom: 0, QuietTo: 360}, time.Date(2026, 6, 1, 20, 0, 0, 0, time.UTC), time.Date(2026, 6, 2, 0, 15, 0, 0, time.UTC)},
		{Settings{Zone: "UTC"}, time.Date(2026, 6, 1, 3, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 3, 0, 0, 0, time.UTC)},
	} {
		if got := startOf(c.s.loud(mark(c.now))); !got.Equal(c.end) {
			t.Errorf("%v: quiet until %v, want %v", c.now, got.In(madrid), c.end)
		}
	}
}

func TestSettings_digest(t *testing.T) {
	t.Parallel()
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at        int
		now, want time.Time
	}{
		{18 * 60, time.Date(2026, 6, 1, 12, 0, 0, 0, madrid), time.Date(2026, 6, 1, 18, 0, 0, 0, madrid)},
		{18 * 60, time.Date(2026, 6, 1, 18, 0, 1, 0, madrid), time.Date(2026, 6, 2, 18, 0, 0, 0, madrid)},
		{23 * 60, time.Date(2026, 6, 1, 12, 0, 0, 0, madrid), time.Date(2026, 6, 2, 7, 0, 0, 0, madrid)}, // in the quiet hours
		{0, time.Date(2026, 6, 1, 12, 0, 0, 0, madrid), time.Date(2026, 6, 2, 7, 0, 0, 0, madrid)},
		{150, time.Date(2026, 3, 28, 12, 0, 0, 0, madrid), time.Date(2026, 3, 29, 7, 0, 0, 0, madrid)}, // an hour that is not
	} {
		s := Settings{Zone: "Europe/Madrid", QuietFrom: 22 * 60, QuietTo: 7 * 60, DigestAt: c.at}
		if got := startOf(s.digest(c.now)); !got.Equal(c.want) {
			t.Errorf("at %d, %v: %v, want %v", c.at, c.now, got.In(madrid), c.want)
		}
	}
}
