package app

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/live"
	"guildhall/internal/news"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// openPush makes what speaks to push services. They are told the hall's address, with
// https whatever it is: some refuse any other.
func openPush(dir string, c Config, now func() time.Time) (*push.Client, error) {
	k, err := push.KeepKey(dir, rand.Reader)
	if err != nil {
		return nil, err
	}
	host := "localhost"
	if u, err := url.Parse(c.URL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	roots, err := pushRootsUnderTest()
	if err != nil {
		return nil, err
	}
	return push.New(push.Config{Key: k, Subject: "https://" + host, Now: now, TestOnlyRoots: roots}), nil
}

// listener tells whose page wishes to be told what is new, as identify does.
func (h *Hall) listener(ctx context.Context, r *http.Request) (w live.Who, found bool, err error) {
	c, err := r.Cookie(h.sessionCookie())
	if err != nil {
		return w, false, nil
	}
	s, err := h.Members.Resume(ctx, c.Value)
	if fault.Is(err, fault.SignIn) {
		return w, false, nil
	}
	return live.Who{Person: s.Face, Browser: s.Device}, err == nil, err
}

// carried are the sorts in which people choose how soon they are told of news.
var carried = map[news.Kind]notice.Kind{
	news.Answered: notice.Answers, news.Promised: notice.Answers, news.Closed: notice.Answers, news.Moved: notice.Answers,
	news.Replied: notice.Replies, news.Discussed: notice.Replies, news.Asked: notice.Asked, news.Consulted: notice.Asked,
	news.Concluded: notice.Results, news.Changed: notice.Terms, news.Lost: notice.Lost,
	news.Booked: notice.Bookings, news.Shifted: notice.Bookings, news.CalledOff: notice.Bookings,
	news.Wished: notice.People, news.Connected: notice.People, news.Introduced: notice.People, news.Warned: notice.People,
}

// carry brings news to the devices of those who are told, and to their open pages.
func (h *Hall) carry(ctx context.Context, k news.Kind, to []face.ID) error {
	db.AfterCommit(ctx, func() {
		for _, f := range to {
			h.Live.Tell(string(f), live.News)
		}
	})
	return h.Notices.Raise(ctx, carried[k], to)
}

// lost tells somebody that a device of hers cannot be reached any more.
func lost(e event.Event) ([]news.Telling, error) {
	var l notice.LostDevice
	err := e.Decode(&l)
	return []news.Telling{{Kind: news.Lost, Thing: news.Thing{Kind: news.Device, ID: e.Subject}, To: []face.ID{l.Face}}}, err
}
