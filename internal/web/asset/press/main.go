// Command press finishes what browsers fetch: it draws the icons from the
// hall's mark and compresses every file that gains by it.
//
//	press DIR
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "press: which directory?")
		os.Exit(2)
	}
	if err := press(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "press:", err)
		os.Exit(1)
	}
}

func press(dir string) error {
	icons, err := icons()
	if err != nil {
		return err
	}
	for name, body := range icons {
		if err := os.WriteFile(filepath.Join(dir, hashed(name, body)), body, 0o644); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch filepath.Ext(e.Name()) {
		case ".css", ".js", ".svg":
			if err := squeeze(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// hashed puts eight letters of the body's hash into name, as esbuild does.
func hashed(name string, body []byte) string {
	sum := sha256.Sum256(body)
	ext := filepath.Ext(name)
	return strings.TrimSuffix(name, ext) + "-" + base32.StdEncoding.EncodeToString(sum[:])[:8] + ext
}

// squeeze puts path.br in the place of path, at the highest effort: it is done once,
// and read by everybody. The program makes the rest of it.
func squeeze(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	b := brotli.NewWriterLevel(&out, brotli.BestCompression)
	if _, err := b.Write(raw); err != nil {
		return err
	}
	if err := b.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(path+".br", out.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Remove(path)
}
