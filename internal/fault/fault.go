package fault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind says what sort of failure happened. The list is append-only: kinds are
// counted in metrics.
type Kind uint8

// The kinds. Anything that is not a fault is Internal.
const (
	Internal    Kind = iota // a bug or a broken machine: logged, shown as "our fault"
	Invalid                 // what was sent does not make sense; sending it again will not help
	NotFound                // there is no such thing, or not for this reader
	Forbidden               // the thing exists, this person may not do that to it
	Conflict                // somebody was faster, or the thing changed meanwhile
	TooMany                 // later, please
	Unavailable             // the machine cannot just now: disk full, shutting down
	SignIn                  // the way is open to members only; signing in helps
)

var kindNames = [...]string{"internal", "invalid", "not_found", "forbidden", "conflict", "too_many", "unavailable", "sign_in"}

// String names the kind as metrics and logs do.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Error is one failure. The zero value is an Internal fault without a cause.
type Error struct {
	Kind  Kind
	Field string // form field the person should look at; empty when none
	Key   string // sentence in lang, such as "forum.reply.empty"
	Args  []any  // arguments of the sentence; shown to the person, so nothing private
	ops   []string
	cause error
}

// New makes a fault whose sentence is key.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// On returns a fault about one field of a form.
func On(field string, kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Field: field, Key: key, Args: args}
}

// Because returns a copy of e with a private cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Error renders operations, kind, key and cause, for the log and for tests.
func (e *Error) Error() string {
	var b strings.Builder
	for i := len(e.ops) - 1; i >= 0; i-- {
		b.WriteString(e.ops[i])
		b.WriteString(": ")
	}
	b.WriteString(e.Kind.String())
	if e.Key != "" {
		b.WriteString(" " + e.Key)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Ops names the operations that failed, outermost first, for the log.
func (e *Error) Ops() string {
	ops := slices.Clone(e.ops)
	slices.Reverse(ops)
	return strings.Join(ops, ": ")
}

// Unwrap gives the private cause.
func (e *Error) Unwrap() error { return e.cause }

// Wrap adds an operation to *err, and turns a foreign error into an Internal
// fault. Use it deferred: defer fault.Wrap(&err, "forum.Reply(%s)", id). The
// operation may name ids of public things, never anything of a person.
func Wrap(err *error, format string, args ...any) {
	if *err == nil {
		return
	}
	op := fmt.Sprintf(format, args...)
	var f *Error
	if errors.As(*err, &f) {
		c := *f
		c.ops = append(append([]string(nil), f.ops...), op)
		*err = &c
		return
	}
	*err = &Error{Kind: foreignKind(*err), Key: foreignKey(*err), ops: []string{op}, cause: *err}
}

// From returns the fault inside err; a foreign error becomes an Internal one.
func From(err error) *Error {
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return &Error{Kind: foreignKind(err), Key: foreignKey(err), cause: err}
}

// KindOf tells the kind of err; Internal for a foreign error.
func KindOf(err error) Kind { return From(err).Kind }

// Is tells whether err is a fault of that kind. A nil err is of no kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

func foreignKind(err error) Kind {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Unavailable
	}
	return Internal
}

func foreignKey(err error) string {
	if foreignKind(err) == Unavailable {
		return "fault.unavailable"
	}
	return "fault.internal"
}
