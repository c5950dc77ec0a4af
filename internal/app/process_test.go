package app

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/forum"
)

// patience bounds every wait. It is long because a wait that ends in time costs
// nothing, and a machine may be busy.
const patience = 30 * time.Second

// process is the real program, serving.
type process struct {
	cmd  *exec.Cmd
	url  string
	said *journal
	gone chan struct{} // closed when it has ended
}

// journal gathers what a program says on stderr.
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

// begin starts the program and waits until it is ready.
func begin(t *testing.T, change func(*exec.Cmd), name string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(name, args...), said: &journal{}, gone: make(chan struct{})}
	p.cmd.Stderr = p.said
	if change != nil {
		change(p.cmd)
	}
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	go func() {
		_, _ = io.Copy(io.Discard, out)
		_ = p.cmd.Wait()
		close(p.gone)
	}()
	t.Cleanup(p.kill)
	address, ready := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ready {
		p.kill()
		t.Fatalf("%s %s said %q: %s", name, strings.Join(args, " "), line, p.said)
	}
	p.url = address
	return p
}

// kill ends the program as a power cut would end it.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.gone
}

// stop asks the program to end and tells whether it ended well.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-p.gone
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("it stopped with %d: %s", code, p.said)
	}
}

// guest is one person's browser without scripts.
type guest struct {
	cookie string
	client *http.Client
}

func newGuest(cookie string) *guest {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &guest{cookie: cookie, client: &http.Client{Timeout: patience, CheckRedirect: stay, Transport: &http.Transport{}}}
}

// get asks for a page.
func (g *guest) get(address string) (status int, body string, err error) {
	status, _, body, err = g.send("GET", address, "", nil)
	return status, body, err
}

// post sends a form.
func (g *guest) post(address string, form url.Values) (status int, to, body string, err error) {
	return g.send("POST", address, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (g *guest) send(method, address, kind string, body io.Reader) (status int, to, answered string, err error) {
	r, err := http.NewRequest(method, address, body)
	if err != nil {
		return 0, "", "", err
	}
	r.Header.Set("Accept-Language", "en")
	if g.cookie != "" {
		r.Header.Set("Cookie", g.cookie)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	a, err := g.client.Do(r)
	if err != nil {
		return 0, "", "", err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return a.StatusCode, a.Header.Get("Location"), string(b), err
}

// furnish opens a hall, lets people join and one of them begin a discussion, and
// shuts it again.
func furnish(t *testing.T, dir string, c Config, people int) (guests []*guest, talk forum.DiscussionID) {
	t.Helper()
	ctx := context.Background()
	h, err := Open(ctx, dir, c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	var first face.ID
	for range people {
		cookie, err := h.TestOnlyMember(ctx)
		if err != nil {
			t.Fatal(err)
		}
		guests = append(guests, newGuest(cookie))
		if first == "" {
			v, err := h.identify(ctx, &http.Request{Header: http.Header{"Cookie": {cookie}}})
			if err != nil {
				t.Fatal(err)
			}
			first = face.ID(v.FaceID)
		}
	}
	d, err := h.Forum.Open(ctx, forum.Actor{Face: first}, forum.NewDiscussion{Title: "What is kept", First: forum.NewPost{Text: "Let us see what is kept."}})
	if err != nil {
		t.Fatal(err)
	}
	return guests, d.ID
}

// answered is one form of a reply, which may have to be sent more than once.
type answered struct {
	once, text string
	to         string // where the answer sent its writer; empty: not acknowledged
}

// errTwice: the same form did its deed twice.
var errTwice = errors.New("one form made two replies")

func newReply(text string) *answered { return &answered{once: rand.Text(), text: text} }

// send sends the form. An error means that nobody knows what became of it.
func (r *answered) send(g *guest, p *process, talk forum.DiscussionID) (status int, body string, err error) {
	status, to, body, err := g.post(p.url+"/discussions/"+string(talk)+"/posts", url.Values{"once": {r.once}, "text": {r.text}})
	if err == nil && status == http.StatusSeeOther {
		if r.to != "" && r.to != to {
			return status, body, fmt.Errorf("%w: %s and %s", errTwice, r.to, to)
		}
		r.to = to
	}
	return status, body, err
}

// await asks again and again until ok; it names what it waited for.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(patience); !ok(); {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
