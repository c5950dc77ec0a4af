package app

import (
	"crypto/rand"
	"net/url"
	"time"

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
	return push.New(push.Config{Key: k, Subject: "https://" + host, Now: now}), nil
}
