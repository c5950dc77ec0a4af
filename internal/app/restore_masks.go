package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/ledger"
	"guildhall/internal/mask"
	"guildhall/internal/safedb"
)

// The words that stand for a directory when there is none to take masks from.
const (
	fromBackup = "backup" // the newer file is lost
	fromNone   = "none"   // there have never been masks
)

// bringMasks sees to it that going back in time lifts no ban and gives nobody a
// second mask. Masks are not rolled back: the safe.db that was in use (in the data
// directory from) replaces the backup's. Where it is lost, which the operator says
// with the word backup, rights up to the running epoch are void. Without a word the
// backup is good only when no mask can have been born since; made is when it was made.
func bringMasks(ctx context.Context, work, from string, made time.Time, now func() time.Time) error {
	if from != "" && from != fromBackup && from != fromNone {
		return newerMasks(ctx, work, from, now)
	}
	used, err := haveMasks(ctx, work, now)
	if err != nil {
		return err
	}
	rights, err := rightsInLog(ctx, work)
	used = used || rights // one may have been served in the week before, and wait sealed
	switch {
	case err != nil:
		return err
	case from == fromNone && used:
		return errors.New("restore: there are masks in this backup, so “none” cannot be. " + sayMasksFrom)
	case from == "" && used:
		return errors.New("restore: there are masks in this backup, and what they did since is not: bans would be lifted, and rights used twice. " + sayMasksFrom)
	case from == "" && epoch.Week(made) != epoch.Week(now()):
		return errors.New("restore: this backup is older than this week, and masks may have been born and banned since: bans would be lifted. " +
			sayMasksFrom + " If this hall has never had a safe space, say --masks-from none")
	}
	if from != fromBackup && !rights {
		return nil
	}
	return voidRights(ctx, work, now)
}

const sayMasksFrom = "Say --masks-from DIR with the data directory that was in use, even if nothing but its safe.db can be read. " +
	"If that is lost, say --masks-from backup: then no new mask is taken before the next epoch, and bans since the backup are to be spoken again. Nothing was changed."

// haveMasks tells whether the backup has anything of masks, and checks it.
func haveMasks(ctx context.Context, work string, now func() time.Time) (used bool, err error) {
	if _, err := os.Stat(filepath.Join(work, safePart)); errors.Is(err, fs.ErrNotExist) {
		return false, nil // of a program without masks
	}
	d, err := safedb.Open(ctx, safedb.Config{Dir: work, Now: now})
	if err != nil {
		return false, damaged(safePart, err)
	}
	used, err = mask.InUse(ctx, d)
	if err == nil {
		err = d.Check(ctx)
	}
	if err = errors.Join(err, d.Close()); err != nil {
		err = damaged(safePart, err)
	}
	return used, err
}

// rightsInLog tells whether a key that signs rights was ever made, so that rights may
// be out in the world.
func rightsInLog(ctx context.Context, work string) (found bool, err error) {
	if _, err := os.Stat(filepath.Join(work, ledger.KeyFile)); errors.Is(err, fs.ErrNotExist) {
		return false, nil // of a program without a log
	}
	l, err := ledger.Open(ledger.Config{Data: work, Rand: rand.Reader})
	if err != nil {
		return false, damaged(ledger.KeyFile, err)
	}
	_, err = ledger.Audit(ctx, l.Dir(), ledger.Options{Key: l.Key(), Each: func(e ledger.Entry) {
		if f, err := ledger.Parse(e.Line); err == nil {
			i, is := f.(ledger.Issuer)
			found = found || is && i.Purpose == "right"
		}
	}})
	if err != nil {
		err = damaged(ledger.DirName, err)
	}
	return found, err
}

// voidRights makes rights up to the running epoch worth nothing.
func voidRights(ctx context.Context, work string, now func() time.Time) error {
	d, err := safedb.Open(ctx, safedb.Config{Dir: work, Now: now})
	if err != nil {
		return err
	}
	return errors.Join(mask.Void(ctx, d, epoch.Of(now())), d.Close())
}

// newerMasks takes the safe.db of the data directory that was in use.
func newerMasks(ctx context.Context, work, from string, now func() time.Time) error {
	aside, err := os.MkdirTemp(work, ".newer-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(aside)
	part := filepath.Join(aside, safePart)
	found, err := safedb.Copy(ctx, from, part)
	if err == nil && !found {
		err = fmt.Errorf("there is no %s in %s", safePart, from)
	}
	if err == nil {
		err = fileNoted(ctx, aside, from, now)
	}
	if err == nil {
		err = continued(ctx, work, aside, now)
	}
	if err != nil {
		return fmt.Errorf("restore: nothing was changed: %w", err)
	}
	for _, suffix := range []string{"-wal", "-shm"} { // of the older one
		if err := os.Remove(filepath.Join(work, safePart+suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.Rename(part, filepath.Join(work, safePart))
}

// fileNoted files the rights and renewals of the week that lie sealed in a copy of the
// safe.db of a data directory, as a stop in order would have done: in another directory
// nobody could open them. Once the key is lost, so are they.
func fileNoted(ctx context.Context, aside, from string, now func() time.Time) error {
	key, err := safedb.KeyOf(from)
	if err != nil {
		return err
	}
	d, err := safedb.Open(ctx, safedb.Config{Dir: aside, Now: now, Key: key})
	if err != nil {
		return err
	}
	return errors.Join(mask.FileNoted(ctx, d), d.Close())
}

// continued checks a newer file, and that it is what became of the backup's.
func continued(ctx context.Context, work, aside string, now func() time.Time) error {
	newer, err := safedb.Open(ctx, safedb.Config{Dir: aside, Now: now})
	if err != nil {
		return err
	}
	if err = newer.Check(ctx); err != nil {
		return errors.Join(err, newer.Close())
	}
	if _, err := os.Stat(filepath.Join(work, safePart)); errors.Is(err, fs.ErrNotExist) {
		return newer.Close()
	}
	older, err := safedb.Open(ctx, safedb.Config{Dir: work, Now: now})
	if err != nil {
		return errors.Join(err, newer.Close())
	}
	yes, err := mask.Continues(ctx, older, newer)
	if err == nil && !yes {
		err = errors.New("its safe.db is not the newer one: masks of the backup are missing in it")
	}
	return errors.Join(err, older.Close(), newer.Close())
}
