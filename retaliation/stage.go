package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask/client"
)

// space is where the masks of the world speak.
const space = "masks"

// zero is the moment from which virtual hours are counted: the beginning of an
// epoch. The program's clock shows nothing else.
var zero = epoch.Start(740)

func virtualZero() time.Time { return zero }

func moments(h hours) time.Time { return zero.Add(time.Duration(h * float64(time.Hour))) }

// stage is the real program on an injected clock.
type stage struct {
	dir   string
	cmd   *exec.Cmd
	url   *url.URL
	box   *exec.Cmd // the letterbox; nil without
	boxAt string
	now   atomic.Int64 // µs
	marks []mark       // since somebody took them
}

// open starts the program in dir at a moment, with one planted leak or none, and beside
// it a letterbox or none. env is what else its environment says.
func open(ctx context.Context, bin, dir string, at time.Time, leak string, letters bool, env ...string) (*stage, error) {
	s := &stage{dir: dir}
	s.now.Store(at.UnixMicro())
	where := "127.0.0.1:0"
	env = append(env, fmt.Sprintf("HALL_TEST_CLOCK=%d", at.Unix()), "HALL_TEST_LEAK="+leak)
	var err error
	if letters { // each is to know where the other is
		if where, err = freePort(); err != nil {
			return nil, err
		}
		box := filepath.Join(dir, "..", "letterbox")
		if s.box, s.boxAt, err = start(ctx, bin, box, env, "letterbox", "--data", box, "--listen", "127.0.0.1:0", "--hall", "http://"+strings.Replace(where, "127.0.0.1", "localhost", 1)); err != nil {
			return nil, err
		}
		env = append(env, "GUILDHALL_LETTERBOX="+s.boxAt)
	}
	var ready string
	if s.cmd, ready, err = start(ctx, bin, dir, env, "serve", "--data", dir, "--listen", where); err != nil {
		s.close()
		return nil, err
	}
	s.url, err = url.Parse(ready)
	return s, err
}

// freePort is an address of loopback at which nobody listens.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// start starts the program and gives the address at which it is ready. What it says
// else is kept beside dir.
func start(ctx context.Context, bin, dir string, env []string, args ...string) (cmd *exec.Cmd, at string, err error) {
	if err := os.MkdirAll(filepath.Join(dir, ".."), 0o700); err != nil {
		return nil, "", err
	}
	log, err := os.OpenFile(filepath.Join(dir, "..", "stderr-"+filepath.Base(dir)), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, "", err
	}
	defer log.Close()
	cmd = exec.CommandContext(ctx, bin, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = log
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, at, ok := strings.Cut(lines.Text(), "ready "); ok {
			go io.Copy(io.Discard, out)
			return cmd, at, nil
		}
	}
	return nil, "", fmt.Errorf("the program ended without being ready: %v; see %s", cmd.Wait(), log.Name())
}

// close ends the programs.
func (s *stage) close() {
	for _, cmd := range []*exec.Cmd{s.cmd, s.box} {
		if cmd != nil {
			cmd.Process.Signal(syscall.SIGTERM)
			cmd.Wait()
		}
	}
}

// clock is the program's and everybody's.
func (s *stage) clock() time.Time { return time.UnixMicro(s.now.Load()) }

// set moves the clock and waits until the program has done what is due.
func (s *stage) set(at time.Time) error {
	s.marks = append(s.marks, mark{time.Now().UnixMicro(), at.Sub(zero).Hours()})
	s.now.Store(at.UnixMicro())
	clock := "/test/clock?at=" + fmt.Sprint(at.UnixMicro())
	if err := s.hook(clock); err != nil || s.box == nil {
		return err
	}
	return hookAt(s.boxAt, clock)
}

func (s *stage) hook(path string) error { return hookAt(s.url.String(), path) }

func hookAt(where, path string) error {
	r, err := http.Post(where+path, "text/plain", nil)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d %s", path, r.StatusCode, b)
	}
	return err
}

// hall is the way of one person to the program, from an address of her own.
func (s *stage) hall(person int) client.Hall {
	from := &net.TCPAddr{IP: net.IPv4(127, 1, byte(person/250), byte(1+person%250))}
	return client.Hall{URL: s.url, Now: s.clock, From: from}
}

// settle lets people join, two epochs before the world begins, so that they are
// seasoned when it does, and gives their homes.
func settle(ctx context.Context, bin, dir string, n int, pace string) (homes []*client.Home, err error) {
	data := filepath.Join(dir, "hall")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	begin := zero.AddDate(0, 0, -3*daysOfEpoch).Add(time.Hour)
	s, err := open(ctx, bin, data, begin, "", false)
	if err != nil {
		return nil, err
	}
	defer s.close()
	for i := range n {
		if err := s.set(begin.Add(time.Duration(i) * 10 * time.Minute)); err != nil {
			return nil, err
		}
		a, err := client.NewAccount(s.hall(i))
		if err != nil {
			return nil, err
		}
		j, err := a.Join(ctx)
		if err != nil {
			return nil, fmt.Errorf("person %d: %w", i, err)
		}
		home, err := client.MakeHome(filepath.Join(dir, "homes", fmt.Sprint(i)), j.Root, client.State{Hall: "", Name: j.Name, Login: j.Login})
		if err != nil {
			return nil, err
		}
		homes = append(homes, home)
	}
	if err := s.hook("/test/stage?space=" + space + "&pace=" + pace); err != nil {
		return nil, err
	}
	return homes, converse(ctx, s, homes[0])
}

// converse opens the discussion in which people will speak openly.
func converse(ctx context.Context, s *stage, home *client.Home) error {
	a, err := client.NewAccount(s.hall(0))
	if err != nil {
		return err
	}
	if _, err := a.Resume(ctx, home.State.Login); err != nil {
		return err
	}
	_, err = a.Fill(ctx, "/discussions/new", "/discussions", url.Values{
		"title": {"What has changed for you?"}, "lang": {"en"},
		"text": {"Tell what the platforms have changed in your work this year, and whether somebody asked you before."},
	})
	return err
}

// newPost draws the id of a post.
func newPost() string {
	id, err := client.NewID(rand.Reader)
	if err != nil {
		panic(err) // no randomness: nothing here makes sense any more
	}
	return id
}
