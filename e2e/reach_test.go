package e2e

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"guildhall/internal/push"
)

var reachCommands = map[string]command{
	// pushed NAME WORDS: the last message that the device whose address ends in NAME was
	// sent says WORDS; its token and notice are kept as NAME_token and NAME_notice.
	"pushed": {2, 2, true, pushed},
}

// pushes are what the stories' push service was sent, the last one for each address.
type pushes struct {
	mu   sync.Mutex
	last map[string]string
}

// take is the push service: it has every device but those whose address says "gone", and does
// not answer for those whose address says "away".
func (p *pushes) take(_ context.Context, s push.Subscription, m push.Message) (push.Outcome, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if strings.Contains(s.Endpoint, "gone") {
		return push.Outcome{Kind: push.Gone, Status: 410}, nil
	}
	if strings.Contains(s.Endpoint, "away") {
		return push.Outcome{Kind: push.Unreachable}, nil
	}
	if p.last == nil {
		p.last = map[string]string{}
	}
	_, name, _ := strings.Cut(s.Endpoint, "/to/")
	p.last[name] = string(m.Payload)
	return push.Outcome{Kind: push.Accepted, Status: 201}, nil
}

func pushed(s *scene, a []string) error {
	s.pushes.mu.Lock()
	text := s.pushes.last[a[0]]
	s.pushes.mu.Unlock()
	var p struct{ T, N, B string }
	if text != "" {
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return err
		}
		s.ts.Setenv(a[0]+"_token", p.T)
		s.ts.Setenv(a[0]+"_notice", p.N)
	}
	return s.expect(text != "" && strings.Contains(p.B, a[1]), "%s was sent %q of %v", a[0], p.B, s.pushes.last)
}
