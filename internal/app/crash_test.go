package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/web/answer"
)

// child is the real program in a process of its own.
type child struct {
	cmd *exec.Cmd
	url string
}

// start runs a command that ends in the program serving, and waits until it is
// ready.
func start(t *testing.T, name string, args ...string) child {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ready := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ready {
		t.Fatalf("the hall said %q (%v)", line, err)
	}
	return child{cmd, address}
}

// kill ends the program as a power cut does: nothing of it runs any more.
func (c child) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.cmd.Wait()
}

// post sends a reply and tells the status and body of the answer.
func (c child) post(cookie, discussion, text string) (status int, body string, err error) {
	form := url.Values{"text": {text}, answer.OnceField: {answer.NewOnce()}}
	r, err := http.NewRequest("POST", c.url+"/discussions/"+discussion+"/posts", strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", cookie)
	client := http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return a.StatusCode, string(b), err
}

// seed makes a small hall with members and a discussion for each.
func seed(t *testing.T, dir string, c Config, n int) (cookies, discussions []string) {
	t.Helper()
	ctx := context.Background()
	h, err := Open(ctx, dir, c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for i := range n {
		cookie, err := h.TestOnlyMember(ctx)
		if err != nil {
			t.Fatal(err)
		}
		v, err := h.identify(ctx, &http.Request{Header: http.Header{"Cookie": {cookie}}})
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.Forum.Open(ctx, forum.Actor{Face: face.ID(v.FaceID)}, forum.NewDiscussion{
			Title: fmt.Sprintf("Discussion %d", i), First: forum.NewPost{Text: fmt.Sprintf("The beginning of %d.", i)},
		})
		if err != nil {
			t.Fatal(err)
		}
		cookies, discussions = append(cookies, cookie), append(discussions, string(d.ID))
	}
	return cookies, discussions
}

// What was confirmed is there after kill -9, once; what was not confirmed is
// there once or not at all.
func TestKill_losesNothingConfirmed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("fifty kills take a minute")
	}
	for _, c := range []struct {
		engine db.Engine
		kills  int
	}{{db.SQLite, 50}, {db.Postgres, 10}} {
		t.Run(c.engine.String(), func(t *testing.T) {
			t.Parallel()
			crash(t, c.engine, c.kills)
		})
	}
}

func crash(t *testing.T, e db.Engine, kills int) {
	conf := defaults()
	conf.Database = dbtest.Config(t, e).URL
	dir := filepath.Join(t.TempDir(), "hall")
	const writers = 4
	cookies, discussions := seed(t, dir, conf, writers)
	args := []string{"serve", "--data", dir, "--listen", "localhost:0"}
	if conf.Database != "" {
		args = append(args, "--db", conf.Database)
	}
	confirmed, sent := map[string]bool{}, map[string]bool{}
	for round := range kills {
		h := start(t, "guildhall", args...)
		var mu sync.Mutex
		var hands sync.WaitGroup
		enough := make(chan struct{}, 1)
		for w := range writers {
			hands.Go(func() {
				for i := 0; ; i++ {
					text := fmt.Sprintf("Round %d, writer %d, post %d.", round, w, i)
					mu.Lock()
					sent[text] = true
					mu.Unlock()
					status, body, err := h.post(cookies[w], discussions[w], text)
					if err != nil {
						return // killed
					}
					if status == http.StatusTooManyRequests {
						return
					}
					if status != http.StatusSeeOther {
						t.Errorf("round %d: status %d: %.300s", round, status, body)
						return
					}
					mu.Lock()
					confirmed[text] = true
					mu.Unlock()
					select {
					case enough <- struct{}{}:
					default:
					}
				}
			})
		}
		<-enough // one at least is confirmed; the kill comes at some moment after
		for range rand.IntN(6) {
			select {
			case <-enough:
			case <-time.After(5 * time.Second):
			}
		}
		h.kill(t)
		hands.Wait()
	}
	compare(t, dir, conf, confirmed, sent)
	t.Logf("%d posts confirmed of %d sent, %d kills", len(confirmed), len(sent), kills)
}

// compare reads the hall after the last kill.
func compare(t *testing.T, dir string, c Config, confirmed, sent map[string]bool) {
	t.Helper()
	ctx := context.Background()
	h, err := Open(ctx, dir, c, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if _, err := h.DB.Check(ctx); err != nil {
		t.Error(err)
	}
	found := map[string]int{}
	for mark := ""; ; {
		docs, next, err := h.Forum.Documents(ctx, mark, 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			found[strings.TrimSpace(d.Text)]++
		}
		if mark = next; mark == "" {
			break
		}
	}
	for text := range confirmed {
		if found[text] != 1 {
			t.Errorf("confirmed, and there %d times: %s", found[text], text)
		}
	}
	for text := range sent {
		if found[text] > 1 {
			t.Errorf("there %d times: %s", found[text], text)
		}
	}
	for _, consumer := range h.consumers() {
		if err := h.Events.Drain(ctx, consumer); err != nil {
			t.Errorf("events after the kills: %v", err)
		}
	}
}

// On a full disk reading goes on, writing says so and gives the text back, and
// when there is room again writing goes on as well.
func TestFullDisk_isReadOnly(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("unshare", "--mount", "--map-root-user", "true").CombinedOutput(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no disk can be made small here: %s", out)
		}
		t.Skipf("no disk can be made small here: %s", out)
	}
	from := filepath.Join(t.TempDir(), "hall")
	cookies, discussions := seed(t, from, defaults(), 1)
	disk := t.TempDir()
	h := start(t, "unshare", "--mount", "--map-root-user", "sh", "-c", `set -e
mount -t tmpfs -o size=6m tmpfs "$1"
cp -r "$2" "$1/hall"
exec guildhall serve --data "$1/hall" --listen localhost:0`, "sh", disk, from)
	// The small disk can be seen by way of the process that lives on it.
	filler := filepath.Join("/proc", fmt.Sprint(h.cmd.Process.Pid), "root", disk, "filler")
	f, err := os.OpenFile(filler, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 4096); ; {
		if _, err := f.Write(block); err != nil {
			break
		}
	}
	refused := ""
	for i := 0; i < 30 && refused == ""; i++ { // the log may have some room left
		text := fmt.Sprintf("Words that nobody wants to type twice, number %d. %s", i, strings.Repeat("And more of them. ", 400))
		status, body, err := h.post(cookies[0], discussions[0], text)
		switch {
		case err != nil:
			t.Fatal(err)
		case status == http.StatusServiceUnavailable:
			refused = text
			if !strings.Contains(body, "disk of this hall is full") {
				t.Errorf("the page does not say why: %.2000s", body)
			}
			if !strings.Contains(body, fmt.Sprintf("Words that nobody wants to type twice, number %d.", i)) {
				t.Error("the page does not give the text back")
			}
		case status != http.StatusSeeOther:
			t.Fatalf("status %d: %.500s", status, body)
		}
	}
	if refused == "" {
		t.Fatal("a full disk was written to thirty times")
	}
	for _, path := range []string{"/", "/discussions/" + discussions[0], "/healthz"} {
		r, err := http.Get(h.url + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s on a full disk: %s", path, r.Status)
		}
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if status, body, err := h.post(cookies[0], discussions[0], refused); err != nil || status != http.StatusSeeOther {
		t.Errorf("with room again: %d %v %.500s", status, err, body)
	}
	_ = h.cmd.Process.Signal(syscall.SIGTERM)
	_ = h.cmd.Wait()
}
