package caldav_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildhall/internal/caldav"
	"guildhall/internal/calendar"
	"guildhall/internal/fault"
	"guildhall/internal/fetch"
)

// here lets a client come to servers of this machine.
var here = fetch.Config{MaxBytes: 1_000_000, AnyPort: true, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

const word = "a word for programs"

// radicale starts a real server with one account, and gives its address.
func radicale(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("radicale")
	if err != nil {
		t.Fatal("a real server is missing: apt-get install radicale")
	}
	dir := t.TempDir()
	users := filepath.Join(dir, "users")
	if err := os.WriteFile(users, []byte("ana:"+word+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close()
	var said bytes.Buffer
	cmd := exec.Command(program, "--config", "", "--server-hosts", at, "--auth-type", "htpasswd", "--auth-htpasswd-filename", users, "--auth-htpasswd-encryption", "plain",
		"--auth-delay", "0", "--storage-filesystem-folder", filepath.Join(dir, "kept"))
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	tick, late := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for {
		c, err := net.Dial("tcp", at)
		if err == nil {
			c.Close()
			return "http://" + at
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("radicale never answered: %s", said.String())
		}
	}
}

// puts sends something to a server as ana.
func puts(t *testing.T, method, address, body string) {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth("ana", word)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if said, _ := io.ReadAll(resp.Body); resp.StatusCode > 299 {
		t.Fatalf("%s %s: %d %s", method, address, resp.StatusCode, said)
	}
}

const asCalendar = `<?xml version="1.0"?><mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><resourcetype><collection/><C:calendar/></resourcetype>
<C:supported-calendar-component-set><C:comp name="NAME"/></C:supported-calendar-component-set></prop></set></mkcol>`

func event(uid, lines string) string {
	return strings.ReplaceAll("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\nBEGIN:VEVENT\nUID:"+uid+"\nDTSTAMP:20260101T000000Z\nSUMMARY:A secret\n"+lines+"\nEND:VEVENT\nEND:VCALENDAR\n", "\n", "\r\n")
}

var (
	from = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	to   = from.AddDate(0, 1, 0)
)

// busy reads what came as calendars, and says when somebody is busy.
func busy(t *testing.T, files [][]byte) (out []string) {
	t.Helper()
	var all []calendar.Interval
	for _, f := range files {
		c, err := calendar.Read(f)
		if err != nil {
			t.Fatal(err)
		}
		some, err := c.Busy(from, to, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
	}
	for _, i := range calendar.Merge(all) {
		out = append(out, i.Start.Format("2T15:04")+"–"+i.End.Format("15:04"))
	}
	return out
}

func TestEvents_ofARealServer(t *testing.T) {
	t.Parallel()
	at := radicale(t)
	for name, comp := range map[string]string{"work": "VEVENT", "home": "VEVENT", "tasks": "VTODO"} {
		puts(t, "MKCOL", at+"/ana/"+name+"/", strings.Replace(asCalendar, "NAME", comp, 1))
	}
	puts(t, "PUT", at+"/ana/work/one.ics", event("one", "DTSTART:20260305T090000Z\nDTEND:20260305T100000Z"))
	puts(t, "PUT", at+"/ana/work/weekly.ics", event("weekly", "DTSTART:20251204T140000Z\nDTEND:20251204T150000Z\nRRULE:FREQ=WEEKLY\nEXDATE:20260312T140000Z"))
	puts(t, "PUT", at+"/ana/work/before.ics", event("before", "DTSTART:20250305T090000Z\nDTEND:20250305T100000Z"))
	puts(t, "PUT", at+"/ana/home/free.ics", event("free", "TRANSP:TRANSPARENT\nDTSTART:20260306T090000Z\nDTEND:20260306T100000Z"))
	puts(t, "PUT", at+"/ana/home/dentist.ics", event("dentist", "DTSTART;TZID=Europe/Madrid:20260306T110000\nDTEND;TZID=Europe/Madrid:20260306T113000"))
	c := caldav.New(here)
	all := "5T09:00–10:00 5T14:00–15:00 6T10:00–10:30 19T14:00–15:00 26T14:00–15:00"
	for address, want := range map[string]string{
		at + "/":          all,
		at + "/ana/":      all,
		at + "/ana/home/": "6T10:00–10:30",
		at + "/ana/work/": "5T09:00–10:00 5T14:00–15:00 19T14:00–15:00 26T14:00–15:00",
	} {
		files, err := c.Events(t.Context(), caldav.Account{Address: address, Name: "ana", Word: word}, from, to)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if got := strings.Join(busy(t, files), " "); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	_, err := c.Events(t.Context(), caldav.Account{Address: at + "/", Name: "ana", Word: "another"}, from, to)
	if f := fault.From(err); f.Kind != fault.Invalid || f.Key != "caldav.refused" {
		t.Errorf("with another word: %v", err)
	}
	if _, err := caldav.New(fetch.Config{MaxBytes: 200, AnyPort: true, Allow: here.Allow}).Events(t.Context(), caldav.Account{Address: at + "/", Name: "ana", Word: word}, from, to); fault.From(err).Key != "fetch.too_large" {
		t.Errorf("more than is taken: %v", err)
	}
}

func TestEvents_goesNowhereElse(t *testing.T) {
	t.Parallel()
	var asked []string
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = append(asked, r.URL.Path) }))
	t.Cleanup(other.Close)
	away := httptest.NewServer(http.RedirectHandler(other.URL+"/taken", http.StatusPermanentRedirect))
	t.Cleanup(away.Close)
	babble := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }))
	t.Cleanup(babble.Close)
	for name, c := range map[string]struct {
		at, key string
		cfg     fetch.Config
	}{
		"to another host":     {away.URL, "caldav.answer", here},
		"no calendar server":  {babble.URL, "caldav.answer", here},
		"a closed network":    {babble.URL, "fetch.closed", fetch.Config{MaxBytes: 1_000_000, AnyPort: true}},
		"a name in it":        {"https://ana@calendar.example/", "fetch.address", here},
		"nothing":             {"", "fetch.address", here},
		"nobody answers here": {"http://127.0.0.1:1/", "fetch.unreachable", here},
	} {
		_, err := caldav.New(c.cfg).Events(t.Context(), caldav.Account{Address: c.at, Name: "ana", Word: word}, from, to)
		if got := fault.From(err).Key; got != c.key {
			t.Errorf("%s: %q: %v", name, got, err)
		}
		if err != nil && (strings.Contains(err.Error(), "127.0.0.1") || strings.Contains(err.Error(), "example") || strings.Contains(err.Error(), word)) {
			t.Errorf("%s: it names where or who: %v", name, err)
		}
	}
	if len(asked) > 0 {
		t.Errorf("another host was asked for %v", asked)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := caldav.New(here).Events(gone, caldav.Account{Address: babble.URL, Name: "ana", Word: word}, from, to); err == nil {
		t.Error("read for somebody who has gone")
	}
}
