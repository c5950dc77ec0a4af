package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"guildhall/internal/demo"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/question"
	"guildhall/internal/reply"
	"guildhall/internal/representative"
)

// ownNames lets a demonstration hall ask nobody outside who speaks for a platform: the
// invented one says so of whoever it invented.
func (h *Hall) ownNames() {
	h.Representatives.LookupTXT = func(ctx context.Context, _ string) ([]string, error) {
		f, err := h.Faces.ByHandle(ctx, demo.SpeakerHandle)
		if fault.Is(err, fault.NotFound) {
			return nil, &net.DNSError{IsNotFound: true}
		}
		if err != nil {
			return nil, err
		}
		list, err := h.Representatives.OfFace(ctx, representative.Actor{Face: f.ID})
		var texts []string
		for _, m := range list {
			texts = append(texts, m.Text)
		}
		return texts, err
	}
	h.Representatives.Fetch = func(context.Context, string) ([]byte, error) {
		return nil, fault.New(fault.NotFound, "fetch.missing").Because(errors.New("a demonstration asks nobody"))
	}
}

// represent lets somebody speak for the story's platform in the days before the hall is
// opened to visitors: one question is answered, late; an answer to another is promised;
// and two articles are replied to, one of them the letter that came of a consultation. Visitors may do so too, by the account that note tells.
// The proof itself is looked for outside a transaction.
func (t *teller) represent(ctx context.Context, now time.Time) (note string, err error) {
	t.clock.set(now.AddDate(0, 0, -6))
	f, err := t.hall.Faces.New(ctx, demo.SpeakerName)
	if err != nil {
		return "", err
	}
	g, note, err := t.openKeys(ctx, "somebody who speaks for Gigharbour", f.Name)
	if err != nil {
		return "", err
	}
	if _, err := t.join(ctx, &actor{Face: string(f.ID), Root: drawRoot()}, g); err != nil {
		return "", err
	}
	m, err := t.hall.Representatives.Claim(ctx, representative.Actor{Face: f.ID}, gigharbour, demo.SpeakerRole)
	if err != nil {
		return "", err
	}
	return note, t.speak(ctx, m, now)
}

// speak answers, promises and replies under a mandate.
func (t *teller) speak(ctx context.Context, m representative.Mandate, now time.Time) error {
	f := m.Face
	by := question.Actor{Face: f.ID, For: gigharbour, Mandate: string(m.ID)}
	for i, s := range demo.Spoken {
		t.clock.set(now.AddDate(0, 0, -5).Add(time.Duration(i) * time.Hour))
		id, err := t.owed(ctx, s.Question)
		if err != nil {
			return err
		}
		n := question.Filing{Kind: question.Answer, Code: question.Direct, Words: s.Words}
		if s.Days > 0 {
			n.Kind, n.Code, n.Until = question.Promise, "", question.DayOf(now)+question.Day(s.Days)
		}
		if _, err := t.hall.Questions.Respond(ctx, by, id, n); err != nil {
			return fmt.Errorf("question %s: %w", s.Question, err)
		}
	}
	for _, r := range demo.Replied {
		_, err := t.hall.Replies.Write(ctx, reply.Actor{Face: f.ID, For: gigharbour, Mandate: string(m.ID)},
			reply.Target{Kind: reply.Article, ID: string(t.articles[r.Article].ID)}, forum.MaxArticle, r.Words)
		if err != nil {
			return fmt.Errorf("reply to %s: %w", r.Article, err)
		}
	}
	return nil
}

// owed finds the question that was made of a discussion of the story.
func (t *teller) owed(ctx context.Context, key string) (question.ID, error) {
	title := t.told(key).Title
	list, err := t.hall.Questions.Questions(ctx, question.Filter{Shelf: question.OpenShelf, Platform: gigharbour, Limit: 500})
	i := slices.IndexFunc(list, func(q question.Question) bool { return q.Title == title })
	if err != nil || i < 0 {
		return "", errors.Join(err, fmt.Errorf("no open question %q", key))
	}
	return list[i].ID, nil
}

// prove looks whether the platform says so, on the first day and on the last.
func (t *teller) prove(ctx context.Context, now time.Time) error {
	for _, ago := range []int{6, 0} {
		t.clock.set(now.AddDate(0, 0, -ago))
		if err := t.hall.Representatives.CheckDue(ctx); err != nil {
			return err
		}
	}
	return nil
}
