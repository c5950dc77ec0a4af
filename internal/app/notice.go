package app

import (
	"context"
	"crypto/rand"
	"net/url"
	"time"

	"guildhall/internal/event"
	"guildhall/internal/face"
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

// carried are the sorts in which people choose how soon they are told of news.
var carried = map[news.Kind]notice.Kind{
	news.Answered: notice.Answers, news.Promised: notice.Answers, news.Closed: notice.Answers, news.Moved: notice.Answers,
	news.Replied: notice.Replies, news.Discussed: notice.Replies, news.Asked: notice.Asked, news.Consulted: notice.Asked,
	news.Concluded: notice.Results, news.Changed: notice.Terms, news.Lost: notice.Lost,
	news.Wished: notice.People, news.Connected: notice.People, news.Introduced: notice.People,
}

// carry brings news to the devices of those who are told.
func (h *Hall) carry(ctx context.Context, k news.Kind, to []face.ID) error {
	return h.Notices.Raise(ctx, carried[k], to)
}

// lost tells somebody that a device of hers cannot be reached any more.
func lost(e event.Event) ([]news.Telling, error) {
	var l notice.LostDevice
	err := e.Decode(&l)
	return []news.Telling{{Kind: news.Lost, Thing: news.Thing{Kind: news.Device, ID: e.Subject}, To: []face.ID{l.Face}}}, err
}
