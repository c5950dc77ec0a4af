//go:build browser

package browser

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait. It is long because a wait that ends in time costs
// nothing, and a machine may be busy.
const patience = 30 * time.Second

// hall is the real program, serving a directory of its own.
type hall struct {
	url, dir string
	log      *journal
}

// journal gathers what a program says, for when a test fails.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// program is the binary under test, absolute.
func program() string {
	if p := os.Getenv("GUILDHALL"); p != "" {
		return p
	}
	p, _ := filepath.Abs("../../bin/guildhall")
	return p
}

// open starts the program on an empty directory until the test ends.
func open(t *testing.T) *hall {
	t.Helper()
	h, stop, err := start("serve", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return h
}

// start runs "guildhall COMMAND" on dir and waits until it answers.
func start(command, dir string) (*hall, func(), error) {
	h := &hall{dir: dir, log: &journal{}}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program(), command, "--data", dir, "--listen", "localhost:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	cmd.Stderr = h.log
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, nil, err
	}
	stop := func() { cancel(); _ = cmd.Wait() } // a stop by signal is no success to Wait
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if at, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			h.url = at
			return h, stop, nil
		}
	}
	stop()
	return nil, nil, &notReady{command, h.log.String()}
}

type notReady struct{ command, log string }

func (e *notReady) Error() string { return "guildhall " + e.command + " never said ready:\n" + e.log }

// demo is one demonstration hall for all tests that only look.
var demo = sync.OnceValues(func() (*hall, error) {
	dir, err := os.MkdirTemp("", "guildhall-demo-")
	if err != nil {
		return nil, err
	}
	h, stop, err := start("demo", dir)
	atEnd = append(atEnd, func() {
		if err == nil {
			stop()
		}
		os.RemoveAll(dir)
	})
	return h, err
})

func demoHall(t *testing.T) *hall {
	t.Helper()
	h, err := demo()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// asker is a plain client with a cookie jar, for what needs no browser.
func (h *hall) asker() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, Timeout: patience}
}

// session is the value of the cookie that signs the asker in; empty: none.
func (h *hall) session(c *http.Client) string {
	u, _ := url.Parse(h.url)
	for _, k := range c.Jar.Cookies(u) {
		if k.Name == sessionCookie {
			return k.Value
		}
	}
	return ""
}

const sessionCookie = "hall"

var seat = regexp.MustCompile(`as a (\w+): name (.+), login code (\S+)`)

// signIn signs a client in as one of the demonstration's open accounts: "member"
// or "steward".
func (h *hall) signIn(t *testing.T, as string) string {
	t.Helper()
	notes, err := os.ReadFile(filepath.Join(h.dir, "demo-accounts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range seat.FindAllStringSubmatch(string(notes), -1) {
		if m[1] != as {
			continue
		}
		c := h.asker()
		a, err := c.PostForm(h.url+"/sign-in", url.Values{"name": {m[2]}, "code": {m[3]}})
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if s := h.session(c); s != "" {
			return s
		}
		t.Fatalf("signing in as %s: %s", m[2], a.Status)
	}
	t.Fatalf("no open account of a %s", as)
	return ""
}
