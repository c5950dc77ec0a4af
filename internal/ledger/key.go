package ledger

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// KeyFile is the log's private key, in the data directory. Whoever has it can
// sign another history; so it is the operator's alone, and goes into backups.
const KeyFile = "log.key"

// signer signs checkpoints and says how to verify them.
type signer struct {
	note.Signer
	verifierKey string
}

// keepKey reads the log's key, or makes it at the first start.
func keepKey(path string, rand io.Reader) (signer, error) {
	b, err := os.ReadFile(path)
	if err == nil {
		return readKey(strings.TrimSpace(string(b)), path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return signer{}, err
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return signer{}, err
	}
	key := privateKey(seed)
	if err := writeDurably(path, []byte(key+"\n"), 0o600); err != nil {
		return signer{}, err
	}
	return readKey(key, path)
}

// originOf names a log after its key: two logs never have one name, and a hall
// that moves to another domain keeps its log.
func originOf(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return "guildhall-log/" + hex.EncodeToString(sum[:8])
}

// privateKey writes a key as signed notes keep them. Source: C2SP signed-note,
// package note of golang.org/x/mod.
func privateKey(seed []byte) string {
	const ed = 1 // the algorithm's number
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	name := originOf(public)
	h := sha256.New()
	h.Write([]byte(name + "\n"))
	h.Write(append([]byte{ed}, public...))
	id := hex.EncodeToString(h.Sum(nil)[:4])
	return fmt.Sprintf("PRIVATE+KEY+%s+%s+%s", name, id, base64.StdEncoding.EncodeToString(append([]byte{ed}, seed...)))
}

func readKey(key, path string) (signer, error) {
	s, err := note.NewSigner(key)
	if err != nil {
		return signer{}, fmt.Errorf("%s is damaged: restore it from a backup", path)
	}
	parts := strings.SplitN(key, "+", 5) // the last is base64, which may hold a "+" too
	b, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(b) != 1+ed25519.SeedSize {
		return signer{}, fmt.Errorf("%s is damaged: restore it from a backup", path)
	}
	public := ed25519.NewKeyFromSeed(b[1:]).Public().(ed25519.PublicKey)
	v, err := note.NewEd25519VerifierKey(s.Name(), public)
	return signer{s, v}, err
}
