package db

import (
	"database/sql/driver"
	"fmt"
	"io"
	"reflect"
)

// value makes an argument what the driver takes.
func value(a any) (driver.Value, error) {
	switch a := a.(type) {
	case string, int64, []byte, nil:
		return a, nil
	case int:
		return int64(a), nil
	}
	return driver.DefaultParameterConverter.ConvertValue(a) // as database/sql does
}

// assignAll puts a row into what dest points to.
func assignAll(dest []any, row []driver.Value) error {
	if len(dest) != len(row) {
		return fmt.Errorf("%d columns for %d places", len(row), len(dest))
	}
	for i := range dest {
		if err := assign(dest[i], row[i]); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// assign puts a column's value into what dest points to, which is of the same
// kind: nothing is parsed or written out on the way, and NULL fits into any and
// []byte only.
func assign(dest any, v driver.Value) error {
	switch d := dest.(type) {
	case *any:
		*d = v
		return nil
	case *string:
		if s, ok := v.(string); ok {
			*d = s
			return nil
		}
	case *int64:
		if n, ok := v.(int64); ok {
			*d = n
			return nil
		}
	case *int:
		if n, ok := v.(int64); ok {
			*d = int(n)
			return nil
		}
	case *[]byte:
		switch v := v.(type) {
		case []byte:
			*d = v
			return nil
		case nil:
			*d = nil
			return nil
		}
	default:
		if assignNamed(reflect.ValueOf(dest), v) {
			return nil
		}
	}
	return fmt.Errorf("%T does not fit into %T", v, dest)
}

// assignNamed is assign for types such as face.ID and bool.
func assignNamed(dest reflect.Value, v driver.Value) bool {
	if dest.Kind() != reflect.Pointer || dest.IsNil() {
		return false
	}
	switch e := dest.Elem(); e.Kind() {
	case reflect.String:
		if s, ok := v.(string); ok {
			e.SetString(s)
			return true
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if n, ok := v.(int64); ok && !e.OverflowInt(n) {
			e.SetInt(n)
			return true
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if n, ok := v.(int64); ok && n >= 0 && !e.OverflowUint(uint64(n)) {
			e.SetUint(uint64(n))
			return true
		}
	case reflect.Float32, reflect.Float64:
		if f, ok := v.(float64); ok {
			e.SetFloat(f)
			return true
		}
	case reflect.Bool:
		if n, ok := v.(int64); ok {
			e.SetBool(n != 0)
			return true
		}
	}
	return false
}

// end is nil for the end of the rows.
func end(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
