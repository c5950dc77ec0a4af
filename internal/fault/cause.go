package fault

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
)

// Cause describes an error for the log without its words, which may hold what a
// person wrote: the types in its chain, and the codes that systems and
// databases give. It is empty for nil.
func Cause(err error) string {
	var b strings.Builder
	describe(&b, err, 0)
	return b.String()
}

// describeDepth bounds a chain that bites its own tail.
const describeDepth = 8

func describe(b *strings.Builder, err error, depth int) {
	if err == nil || depth > describeDepth {
		return
	}
	if b.Len() > 0 {
		b.WriteString(" < ")
	}
	fmt.Fprintf(b, "%T", err)
	switch e := err.(type) {
	case *Error:
		fmt.Fprintf(b, "(%s)", e.Kind)
	case syscall.Errno:
		fmt.Fprintf(b, "(%s)", e.Error())
	case runtime.Error: // its words are types and numbers
		fmt.Fprintf(b, "(%s)", e.Error())
	case interface{ SQLState() string }:
		fmt.Fprintf(b, "(%s)", e.SQLState())
	case interface{ Code() int }:
		fmt.Fprintf(b, "(%d)", e.Code())
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		describe(b, e.Unwrap(), depth+1)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			describe(b, inner, depth+1)
		}
	}
}
