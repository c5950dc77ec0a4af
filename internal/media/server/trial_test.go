package server_test

import (
	"strings"
	"testing"

	"golang.org/x/net/websocket"

	"guildhall/internal/media"
)

// A ticket of a trial lets into a room of its own, where LiveKit lets nobody publish, hear or
// write; the word for the relay is there, since the relay is one of the ways.
func TestTrial_carriesNothing(t *testing.T) {
	t.Parallel()
	h := open(t, func(c *media.Config) { c.Orders.Domain = "hall.example" })
	for _, ticket := range h.Trial(2) {
		at := "ws" + strings.TrimPrefix(h.web, "http") + "/media/rtc" + with(ticket) + "&protocol=15"
		c, err := websocket.Dial(at, "", h.web)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		m, err := hear(c)
		if err != nil || m.GetJoin() == nil {
			t.Fatalf("%v, %v", m, err)
		}
		j := m.GetJoin()
		if p := j.Participant.Permission; p.CanPublish || p.CanSubscribe || p.CanPublishData || p.CanUpdateMetadata {
			t.Errorf("whoever tries may do something: %v", p)
		}
		if len(j.IceServers) == 0 || j.IceServers[0].Credential == "" {
			t.Error("no relay to try")
		}
	}
	if !h.Runs() {
		t.Error("the child answers, and does not run")
	}
}
