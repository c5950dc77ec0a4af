//go:build !testclock

package app

import (
	"crypto/x509"
	"net/http"
	"time"

	"guildhall/internal/letterbox"
)

// wallClock is the clock of this machine.
func wallClock() time.Time { return time.Now() }

// underTest is where a build for the retaliation test takes hold of a hall; see
// clock_testclock.go. This is none.
func (h *Hall) underTest(doors http.Handler) http.Handler { return doors }

// letterboxUnderTest is the same of a letterbox.
func letterboxUnderTest(_ *letterbox.Box, door http.Handler) http.Handler { return door }

// pushRootsUnderTest are whose word vouches for a push service on this machine: nobody's.
func pushRootsUnderTest() (*x509.CertPool, error) { return nil, nil }
