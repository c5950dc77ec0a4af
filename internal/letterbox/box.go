package letterbox

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/mask/letter"
)

const keptDays = 14 // an answer, and a letter that cannot be brought

// The places of a letter in the data directory.
const (
	letterDir  = "letters" // letters/PERIOD/ID: waits for that delivery, or is being brought
	answerDir  = "answers" // answers/PERIOD/ID: the answer to one that was brought then
	periodFile = "period"  // of the last delivery
)

// entry is where a letter or its answer is, and of which delivery.
type entry struct {
	answered bool
	period   int
	size     int64
}

func (e entry) dir() string {
	if e.answered {
		return answerDir
	}
	return letterDir
}

// Config is what a letterbox is given.
type Config struct {
	Dir string // its own; made with mode 0700 when absent
	Now func() time.Time
	// Deliveries is where the hall takes letters: https://safe.<host>/letters.
	Deliveries string
	Client     *http.Client
	Letters    int // the most that wait; 0 for 50,000
	Answers    int // the most that are kept; 0 for 100,000
}

// Box is the letters of one letterbox. Safe for concurrent use.
type Box struct {
	Config

	mu      sync.Mutex
	letters map[string]entry
	space   space // what letters and answers take
	period  int   // of the last delivery

	bringing sync.Mutex // one delivery at a time; over the fields below
	retry    time.Time  // before this nothing is tried again
	pause    time.Duration
}

// Open opens the box of a directory, and sweeps what a crash has left half made.
func Open(c Config) (b *Box, err error) {
	defer fault.Wrap(&err, "letterbox.Open")
	b = &Box{Config: c, letters: map[string]entry{}, space: newSpace(c)}
	// Answers come last: of a letter that was answered just before a crash, the letter
	// may be there still.
	for _, e := range []entry{{answered: false}, {answered: true}} {
		if err := os.MkdirAll(filepath.Join(c.Dir, e.dir()), 0o700); err != nil {
			return nil, err
		}
		periods, err := os.ReadDir(filepath.Join(c.Dir, e.dir()))
		if err != nil {
			return nil, err
		}
		for _, p := range periods {
			if e.period, err = strconv.Atoi(p.Name()); err != nil {
				continue
			}
			if err := b.readDir(e); err != nil {
				return nil, err
			}
		}
	}
	return b, b.readPeriod()
}

// readDir notes the files of a delivery's directory, and drops what is no letter.
func (b *Box) readDir(e entry) error {
	files, err := os.ReadDir(b.place(e))
	if err != nil {
		return err
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			return err
		}
		if !isID(f.Name()) {
			if err := os.Remove(filepath.Join(b.place(e), f.Name())); err != nil {
				return err
			}
			continue
		}
		if had, ok := b.letters[f.Name()]; ok && !had.answered { // answered, and not swept
			if err := b.remove(f.Name(), had); err != nil {
				return err
			}
		}
		e.size = info.Size()
		b.note(f.Name(), e)
	}
	return nil
}

// note keeps where a letter is. The caller holds the lock, or is alone.
func (b *Box) note(id string, e entry) {
	b.forget(id)
	b.letters[id] = e
	b.space.add(e, 1)
}

func (b *Box) forget(id string) {
	if had, ok := b.letters[id]; ok {
		b.space.add(had, -1)
	}
	delete(b.letters, id)
}

// place is the directory of an entry.
func (b *Box) place(e entry) string {
	return filepath.Join(b.Dir, e.dir(), strconv.Itoa(e.period))
}

// makePlace makes the directory of an entry, if it is the first of its delivery.
func (b *Box) makePlace(e entry) error {
	err := os.Mkdir(b.place(e), 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		err = settle(filepath.Join(b.Dir, e.dir()))
	}
	return full(err)
}

// Put takes a letter in, and draws with which delivery it goes; it is on the disk when
// Put returns nil. The same again is fine. Faults: Conflict for another letter under the
// id, Unavailable when the box or its disk is full.
func (b *Box) Put(id string, sealed []byte) (err error) {
	defer fault.Wrap(&err, "letterbox.Put")
	b.mu.Lock()
	defer b.mu.Unlock()
	if e, ok := b.letters[id]; ok {
		if e.answered {
			return fault.New(fault.Conflict, "letterbox.brought")
		}
		had, err := os.ReadFile(filepath.Join(b.place(e), id))
		if err == nil && !bytes.Equal(had, sealed) {
			err = fault.New(fault.Conflict, "letterbox.other")
		}
		return err
	}
	if b.space.full(int64(len(sealed))) {
		return fault.New(fault.Unavailable, "letterbox.many")
	}
	e := entry{period: b.lot(), size: int64(len(sealed))}
	if err := b.makePlace(e); err != nil {
		return err
	}
	if err := write(b.place(e), id, sealed); err != nil {
		return err
	}
	b.note(id, e)
	return nil
}

// Answer gives the answer to a letter; nil while it was not brought. Faults: NotFound.
func (b *Box) Answer(id string) (answer []byte, err error) {
	defer fault.Wrap(&err, "letterbox.Answer")
	b.mu.Lock()
	defer b.mu.Unlock()
	e, ok := b.letters[id]
	if !ok {
		return nil, errUnknown
	}
	if !e.answered {
		return nil, nil
	}
	return os.ReadFile(filepath.Join(b.place(e), id))
}

var errUnknown = fault.New(fault.NotFound, "letterbox.unknown")

// TakeBack drops a letter that waits; its room stays taken until its delivery, or who
// has filled the box could open it for one letter at a moment of his choice. Faults: NotFound; Conflict when it was brought,
// or is being brought.
func (b *Box) TakeBack(id string) (err error) {
	defer fault.Wrap(&err, "letterbox.TakeBack")
	b.mu.Lock()
	defer b.mu.Unlock()
	e, ok := b.letters[id]
	switch {
	case !ok:
		return errUnknown
	case e.answered || e.period <= b.period:
		return fault.New(fault.Conflict, "letterbox.brought")
	}
	if err := b.remove(id, e); err != nil {
		return err
	}
	b.space.reserve(e)
	return nil
}

// remove deletes the file of a letter and forgets it.
func (b *Box) remove(id string, e entry) error {
	dir := b.place(e)
	if err := os.Remove(filepath.Join(dir, id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	b.forget(id)
	return settle(dir)
}

// Blur gives every file the time 0 once more, which is a change of their inodes: these
// then tell the same moment of all.
func (b *Box) Blur() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return filepath.WalkDir(b.Dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil {
			err = os.Chtimes(path, time.Unix(0, 0), time.Unix(0, 0))
		}
		return err
	})
}

// write puts a file in place so that it is there whole, also after a loss of power, or
// not at all. Faults: Unavailable for a full disk.
func write(dir, name string, content []byte) error {
	f, err := os.CreateTemp(dir, ".new-*") // mode 0600
	if err != nil {
		return full(err)
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(content); err == nil {
		err = os.Chtimes(f.Name(), time.Unix(0, 0), time.Unix(0, 0))
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err == nil {
		err = settle(dir)
	}
	return full(err)
}

// settle writes a directory to the disk, with the time 0.
func settle(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := os.Chtimes(dir, time.Unix(0, 0), time.Unix(0, 0)); err != nil {
		return err
	}
	return d.Sync()
}

// full names the one failure that is nobody's fault here.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.New(fault.Unavailable, "letterbox.full").Because(err)
	}
	return err
}

// isID tells whether a name is what a device draws.
func isID(s string) bool {
	_, ok := letter.ParseID(s)
	return ok
}
