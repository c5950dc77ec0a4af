package safedb

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// KeySize is the length of a box's key in bytes.
const KeySize = 32

// sealSize is by how much a sealed cell is longer than what it holds: a random nonce
// and a tag (AES-256-GCM, NIST SP 800-38D). A key seals far fewer than 2³² cells.
const sealSize = 12 + 16

// seal closes and opens cells under one key, and makes marks under another that
// follows from it.
type seal struct {
	aead  cipher.AEAD
	marks []byte
}

func newSeal(key []byte) (*seal, error) {
	if len(key) != KeySize {
		return nil, errors.New("safedb: a key of another length")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	marks := hmac.New(sha256.New, key)
	marks.Write([]byte("guildhall/safedb/1/mark"))
	return &seal{aead, marks.Sum(nil)}, err
}

// mark is HMAC-SHA-256 of some parts, in 16 bytes.
func (s *seal) mark(parts ...string) string {
	m := hmac.New(sha256.New, s.marks)
	for _, p := range parts {
		m.Write(append([]byte(p), 0))
	}
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

func (s *seal) close(plain []byte) []byte {
	return s.aead.Seal(make([]byte, 0, cellSize), nil, plain, nil)
}

// open gives what a cell holds; nil when it was not sealed under this key.
func (s *seal) open(cell []byte) []byte {
	plain, err := s.aead.Open(nil, nil, cell, nil)
	if err != nil || len(plain) != plainSize {
		return nil
	}
	return plain
}

// KeyOf gives the key of the box in a data directory. It lies in a file system of
// memory, so that it outlives the program but is in no copy of the disk and in no
// backup: what the service manager gives for the time of the service, else /dev/shm.
// A key that is there is used, wherever it is, so that whoever works on the hall from
// another shell does not lose what waits. Where none can be written, the key lives as
// long as the program, and what waits is lost when that ends.
func KeyOf(dir string) ([]byte, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	bases := memories(append(filepath.SplitList(os.Getenv("RUNTIME_DIRECTORY")), "/run/guildhall", "/dev/shm"))
	for _, base := range bases {
		tidy(base)
		if kept := readKey(filepath.Join(base, keyName(dir))); kept != nil {
			return kept, nil
		}
	}
	key := make([]byte, KeySize)
	_, _ = rand.Read(key)
	for _, base := range bases {
		if kept := keepKey(filepath.Join(base, keyName(dir)), key, dir); kept != nil {
			return kept, nil
		}
	}
	return key, nil
}

const keyPattern = "guildhall-*.key"

// keyName is the name of a directory's key; it says of which only to who knows.
func keyName(dir string) string {
	h := sha256.Sum256([]byte("guildhall/safedb/1/key\x00" + dir))
	return "guildhall-" + base64.RawURLEncoding.EncodeToString(h[:12]) + ".key"
}

// keepKey writes a key where none is, in one step; what somebody else wrote there
// meanwhile is used. nil when it can do neither. Behind the key stands whose it is.
func keepKey(path string, key []byte, dir string) []byte {
	f, err := os.CreateTemp(filepath.Dir(path), strings.Replace(keyPattern, "*", "new-*", 1)) // mode 0600
	if err != nil {
		return nil
	}
	defer os.Remove(f.Name())
	_, err = f.Write(append(bytes.Clone(key), dir...))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil
	}
	if err = os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return readKey(path)
	}
	if err != nil {
		return nil
	}
	return key
}

// tidy drops keys of directories that are no more: at once of temporary ones, else
// after a day, for a disk may be away for a while; and what a crash left half made.
func tidy(base string) {
	paths, _ := filepath.Glob(filepath.Join(base, keyPattern))
	for _, path := range paths {
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		dir, old := string(b[min(len(b), KeySize):]), time.Since(info.ModTime()) > 24*time.Hour
		if !old && (dir == "" || !strings.HasPrefix(dir, os.TempDir())) {
			continue
		}
		if _, err := os.Stat(dir); dir == "" || errors.Is(err, fs.ErrNotExist) {
			_ = os.Remove(path)
		}
	}
}
