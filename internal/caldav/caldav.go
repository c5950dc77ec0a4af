package caldav

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/emersion/go-ical"
	"github.com/emersion/go-webdav"
	dav "github.com/emersion/go-webdav/caldav"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/fetch"
)

// Account is where somebody's calendars are, and how one signs in there. Address is that of
// one calendar, or of a server that says by itself where hers are.
type Account struct{ Address, Name, Word string }

const (
	timeout      = 10 * time.Second // of one request
	maxCalendars = 20
)

// Client reads. It may be used by many at once.
type Client struct {
	http     *http.Client
	maxBytes int64
}

// New makes a client that goes as far as cfg says; a redirect never leads to another host.
func New(cfg fetch.Config) *Client {
	cfg.Timeout = timeout
	return &Client{maxBytes: cfg.MaxBytes, http: &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			DialContext: fetch.Dialer(cfg).DialContext, TLSHandshakeTimeout: timeout, MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true, DisableKeepAlives: true,
		},
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if from := via[0].URL; len(via) > 3 || next.URL.Host != from.Host || next.URL.Scheme != from.Scheme {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}}
}

// visit is one reading: what has come, and whether the server let us in.
type visit struct {
	*Client
	left    int64 // bytes that may still come
	refused bool
}

var errTooMuch = errors.New("too much")

// Do sends a request, and counts what comes.
func (v *visit) Do(r *http.Request) (*http.Response, error) {
	resp, err := v.http.Do(r)
	if err != nil {
		return nil, err
	}
	v.refused = v.refused || resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden
	resp.Body = &counted{resp.Body, v}
	return resp, nil
}

type counted struct {
	io.ReadCloser
	v *visit
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	if c.v.left -= int64(n); c.v.left < 0 {
		return n, errTooMuch
	}
	return n, err
}

// Events gives the events of an account between two moments, as iCalendar (RFC 5545): a file
// for each calendar that has some, with a part for each event and the zones it names. Faults: Invalid for an address that may not be
// visited, for a name or word that the server refuses, for too much; NotFound where there is
// no calendar; Unavailable otherwise.
func (c *Client) Events(ctx context.Context, a Account, from, to time.Time) (files [][]byte, err error) {
	defer fault.Wrap(&err, "caldav.Events")
	if db.InTx(ctx) {
		return nil, fault.New(fault.Internal, "fault.internal").Because(errors.New("inside a transaction"))
	}
	u, err := url.Parse(a.Address)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, fault.New(fault.Invalid, "fetch.address")
	}
	v := &visit{Client: c, left: c.maxBytes}
	client, err := dav.NewClient(webdav.HTTPClientWithBasicAuth(v, a.Name, a.Word), a.Address)
	if err != nil {
		return nil, fault.New(fault.Invalid, "fetch.address")
	}
	files, err = v.read(ctx, client, u.Path, from, to)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err() // whoever asked has gone
	case v.left < 0: // also where a reader had enough before the end
		return nil, fault.New(fault.Invalid, "fetch.too_large", max(1, c.maxBytes/1_000_000))
	case err == nil:
		return files, nil
	case v.refused:
		return nil, fault.New(fault.Invalid, "caldav.refused")
	}
	return nil, named(err)
}

// named makes a fault of what went wrong, whose cause names no address.
func named(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return fetch.Failed(of.Err)
	}
	var ours *fault.Error
	if errors.As(err, &ours) {
		return err
	}
	return fault.New(fault.Unavailable, "caldav.answer")
}

func (v *visit) read(ctx context.Context, c *dav.Client, path string, from, to time.Time) (files [][]byte, err error) {
	list, err := calendars(ctx, c, path)
	if err != nil {
		return nil, err
	}
	for _, one := range list {
		found, err := c.QueryCalendar(ctx, one.Path, &dav.CalendarQuery{
			CompRequest: dav.CalendarCompRequest{Name: ical.CompCalendar, AllProps: true, AllComps: true},
			CompFilter:  dav.CompFilter{Name: ical.CompCalendar, Comps: []dav.CompFilter{{Name: ical.CompEvent, Start: from.UTC(), End: to.UTC()}}},
		})
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		for _, o := range found {
			if o.Data == nil {
				continue
			}
			if err := ical.NewEncoder(&b).Encode(o.Data); err != nil {
				return nil, err
			}
		}
		if b.Len() > 0 {
			files = append(files, b.Bytes())
		}
	}
	return files, nil
}

// calendars are those with events at an address, or, where none is, those of whoever signs in.
func calendars(ctx context.Context, c *dav.Client, path string) (list []dav.Calendar, err error) {
	list, err = c.FindCalendars(ctx, path)
	if err != nil || len(list) == 0 {
		who, err := c.FindCurrentUserPrincipal(ctx)
		if err != nil {
			return nil, err
		}
		home, err := c.FindCalendarHomeSet(ctx, who)
		if err != nil {
			return nil, err
		}
		if list, err = c.FindCalendars(ctx, home); err != nil {
			return nil, err
		}
	}
	list = slices.DeleteFunc(list, func(one dav.Calendar) bool {
		return len(one.SupportedComponentSet) > 0 && !slices.Contains(one.SupportedComponentSet, ical.CompEvent)
	})
	switch {
	case len(list) == 0:
		return nil, fault.New(fault.NotFound, "caldav.none")
	case len(list) > maxCalendars:
		return nil, fault.New(fault.Invalid, "caldav.many", maxCalendars)
	}
	return list, nil
}
