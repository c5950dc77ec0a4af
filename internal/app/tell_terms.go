package app

import (
	"context"
	"fmt"
	"time"

	"guildhall/internal/terms"
	"guildhall/internal/terms/watch"
)

// looking is how long after a version the watch looks whether it has lasted, as a
// daily check would.
const looking = watch.Lasts + 24*time.Hour

// watchTerms sets the scenes in which the watch saw the platform's terms.
func (t *teller) watchTerms() {
	for _, v := range t.story.Terms {
		t.at(v.At, func(ctx context.Context) error {
			if err := t.hall.Terms.Watch(ctx, gigharbourTerms, "Gigharbour", "Terms of use", terms.Declaration{}); err != nil {
				return err
			}
			_, err := t.hall.Terms.Keep(ctx, gigharbourTerms, watch.Record{At: v.At, Text: v.Markdown})
			return err
		})
		t.at(v.At.Add(looking), func(ctx context.Context) error { return t.hall.Terms.Judge(ctx, gigharbourTerms) })
	}
}

var gigharbourTerms = terms.NewID("Gigharbour", "Terms of use")

// clause finds a clause by the number it has where it last changed.
func (t *teller) clause(ctx context.Context, label string) (terms.ClauseID, error) {
	d, err := t.hall.Terms.Document(ctx, gigharbourTerms)
	if err != nil {
		return "", err
	}
	for n := d.Records - 1; n > 0; n-- {
		diff, err := t.hall.Terms.Difference(ctx, gigharbourTerms, n)
		if err != nil {
			return "", err
		}
		for _, c := range diff.Changes {
			if c.ID != "" && c.Clause().Label == label {
				return c.ID, nil
			}
		}
	}
	return "", fmt.Errorf("no clause %s", label)
}
