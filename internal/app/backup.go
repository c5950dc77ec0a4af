package app

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/klauspost/compress/flate"

	"guildhall/internal/blob"
	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/ledger"
	"guildhall/internal/push"
	"guildhall/internal/safedb"
)

// backupCommand is "guildhall backup".
type backupCommand struct {
	place
	File string `arg:"positional,required" help:"Where to write the backup, a .zip."`
}

// manifest is the last part of a backup: what the others must be.
type manifest struct {
	Format  int       `json:"format"` // 1
	Made    time.Time `json:"made"`
	Program string    `json:"program"`
	Engine  string    `json:"engine"` // where the data came from; in a backup they are SQLite always
	Schema  int64     `json:"schema"`
	Parts   []part    `json:"parts"`
}

// part is one file of a backup.
type part struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

const (
	manifestPart = "manifest.json"
	dataPart     = "hall.db"
	configPart   = "guildhall.toml"
	safePart     = safedb.File // its bytes tell no order, so any moment is as good as a tick
)

// Run writes everything a hall is into one file, while the hall may be open.
func (c backupCommand) Run(ctx context.Context, s streams) error {
	conf, err := c.config(s, "")
	if err != nil {
		return err
	}
	m, err := backUp(ctx, c.place, conf, c.File, time.Now())
	if err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %d parts, %s\n", c.File, len(m.Parts), bytesInWords(info.Size()))
	fmt.Fprintln(s.err, "It holds the hall's secret and all that was written, also what is hidden: keep it as you keep the hall.")
	return nil
}

// backUp writes the backup beside file and then puts it in its place, so that
// file is always a whole backup or the one before.
func backUp(ctx context.Context, p place, c Config, file string, now time.Time) (m manifest, err error) {
	d, err := db.Open(ctx, db.Config{Dir: p.Data, URL: c.Database})
	if err != nil {
		return m, err
	}
	defer d.Close()
	work, err := os.MkdirTemp(filepath.Dir(file), ".guildhall-backup-*")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(work)
	m = manifest{Format: 1, Made: now.UTC().Truncate(time.Second), Program: version(), Engine: d.Engine().String()}
	if m.Schema, err = d.Version(ctx); err != nil {
		return m, err
	}
	// The log's head before the data: what is missing in the log is appended
	// again, but a key that stood in the log alone would be made a second time.
	head, err := ledger.Dir(filepath.Join(p.Data, ledger.DirName)).File(ctx, ledger.CheckpointPath, ledger.MaxFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	data := filepath.Join(work, dataPart)
	if err = snapshot(ctx, d, data); err != nil {
		return m, err
	}
	masks := filepath.Join(work, safePart)
	if found, err := safedb.Copy(ctx, p.Data, masks); err != nil {
		return m, err
	} else if !found { // no program with masks has opened this hall yet
		masks = ""
	}
	f, err := os.OpenFile(filepath.Join(work, "backup.zip"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return m, err
	}
	defer f.Close()
	if err = writeBackup(ctx, f, p, data, masks, head, &m); err != nil {
		return m, err
	}
	if err = errors.Join(f.Sync(), f.Close()); err != nil {
		return m, err
	}
	if err = putInPlace(f.Name(), file); err != nil {
		return m, err
	}
	return m, os.WriteFile(filepath.Join(p.Data, backupNote), nil, 0o600)
}

// snapshot writes all data as of one moment into a SQLite file.
func snapshot(ctx context.Context, d *db.DB, path string) error {
	if d.Engine() == db.SQLite {
		return d.Snapshot(ctx, path)
	}
	to, err := openCurrent(ctx, db.Config{Dir: filepath.Dir(path)})
	if err != nil {
		return err
	}
	_, err = d.CopyTo(ctx, to)
	return errors.Join(err, to.Close()) // closing brings the log into the file
}

// packer writes parts into a backup, and what they are into the manifest.
type packer struct {
	zip      *zip.Writer
	manifest *manifest
}

func writeBackup(ctx context.Context, f io.Writer, from place, data, masks string, head []byte, m *manifest) error {
	p := packer{zip.NewWriter(f), m}
	p.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	if err := p.addFile(dataPart, data, zip.Deflate); err != nil {
		return err
	}
	if masks != "" {
		if err := p.addFile(safePart, masks, zip.Deflate); err != nil {
			return err
		}
	}
	if err := p.addFile(secretFile, filepath.Join(from.Data, secretFile), zip.Store); err != nil {
		return err
	}
	// A hall that no program with notices has opened yet has no such key.
	if err := p.addFile(push.KeyFile, filepath.Join(from.Data, push.KeyFile), zip.Store); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := p.addLog(ctx, from.Data, head); err != nil {
		return err
	}
	config := from.Config
	if config == "" {
		config = filepath.Join(from.Data, configPart)
	}
	err := p.addFile(configPart, config, zip.Deflate)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	pictures, err := blob.Open(filepath.Join(from.Data, picturesDir))
	if err != nil {
		return err
	}
	for name, err := range pictures.Names(ctx) {
		if err != nil {
			return err
		}
		if err := p.addPicture(pictures, name); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: manifestPart, Method: zip.Deflate})
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	return p.zip.Close()
}

func (p packer) addFile(name, path string, method uint16) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return p.add(name, f, method)
}

// addLog adds the log as it was under a checkpoint, and its key. A hall that no
// program with a log has opened yet has none.
func (p packer) addLog(ctx context.Context, dir string, head []byte) error {
	if head == nil {
		return nil
	}
	if err := p.addFile(ledger.KeyFile, filepath.Join(dir, ledger.KeyFile), zip.Store); err != nil {
		return err
	}
	for f, err := range ledger.Files(ctx, ledger.Dir(filepath.Join(dir, ledger.DirName)), head) {
		if err == nil {
			err = p.add(ledger.DirName+"/"+f.Path, bytes.NewReader(f.Bytes), zip.Deflate)
		}
		if err != nil {
			return fmt.Errorf("backup: the log: %w", err)
		}
	}
	return nil
}

// addPicture adds a picture; one that was erased meanwhile is left out.
func (p packer) addPicture(pictures *blob.Store, name string) error {
	f, _, err := pictures.Get(name)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return p.add(picturesDir+"/"+name, f, zip.Store)
}

func (p packer) add(name string, r io.Reader, method uint16) error {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	if err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), r)
	if err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	p.manifest.Parts = append(p.manifest.Parts, part{name, n, hex.EncodeToString(h.Sum(nil))})
	return nil
}

// putInPlace renames a finished file or directory, for good.
func putInPlace(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncDir(filepath.Dir(to))
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// bytesInWords is a size in the unit that leaves a number one can picture.
func bytesInWords(n int64) string {
	if n < 1<<20 {
		return strconv.FormatInt((n+1023)>>10, 10) + " kB"
	}
	return strconv.FormatInt((n+1<<19)>>20, 10) + " MB"
}
