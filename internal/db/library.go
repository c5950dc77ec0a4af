package db

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite "modernc.org/sqlite/lib"
)

// library is a connection of SQLite's own library, which is C made into Go: its
// memory lies outside of Go's and is spoken of by address. Only this file and
// assign.go know that. It is for one goroutine at a time, so that the library
// need take no lock.
type library struct {
	tls *libc.TLS
	db  uintptr
}

// liteError is what SQLite refused, by its extended code.
type liteError struct {
	code int32
	text string
}

// Error says what SQLite says.
func (e *liteError) Error() string { return e.text + " (" + strconv.Itoa(int(e.code)) + ")" }

// openLibrary opens the file at path, making it if need be.
func openLibrary(path string) (*library, error) {
	c := &library{tls: libc.NewTLS()}
	name, err := libc.CString(path)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, name)
	db := c.tls.Alloc(8)
	defer c.tls.Free(8)
	rc := sqlite.Xsqlite3_open_v2(c.tls, name, db, sqlite.SQLITE_OPEN_READWRITE|sqlite.SQLITE_OPEN_CREATE|sqlite.SQLITE_OPEN_NOMUTEX, 0)
	c.db = *(*uintptr)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(db, 8))))
	if rc == sqlite.SQLITE_OK {
		rc = sqlite.Xsqlite3_extended_result_codes(c.tls, c.db, 1)
	}
	if rc != sqlite.SQLITE_OK {
		err := c.error(rc)
		c.close()
		return nil, err
	}
	return c, nil
}

// error puts a code into words.
func (c *library) error(rc int32) error {
	if c.db == 0 {
		return &liteError{rc, libc.GoString(sqlite.Xsqlite3_errstr(c.tls, rc))}
	}
	return &liteError{rc, libc.GoString(sqlite.Xsqlite3_errmsg(c.tls, c.db))}
}

func (c *library) close() (err error) {
	if c.tls == nil {
		return nil
	}
	if rc := sqlite.Xsqlite3_close_v2(c.tls, c.db); rc != sqlite.SQLITE_OK {
		err = c.error(rc)
	}
	c.tls.Close()
	c.tls, c.db = nil, 0
	return err
}

// changes tells how many rows the last statement has changed.
func (c *library) changes() int64 { return int64(sqlite.Xsqlite3_changes(c.tls, c.db)) }

// interrupt ends what runs; another goroutine may call it.
func (c *library) interrupt() {
	tls := libc.NewTLS() // c's own is in use
	defer tls.Close()
	sqlite.Xsqlite3_interrupt(tls, c.db)
}

// written tells how many pages the connection has written since it was asked last.
func (c *library) written() int {
	p := c.tls.Alloc(8)
	defer c.tls.Free(8)
	if sqlite.Xsqlite3_db_status(c.tls, c.db, sqlite.SQLITE_DBSTATUS_CACHE_WRITE, p, p+4, 1) != sqlite.SQLITE_OK {
		return 0
	}
	return int(*(*int32)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(p, 4)))))
}

// statement is a prepared statement with room for what is bound to it.
type statement struct {
	c       *library
	stmt    uintptr
	order   []int // by place in the text: the number after the $
	columns int
	room    uintptr // texts and bytes of the arguments, until they are bound again
	size    int
}

// prepare prepares the one statement of text.
func (c *library) prepare(text string) (s statement, err error) {
	sql, err := libc.CString(text)
	if err != nil {
		return s, err
	}
	defer libc.Xfree(c.tls, sql)
	p := c.tls.Alloc(8)
	defer c.tls.Free(8)
	// It will be kept for long: the library may take memory for it elsewhere.
	rc := sqlite.Xsqlite3_prepare_v3(c.tls, c.db, sql, int32(len(text)+1), sqlite.SQLITE_PREPARE_PERSISTENT, p, 0)
	if rc != sqlite.SQLITE_OK {
		return s, c.error(rc)
	}
	s = statement{c: c, stmt: *(*uintptr)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(p, 8))))}
	if s.stmt == 0 {
		return s, errors.New("db: nothing to prepare")
	}
	s.columns = int(sqlite.Xsqlite3_column_count(c.tls, s.stmt))
	s.order = make([]int, sqlite.Xsqlite3_bind_parameter_count(c.tls, s.stmt))
	for i := range s.order {
		name := libc.GoString(sqlite.Xsqlite3_bind_parameter_name(c.tls, s.stmt, int32(i+1)))
		if s.order[i], err = strconv.Atoi(strings.TrimPrefix(name, "$")); err != nil || s.order[i] < 1 {
			s.finalize()
			return s, fmt.Errorf("db: %q is no placeholder", name)
		}
	}
	return s, nil
}

// finalize ends the statement's life.
func (s *statement) finalize() {
	sqlite.Xsqlite3_finalize(s.c.tls, s.stmt)
	libc.Xfree(s.c.tls, s.room)
	s.stmt, s.room, s.size = 0, 0, 0
}

// reset makes the statement ready to be bound and run again. What it returns was
// told before, by step.
func (s *statement) reset() { sqlite.Xsqlite3_reset(s.c.tls, s.stmt) }

// step goes to the next row; more is false after the last.
func (s *statement) step() (more bool, err error) {
	switch rc := sqlite.Xsqlite3_step(s.c.tls, s.stmt); rc {
	case sqlite.SQLITE_ROW:
		return true, nil
	case sqlite.SQLITE_DONE:
		return false, nil
	default:
		return false, s.c.error(rc)
	}
}

// run goes through all rows.
func (s *statement) run() error {
	for {
		if more, err := s.step(); err != nil || !more {
			return err
		}
	}
}

// bind gives the statement its arguments. The bytes of texts are copied into its
// room, where they stay until it is bound again.
func (s *statement) bind(args []any) error {
	args, need, err := plain(args)
	if err != nil {
		return err
	}
	room, err := s.roomFor(need)
	if err != nil {
		return err
	}
	for i, n := range s.order {
		if n > len(args) {
			return fmt.Errorf("argument %d is missing", n)
		}
		if room, err = s.bindOne(int32(i+1), args[n-1], room); err != nil {
			return fmt.Errorf("argument %d: %w", n, err)
		}
	}
	return nil
}

// largeRoom is what a statement keeps for its arguments between two uses.
const largeRoom = 64 << 10

// roomFor gives room for n bytes.
func (s *statement) roomFor(n int) (uintptr, error) {
	if n > s.size || s.size > largeRoom {
		n = max(n, 256)
		libc.Xfree(s.c.tls, s.room)
		if s.room, s.size = libc.Xmalloc(s.c.tls, types.Size_t(n)), n; s.room == 0 {
			s.size = 0
			return 0, &liteError{sqlite.SQLITE_NOMEM, "out of memory"}
		}
	}
	return s.room, nil
}

// bindOne binds one argument, and gives what is left of the room.
func (s *statement) bindOne(i int32, a any, room uintptr) (uintptr, error) {
	tls, stmt := s.c.tls, s.stmt
	rc := int32(sqlite.SQLITE_OK)
	switch a := a.(type) {
	case string:
		copy(libc.GoBytes(room, len(a)), a)
		rc = sqlite.Xsqlite3_bind_text(tls, stmt, i, room, int32(len(a)), 0)
		room += uintptr(len(a))
	case int64:
		rc = sqlite.Xsqlite3_bind_int64(tls, stmt, i, a)
	case int:
		rc = sqlite.Xsqlite3_bind_int64(tls, stmt, i, int64(a))
	case []byte:
		if a == nil {
			rc = sqlite.Xsqlite3_bind_null(tls, stmt, i)
			break
		}
		copy(libc.GoBytes(room, len(a)), a)
		rc = sqlite.Xsqlite3_bind_blob(tls, stmt, i, room, int32(len(a)), 0)
		room += uintptr(len(a))
	case float64:
		rc = sqlite.Xsqlite3_bind_double(tls, stmt, i, a)
	case bool:
		n := int64(0)
		if a {
			n = 1
		}
		rc = sqlite.Xsqlite3_bind_int64(tls, stmt, i, n)
	case nil:
		rc = sqlite.Xsqlite3_bind_null(tls, stmt, i)
	default:
		return room, fmt.Errorf("%T cannot be an argument", a)
	}
	if rc != sqlite.SQLITE_OK {
		return room, s.c.error(rc)
	}
	return room, nil
}
