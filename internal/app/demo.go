package app

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"guildhall/internal/demo"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/member/key"
	"guildhall/internal/member/key/owner"
	"guildhall/internal/pass/token"
)

// demoCommand is "guildhall demo".
type demoCommand struct {
	place
	Listen string `placeholder:"HOST:PORT" help:"Address to listen on, as host:port; port 0 lets the system choose."`
}

// firstPort is where a demonstration hall opens when it is not told, or at the
// next port that is free.
const firstPort = 8080

// Run fills a fresh directory with the story of package demo, and serves it.
func (c demoCommand) Run(ctx context.Context, s streams) error {
	conf, err := c.place.config(s, c.Listen)
	if err != nil {
		return err
	}
	setLog(s, conf.Log)
	release, err := takeHall(c.Data)
	if err != nil {
		return err
	}
	defer release()
	ln, err := listen(&conf)
	for port := firstPort + 1; c.Listen == "" && errors.Is(err, syscall.EADDRINUSE) && port < firstPort+20; port++ {
		conf.Listen = fmt.Sprintf("localhost:%d", port) // somebody is there already
		ln, err = listen(&conf)
	}
	if err != nil {
		return err
	}
	defer ln.Close()
	box, err := c.putUpLetterbox(&conf)
	if err != nil {
		return err
	}
	if box != nil {
		defer box.Close()
	}
	if err := tell(ctx, c.Data, conf, s); err != nil {
		return err
	}
	clock, err := openDemoClock(c.Data)
	if err != nil {
		return err
	}
	masks, err := readTroupe(c.Data)
	if err != nil {
		return err
	}
	if masks != nil {
		if err := masks.catchUp(ctx, c.Data, conf, clock.now()); err != nil {
			return err
		}
	}
	h, err := Open(ctx, c.Data, conf, clock.now)
	if err != nil {
		return err
	}
	defer h.Close()
	h.demoClock = clock
	h.ownNames()
	if masks != nil {
		masks.hall = h
		clock.live = masks.live
	}
	if err := h.sayVisitors(s); err != nil {
		return err
	}
	return h.serveDemo(ctx, s, ln, box)
}

// letterboxFile holds where the demonstration's letterbox listened last: another address
// would be another entry in the log at each start.
const letterboxFile = "demo-letterbox.txt"

// putUpLetterbox finds a port for the demonstration's own letterbox, that of the last
// time if it is free, and tells the configuration; nil when that names another one. It
// shows how letters go. It hides nothing from whoever runs this machine: a real one is
// on somebody else's.
func (c demoCommand) putUpLetterbox(conf *Config) (net.Listener, error) {
	if conf.Letterbox != "" {
		return nil, nil
	}
	path := filepath.Join(c.Data, letterboxFile)
	last, _ := os.ReadFile(path) // none: any port
	ln, err := net.Listen("tcp", "localhost:"+strings.TrimSpace(string(last)))
	if err != nil {
		ln, err = net.Listen("tcp", "localhost:0")
	}
	if err != nil {
		return nil, err
	}
	conf.Letterbox = publicURL(Config{Listen: "localhost:0"}, ln.Addr())
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	return ln, writeDurably(path, []byte(port+"\n"))
}

// serveDemo serves the hall, and its letterbox on at.
func (h *Hall) serveDemo(ctx context.Context, s streams, ln, at net.Listener) error {
	if at == nil {
		return h.Serve(ctx, s, ln)
	}
	box, err := openLetterbox(filepath.Join(h.Dir, "letterbox"), h.Config.URL, h.demoClock.now)
	if err != nil {
		return err
	}
	h.demoClock.bring = func(ctx context.Context) error { _, err := box.Step(ctx); return err }
	ctx, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	work.Go(func() {
		if err := serveLetterbox(ctx, box, at); err != nil {
			slog.Error("letterbox", "cause", fault.Cause(err))
		}
	})
	return h.Serve(ctx, s, ln)
}

// tell writes the story into a hall that is still empty, at the moments of the
// story. It is one transaction: a hall is filled whole, or not at all.
func tell(ctx context.Context, dir string, c Config, s streams) error {
	story, err := demo.Story()
	if err != nil {
		return err
	}
	t := newTeller(story)
	h, err := Open(ctx, dir, c, t.clock.now)
	if err != nil {
		return err
	}
	defer h.Close()
	topics, err := h.Forum.Topics(ctx)
	if err != nil || len(topics) > 0 {
		return err
	}
	fmt.Fprintln(s.err, "Filling the demonstration hall …")
	t.hall = h
	h.ownNames()
	var notes string
	var r *troupe
	err = h.DB.Tx(ctx, func(ctx context.Context) error {
		if err := t.tell(ctx); err != nil {
			return err
		}
		if notes, r, err = t.seatVisitors(ctx); err != nil {
			return err
		}
		if err = t.ask(ctx, time.Now()); err != nil {
			return err
		}
		note, err := t.represent(ctx, time.Now())
		if err != nil {
			return err
		}
		notes += note
		if err := errors.Join(t.acquaint(ctx, time.Now()), t.meet(ctx, time.Now())); err != nil {
			return err
		}
		r.path = filepath.Join(dir, castFile)
		return r.keep()
	})
	if err != nil {
		return err
	}
	if err := t.prove(ctx, time.Now()); err != nil {
		return err
	}
	if err := h.freshIndex(ctx); err != nil {
		return err
	}
	return writeDurably(filepath.Join(dir, visitorsFile), []byte(notes))
}

// visitorsFile holds the keys of the demonstration hall's three open accounts.
// A real hall has no such file.
const visitorsFile = "demo-accounts.txt"

// seatVisitors makes two accounts that whoever opens the hall may use: of a
// member and of a steward of the story.
func (t *teller) seatVisitors(ctx context.Context) (notes string, r *troupe, err error) {
	var b strings.Builder
	guests := map[string]keyring{}
	for _, v := range []struct{ handle, what string }{{"new-pigeon", "a member"}, {t.founder(), "a steward"}} {
		g, note, err := t.openKeys(ctx, v.what, t.faces[v.handle].Name)
		if err != nil {
			return "", nil, err
		}
		guests[v.handle] = g
		b.WriteString(note)
	}
	r, err = t.takeSeats(ctx, guests)
	return b.String(), r, err
}

// openKeys makes the keys of an account that whoever opens the hall may use, and a
// line that tells them.
func (t *teller) openKeys(ctx context.Context, what, name string) (g keyring, note string, err error) {
	code := key.NewLoginCode(rand.Reader)
	phrase, err := owner.DrawPhrase(rand.Reader)
	if err != nil {
		return g, "", err
	}
	if g.hash, err = t.hall.Gate.Hash(ctx, code); err != nil {
		return g, "", err
	}
	if g.vault, err = phrase.Keys(); err != nil {
		return g, "", err
	}
	return g, fmt.Sprintf("as %s: name %s, login code %s, seven words: %s\n", what, name, code.Reveal(), phrase.Reveal()), nil
}

// join opens an account as the form of joining does. Its recovery codes are
// shown to nobody; without any, each page of the account would begin with a
// warning.
func (t *teller) join(ctx context.Context, a *actor, g keyring) (member.ID, error) {
	var recovery []string
	for _, c := range key.NewRecoveryCodes(rand.Reader) {
		recovery = append(recovery, c.RecoveryHash())
	}
	j := member.Joining{Face: a.Face, CodeHash: nobodysHash, RecoveryHashes: recovery, UserHandle: ident.Random(), Lang: "en", Zone: "UTC"}
	if g.hash != "" {
		vault, err := owner.NewVault(rand.Reader, g.vault, a.Root[:])
		if err != nil {
			return "", err
		}
		j.CodeHash, j.Vault, j.LoginHash = g.hash, vault, g.vault.LoginHash()
		j.RequestKey = token.Encode(a.Root.RequestKey().Public().(ed25519.PublicKey))
	}
	return t.hall.Members.Join(ctx, j)
}

// sayVisitors tells the operator how to look at the demonstration from inside.
func (h *Hall) sayVisitors(s streams) error {
	notes, err := os.ReadFile(filepath.Join(h.Dir, visitorsFile))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "Sign in at %s/sign-in by login code, or by the seven words, without which there is no mask:\n%sThe clock, with a button for a week later: %s%s\n", h.Config.URL, notes, h.Config.URL, demoClockPath)
	return nil
}
