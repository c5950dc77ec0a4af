package push

import (
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// KeyFile is the key by which push services know the hall, in the data directory. Every
// device is subscribed to this one key, so it is kept for ever and goes into backups.
const KeyFile = "push.key"

// Key is the hall's key pair for push services (VAPID, RFC 8292).
type Key struct{ private *ecdh.PrivateKey }

// KeepKey reads the key in dir, or makes it at the first start.
func KeepKey(dir string, rand io.Reader) (Key, error) {
	path := filepath.Join(dir, KeyFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(path, rand)
	}
	if err != nil {
		return Key{}, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(string(b)))
	if err == nil {
		var private *ecdh.PrivateKey
		if private, err = ecdh.P256().NewPrivateKey(raw); err == nil {
			return Key{private}, nil
		}
	}
	return Key{}, fmt.Errorf("%s is damaged: restore it from a backup", path)
}

func makeKey(path string, rand io.Reader) (Key, error) {
	private, err := ecdh.P256().GenerateKey(rand)
	if err != nil {
		return Key{}, err
	}
	k := Key{private}
	return k, writeDurably(path, []byte(k.secret()+"\n"))
}

// Public is what a browser subscribes to: an uncompressed point, in base64url.
func (k Key) Public() string {
	return base64.RawURLEncoding.EncodeToString(k.private.PublicKey().Bytes())
}

func (k Key) secret() string { return base64.RawURLEncoding.EncodeToString(k.private.Bytes()) }

// writeDurably puts a small file in place so that it is there whole after a crash, or
// not at all.
func writeDurably(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
