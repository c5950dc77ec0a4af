// Command pack puts the source tree into one archive, the same bytes for the
// same tree.
//
//	pack FILE.zip
package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
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
	z := zip.NewWriter(&out)
	for _, name := range names {
		b, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			continue // removed, and git does not know yet
		}
		if err != nil {
			return err
		}
		// A fixed time keeps the bytes the same, and tells nothing of the builder.
		w, err := z.CreateHeader(&zip.FileHeader{Name: "guildhall/" + name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	if old, err := os.ReadFile(to); err == nil && bytes.Equal(old, out.Bytes()) {
		return nil // an untouched file lets the compiler's cache work
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}

// tree lists the source files: what git knows and does not ignore or, away from
// git, everything that no tool has made.
func tree() ([]string, error) {
	if b, err := exec.Command("git", "ls-files", "-co", "--exclude-standard").Output(); err == nil {
		names := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(b)), "\n"), shown)
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
		case d.Type().IsRegular() && !strings.HasSuffix(path, ".zip") && !shown(path):
			names = append(names, filepath.ToSlash(path))
		}
		return nil
	})
	return names, err
}

// shown tells the pictures of pages in the documentation: a sixth of the archive,
// and no source of anything.
func shown(path string) bool {
	return strings.HasPrefix(filepath.ToSlash(path), "docs/") && strings.HasSuffix(path, ".png")
}
