package app

import (
	"context"
	"fmt"

	"guildhall/internal/demo"
	"guildhall/internal/forum"
	"guildhall/internal/moderation"
)

func target(t forum.Thing) moderation.Target {
	return moderation.Target{Kind: string(t.Kind), ID: t.ID}
}

// decide plays a steward's decision, in the forum and in the public list.
func (t *teller) decide(ctx context.Context, i int, d demo.Decision) error {
	in := t.discussions[d.Discussion]
	by := t.steward(d.By)
	posts := make([]forum.PostID, len(d.Posts))
	for j, n := range d.Posts {
		posts[j] = in.posts[n-1]
	}
	switch d.Act {
	case demo.Hide:
		if err := t.hall.Forum.Hush(ctx, by, posts[0].Thing(), d.Reason); err != nil {
			return err
		}
		made, err := t.hall.Moderation.Decide(ctx, by.Face, moderation.Hide, target(posts[0].Thing()), d.Reason)
		t.decisions[i] = made
		return err
	case demo.Undo:
		if err := t.hall.Forum.Unhush(ctx, by, posts[0].Thing()); err != nil {
			return err
		}
		for j := i - 1; j >= 0; j-- {
			if t.decisions[j].Target == target(posts[0].Thing()) {
				_, err := t.hall.Moderation.Reverse(ctx, by.Face, t.decisions[j].ID, d.Reason)
				return err
			}
		}
		return fmt.Errorf("decision %d undoes nothing", i+1)
	case demo.Split:
		if _, err := t.hall.Forum.Split(ctx, by, in.ID, posts, d.Title, d.Reason); err != nil {
			return err
		}
		_, err := t.hall.Moderation.Decide(ctx, by.Face, moderation.Split, target(in.ID.Thing()), d.Reason)
		return err
	default:
		return t.lock(ctx, in.ID, d.By, d.Reason)
	}
}

// report leaves a word about a post for the stewards.
func (t *teller) report(ctx context.Context, r demo.Report) error {
	post := t.discussions[r.Discussion].posts[r.Post-1]
	return t.hall.Moderation.Report(ctx, moderation.Actor{Face: t.faces[r.By].ID}, target(post.Thing()), moderation.Cause(r.Cause), r.Words)
}
