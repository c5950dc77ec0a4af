package moderationpage

import (
	"context"
	"slices"

	"guildhall/internal/forum"
	"guildhall/internal/moderation"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

func titleOf(ctx context.Context, a About) string {
	if a.Title == "" {
		return shell.T(ctx, "page.untitled")
	}
	return a.Title
}

func causes(ctx context.Context, cs []moderation.Cause) []shell.Option {
	os := make([]shell.Option, len(cs))
	for i, c := range cs {
		os[i] = shell.Option{Value: string(c), Label: shell.T(ctx, "order.cause."+string(c))}
	}
	return os
}

func causeList(ctx context.Context, cs []moderation.Cause) string {
	words := make([]string, len(cs))
	for i, c := range cs {
		words[i] = shell.T(ctx, "order.cause."+string(c))
	}
	return viewer.From(ctx).Lang.List(words)
}

func waiting(h forum.Waiting) About {
	a := About{Kind: string(h.Thing.Kind), ID: h.Thing.ID, Title: h.Title, HTML: h.HTML, Author: h.Author}
	a.Href = "/posts/" + h.Thing.ID
	if h.Thing.Kind == forum.KindArticle {
		a.Href = "/articles/" + h.Thing.ID
	}
	return a
}

func reportScripts(p ReportPage) []string {
	if p.Work == "" {
		return nil
	}
	return []string{"report.js"}
}

func kinds(ctx context.Context, vacant bool) []shell.Option {
	os := []shell.Option{{Value: string(moderation.Recall), Label: shell.T(ctx, "stewards.motion.recall")}}
	if vacant {
		os = append(os, shell.Option{Value: string(moderation.Succession), Label: shell.T(ctx, "stewards.motion.succession")})
	}
	return os
}

func has(keys []forum.TopicKey, k forum.TopicKey) bool { return slices.Contains(keys, k) }

// motionName is the id of the second field for a name; the first, if there is
// one, is where errors lead.
func motionName(steward bool) string {
	if steward {
		return "motion-name"
	}
	return "name"
}

// answered is what stands in the field of an answer: what came back with a
// fault, or what was answered before.
func answered(p StewardsPage, m moderation.Motion) string {
	if p.Answer != "" {
		return p.Answer
	}
	return m.Answer
}

// heldWhy tells a steward why a text waits. The reason's own sentence is for
// whoever wrote the text.
func heldWhy(ctx context.Context, reason string) string {
	switch reason {
	case "moderation.held.newcomer":
		return shell.T(ctx, "moderation.held.newcomer.why")
	case "moderation.held.echo":
		return shell.T(ctx, "moderation.held.echo.why")
	case "moderation.held.change":
		return shell.T(ctx, "moderation.held.change.why")
	default:
		return shell.T(ctx, reason)
	}
}
