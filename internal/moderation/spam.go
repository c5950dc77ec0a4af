package moderation

import (
	"crypto/sha256"
	"sync"
	"time"

	"guildhall/internal/ident"
)

// newcomerPosts is how many posts make a newcomer known.
const newcomerPosts = 5

// Verdict says how a new text is received. The zero value lets it in.
type Verdict struct {
	Held     string // key of the sentence why it waits for a steward; empty: it does not
	MaxLinks int    // outbound links allowed; 0 means any number, -1 none
	Newcomer bool   // she has written too little yet to be known
}

// Weigh says how a text by somebody with so many posts is received: the first
// few of a newcomer may wait for a steward, her links are few, and the same
// text arriving from several newcomers waits too. It remembers texts for a day,
// as hashes in memory.
func (r *Room) Weigh(a Actor, steward bool, text string) Verdict {
	if steward || a.Posts >= newcomerPosts {
		return Verdict{}
	}
	v := Verdict{MaxLinks: r.NewcomerLinks, Newcomer: true}
	if v.MaxLinks == 0 {
		v.MaxLinks = -1 // none at all
	}
	if a.Posts < r.FirstHeld {
		v.Held = "moderation.held.newcomer"
	}
	if r.echoes.others(string(a.Face), text) {
		v.Held = "moderation.held.echo"
	}
	return v
}

// WeighChange says how a changed text is received: as a new one, and where first
// posts of newcomers wait, what a newcomer changes waits too, or an advert would
// come in after the steward has looked.
func (r *Room) WeighChange(a Actor, steward bool, text string) Verdict {
	v := r.Weigh(a, steward, text)
	if !steward && v.Held == "" && r.FirstHeld > 0 && a.Posts < newcomerPosts {
		v.Held = "moderation.held.change"
	}
	return v
}

// echoes remembers who has lately written which text.
type echoes struct {
	now  func() time.Time
	mu   sync.Mutex
	seen map[[8]byte]echo
}

type echo struct {
	by [8]byte
	at time.Time
}

const (
	echoLife = 24 * time.Hour
	echoMost = 20_000
	echoText = 40 // bytes; shorter texts ("thank you") echo innocently
)

func newEchoes(now func() time.Time) *echoes {
	return &echoes{now: now, seen: map[[8]byte]echo{}}
}

// others tells whether somebody else has sent the same text within a day.
func (e *echoes) others(by, text string) bool {
	folded := ident.Fold(text)
	if len(folded) < echoText {
		return false
	}
	k, who, now := short(folded), short(by), e.now()
	e.mu.Lock()
	defer e.mu.Unlock()
	old, ok := e.seen[k]
	if ok && now.Sub(old.at) < echoLife && old.by != who {
		return true
	}
	if len(e.seen) >= echoMost {
		clear(e.seen) // a flood of texts: forget rather than grow
	}
	e.seen[k] = echo{who, now}
	return false
}

func short(s string) (k [8]byte) {
	h := sha256.Sum256([]byte(s))
	copy(k[:], h[:])
	return k
}
