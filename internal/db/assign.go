package db

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"unsafe"

	"modernc.org/libc"
	sqlite "modernc.org/sqlite/lib"
)

// plain makes arguments of types such as face.ID what a statement takes, and
// tells how many bytes of text there are; one at least, for an empty text has an
// address too.
func plain(args []any) (_ []any, need int, err error) {
	own := false
	need = 1
	for i, a := range args {
		switch a.(type) {
		case string, []byte, int64, int, float64, bool, nil:
		default:
			if a, err = driver.DefaultParameterConverter.ConvertValue(a); err != nil { // as database/sql does
				return nil, 0, fmt.Errorf("argument %d: %w", i+1, err)
			}
			if !own {
				args, own = slices.Clone(args), true
			}
			args[i] = a
		}
		switch a := a.(type) {
		case string:
			need += len(a)
		case []byte:
			need += len(a)
		}
	}
	if need > math.MaxInt32 {
		return nil, 0, errors.New("arguments are too large")
	}
	return args, need, nil
}

// scan puts the row into what dest points to.
func (s *statement) scan(dest ...any) error {
	if len(dest) != s.columns {
		return fmt.Errorf("%d columns for %d places", s.columns, len(dest))
	}
	row := s.row()
	for i, d := range dest {
		if row[i].assign(d) {
			continue
		}
		if err := s.assign(int32(i), d); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// cell is a column's value where SQLite keeps it. The library's functions take a
// lock and look for trouble at each call, three or four of which a column needs:
// for plain texts and numbers, nearly all that a page reads, it is enough to look.
type cell sqlite.TMem

// row is the row that was stepped to, until the next step.
func (s *statement) row() []cell {
	first := sqlite.Xsqlite3_column_value(s.c.tls, s.stmt, 0)
	return unsafe.Slice((*cell)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(first, 1)))), s.columns)
}

// kinds are the flags that say what a cell holds; text is UTF-8 in every hall.
const kinds = sqlite.MEM_Null | sqlite.MEM_Str | sqlite.MEM_Int | sqlite.MEM_Real | sqlite.MEM_Blob | sqlite.MEM_IntReal

// assign is statement.assign for what is most frequent; false when the cell or
// the place is something else.
func (c *cell) assign(dest any) bool {
	switch c.Fflags & kinds {
	case sqlite.MEM_Str:
		switch d := dest.(type) {
		case *string:
			*d = string(libc.GoBytes(c.Fz, int(c.Fn)))
			return true
		case *sql.RawBytes:
			*d = libc.GoBytes(c.Fz, int(c.Fn))
			return true
		}
		if v := reflect.ValueOf(dest); v.Kind() == reflect.Pointer && !v.IsNil() && v.Elem().Kind() == reflect.String { // face.ID
			v.Elem().SetString(string(libc.GoBytes(c.Fz, int(c.Fn))))
			return true
		}
	case sqlite.MEM_Int:
		n := *(*int64)(unsafe.Pointer(&c.Fu)) // a union
		switch d := dest.(type) {
		case *int64:
			*d = n
			return true
		case *int:
			*d = int(n)
			return true
		}
	}
	return false
}

// assign puts a column's value into what dest points to, which is of the same
// kind: nothing is parsed or written out on the way, and NULL fits into any and
// []byte only.
func (s *statement) assign(i int32, dest any) error {
	kind := sqlite.Xsqlite3_column_type(s.c.tls, s.stmt, i)
	switch d := dest.(type) {
	case *string:
		if kind == sqlite.SQLITE_TEXT {
			*d = string(s.bytes(i))
			return nil
		}
	case *int64:
		if kind == sqlite.SQLITE_INTEGER {
			*d = s.integer(i)
			return nil
		}
	case *int:
		if kind == sqlite.SQLITE_INTEGER {
			*d = int(s.integer(i))
			return nil
		}
	case *sql.RawBytes: // as everywhere: good until the next row
		if kind == sqlite.SQLITE_TEXT || kind == sqlite.SQLITE_BLOB {
			*d = s.bytes(i)
			return nil
		}
	case *[]byte:
		switch kind {
		case sqlite.SQLITE_BLOB:
			*d = slices.Clone(s.bytes(i))
			return nil
		case sqlite.SQLITE_NULL:
			*d = nil
			return nil
		}
	case *any:
		*d = s.value(i, kind)
		return nil
	default:
		if s.assignNamed(i, kind, reflect.ValueOf(dest)) {
			return nil
		}
	}
	return fmt.Errorf("%T does not fit into %T", s.value(i, kind), dest)
}

// bytes are those of a text or a blob, until the next step.
func (s *statement) bytes(i int32) []byte {
	p := sqlite.Xsqlite3_column_blob(s.c.tls, s.stmt, i) // of a text the same bytes, as UTF-8
	if p == 0 {
		return []byte{}
	}
	return libc.GoBytes(p, int(sqlite.Xsqlite3_column_bytes(s.c.tls, s.stmt, i)))
}

func (s *statement) integer(i int32) int64 { return sqlite.Xsqlite3_column_int64(s.c.tls, s.stmt, i) }

// value is a column's value as Go has it.
func (s *statement) value(i, kind int32) any {
	switch kind {
	case sqlite.SQLITE_TEXT:
		return string(s.bytes(i))
	case sqlite.SQLITE_INTEGER:
		return s.integer(i)
	case sqlite.SQLITE_FLOAT:
		return sqlite.Xsqlite3_column_double(s.c.tls, s.stmt, i)
	case sqlite.SQLITE_BLOB:
		return slices.Clone(s.bytes(i))
	}
	return nil
}

// assignNamed is assign for types such as face.ID and bool.
func (s *statement) assignNamed(i, kind int32, dest reflect.Value) bool {
	if dest.Kind() != reflect.Pointer || dest.IsNil() {
		return false
	}
	e := dest.Elem()
	switch kind {
	case sqlite.SQLITE_TEXT:
		if e.Kind() == reflect.String {
			e.SetString(string(s.bytes(i)))
			return true
		}
	case sqlite.SQLITE_FLOAT:
		if e.CanFloat() {
			e.SetFloat(sqlite.Xsqlite3_column_double(s.c.tls, s.stmt, i))
			return true
		}
	case sqlite.SQLITE_INTEGER:
		switch n := s.integer(i); {
		case e.Kind() == reflect.Bool:
			e.SetBool(n != 0)
			return true
		case e.CanInt() && !e.OverflowInt(n):
			e.SetInt(n)
			return true
		case e.CanUint() && n >= 0 && !e.OverflowUint(uint64(n)):
			e.SetUint(uint64(n))
			return true
		}
	}
	return false
}
