package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/safedb"
)

// fromBackup is the word that takes the masks of the backup, for want of newer ones.
const fromBackup = "backup"

// bringMasks sees to it that going back in time lifts no ban and gives nobody a
// second mask. Masks are not rolled back: the safe.db that was in use (in the data
// directory from) replaces the backup's. Where it is lost, which the operator says
// with the word backup, rights up to the running epoch are void. A backup without
// masks needs neither.
func bringMasks(ctx context.Context, work, from string, now func() time.Time) error {
	if from != "" && from != fromBackup {
		return newerMasks(ctx, work, from, now)
	}
	if _, err := os.Stat(filepath.Join(work, safePart)); errors.Is(err, os.ErrNotExist) {
		return nil // of a program without masks
	}
	d, err := safedb.Open(ctx, safedb.Config{Dir: work, Now: now})
	if err != nil {
		return damaged(safePart, err)
	}
	used, err := mask.InUse(ctx, d)
	if err == nil {
		err = d.Check(ctx)
	}
	switch {
	case err != nil:
		err = damaged(safePart, err)
	case used && from == "":
		err = errors.New("restore: there are masks in this backup, and what they did since is not: bans would be lifted, and rights used twice. " +
			"Say --masks-from DIR with the data directory that was in use, even if nothing but its safe.db can be read. " +
			"If that is lost, say --masks-from backup: then no new mask is taken before the next epoch, and bans since the backup are to be spoken again. Nothing was changed")
	case used:
		err = mask.Void(ctx, d, epoch.Of(now()))
	}
	return errors.Join(err, d.Close())
}

// newerMasks takes the safe.db of the data directory that was in use.
func newerMasks(ctx context.Context, work, from string, now func() time.Time) error {
	part := filepath.Join(work, safePart)
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	found, err := safedb.Copy(ctx, from, part)
	if err == nil && !found {
		err = fmt.Errorf("there is no %s in %s", safePart, from)
	}
	if err != nil {
		return fmt.Errorf("restore: nothing was changed: %w", err)
	}
	d, err := safedb.Open(ctx, safedb.Config{Dir: work, Now: now})
	if err != nil {
		return err
	}
	return errors.Join(d.Check(ctx), d.Close())
}
