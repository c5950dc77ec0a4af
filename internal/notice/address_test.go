package notice_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/notice"
	"guildhall/internal/push"
)

// carry brings words to addresses, as send does to devices.
func (h *hall) carry(_ context.Context, w notice.Word) (push.Outcome, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	o, told := h.says[w.To]
	if !told {
		o = push.Outcome{Kind: push.Accepted}
	}
	if o.Kind == push.Accepted {
		h.words = append(h.words, w)
	}
	return o, nil
}

// told are the addresses that were sent something since this was asked last.
func (h *hall) told(want ...string) []notice.Word {
	h.t.Helper()
	words := h.words
	h.words = nil
	if len(words) != len(want) {
		h.t.Fatalf("carried: %+v, want %v", words, want)
	}
	for i, w := range words {
		if w.To != want[i] {
			h.t.Errorf("carried to %s, want %s", w.To, want[i])
		}
	}
	return words
}

func (h *hall) add(w notice.Way, to string) {
	h.t.Helper()
	h.ok(h.Add(h.ctx, ana, notice.Address{Way: w, To: to, Lang: "en", Zone: "UTC"}))
	h.works()
}

// proof is the key by which whoever got a question answers it.
func proof(w notice.Word) string { return strings.TrimPrefix(w.Path, "/reach/prove/") }

// proves adds an address, and answers what is asked there.
func (h *hall) proves(w notice.Way, to string) {
	h.t.Helper()
	h.add(w, to)
	asked := h.words[len(h.words)-1]
	h.words = h.words[:len(h.words)-1]
	if asked.Kind != notice.Proof || asked.To != to {
		h.t.Fatalf("asked: %+v", asked)
	}
	h.ok(h.Prove(h.ctx, proof(asked)))
}

// Nothing goes to a mail address but one question, until somebody there has answered it.
func TestAdd_mailIsProvenFirst(t *testing.T) {
	each(t, func(h *hall) {
		h.ok(h.Add(h.ctx, ana, notice.Address{Way: notice.Mail, To: "ana@example.org", Lang: "en", Zone: "UTC"}))
		h.ok(h.Keep(h.ctx)) // a night in which the mail server is away
		h.works()
		ask := h.told("ana@example.org")[0]
		if ask.Kind != notice.Proof || !strings.HasPrefix(ask.Path, "/reach/prove/") {
			h.t.Errorf("%+v", ask)
		}
		h.raise(notice.Replies, ana)
		h.told()
		if d := h.devices(ana); len(d) != 1 || d[0].Health != notice.Unproven || d[0].Address != "ana@example.org" || d[0].Rung != notice.Rungs {
			h.t.Errorf("%+v", d)
		}
		if err := h.Prove(h.ctx, "guessed"); !fault.Is(err, fault.NotFound) {
			h.t.Errorf("a guess proves it: %v", err)
		}
		for _, other := range []string{ask.Token, ask.Leave} {
			if err := h.Prove(h.ctx, other); !fault.Is(err, fault.NotFound) {
				h.t.Errorf("a key for something else proves it: %v", err)
			}
		}
		h.ok(h.Prove(h.ctx, proof(ask)))
		h.raise(notice.Replies, ana)
		w := h.told("ana@example.org")[0]
		if w.Kind != notice.Replies || w.Path != "/following" || w.ID == "" || w.ID == ask.ID {
			h.t.Errorf("%+v", w)
		}
		for _, other := range []string{w.Leave, proof(ask)} { // they are sent, but do not say that it was seen
			h.ok(h.Acknowledge(h.ctx, other, w.Notice, notice.Opened))
		}
		h.held(ana, notice.Waiting{Kind: notice.Replies, N: 1})
		h.ok(h.Acknowledge(h.ctx, w.Token, w.Notice, notice.Opened))
		h.held(ana)
		for _, other := range []string{w.Token, proof(ask), w.Leave + "x", "x" + w.Leave, ""} {
			h.ok(h.Stop(h.ctx, other))
		}
		h.ok(h.Known(h.ctx, w.Token))
		h.ok(h.Stop(h.ctx, w.Leave))
		if err := h.Known(h.ctx, w.Token); !fault.Is(err, fault.NotFound) {
			h.t.Errorf("it is known after its end: %v", err)
		}
		h.raise(notice.Replies, ana)
		h.told()
	})
}

// A ladder goes from a browser over a program to mail, and a mail server that is away for
// a day neither ends it nor doubles anything.
func TestAdd_mailIsTheLastRung(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.proves(notice.Hook, "https://program.example/in")
		h.proves(notice.Mail, "ana@example.org")
		h.raise(notice.Terms, ana)
		h.rang("phone")
		h.pass(15 * time.Minute)
		if w := h.told("https://program.example/in")[0]; w.Secret == "" {
			h.t.Errorf("%+v", w)
		}
		h.says["ana@example.org"] = push.Outcome{Kind: push.Resting, After: 10 * time.Minute}
		h.pass(26 * time.Hour)
		h.told()
		h.held(ana, notice.Waiting{Kind: notice.Terms, N: 1})
		delete(h.says, "ana@example.org")
		h.pass(10 * time.Hour) // over the night
		h.told("ana@example.org")
		h.held(ana)
		h.rang()
		if d := h.devices(ana); d[0].Health != notice.Well || d[2].Health != notice.Well {
			h.t.Errorf("%+v", d)
		}
	})
}

func TestAdd_refuses(t *testing.T) {
	each(t, func(h *hall) {
		if err := h.Add(h.ctx, "", notice.Address{Way: notice.Hook, To: "x"}); !fault.Is(err, fault.SignIn) {
			h.t.Error(err)
		}
		if err := h.Add(h.ctx, ana, notice.Address{Way: notice.Hook, To: "bad"}); !fault.Is(err, fault.Invalid) {
			h.t.Error(err)
		}
		for range 3 { // the same is one
			h.add(notice.Ntfy, "https://ntfy.example/a")
		}
		for _, x := range "bcdefghij" {
			h.add(notice.Ntfy, "https://ntfy.example/"+string(x))
		}
		if err := h.Add(h.ctx, ana, notice.Address{Way: notice.Ntfy, To: "https://ntfy.example/k"}); !fault.Is(err, fault.TooMany) {
			h.t.Error(err)
		}
		h.ok(h.Add(h.ctx, bo, notice.Address{Way: notice.Ntfy, To: "https://ntfy.example/a", Zone: "UTC"})) // takes nothing from her
		if d := h.devices(ana); len(d) != 10 {
			h.t.Errorf("%d", len(d))
		}
	})
}

// Two addresses that are added while nothing can be sent are both asked, each once.
func TestAdd_twoAreAsked(t *testing.T) {
	each(t, func(h *hall) {
		for _, to := range []string{"a@example.org", "b@example.org"} {
			h.says[to] = push.Outcome{Kind: push.Resting, After: time.Minute}
			h.add(notice.Mail, to)
		}
		h.told()
		h.says = map[string]push.Outcome{}
		h.works()
		tokens := map[string]string{}
		for _, w := range h.words {
			tokens[w.To] = proof(w)
		}
		if len(h.words) != 2 || len(tokens) != 2 {
			h.t.Fatalf("%+v", h.words)
		}
		h.ok(h.Prove(h.ctx, tokens["a@example.org"]))
		h.held(ana, notice.Waiting{Kind: notice.Proof, N: 1})
		h.ok(h.Prove(h.ctx, tokens["b@example.org"]))
		h.held(ana)
	})
}

// What dawdles at an address keeps no browser waiting.
func TestRun_addressesApart(t *testing.T) {
	each(t, func(h *hall) {
		h.proves(notice.Hook, "https://program.example/in")
		h.device(ana, "phone", 2)
		slow, free, rang := make(chan struct{}), make(chan struct{}), make(chan struct{})
		h.Carry = func(context.Context, notice.Word) (push.Outcome, error) {
			close(slow)
			<-free
			return push.Outcome{Kind: push.Accepted}, nil
		}
		h.Send = func(context.Context, push.Subscription, push.Message) (push.Outcome, error) {
			close(rang)
			return push.Outcome{Kind: push.Accepted}, nil
		}
		ctx, stop := context.WithCancel(h.ctx)
		ended := make(chan struct{})
		go func() { defer close(ended); h.Run(ctx) }()
		h.ok(h.Raise(h.ctx, notice.Replies, []face.ID{ana}))
		<-slow
		<-rang // while the program still thinks
		close(free)
		stop()
		<-ended
	})
}

// An address that its server refuses three times is dead, and its owner is told elsewhere.
func TestAdd_refusedThrice(t *testing.T) {
	each(t, func(h *hall) {
		h.proves(notice.Ntfy, "https://ntfy.example/a")
		h.says["https://ntfy.example/a"] = push.Outcome{Kind: push.Refused, Status: 403}
		for range 3 {
			h.raise(notice.Replies, ana)
			h.pass(time.Hour)
		}
		if d := h.devices(ana); d[0].Health != notice.Dead {
			h.t.Errorf("%+v", d)
		}
	})
}

// Once a week browsers are rung silently, by those who wish it; what has not shown that
// when the next comes is silent, and what shows something is well again.
func TestChecks(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.device(ana, "tablet", 2)
		h.device(bo, "other", 1)
		h.proves(notice.Hook, "https://program.example/in")
		s := notice.Defaults("UTC")
		s.Checks = true
		h.ok(h.Save(h.ctx, ana, s))
		h.at = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC) // in quiet hours: nobody notices
		h.ok(h.Checks(h.ctx))
		h.works()
		for _, l := range h.rang("phone", "tablet") {
			if l.K != "check" || l.Urgency != push.Low {
				h.t.Errorf("%+v", l)
			}
			if l.to == "phone" {
				h.ok(h.Acknowledge(h.ctx, l.T, l.N, notice.Shown))
			}
		}
		h.ok(h.Checks(h.ctx))
		for _, d := range h.devices(ana) {
			if want := map[string]notice.Health{notice.Mark("phone"): notice.Well, notice.Mark("tablet"): notice.Silent}[d.Mark]; want != "" && d.Health != want {
				h.t.Errorf("%+v", d)
			}
		}
		h.works()
		for _, l := range h.rang("phone", "tablet") {
			h.ok(h.Acknowledge(h.ctx, l.T, l.N, notice.Shown))
		}
		for _, d := range h.devices(ana) {
			if d.Health != notice.Well {
				h.t.Errorf("%+v", d)
			}
		}
	})
}

// What an open page has said needs no device, unless she wishes to be rung until it is opened.
func TestHere(t *testing.T) {
	each(t, func(h *hall) {
		h.device(ana, "phone", 1)
		h.device(bo, "other", 1)
		h.ok(h.Ring(h.ctx, ana))
		h.raise(notice.Replies, ana, bo)
		h.ok(h.Here(h.ctx, ana, false, notice.Shown))
		h.held(ana, notice.Waiting{Kind: notice.Trial, N: 1})
		h.raise(notice.Messages, ana)
		h.ok(h.Here(h.ctx, ana, false, notice.Opened))
		h.held(ana, notice.Waiting{Kind: notice.Messages, N: 1}, notice.Waiting{Kind: notice.Trial, N: 1})
		h.ok(h.Here(h.ctx, ana, true, notice.Shown))
		h.held(ana, notice.Waiting{Kind: notice.Trial, N: 1})
		h.held(bo, notice.Waiting{Kind: notice.Replies, N: 1})
		s := notice.Defaults("UTC")
		s.Until = notice.Opened
		h.ok(h.Save(h.ctx, bo, s))
		h.ok(h.Here(h.ctx, bo, false, notice.Shown))
		h.held(bo, notice.Waiting{Kind: notice.Replies, N: 1})
		h.ok(h.Here(h.ctx, bo, false, notice.Opened))
		h.held(bo)
		if err := h.Here(h.ctx, "", false, notice.Opened); !fault.Is(err, fault.SignIn) {
			h.t.Error(err)
		}
	})
}
