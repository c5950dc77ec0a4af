//go:build browser

package browser

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait. It is long because a wait that ends in time costs
// nothing, and a machine may be busy.
const patience = time.Minute

// hall is the real program, serving a directory of its own.
type hall struct {
	url, dir string
	seats    map[string]string // sessions of the people who are in already
	log      *journal
	close    func() // ends the program
	pid      int
}

// safe is the hall's safe origin.
func (h *hall) safe() string { return strings.Replace(h.url, "://", "://safe.", 1) }

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
	dir := t.TempDir()
	seats, err := seat(dir)
	if err != nil {
		t.Fatal(err)
	}
	h, stop, err := start("serve", dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	h.seats = seats
	return h
}

// start runs "guildhall COMMAND" on dir and waits until it answers.
func start(command, dir string) (*hall, func(), error) {
	return startAt(dir, nil, program(), command, "--data", dir, "--listen", "localhost:0")
}

// startAt runs a command line that ends in the program, and waits until that answers.
func startAt(dir string, env []string, line ...string) (*hall, func(), error) {
	h := &hall{dir: dir, log: &journal{}}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Env = append(os.Environ(), env...)
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
	stop := sync.OnceFunc(func() { cancel(); _ = cmd.Wait() }) // a stop by signal is no success to Wait
	h.close = stop
	h.pid = cmd.Process.Pid
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if at, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			h.url = at
			return h, stop, nil
		}
	}
	stop()
	return nil, nil, &notReady{strings.Join(line, " "), h.log.String()}
}

type notReady struct{ line, log string }

func (e *notReady) Error() string { return e.line + " never said ready:\n" + e.log }

// demo is one demonstration hall for all tests that only look.
var demo = sync.OnceValues(func() (*hall, error) {
	dir, err := os.MkdirTemp("", "guildhall-demo-")
	if err != nil {
		return nil, err
	}
	atEnd = append(atEnd, func() { os.RemoveAll(dir) })
	_, stop, err := start("demo", dir) // tells the story
	if err != nil {
		return nil, err
	}
	stop()
	seats, err := seat(dir)
	if err != nil {
		return nil, err
	}
	h, stop, err := start("serve", dir)
	if err != nil {
		return nil, err
	}
	atEnd = append(atEnd, stop)
	h.seats = seats
	return h, nil
})

func demoHall(t *testing.T) *hall {
	t.Helper()
	h, err := demo()
	if err != nil {
		t.Fatal(err)
	}
	return h
}
