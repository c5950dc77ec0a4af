package notice

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/push"
)

const (
	handedAtOnce = 200
	hands        = 32
	look         = time.Minute
	kept         = 24 * time.Hour     // by the push service, for a device that is off
	checkKept    = 6 * 24 * time.Hour // whoever is away for days is there
	beginsKept   = 5 * time.Minute
	soonKept     = 10 * time.Minute // then it has begun
	callKept     = 45 * time.Second // it rings no longer
	trialKept    = 5 * time.Minute  // a trial that comes later says nothing
)

// Run lights rungs and hands over what is queued until ctx ends. Addresses have a hand of
// their own: a mail server that is away, or a program that dawdles, keeps no browser waiting.
func (r *Room) Run(ctx context.Context) {
	r.wake() // what a program that was killed has left
	var work sync.WaitGroup
	work.Go(func() {
		r.again(ctx, r.wakes()[0], func() (time.Duration, error) {
			if err := r.Climb(ctx); err != nil {
				return look, err
			}
			return r.deliver(ctx, qQueued)
		})
	})
	work.Go(func() {
		r.again(ctx, r.wakes()[1], func() (time.Duration, error) { return r.deliver(ctx, qQueuedElse) })
	})
	work.Wait()
}

// again does something now, when it is woken, and as soon as it says, until ctx ends.
func (r *Room) again(ctx context.Context, awake <-chan struct{}, do func() (time.Duration, error)) {
	for {
		again, err := do()
		if err != nil && ctx.Err() == nil {
			slog.Error("notices", "kind", fault.KindOf(err).String(), "ops", fault.From(err).Ops(), "cause", fault.Cause(err))
		}
		t := time.NewTimer(min(again, look))
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-awake:
		case <-t.C:
		}
		t.Stop()
	}
}

func (r *Room) wakes() [2]chan struct{} {
	r.once.Do(func() { r.awake = [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)} })
	return r.awake
}

func (r *Room) wake() {
	for _, awake := range r.wakes() {
		select {
		case awake <- struct{}{}:
		default: // it is awake already
		}
	}
}

// Deliver hands everything that is queued to push services and addresses, and tells after
// which time what could not be handed over is worth another try. A program that is killed
// between handing over and noting it hands over once more: devices show both as one.
func (r *Room) Deliver(ctx context.Context) (again time.Duration, err error) {
	again, err = r.deliver(ctx, qQueued)
	if err != nil {
		return again, err
	}
	then, err := r.deliver(ctx, qQueuedElse)
	return min(again, then), err
}

// deliver hands over what a query finds queued.
func (r *Room) deliver(ctx context.Context, q *db.Query) (again time.Duration, err error) {
	defer fault.Wrap(&err, "notice.deliver")
	again = look
	for last := (queued{}); ; {
		list, err := r.queued(ctx, q, last, handedAtOnce)
		if err != nil || len(list) == 0 {
			return again, err
		}
		last = list[len(list)-1]
		sent, err := r.sendAll(ctx, list)
		if err != nil {
			return again, err
		}
		for _, o := range sent {
			if o.After > 0 {
				again = min(again, o.After)
			}
		}
		if err := r.DB.Tx(ctx, func(ctx context.Context) error { return r.noteTx(ctx, list, sent) }); err != nil {
			return again, err
		}
	}
}

// sendAll sends what may be sent at this hour, many at a time.
func (r *Room) sendAll(ctx context.Context, list []queued) ([]push.Outcome, error) {
	wishes := map[face.ID]Settings{}
	for _, q := range list {
		if _, known := wishes[q.face]; known {
			continue
		}
		s, err := r.settings(ctx, q.face)
		if err != nil {
			return nil, err
		}
		wishes[q.face] = s
	}
	sent := make([]push.Outcome, len(list))
	var all sync.WaitGroup
	free := make(chan struct{}, hands)
	for i, q := range list {
		s := wishes[q.face]
		if !q.kind.atOnce() && s.quiet(r.Now()) {
			continue // a push service was away until now
		}
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			o, err := r.send(ctx, q, s)
			if err != nil && ctx.Err() == nil {
				o.Kind = push.Refused // an address of an older program that this one does not take
			}
			sent[i] = o
		})
	}
	all.Wait()
	return sent, ctx.Err()
}

// atOnce tells of kinds that are sent in quiet hours, too: somebody waits for them, or
// she has agreed to that minute, or nobody notices.
func (k Kind) atOnce() bool { return slices.Contains([]Kind{Trial, Proof, Check, Begins, Joins}, k) }

// send hands a message over in the way of its device.
func (r *Room) send(ctx context.Context, q queued, s Settings) (push.Outcome, error) {
	if q.way == Push {
		return r.Send(ctx, q.to, r.message(q, s))
	}
	w := Word{Way: q.way, To: q.to.Endpoint, Secret: q.to.Auth, Lang: q.lang, Kind: q.kind, Token: keyFor(q.device, q.token, toSee), Notice: q.notice, Leave: keyFor(q.device, q.token, toStop)}
	p, urgency, _ := words(q, s)
	w.Title, w.Text, w.Path, w.Urgency = p.Title, p.Text, p.To, urgency
	h := sha256.Sum256([]byte(q.token + " " + q.notice + " " + strconv.Itoa(q.n)))
	w.ID = base64.RawURLEncoding.EncodeToString(h[:18])
	return r.Carry(ctx, w)
}

// payload is what a device reads. The names are short because a message is.
type payload struct {
	Token  string `json:"t"`
	Notice string `json:"n"`
	Tag    string `json:"k"` // notices of one tag take each other's place
	Title  string `json:"h"`
	Text   string `json:"b"`
	Lang   string `json:"l"`
	Dir    string `json:"d"`
	To     string `json:"u"`           // path that is opened
	Silent int    `json:"s,omitempty"` // 1: it is shown for a moment only
}

// words are what a device is told, how urgently, and how long that is worth telling.
func words(q queued, s Settings) (p payload, u push.Urgency, keep time.Duration) {
	l, _ := lang.Parse(q.lang)
	p, u, keep = payload{Token: q.token, Notice: q.notice, Tag: string(q.kind), Title: l.T("notice.push.title"), Text: l.T("notice.push.new"), Lang: l.String(), Dir: l.Dir(), To: "/following"}, push.Normal, kept
	switch {
	case q.kind == Trial:
		p.Text, p.To, u, keep = l.T("notice.push.trial"), "/account/reach", push.High, trialKept
		if q.way != Push {
			p.Text, u = l.T("notice.push.trial_address"), push.Normal
		}
	case q.kind == Proof:
		p.Text, p.To = l.T("notice.push.proof"), "/reach/prove/"+keyFor(q.device, q.token, toProve)
	case q.kind == Check:
		p.Text, p.Silent, u, keep = l.T("notice.push.check"), 1, push.Low, checkKept
	case q.kind == Call || q.kind == Joins:
		p.Tag, p.Text, p.To, u, keep = string(Call), l.T("notice.push.call"), "/calls", push.High, callKept
	case q.kind == Over:
		p.Text, p.Tag, p.Silent, u, keep = l.T("notice.push.over"), string(Call), 1, push.High, callKept
	case q.kind == Begins:
		p.Text, p.To, u, keep = l.T("notice.push.begins"), "/bookings", push.High, beginsKept
	case q.kind == Soon:
		p.To, u, keep = "/bookings", push.High, soonKept
		if s.Words {
			p.Text = l.T("notice.push.soon")
		}
	case q.kind == Lost:
		p.Text, p.To = l.T("notice.push.lost"), "/account/reach"
	case q.kind == Digest:
		u = push.Low
	case q.kind == Messages:
		p.To = "/messages"
		if s.Words {
			p.Text = l.T("notice.push.messages", q.n)
		}
	case s.Words:
		p.Text = l.T("notice.push.kind", l.T(q.kind.Name()), q.n)
	}
	return p, u, keep
}

func (r *Room) message(q queued, s Settings) (m push.Message) {
	var p payload
	p, m.Urgency, m.TTL = words(q, s)
	// The service is told which may replace which, not what they are.
	h := sha256.Sum256([]byte(q.token + " " + p.Tag))
	m.Topic = base64.RawURLEncoding.EncodeToString(h[:12])
	m.Payload, _ = json.Marshal(p) // of texts only: it cannot fail
	return m
}

// noteTx writes down what became of messages.
func (r *Room) noteTx(ctx context.Context, list []queued, sent []push.Outcome) error {
	for i, o := range sent {
		q := list[i]
		var err error
		health := r.weigh(q.device, q.way, o)
		switch o.Kind {
		case push.Accepted:
			_, err = r.DB.Exec(ctx, qHanded, q.notice, q.device, string(Handed), o.Status, q.n)
		case push.Refused, push.TooLarge:
			_, err = r.DB.Exec(ctx, qHanded, q.notice, q.device, string(Failed), o.Status, 0)
		}
		if err == nil && health != Well {
			err = r.ailTx(ctx, q.device, health)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ailTx notes that a device does not answer, and lets its owner be told, once.
func (r *Room) ailTx(ctx context.Context, device string, h Health) error {
	var f string
	changed, err := r.DB.Row(ctx, qHealth, []any{device, string(h)}, &f)
	if err != nil || !changed {
		return err
	}
	if h == Dead {
		if _, err := r.DB.Exec(ctx, qDropDead, device); err != nil {
			return err
		}
	}
	return r.Events.Append(ctx, EventLost, device, LostDevice{face.ID(f)})
}
