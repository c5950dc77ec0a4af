package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"syscall"

	"guildhall/internal/fault"
)

// answered makes a fault of every status but 200.
func answered(status int) error {
	switch status {
	case http.StatusOK:
		return nil
	case http.StatusNotFound, http.StatusGone:
		return fault.New(fault.NotFound, "fetch.missing")
	}
	return fault.New(fault.Unavailable, "fetch.answered", status)
}

// Failed names a failure for people, and for the log a cause without the
// address, which the errors of the standard library carry.
func Failed(err error) error {
	var dns *net.DNSError
	var errno syscall.Errno
	switch {
	case errors.Is(err, errAddress):
		return fault.New(fault.Invalid, "fetch.address").Because(errAddress)
	case errors.Is(err, errClosed):
		return fault.New(fault.Invalid, "fetch.closed").Because(errClosed)
	case errors.Is(err, errRedirects):
		return fault.New(fault.Unavailable, "fetch.redirects").Because(errRedirects)
	case errors.Is(err, errElsewhere):
		return fault.New(fault.Invalid, "fetch.elsewhere").Because(errElsewhere)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), timedOut(err):
		return fault.New(fault.Unavailable, "fetch.slow").Because(errors.New("out of time"))
	case errors.As(err, &dns):
		return fault.New(fault.Unavailable, "fetch.unreachable").Because(errors.New("no such name"))
	case errors.As(err, &errno):
		return fault.New(fault.Unavailable, "fetch.unreachable").Because(errno)
	}
	return fault.New(fault.Unavailable, "fetch.unreachable").Because(errors.New("broken connection or answer"))
}

func timedOut(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
