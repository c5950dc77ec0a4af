package ledger

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// maxCheckpoint is the most bytes of a checkpoint that are read.
const maxCheckpoint = 16 << 10

// Checkpoint is the signed head of a log.
type Checkpoint struct {
	Text   []byte // the signed note itself
	Origin string // the log's name
	Size   int64  // how many entries there are
	Root   tlog.Hash
}

func (c Checkpoint) tree() tlog.Tree { return tlog.Tree{N: c.Size, Hash: c.Root} }

// emptyRoot is the root of a log without entries (RFC 6962, 2.1).
var emptyRoot, _ = tlog.TreeHash(0, nil)

// signCheckpoint writes and signs a head. Format: C2SP tlog-checkpoint.
func signCheckpoint(s signer, tree tlog.Tree) (Checkpoint, error) {
	body := s.Name() + "\n" + strconv.FormatInt(tree.N, 10) + "\n" + base64.StdEncoding.EncodeToString(tree.Hash[:]) + "\n"
	text, err := note.Sign(&note.Note{Text: body}, s)
	return Checkpoint{text, s.Name(), tree.N, tree.Hash}, err
}

// ParseCheckpoint reads a checkpoint and verifies its signature by the key,
// which is written as signed notes write verifier keys.
func ParseCheckpoint(text []byte, key string) (Checkpoint, error) {
	v, err := note.NewVerifier(key)
	if err != nil {
		return Checkpoint{}, errors.New("the log's key is not written as such keys are: name+id+base64")
	}
	if len(text) > maxCheckpoint {
		return Checkpoint{}, errors.New("the checkpoint is too long")
	}
	n, err := note.Open(text, note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, errors.New("the checkpoint is not signed by the log's key")
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != v.Name() {
		return Checkpoint{}, errors.New("the checkpoint is of another log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 62)
	root, err2 := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || err2 != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] || len(root) != tlog.HashSize {
		return Checkpoint{}, errors.New("the checkpoint's size or root is not written as it should be")
	}
	c := Checkpoint{Text: text, Origin: lines[0], Size: size, Root: tlog.Hash(root)}
	if size == 0 && c.Root != emptyRoot {
		return Checkpoint{}, errors.New("the checkpoint's root is not that of an empty log")
	}
	return c, nil
}
