package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Meta describes a stored picture.
type Meta struct {
	Name   string // file name: 26 random letters and digits, and .jpg or .png
	Type   string // image/jpeg or image/png
	Width  int    // pixels; Get leaves it 0
	Height int    // pixels; Get leaves it 0
	Bytes  int64
}

// Store is a directory of pictures. Several may be open on one directory; all
// methods may be called at once.
type Store struct {
	dir string
}

var nameShape = regexp.MustCompile(`^[0-9a-z]{26}\.(?:jpg|png)$`)

// tempPrefix starts the names of files that are being written.
const tempPrefix = ".new-"

// Open opens dir, and makes it when there is none.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("blob.Open: %w", writeError(err))
	}
	return &Store{dir: dir}, nil
}

// Sweep deletes what interrupted writers left. The one program that writes calls
// it once, when it starts.
func (s *Store) Sweep() error {
	left, err := filepath.Glob(filepath.Join(s.dir, tempPrefix+"*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("blob.Sweep: %w", err)
		}
	}
	return nil
}

// ValidName tells whether name is one that this package gives.
func ValidName(name string) bool { return nameShape.MatchString(name) }

func typeOf(name string) string {
	if strings.HasSuffix(name, ".png") {
		return "image/png"
	}
	return "image/jpeg"
}

// Get opens a picture for reading; the caller closes it. It returns
// fault.NotFound when there is none of that name.
func (s *Store) Get(name string) (*os.File, Meta, error) {
	if !ValidName(name) {
		return nil, Meta{}, fault.New(fault.NotFound, "blob.gone")
	}
	f, err := os.Open(filepath.Join(s.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Meta{}, fault.New(fault.NotFound, "blob.gone")
	}
	if err != nil {
		return nil, Meta{}, fmt.Errorf("blob.Get: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, Meta{}, fmt.Errorf("blob.Get: %w", err)
	}
	return f, Meta{Name: name, Type: typeOf(name), Bytes: info.Size()}, nil
}

// Dimensions tells the size of a picture in pixels, or 0, 0 when there is none
// of that name.
func (s *Store) Dimensions(name string) (width, height int) {
	f, _, err := s.Get(name)
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	return dimensions(f)
}

// Delete removes a picture. Removing one that is gone is no failure.
func (s *Store) Delete(name string) error {
	if !ValidName(name) {
		return nil
	}
	err := os.Remove(filepath.Join(s.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("blob.Delete: %w", writeError(err))
	}
	return s.settle()
}

// Names walks over all pictures in no order. It stops at the first failure,
// which comes with an empty name.
func (s *Store) Names(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		dir, err := os.Open(s.dir)
		if err != nil {
			yield("", fmt.Errorf("blob.Names: %w", err))
			return
		}
		defer dir.Close()
		for {
			names, err := dir.Readdirnames(512)
			for _, name := range names {
				if ctx.Err() != nil {
					yield("", ctx.Err())
					return
				}
				if ValidName(name) && !yield(name, nil) {
					return
				}
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				yield("", fmt.Errorf("blob.Names: %w", err))
				return
			}
		}
	}
}

// Size counts the pictures and their bytes.
func (s *Store) Size(ctx context.Context) (files int, bytes int64, err error) {
	for name, err := range s.Names(ctx) {
		if err != nil {
			return 0, 0, err
		}
		info, err := os.Stat(filepath.Join(s.dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted while we walked
		}
		if err != nil {
			return 0, 0, fmt.Errorf("blob.Size: %w", err)
		}
		files++
		bytes += info.Size()
	}
	return files, bytes, nil
}

// Verify reads a picture with Check and looks at the time of its file. It
// returns fault.NotFound, or fault.Invalid "blob.broken" with the reason as its
// cause.
func (s *Store) Verify(name string) error {
	f, meta, err := s.Get(name)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return fmt.Errorf("blob.Verify: %w", err)
	}
	if err := Check(data, meta.Type); err != nil {
		return broken(err)
	}
	info, err := f.Stat()
	if err == nil && !info.ModTime().Equal(time.Unix(0, 0)) {
		err = broken(errors.New("the file carries a time"))
	}
	return err
}

// Restore puts a picture back under the name it had, from a backup. It returns
// fault.Invalid "blob.broken" when the bytes are not such as this package keeps,
// fault.Unavailable "blob.disk_full" when there is no room.
func (s *Store) Restore(name string, r io.Reader) (err error) {
	defer fault.Wrap(&err, "blob.Restore")
	if !ValidName(name) {
		return broken(errors.New("not a name of a picture"))
	}
	data, err := io.ReadAll(io.LimitReader(r, maxStored+1))
	if err != nil {
		return err
	}
	if len(data) > maxStored {
		return broken(errors.New("larger than any stored picture"))
	}
	if err := Check(data, typeOf(name)); err != nil {
		return broken(err)
	}
	return s.write(name, data)
}

// keep stores data under a new name.
func (s *Store) keep(data []byte, extension string) (string, error) {
	name := ident.Random() + extension
	if err := s.write(name, data); err != nil {
		return "", err
	}
	return name, nil
}

// write puts data into the directory so that a reader finds all of it or none,
// also after a crash, and so that no time is left on it.
func (s *Store) write(name string, data []byte) error {
	f, err := os.CreateTemp(s.dir, tempPrefix+"*") // mode 0600
	if err != nil {
		return writeError(err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = os.Chtimes(f.Name(), time.Unix(0, 0), time.Unix(0, 0))
	}
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(s.dir, name))
	}
	if err != nil {
		return errors.Join(writeError(err), os.Remove(f.Name()))
	}
	return s.settle()
}

// settle makes a change of the directory durable and takes the time off it.
func (s *Store) settle() error {
	dir, err := os.Open(s.dir)
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	defer dir.Close()
	if err := os.Chtimes(s.dir, time.Unix(0, 0), time.Unix(0, 0)); err != nil {
		return fmt.Errorf("blob: %w", writeError(err))
	}
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("blob: %w", writeError(err))
	}
	return nil
}

// writeError makes a fault of a disk that takes no more.
func writeError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EROFS) {
		return fault.New(fault.Unavailable, "blob.disk_full").Because(err)
	}
	return err
}

func broken(cause error) error {
	return fault.On("image", fault.Invalid, "blob.broken").Because(cause)
}
