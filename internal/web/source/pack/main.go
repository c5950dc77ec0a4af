// Command pack puts the source tree into one archive, the same bytes for the
// same tree.
//
//	pack FILE.tar.br
package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "pack: which file?")
		os.Exit(2)
	}
	if err := pack(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func pack(to string) error {
	names, err := tree()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	z := brotli.NewWriterOptions(&out, brotli.WriterOptions{Quality: 9, LGWin: 24}) // 11 takes a minute and a half for a tenth less
	t := tar.NewWriter(z)
	for _, name := range names {
		if err := add(t, name); err != nil {
			return err
		}
	}
	if err := errors.Join(t.Close(), z.Close()); err != nil {
		return err
	}
	if err := alone(to); err != nil {
		return err
	}
	if old, err := os.ReadFile(to); err == nil && bytes.Equal(old, out.Bytes()) {
		return nil // an untouched file lets the compiler's cache work
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}

// alone removes what earlier versions of this program have packed beside it: all
// that lies there goes into the hall's program.
func alone(to string) error {
	others, err := filepath.Glob(filepath.Join(filepath.Dir(to), "guildhall.tar.*"))
	for _, name := range others {
		if filepath.Base(name) != filepath.Base(to) {
			err = errors.Join(err, os.Remove(name))
		}
	}
	return err
}

func add(t *tar.Writer, name string) error {
	b, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return nil // removed, and git does not know yet
	}
	if err != nil {
		return err
	}
	mode := int64(0o644)
	if info, err := os.Stat(name); err == nil && info.Mode()&0o100 != 0 {
		mode = 0o755
	}
	// A fixed time keeps the bytes the same, and tells nothing of the builder.
	h := tar.Header{Name: "guildhall/" + name, Mode: mode, Size: int64(len(b)), ModTime: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	if err := t.WriteHeader(&h); err != nil {
		return err
	}
	_, err = t.Write(b)
	return err
}

// tree lists the source files: what git knows and does not ignore or, away from
// git, everything that no tool has made.
func tree() ([]string, error) {
	if b, err := exec.Command("git", "ls-files", "-co", "--exclude-standard").Output(); err == nil {
		names := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(b)), "\n"), left)
		slices.Sort(names)
		return slices.Compact(names), nil
	}
	made := []string{"bin", "build", "node_modules", ".git", "screenshots", "hall", "demo"}
	var names []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(made, path), d.IsDir() && filepath.Base(path) == "dist":
			return filepath.SkipDir
		case d.Type().IsRegular() && !strings.HasSuffix(path, ".tar.br") && !left(path):
			names = append(names, filepath.ToSlash(path))
		}
		return nil
	})
	return names, err
}

// left tells what is left out: the pictures of pages in the documentation, a sixth of
// the archive and no source of anything; and what make writes of the templates again.
func left(path string) bool {
	return strings.HasPrefix(filepath.ToSlash(path), "docs/") && strings.HasSuffix(path, ".png") || strings.HasSuffix(path, "_templ.go")
}
