package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/consultation"
	"guildhall/internal/consultation/opinion"
)

// measureOpinions finds the groups among 2,000 people who all answered 200
// statements, in three camps that keep to their mind in 85 of 100 answers.
func measureOpinions(_ context.Context, b *bench) error {
	r := rand.New(rand.NewPCG(uint64(b.seed), 2))
	statements := make([]opinion.Statement, 200)
	minds := make([][3]opinion.Choice, len(statements))
	for i := range statements {
		statements[i].ID = strconv.Itoa(i)
		for camp := range minds[i] {
			minds[i][camp] = opinion.Choice(r.IntN(2)*2 - 1)
		}
	}
	var cast []opinion.Cast
	for person := range 2000 {
		for i, s := range statements {
			choice := minds[i][person%3]
			if r.IntN(100) >= 85 {
				choice = opinion.Choice(r.IntN(3) - 1)
			}
			cast = append(cast, opinion.Cast{Person: strconv.Itoa(person), Statement: s.ID, Choice: choice})
		}
	}
	var took []float64
	for range 5 {
		begun := time.Now()
		opinion.Map(opinion.Collect(statements, cast))
		took = append(took, time.Since(begun).Seconds())
	}
	say("consultation_2000x200_seconds", median(took), "s")
	return nil
}

// asked is how many statements the bench's consultation has.
const asked = 40

// openAsked opens a consultation, straight in the room.
func (h *hall) openAsked(ctx context.Context) (consultation.ID, error) {
	open, err := app.Open(ctx, h.data, app.Config{Database: h.db}, time.Now)
	if err != nil {
		return "", err
	}
	defer open.Close()
	o := consultation.Opening{Title: "What the bench asks", Lang: "en", LastDay: time.Now().UTC().AddDate(0, 0, 7).Format(time.DateOnly)}
	for i := range asked {
		o.Seeds = append(o.Seeds, fmt.Sprintf("Rule number %d should be dropped.", i))
	}
	c, err := open.Opinions.Open(ctx, consultation.Actor{Face: "bench", Steward: true}, o)
	return c.ID, err
}

// measureAnswers lets people answer a consultation, each answer durable before the
// next statement is shown: from one hand, then from eight, while others read its page.
func measureAnswers(ctx context.Context, b *bench) error {
	who, err := b.hall.members(ctx, writers)
	if err != nil {
		return err
	}
	id, err := b.hall.openAsked(ctx)
	if err != nil {
		return err
	}
	c, err := b.hall.serve(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	at := "/consultations/" + string(id)
	vote := func(i int) ask {
		form := url.Values{"statement": {strconv.Itoa(1 + i/len(who)%asked)}, "choice": {"agree"}, "then": {"next"}}
		return asking("POST", at+"/answers", form.Encode(), "Cookie: "+who[i%len(who)])
	}
	if _, err := storm(c.addr, 1, 20, 303, vote); err != nil {
		return err
	}
	l, err := storm(c.addr, 1, 400, 303, func(i int) ask { return vote(20 + i) })
	if err != nil {
		return err
	}
	say("consultation_answer_p50", millis(l.quantile(0.5)), "ms")
	say("consultation_answer_p99", millis(l.quantile(0.99)), "ms")
	begun, done := time.Now(), make(chan error, 1)
	go func() {
		_, err := storm(c.addr, 8, 2000, 303, func(i int) ask { return vote(420 + i) })
		done <- err
	}()
	page := func(i int) ask { return asking("GET", at, "", "Cookie: "+who[i%len(who)]) }
	if l, err = storm(c.addr, 1, 100, 200, page); err != nil {
		return err
	}
	if err := <-done; err != nil {
		return err
	}
	say("consultation_answers_rate", 2000/time.Since(begun).Seconds(), "1/s")
	say("consultation_page_meanwhile_p50", millis(l.quantile(0.5)), "ms")
	return nil
}
