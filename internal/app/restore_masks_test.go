package app

import (
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

const week = 7 * 24 * time.Hour

// past is a hall in which a member, Ana, was served a right, registered her mask and
// was banned, with a backup of every moment between.
type past struct {
	*maskHall
	root    token.Root
	right   token.Pass
	backups []string // file, in the order of time
	names   []string
}

func (p *past) backup(name string) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "hall.zip")
	_, err := backUp(p.ctx, place{Data: p.dir}, p.Config, file, p.now())
	p.ok(err)
	p.backups, p.names = append(p.backups, file), append(p.names, name)
}

// newPast lives through it; the last backup is of just before the ban.
func newPast(t *testing.T) *past {
	p := &past{maskHall: newMaskHall(t), root: newRoot()}
	p.eligible()
	p.backup("before anything was served")
	_, err := p.Passes.Issuer(p.ctx, token.Slot{Purpose: token.Right, Space: p.space, Epoch: epoch.Of(p.now())})
	p.ok(err)
	p.backup("before she was served")
	p.right, err = p.serve("ana", p.root)
	p.ok(err)
	p.backup("before she registered")
	if res := p.take(p.root, p.right); res.State != "waiting" {
		t.Fatalf("%+v", res)
	}
	p.company()
	p.backup("before she was born")
	p.tick(week)
	if s := p.status(p.root); s != "active" {
		t.Fatal(s)
	}
	p.backup("before she was banned")
	return p
}

func (p *past) mask() string {
	return wire.MaskID(p.root.MaskKey(p.space, 0).Public().(ed25519.PublicKey))
}

// looked are the backups that a test looks at; in short runs, which share a machine,
// two that differ most.
func (p *past) looked() []int {
	if testing.Short() {
		return []int{1, 3}
	}
	return []int{0, 1, 2, 3, 4}
}

// restored opens a backup beside the hall, which stays as it is.
func (p *past) restored(file, from string) *maskHall {
	p.t.Helper()
	dir := filepath.Join(p.t.TempDir(), "hall")
	_, err := restore(p.ctx, file, dir, from, p.now)
	p.ok(err)
	h := &maskHall{t: p.t, ctx: p.ctx, dir: dir, at: p.now(), space: p.space}
	h.open(dir)
	h.eligible()
	return h
}

// A ban survives a restore, whatever the backup is older than: with the file that was
// in use it stands, also when the epoch changes; without it nothing is restored
// unless somebody says so.
func TestRestore_aBanSurvives(t *testing.T) {
	t.Parallel()
	p := newPast(t)
	p.banned(p.mask())
	for _, i := range p.looked() {
		file := p.backups[i]
		for _, from := range []string{"", fromNone} {
			dir := filepath.Join(t.TempDir(), "hall")
			_, err := restore(p.ctx, file, dir, from, p.now)
			if masks := i >= 2; from == fromNone && !masks { // then the operator says that there was never a safe space
				continue
			}
			if err == nil || !strings.Contains(err.Error(), "--masks-from DIR") {
				t.Errorf("%s, %q: %v", p.names[i], from, err)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Errorf("%s: something was left behind", p.names[i])
			}
		}
		h := p.restored(file, p.dir)
		for range 2 {
			if s := h.status(p.root); s != "banned" {
				t.Errorf("%s: the ban was lifted: %s", p.names[i], s)
			}
			if _, err := h.serve("ana", newRoot()); err == nil {
				t.Errorf("%s: served again, with another key", p.names[i])
			}
			h.company()
			h.tick(4*week + 80*time.Hour)
			if s := h.renewal(p.root); s != "mask.banned" {
				t.Errorf("%s: renewed: %s", p.names[i], s)
			}
		}
	}
}

// renewal asks for mask 1, and gives why not.
func (h *maskHall) renewal(root token.Root) string {
	h.t.Helper()
	e := epoch.Of(h.now())
	k, err := h.Passes.Issuer(h.ctx, token.Slot{Purpose: token.Right, Space: h.space, Epoch: e})
	h.ok(err)
	q, err := root.Right(h.space, e, 1, k)
	h.ok(err)
	_, a, said := h.visit(root.MaskKey(h.space, 0), nil, wire.Act{Do: wire.Renew, Epoch: e, Blinded: q.Blinded})
	if said != "" {
		return said
	}
	return a.Results[0].Error
}

// Whatever was restored, and with which word, one seat has one mask, though its owner
// keeps every right she ever got and asks again with another key in every epoch.
func TestRestore_noSecondMask(t *testing.T) {
	t.Parallel()
	p := newPast(t)
	for _, i := range p.looked() {
		file := p.backups[i]
		for _, from := range []string{p.dir, fromBackup, fromNone, ""} {
			dir := filepath.Join(t.TempDir(), "probe")
			at := p.now
			if from == "" { // without a word only in the week of the backup, before any mask
				at = func() time.Time { return p.now().Add(-week) }
			}
			if _, err := restore(p.ctx, file, dir, from, at); err != nil {
				continue // refused; TestRestore_aBanSurvives says when
			}
			h := &maskHall{t: t, ctx: p.ctx, dir: dir, at: at(), space: p.space}
			h.open(dir)
			h.eligible()
			other := newRoot()
			got := 0
			for range 3 {
				h.tryTake(p.root, p.right)
				for _, r := range []token.Root{p.root, other} {
					if pass, err := h.serve("ana", r); err == nil {
						h.tryTake(r, pass)
						got++
					}
				}
				h.company()
				h.tick(week)
				h.tick(3 * week)
			}
			masks := 0
			for _, r := range []token.Root{p.root, other} {
				if s := h.status(r); s == "active" || s == "over" {
					masks++
				}
			}
			if masks > 1 || masks == 0 && from != fromBackup { // a right without a mask is lost with the file
				t.Errorf("%s, %q: %d masks of one seat", p.names[i], from, masks)
			}
			t.Logf("%s, %q: served %d times, %d mask", p.names[i], from, got, masks)
		}
	}
}

// tryTake registers if it can.
func (h *maskHall) tryTake(root token.Root, pass token.Pass) {
	h.t.Helper()
	h.visit(root.MaskKey(h.space, 0), &pass, wire.Act{Do: wire.Take})
}

// An older file is not taken for the newer one.
func TestRestore_refusesAnOlderFile(t *testing.T) {
	t.Parallel()
	p := newPast(t)
	old := filepath.Join(t.TempDir(), "old")
	_, err := restore(p.ctx, p.backups[0], old, fromNone, p.now)
	p.ok(err)
	_, err = restore(p.ctx, p.backups[4], filepath.Join(t.TempDir(), "hall"), old, p.now)
	if err == nil || !strings.Contains(err.Error(), "not the newer one") {
		t.Errorf("took an older file: %v", err)
	}
}
