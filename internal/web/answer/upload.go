package answer

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"guildhall/internal/fault"
)

const (
	// uploadsAtOnce bounds the memory that files on their way take, to some 100 MB.
	uploadsAtOnce = 4
	// A file must bring uploadStep bytes in every uploadStride, and be here after
	// uploadTime: who dawdles gives the place to somebody else.
	uploadStep   = 64 << 10
	uploadStride = 10 * time.Second
	uploadTime   = 2 * time.Minute
)

// uploads are the places for files on their way: few for all, one for each
// member, so that nobody takes them all.
type uploads struct {
	places chan struct{}

	mu  sync.Mutex
	own map[string]*ownPlace
}

// ownPlace is the one place of a member, while she holds or awaits it.
type ownPlace struct {
	place chan struct{}
	users int
}

func newUploads() *uploads {
	return &uploads{places: make(chan struct{}, uploadsAtOnce), own: map[string]*ownPlace{}}
}

// admit waits for a member's own place and then for one among all; release
// gives both back. Faults: TooMany while another file of hers is on its way,
// Unavailable while others' are.
func (u *uploads) admit(ctx context.Context, who string) (release func(), err error) {
	wait, cancel := context.WithTimeout(ctx, formTime)
	defer cancel()
	own := u.enter(who)
	select {
	case own.place <- struct{}{}:
	case <-wait.Done():
		u.leave(who, own)
		return nil, fault.New(fault.TooMany, "fault.one_file").Because(wait.Err())
	}
	select {
	case u.places <- struct{}{}:
	case <-wait.Done():
		<-own.place
		u.leave(who, own)
		return nil, fault.New(fault.Unavailable, "fault.unavailable").Because(wait.Err())
	}
	return func() {
		<-u.places
		<-own.place
		u.leave(who, own)
	}, nil
}

func (u *uploads) enter(who string) *ownPlace {
	u.mu.Lock()
	defer u.mu.Unlock()
	own := u.own[who]
	if own == nil {
		own = &ownPlace{place: make(chan struct{}, 1)}
		u.own[who] = own
	}
	own.users++
	return own
}

func (u *uploads) leave(who string, own *ownPlace) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(u.own, who)
	}
}

// paced is a body that must keep coming: each step puts off the moment at which
// the line is cut, until the last one.
type paced struct {
	io.ReadCloser
	conn *http.ResponseController
	last time.Time
	got  int
}

func newPaced(body io.ReadCloser, conn *http.ResponseController) *paced {
	p := &paced{ReadCloser: body, conn: conn, last: time.Now().Add(uploadTime)}
	p.putOff()
	return p
}

func (p *paced) putOff() {
	next := time.Now().Add(uploadStride)
	if next.After(p.last) {
		next = p.last
	}
	// A connection that cannot be told a deadline is one of a test.
	_ = p.conn.SetReadDeadline(next)
}

// Read reads on.
func (p *paced) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if p.got += n; p.got >= uploadStep {
		p.got = 0
		p.putOff()
	}
	return n, err
}
