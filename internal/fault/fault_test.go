package fault_test

import (
	"context"
	"errors"
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
