package letterbox_test

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"guildhall/internal/mask/letter"
)

// The inodes tell nothing of when a letter came: a blur changes all of them anew.
func TestBlur_changesEveryInode(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for i := range 3 {
		p.ok(p.box.Put(letter.NewID(), sealed(byte(i))))
	}
	_, before := p.inodes()
	late := time.Now().Add(5 * time.Second) // the file system's clock is coarse
	for {
		p.ok(p.box.Blur())
		first, _ := p.inodes()
		if first.After(before) {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("an inode keeps %v, the letters came until %v", first, before)
		}
	}
}

// inodes are the earliest and the latest change of an inode in the box.
func (p *post) inodes() (first, last time.Time) {
	p.t.Helper()
	p.ok(filepath.WalkDir(p.dir, func(_ string, d fs.DirEntry, err error) error {
		p.ok(err)
		info, err := d.Info()
		p.ok(err)
		c := time.Unix(info.Sys().(*syscall.Stat_t).Ctim.Unix())
		if first.IsZero() || c.Before(first) {
			first = c
		}
		if c.After(last) {
			last = c
		}
		return nil
	}))
	return first, last
}
