package app

import (
	"context"
	"fmt"
	"time"

	"guildhall/internal/demo"
	"guildhall/internal/platform"
	"guildhall/internal/question"
)

// asking is how long after a discussion was opened a steward makes a canonical
// question of it.
const asking = time.Hour

// askAll sets the scenes of the story's questions, with the platform they are put to.
func (t *teller) askAll() {
	var first time.Time
	for _, q := range t.story.Questions {
		d := t.told(q.Discussion)
		if at := d.At.Add(asking); first.IsZero() || at.Before(first) {
			first = at
		}
		t.at(d.At.Add(asking), func(ctx context.Context) error { return t.askQuestion(ctx, q, d) })
	}
	if !first.IsZero() {
		t.at(first.Add(-time.Minute), t.acceptPlatform)
	}
}

// told is a discussion of the story.
func (t *teller) told(key string) demo.Discussion {
	for _, d := range t.story.Discussions {
		if d.Key == key {
			return d
		}
	}
	return demo.Discussion{}
}

// gigharbour is the platform of the story.
const gigharbour = "gigharbour"

func (t *teller) acceptPlatform(ctx context.Context) error {
	by := platform.Actor{Face: t.faces[t.founder()].ID, Steward: true}
	p, err := t.hall.Platforms.Propose(ctx, by, platform.Proposal{Name: "Gigharbour", Domain: "gigharbour.example", About: "A market of freelance work, invented for this demonstration."})
	if err != nil {
		return err
	}
	return t.hall.Platforms.Decide(ctx, by, p.ID, platform.Accepted, "Most of us work through it.")
}

// askQuestion makes a canonical question of a discussion; what became of it, and the
// posts that come later, are scenes of their own.
func (t *teller) askQuestion(ctx context.Context, q demo.Question, d demo.Discussion) error {
	by := question.Actor{Face: t.faces[t.founder()].ID, Steward: true}
	now := t.clock.now()
	var posts, later []demo.Post
	for _, n := range q.Cases {
		if p := d.Posts[n-1]; p.At.After(now) {
			later = append(later, p)
		} else {
			posts = append(posts, p)
		}
	}
	clause := ""
	if q.Clause != "" {
		id, err := t.clause(ctx, q.Clause)
		if err != nil {
			return fmt.Errorf("question %s: %w", q.Discussion, err)
		}
		clause = string(id)
	}
	made, _, err := t.hall.Questions.AskFrom(ctx, by, question.Asking{Title: d.Title, Lang: d.Lang, Platform: gigharbour, Clause: clause, Owes: question.ByPlatform}, t.said(d, posts))
	if err != nil {
		return fmt.Errorf("question %s: %w", q.Discussion, err)
	}
	for _, p := range later {
		t.afterwards(p.At.Add(time.Minute), func(ctx context.Context) error {
			_, err := t.hall.Questions.Gather(ctx, by, made.ID, t.said(d, []demo.Post{p}))
			return err
		})
	}
	for kind, happened := range map[question.Kind]demo.Happened{question.Answer: q.Answer, question.Pause: q.Pause, question.Promise: q.Promise} {
		if !happened.At.IsZero() {
			t.afterwards(happened.At, func(ctx context.Context) error { return t.file(ctx, made.ID, by, kind, happened) })
		}
	}
	return nil
}

func (t *teller) said(d demo.Discussion, posts []demo.Post) (list []question.Said) {
	for _, p := range posts {
		list = append(list, question.Said{Post: string(t.discussions[d.Key].posts[p.Number-1]), Face: t.faces[p.Author].ID, At: p.At})
	}
	return list
}

// file writes in the book of a question, and lets who asked first judge an answer.
func (t *teller) file(ctx context.Context, id question.ID, by question.Actor, k question.Kind, h demo.Happened) error {
	f := question.Filing{Kind: k, Link: h.Link, Words: h.Text, Code: question.Code(h.Code)}
	f.Until, _ = question.ParseDay(h.Until)
	if k == question.Answer {
		f.Code, f.Day = question.Published, question.DayOf(h.At)
	}
	e, err := t.hall.Questions.File(ctx, by, id, f)
	if err != nil || h.Verdict == "" {
		return err
	}
	cases, _, err := t.hall.Questions.Variants(ctx, by, id, "")
	if err != nil {
		return err
	}
	return t.hall.Questions.Judge(ctx, question.Actor{Face: cases[0].Asker.ID}, id, e.N, question.Verdict(h.Verdict), h.Words)
}
