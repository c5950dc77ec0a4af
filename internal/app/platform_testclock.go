//go:build testclock

package app

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"guildhall/internal/consultation"
	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/platform"
	"guildhall/internal/terms"
	"guildhall/internal/terms/watch"
)

// platformUnderTest lets the hall ask nobody outside who speaks for a platform: that of
// the test publishes whatever is claimed of it.
func (h *Hall) platformUnderTest() {
	h.Representatives.LookupTXT = func(ctx context.Context, name string) (texts []string, err error) {
		return texts, h.DB.Rows(ctx, qPublished, func(scan func(...any) error) error {
			var text string
			err := scan(&text)
			texts = append(texts, text)
			return err
		}, strings.TrimSuffix(strings.TrimPrefix(name, "_guildhall."), "."))
	}
	h.Representatives.Fetch = func(context.Context, string) ([]byte, error) {
		return nil, fault.New(fault.NotFound, "fetch.missing").Because(errors.New("the test asks nobody"))
	}
}

var qPublished = db.SQL("app.testOnlyPublished", `SELECT text FROM representative_mandate WHERE domain = $1 AND ended_at = 0`)

// layPlatform makes the platform of the test, and two versions of its terms, between
// which its fee has changed.
func (h *Hall) layPlatform(ctx context.Context, steward face.ID) error {
	by := platform.Actor{Face: steward, Steward: true}
	p, err := h.Platforms.Propose(ctx, by, platform.Proposal{Name: "Harbour", Domain: "harbour.example", About: "A place in which clients and freelancers find each other."})
	if err != nil {
		return err
	}
	if err := h.Platforms.Decide(ctx, by, p.ID, platform.Accepted, "The test needs a platform."); err != nil {
		return err
	}
	id := terms.NewID(p.Name, "Terms of use")
	if err := h.Terms.Watch(ctx, id, p.Name, "Terms of use", terms.Declaration{}); err != nil {
		return err
	}
	at := wallClock().UTC()
	_, err = h.Terms.Keep(ctx, id,
		watch.Record{At: at.AddDate(0, 0, -60), Text: termsUnderTest},
		watch.Record{At: at.AddDate(0, 0, -30), Text: strings.NewReplacer("10 %", "15 %", "is released", "is released or a contract ends").Replace(termsUnderTest)})
	if err != nil {
		return err
	}
	return h.Terms.Judge(ctx, id)
}

// consultUnderTest lets a steward ask the masks of a space.
func (h *Hall) consultUnderTest(r *http.Request) error {
	not, err := h.Faces.ByHandle(r.Context(), r.FormValue("not"))
	if err != nil {
		return err
	}
	ids, err := h.Faces.OpenAfter(r.Context(), "", 2)
	if err != nil {
		return err
	}
	by := ids[0]
	if by == not.ID {
		by = ids[1]
	}
	_, err = h.Opinions.Open(r.Context(), consultation.Actor{Face: by, Steward: true}, consultation.Opening{
		Title: "What should be asked for first?", Lang: "en", LastDay: r.FormValue("last_day"), Space: r.FormValue("space"),
		Seeds: []string{
			"Fees should be named before work begins.", "Whoever is rated should see why.", "A suspended account should hear a reason in a week.",
			"Strikes help nobody here.", "Clients should be rated, too.", "The platform should publish how it ranks.",
		},
	})
	return err
}

const termsUnderTest = `# Harbour: terms of use

## 1. Your account

1.1. You open one account, under your own name, and keep what it says up to date.

1.2. We may suspend an account for a violation of these terms. We tell you by e-mail which rule was broken.

## 2. Fees

2.1. Our fee is 10 % of what you bill a client, counted over all your contracts with this client.

2.2. The fee is taken when a payment is released. It is not given back when a client takes a payment back.
`
