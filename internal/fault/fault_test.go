package fault_test

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"

	"guildhall/internal/fault"
)

func TestWrap_keepsKindAndOrder(t *testing.T) {
	inner := func() (err error) {
		defer fault.Wrap(&err, "store.Post(%s)", "p1")
		return fault.New(fault.NotFound, "forum.post.gone")
	}
	outer := func() (err error) {
		defer fault.Wrap(&err, "forum.Reply")
		return inner()
	}
	err := outer()
	if got, want := err.Error(), "forum.Reply: store.Post(p1): not_found forum.post.gone"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !fault.Is(err, fault.NotFound) || fault.Is(nil, fault.Internal) {
		t.Error("the kind was lost, or nil has one")
	}
}

func TestWrap_foreignErrorIsPrivate(t *testing.T) {
	err := errors.New("disk on fire")
	fault.Wrap(&err, "db.Open")
	f := fault.From(err)
	if f.Kind != fault.Internal || f.Key != "fault.internal" {
		t.Errorf("got %v %q", f.Kind, f.Key)
	}
	ctxErr := context.Canceled
	if fault.KindOf(ctxErr) != fault.Unavailable {
		t.Error("a cancelled request is nobody's bug")
	}
}

func TestBecause_doesNotChangeTheOriginal(t *testing.T) {
	base := fault.New(fault.Conflict, "x")
	with := base.Because(errors.New("why"))
	if base.Error() != "conflict x" || with.Error() != "conflict x: why" {
		t.Errorf("got %q and %q", base, with)
	}
}

func TestCause_keepsWordsOut(t *testing.T) {
	var index error
	func() {
		defer func() { index = recover().(error) }()
		_ = []int{}[len("ana")]
	}()
	for _, tt := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("ana@example.org"), "*errors.errorString"},
		{&os.PathError{Op: "open", Path: "/home/ana", Err: syscall.ENOSPC}, "*fs.PathError < syscall.Errno(no space left on device)"},
		{fault.New(fault.Conflict, "x").Because(errors.Join(errors.New("ana"), syscall.EIO)), "*fault.Error(conflict) < *errors.joinError < *errors.errorString < syscall.Errno(input/output error)"},
		{index, "runtime.boundsError(runtime error: index out of range [3] with length 0)"},
	} {
		if got := fault.Cause(tt.err); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
