package app

import (
	"archive/zip"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/ledger"
	"guildhall/internal/push"
)

// restoreCommand is "guildhall restore".
type restoreCommand struct {
	Data   string `arg:"env:GUILDHALL_DATA_DIR" default:"hall" help:"Data directory to make; it must be empty or absent."`
	Masks  string `arg:"--masks-from" placeholder:"DIR" help:"The data directory that was in use: its safe.db is newer than the backup's, and nobody gets a second mask. Or the word backup when that is lost, or none when there was never a safe space."`
	Verify bool   `help:"Afterwards check the database, its references and every picture, and open the hall once."`
	File   string `arg:"positional,required" help:"The backup."`
}

// Run restores, then verifies.
func (c restoreCommand) Run(ctx context.Context, s streams) error {
	m, err := restore(ctx, c.File, c.Data, c.Masks, time.Now)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %d parts of %s, each as the backup says.\n", c.Data, len(m.Parts), m.Made.Format(time.DateTime))
	if c.Verify {
		if err := verify(ctx, s, c.Data, m); err != nil {
			return err
		}
	}
	conf, err := readConfig("", c.Data, nil)
	if err != nil {
		return err
	}
	if conf.Database != "" {
		fmt.Fprintln(s.err, "The restored guildhall.toml names a PostgreSQL database, but the restored data are in hall.db. "+
			"Take database out of guildhall.toml; “guildhall db copy --to” moves the data.")
	}
	return nil
}

// restore unpacks a backup into dir. Nothing is there before everything is: the
// parts are checked in a directory beside it. What masks means, bringMasks says.
func restore(ctx context.Context, file, dir, masks string, now func() time.Time) (m manifest, err error) {
	if err := vacant(dir); err != nil {
		return m, err
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		return m, damaged("the file", err)
	}
	defer z.Close()
	if m, err = readManifest(&z.Reader); err != nil {
		return m, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return m, err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), ".guildhall-restore-*") // mode 0700
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(work)
	pictures, err := blob.Open(filepath.Join(work, picturesDir))
	if err != nil {
		return m, err
	}
	for _, p := range m.Parts {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		if err := unpack(&z.Reader, p, work, pictures); err != nil {
			return m, err
		}
	}
	if err := bringMasks(ctx, work, masks, m.Made, now); err != nil {
		return m, err
	}
	if err := syncDir(work); err != nil {
		return m, err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	return m, putInPlace(work, dir)
}

// vacant refuses a directory in which there is something.
func vacant(dir string) error {
	list, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && len(list) > 0 {
		err = fmt.Errorf("restore: %s is not empty; nothing was changed", dir)
	}
	return err
}

// damaged names the part of a backup that is not as it should be.
func damaged(what string, cause error) error {
	return fmt.Errorf("restore: %s is damaged, nothing was restored: %w", what, cause)
}

const mostManifest = 64 << 20 // bytes

func readManifest(z *zip.Reader) (m manifest, err error) {
	f, err := z.Open(manifestPart)
	if err != nil {
		return m, damaged(manifestPart, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostManifest))
	if err != nil {
		return m, damaged(manifestPart, err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, damaged(manifestPart, err)
	}
	if m.Format != 1 {
		return m, fmt.Errorf("restore: the backup has format %d; this program knows 1", m.Format)
	}
	have := map[string]bool{manifestPart: true}
	for _, p := range m.Parts {
		have[p.Name] = true
	}
	for _, f := range z.File {
		if !have[f.Name] {
			return m, damaged(manifestPart, fmt.Errorf("it does not name %q", f.Name))
		}
	}
	if !have[dataPart] || !have[secretFile] {
		return m, damaged(manifestPart, errors.New("it names no data or no secret"))
	}
	return m, nil
}

// unpack writes one part, and checks that it is what the manifest says.
func unpack(z *zip.Reader, p part, work string, pictures *blob.Store) error {
	f, err := z.Open(p.Name)
	if err != nil {
		return damaged(p.Name, err)
	}
	defer f.Close()
	h := sha256.New()
	r := &counting{r: io.TeeReader(io.LimitReader(f, p.Size+1), h)}
	if picture, ok := strings.CutPrefix(p.Name, picturesDir+"/"); ok {
		err = pictures.Restore(picture, r)
	} else {
		err = unpackFile(p.Name, work, r)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, r) // to the checksum behind the last byte
	}
	if err != nil {
		return damaged(p.Name, err)
	}
	if r.n != p.Size || hex.EncodeToString(h.Sum(nil)) != p.SHA256 {
		return damaged(p.Name, errors.New("it is not what the manifest says"))
	}
	return nil
}

func unpackFile(name, work string, r io.Reader) error {
	logFile, ofLog := strings.CutPrefix(name, ledger.DirName+"/")
	switch {
	case name == dataPart, name == secretFile, name == configPart, name == safePart, name == ledger.KeyFile, name == push.KeyFile:
	case ofLog && ledger.IsFile(logFile):
		if err := os.MkdirAll(filepath.Join(work, filepath.Dir(name)), 0o700); err != nil {
			return err
		}
	default:
		return errors.New("no part of a hall has this name")
	}
	f, err := os.OpenFile(filepath.Join(work, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}

// counting counts what was read.
type counting struct {
	r io.Reader
	n int64
}

// Read reads and counts.
func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// verify checks a restored hall, and opens it once.
func verify(ctx context.Context, s streams, dir string, m manifest) error {
	d, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		return err
	}
	counts, err := d.Check(ctx)
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	rows := int64(0)
	for _, c := range counts {
		rows += c.Rows
	}
	fmt.Fprintf(s.out, "database: whole, every reference leads somewhere, %d rows in %d tables\n", rows, len(counts))
	pictures, err := blob.Open(filepath.Join(dir, picturesDir))
	if err != nil {
		return err
	}
	n := 0
	for name, err := range pictures.Names(ctx) {
		if err == nil {
			err = pictures.Verify(name)
		}
		if err != nil {
			return fmt.Errorf("picture %s: %w", name, err)
		}
		n++
	}
	fmt.Fprintf(s.out, "pictures: %d, each whole\n", n)
	if err := verifyLog(ctx, s, dir); err != nil {
		return err
	}
	h, err := Open(ctx, dir, defaults(), time.Now)
	if err != nil {
		return err
	}
	defer h.Close()
	members, err := h.Members.Count(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "hall: opens, with %d members; tables of version %d\n", members, m.Schema)
	return nil
}

// verifyLog checks a restored log, if the backup has one, by its own key.
func verifyLog(ctx context.Context, s streams, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, ledger.KeyFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	l, err := ledger.Open(ledger.Config{Data: dir, Rand: rand.Reader})
	if err != nil {
		return err
	}
	r, err := ledger.Audit(ctx, l.Dir(), ledger.Options{Key: l.Key(), Today: epoch.Day(time.Now())})
	if err != nil {
		return fmt.Errorf("the log: %w", err)
	}
	fmt.Fprintf(s.out, "log, entries: %d; the tree is what the checkpoint is signed for\n", r.Checkpoint.Size)
	return nil
}
