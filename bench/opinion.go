package main

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"

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
