package client

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// Home is what stays on this machine: the root in one file that only its owner
// may read, and everything else in another, encrypted under the root.
type Home struct {
	dir   string
	Root  token.Root
	State State
}

// State is what a device must remember. What can be derived is not in it.
type State struct {
	Hall   string             `json:"hall"`
	Name   string             `json:"name"`  // of the open profile
	Login  string             `json:"login"` // signs the account in again
	Log    Log                `json:"log"`
	Spaces map[string]*Living `json:"spaces"`
	Mail   *token.Pass        `json:"mail,omitempty"`   // a mail was shown; not used yet
	Papers map[string]*Paper  `json:"papers,omitempty"` // by consultation
}

// Living is how its owner stands in one space.
type Living struct {
	N     int          `json:"n"`     // the number of the mask that is or will be hers
	Right *token.Pass  `json:"right"` // not registered yet
	Week  int          `json:"week"`  // in which it was served
	Reads []token.Pass `json:"reads"` // of the epoch that each names
	From  int          `json:"from"`  // the number of the first of Reads: 0 when the account was served them
	Taken bool         `json:"taken"` // mask N is registered
	Sent  []Sent       `json:"sent"`  // posts that wait at the hall, or did
	// Letters are underway, see HandIn.
	Letters []Letter     `json:"letters,omitempty"`
	Pace    string       `json:"pace,omitempty"`   // of the space, as read last
	Status  *wire.Result `json:"status,omitempty"` // of the mask, as a letter brought it last
	Heard   []string     `json:"heard,omitempty"`  // what became of her posts, as far as it was told
}

// Sent is a post that was handed in.
type Sent struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	To    int    `json:"to"` // the last day on which it may appear
}

const (
	rootFile  = "root"
	stateFile = "state"
)

// OpenHome reads a home. Faults: NotFound when nobody lives there yet, Invalid when
// its files do not belong together.
func OpenHome(dir string) (*Home, error) {
	h := &Home{dir: dir}
	b, err := os.ReadFile(filepath.Join(dir, rootFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "client.no_home")
	}
	if err != nil {
		return nil, err
	}
	if len(b) != token.RootSize {
		return nil, fault.New(fault.Invalid, "client.home_broken")
	}
	copy(h.Root[:], b)
	if b, err = os.ReadFile(filepath.Join(dir, stateFile)); err != nil {
		return nil, err
	}
	g, err := h.box()
	if err != nil {
		return nil, err
	}
	if len(b) < g.NonceSize() {
		return nil, fault.New(fault.Invalid, "client.home_broken")
	}
	plain, err := g.Open(nil, b[:g.NonceSize()], b[g.NonceSize():], []byte(stateFile))
	if err != nil || json.Unmarshal(plain, &h.State) != nil {
		return nil, fault.New(fault.Invalid, "client.home_broken").Because(err)
	}
	return h, nil
}

// MakeHome moves into an empty directory, or one that is not there yet. Faults:
// Conflict when somebody lives there.
func MakeHome(dir string, root token.Root, s State) (*Home, error) {
	if _, err := os.Stat(filepath.Join(dir, rootFile)); err == nil {
		return nil, fault.New(fault.Conflict, "client.home_taken")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	h := &Home{dir: dir, Root: root, State: s}
	if h.State.Spaces == nil {
		h.State.Spaces = map[string]*Living{}
	}
	if err := h.Keep(); err != nil {
		return nil, err
	}
	return h, put(dir, rootFile, root[:])
}

// In gives how the owner stands in a space, to be changed and kept.
func (h *Home) In(space string) *Living {
	l := h.State.Spaces[space]
	if l == nil {
		l = new(Living)
		h.State.Spaces[space] = l
	}
	return l
}

// Me is the id of the owner's mask in a space, or of the one that will be hers.
func (h *Home) Me(space string) string {
	return wire.MaskID(public(h.Root.MaskKey(space, h.In(space).N)))
}

// Keep writes the state. What it says is on disk when it returns.
func (h *Home) Keep() error {
	plain, err := json.Marshal(h.State)
	if err != nil {
		return err
	}
	g, err := h.box()
	if err != nil {
		return err
	}
	nonce := make([]byte, g.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return err
	}
	return put(h.dir, stateFile, g.Seal(nonce, nonce, plain, []byte(stateFile)))
}

// Forget takes everything off this machine.
func (h *Home) Forget() error {
	for _, name := range []string{stateFile, rootFile} {
		if err := os.Remove(filepath.Join(h.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (h *Home) box() (cipher.AEAD, error) {
	block, err := aes.NewCipher(h.Root.DeviceKey())
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// put writes a file so that after a crash the old one or the new one is there.
func put(dir, name string, b []byte) error {
	f, err := os.CreateTemp(dir, "."+name+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(dir, name))
}
