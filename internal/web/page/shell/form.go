package shell

import (
	"context"
	"errors"

	"github.com/a-h/templ"

	"guildhall/internal/fault"
	"guildhall/internal/web/viewer"
)

// Faults are what a form came back with; the zero value is none.
type Faults []*fault.Error

// FaultsOf lists the faults inside err; those joined by errors.Join come one by
// one. A nil err gives none.
func FaultsOf(err error) Faults {
	if err == nil {
		return nil
	}
	// A fault ends the search: its cause is private, whatever that is made of.
	for e := err; e != nil; e = errors.Unwrap(e) {
		switch e := e.(type) {
		case *fault.Error:
			return Faults{e}
		case interface{ Unwrap() []error }:
			var all Faults
			for _, one := range e.Unwrap() {
				all = append(all, FaultsOf(one)...)
			}
			return all
		}
	}
	return Faults{fault.From(err)}
}

// At is the sentence about one field, empty when the field is fine.
func (f Faults) At(ctx context.Context, field string) string {
	for _, e := range f {
		if e.Field == field {
			return viewer.From(ctx).Lang.Fault(e)
		}
	}
	return ""
}

// Field is one thing a form asks for. Texts are in the reader's language; the
// name is also the id, so an error can lead to it, unless a page that asks for
// the same thing in several forms gives another.
type Field struct {
	Name, Label  string
	ID           string // empty: Name
	Hint, Error  string
	Value        string
	Kind         string // type of the input; empty: text
	Autocomplete string
	Optional     bool             // says so beside the label; all others are required
	Max          int              // most characters, 0 for no limit
	Attrs        templ.Attributes // anything else, such as inputmode
}

// Option is one choice of a Select or Radios.
type Option struct{ Value, Label, Hint string }

func (f Field) id() string {
	if f.ID == "" {
		return f.Name
	}
	return f.ID
}

// describedBy names the hint and the error for screen readers.
func (f Field) describedBy() string {
	s := ""
	if f.Hint != "" {
		s = f.id() + "-hint"
	}
	if f.Error != "" {
		if s != "" {
			s += " "
		}
		s += f.id() + "-error"
	}
	return s
}

func (f Field) kind() string {
	if f.Kind == "" {
		return "text"
	}
	return f.Kind
}

// typed are the attributes of a box one types in: its text runs in its own
// direction, unless the page knows better.
func (f Field) typed() templ.Attributes {
	a := f.attributes()
	if a["dir"] == nil {
		a["dir"] = "auto"
	}
	return a
}

// attributes are those that all kinds of fields share.
func (f Field) attributes() templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name}
	if d := f.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if f.Autocomplete != "" {
		a["autocomplete"] = f.Autocomplete
	}
	if !f.Optional {
		a["required"] = true
	}
	for k, v := range f.Attrs {
		a[k] = v
	}
	return a
}
