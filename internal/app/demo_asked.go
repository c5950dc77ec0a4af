package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/consultation/opinion"
	"guildhall/internal/demo"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/lang"
	consultationpage "guildhall/internal/web/page/consultation"
)

// ask opens the story's consultations, and lets its members answer. now is when the
// hall is opened to visitors. What is over by then is closed by the job that it has
// left, as soon as the hall is served.
func (t *teller) ask(ctx context.Context, now time.Time) error {
	for i, a := range t.story.Asked {
		if err := t.askOne(ctx, a, now, uint64(i)); err != nil {
			return fmt.Errorf("consultation %q: %w", a.Title, err)
		}
	}
	return nil
}

func (t *teller) askOne(ctx context.Context, a demo.Asked, now time.Time, seed uint64) error {
	opened := now.AddDate(0, 0, -a.Ago)
	t.clock.set(opened)
	o := consultation.Opening{Title: a.Title, About: a.About, Lang: "en", LastDay: opened.AddDate(0, 0, a.Days-1).Format(time.DateOnly),
		Origin: consultation.Origin{Kind: "article", ID: string(t.articles[a.Article].ID)}}
	if a.Clause != "" {
		id, err := t.clause(ctx, a.Clause)
		if err != nil {
			return err
		}
		o.Origin = consultation.Origin{Kind: "clause", ID: string(id)}
	}
	var order []demo.Opinion // as they will be numbered
	for _, s := range a.Statements {
		if s.By == "" {
			o.Seeds, order = append(o.Seeds, s.Text), append(order, s)
		}
	}
	by := consultation.Actor{Face: t.faces[a.By].ID, Steward: true}
	c, err := t.hall.Opinions.Open(ctx, by, o)
	if err != nil {
		return err
	}
	for _, s := range a.Statements {
		if s.By == "" {
			continue
		}
		order = append(order, s)
		if _, err := t.hall.Opinions.Say(ctx, consultation.Actor{Face: t.faces[s.By].ID}, c.ID, s.Text); err != nil {
			return err
		}
	}
	if err := t.answerAll(ctx, a, c, order, now, rand.New(rand.NewPCG(seed, 7))); err != nil {
		return err
	}
	for i, s := range order {
		if s.Out == "" {
			continue
		}
		if err := t.hall.Opinions.TakeOut(ctx, by, c.ID, i+1, s.Out); err != nil {
			return err
		}
	}
	if a.Letter == nil {
		return nil
	}
	return t.write(ctx, *a.Letter, c)
}

// write closes a consultation and publishes the letter that somebody wrote from what it
// came to. The job that has been left for that enters it into the log.
func (t *teller) write(ctx context.Context, l demo.Letter, c consultation.Consultation) error {
	t.clock.set(c.Closes)
	if _, err := t.hall.Opinions.Close(ctx, c.ID, 0); err != nil {
		return err
	}
	b, _, err := t.hall.Opinions.Bundle(ctx, c.ID)
	if err != nil {
		return err
	}
	t.clock.set(c.Closes.AddDate(0, 0, l.Days))
	text := strings.NewReplacer(demo.Common, consultationpage.LetterList(lang.English, b), demo.Result, consultationpage.Href(c.ID)).Replace(l.Markdown)
	made, err := t.hall.Forum.Publish(ctx, t.member(l.By), forum.NewArticle{
		Title: l.Title, Lang: "en", Topics: topicKeys(l.Topics), Platform: gigharbour, Text: text,
	})
	if err != nil {
		return err
	}
	t.articles[l.Slug] = made
	return t.hall.Opinions.Wrote(ctx, c.ID, string(made.ID))
}

// answerAll lets everybody with an account answer, spread over the days, and those
// who have only just joined on the last one. Who visits the hall is left something to
// answer.
func (t *teller) answerAll(ctx context.Context, a demo.Asked, c consultation.Consultation, order []demo.Opinion, now time.Time, r *rand.Rand) error {
	end := c.Closes.Add(-time.Hour)
	if now.Before(end) {
		end = now
	}
	span := end.Sub(c.Opened)
	for i, m := range t.sitters() {
		if m.Handle == "new-pigeon" || m.Handle == t.founder() {
			continue
		}
		t.clock.set(c.Opened.Add(span * time.Duration(i%13) / 13))
		if err := t.answer(ctx, c.ID, t.faces[m.Handle].ID, order, i%demo.Circles, r); err != nil {
			return err
		}
	}
	t.clock.set(end)
	for range a.Late {
		name, err := t.hall.Faces.Draw(ctx)
		if err != nil {
			return err
		}
		f, err := t.hall.Faces.New(ctx, name)
		if err != nil {
			return err
		}
		if err := t.answer(ctx, c.ID, f.ID, order, 0, r); err != nil {
			return err
		}
	}
	return nil
}

// answer lets one person of a circle answer nine of ten statements.
func (t *teller) answer(ctx context.Context, id consultation.ID, f face.ID, order []demo.Opinion, circle int, r *rand.Rand) error {
	for i, s := range order {
		skip, drawn, pass := r.IntN(10) == 0, r.IntN(100), r.IntN(6) == 0
		choice := opinion.Disagree
		switch {
		case skip:
			continue
		case drawn < s.Agree[circle]:
			choice = opinion.Agree
		case pass:
			choice = opinion.Pass
		}
		if err := t.hall.Opinions.Answer(ctx, consultation.Actor{Face: f}, id, i+1, choice); err != nil {
			return err
		}
	}
	return nil
}
