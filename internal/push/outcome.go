package push

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Kind says what became of a message.
type Kind string

// The kinds.
const (
	Accepted    Kind = "accepted"    // the service has it
	Gone        Kind = "gone"        // there is no such device any more (404, 410)
	TooLarge    Kind = "too_large"   // 413
	Slow        Kind = "slow"        // the service wants time (429, or 503 that says until when)
	Refused     Kind = "refused"     // the service does not take this message (other 4xx)
	Unreachable Kind = "unreachable" // no answer, or none that means anything
	Resting     Kind = "resting"     // the service was not asked: it failed, or wants time
)

// Outcome is what became of a message.
type Outcome struct {
	Kind   Kind
	Status int           // as the service said; 0: it said nothing
	After  time.Duration // when it is worth another try; of what is settled 0
}

// judge reads a service's answer.
func judge(status int, retry string, now time.Time) Outcome {
	o := Outcome{Status: status, Kind: Unreachable}
	switch {
	case status >= 200 && status < 300:
		o.Kind = Accepted
	case status == http.StatusNotFound || status == http.StatusGone:
		o.Kind = Gone
	case status == http.StatusRequestEntityTooLarge:
		o.Kind = TooLarge
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable && retry != "":
		o.Kind, o.After = Slow, after(retry, now)
	case status == http.StatusRequestTimeout:
	case status >= 400 && status < 500:
		o.Kind = Refused
	}
	return o
}

const (
	shortest = 30 * time.Second
	longest  = time.Hour
)

// after reads Retry-After: seconds or a moment. Whatever it says, a service rests for at
// least half a minute and at most an hour.
func after(retry string, now time.Time) time.Duration {
	retry = strings.TrimSpace(retry)
	d := shortest
	if n, err := strconv.ParseUint(retry, 10, 31); err == nil {
		d = time.Duration(min(n, 86400)) * time.Second
	} else if at, err := http.ParseTime(retry); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, shortest), longest)
}
