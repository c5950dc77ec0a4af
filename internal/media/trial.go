package media

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"time"
)

const (
	// trial is what the rooms of trials begin with; no call's number does.
	trial = "try-"
	// trialLasts is how long a trial's tickets let in, and how long its room is there.
	trialLasts = 2 * time.Minute
)

// Trial gives n tickets with which one page tries the ways to the server, one after another.
// They let into a room of its own in which nothing can be said, heard or written, and which
// is closed after a while. When that is stands in its name, so that nobody need keep it.
func (s *Server) Trial(n int) []string {
	until := s.config.Now().Add(trialLasts).Unix()
	room := trial + strconv.FormatInt(until, 10) + "-" + rand.Text()
	time.AfterFunc(trialLasts, func() {
		ctx, cancel := context.WithTimeout(context.Background(), askWithin)
		defer cancel()
		_ = s.End(ctx, room) // if it cannot be closed, nothing is said there all the same
	})
	no := false
	tickets := make([]string, n)
	for i := range tickets {
		tickets[i] = s.sign(claims{Subject: rand.Text(), Until: until, Video: grant{Room: room, Join: true, Publish: &no, Subscribe: &no, Data: &no}})
	}
	return tickets
}

// tried tells whether a room is one of a trial, and whether that may still be joined. Only
// the hall signs names of rooms.
func (s *Server) tried(room string) (is, going bool) {
	rest, is := strings.CutPrefix(room, trial)
	until, _, _ := strings.Cut(rest, "-")
	at, err := strconv.ParseInt(until, 10, 64)
	return is, is && err == nil && s.config.Now().Unix() < at
}

// Told are the address and the ports that the child is told, without its keys.
func (s *Server) Told() Orders {
	o := s.config.Orders
	o.Key, o.Secret = "", ""
	return o
}

// Runs tells whether the child is there and answers.
func (s *Server) Runs() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.child != nil && s.child.answered()
}
