package app

import (
	"context"
	"fmt"
	"time"

	"guildhall/internal/event"
	"guildhall/internal/fetch"
	"guildhall/internal/job"
	"guildhall/internal/ledger"
	"guildhall/internal/terms"
)

// How platforms' pages are fetched.
const (
	termsEvery = time.Hour // how often the hall looks which documents are due
	termsWait  = 30 * time.Second
	termsBytes = 5_000_000
)

// openTerms makes the watch over terms. What it fetches is public pages, over the
// one way out; closed networks stay closed.
func (h *Hall) openTerms() {
	client := fetch.New(fetch.Config{Timeout: termsWait, MaxBytes: termsBytes, Resolver: h.resolver()})
	get := func(ctx context.Context, address, accept string) (fetch.Page, error) {
		if h.TestOnlyPages != nil {
			if p, err := h.TestOnlyPages(address); p.FinalURL != "" || err != nil {
				return p, err
			}
		}
		return client.Get(ctx, address, accept)
	}
	h.Terms = terms.New(terms.Config{DB: h.DB, Events: h.Events, Now: h.Now, Touch: h.touch, Get: get,
		Pause: func(ctx context.Context, d time.Duration) error {
			if h.TestOnlyPages != nil { // nobody's host has to be spared
				return nil
			}
			return terms.Pause(ctx, d)
		}})
}

// checkTerms visits the documents that are due. A document that cannot be had
// says so on its page; it is no failure of the job.
func (h *Hall) checkTerms(ctx context.Context, _ job.Job) error {
	return h.Terms.CheckDue(ctx, func(terms.Outcome) {})
}

// versionJob enters one version of terms into the log; like decisionJob it is a
// job because what is in the log stays there.
const versionJob = "ledger.version"

type loggedVersion struct {
	Document string `json:"document"`
	terms.Recorded
}

func (h *Hall) logVersion(ctx context.Context, e event.Event) error {
	v := loggedVersion{Document: e.Subject}
	if err := e.Decode(&v.Recorded); err != nil {
		return err
	}
	return h.Jobs.Add(ctx, versionJob, fmt.Sprintf("%s/%d", v.Document, v.Record), v, h.Now())
}

// enterVersion enters a version; one that is there already stays as it is.
func (h *Hall) enterVersion(ctx context.Context, j job.Job) error {
	var v loggedVersion
	if err := j.Decode(&v); err != nil {
		return err
	}
	_, err := h.Ledger.Append(ctx, ledger.Version{Document: v.Document, Record: v.Record, Day: v.Day, Hash: v.Hash})
	return err
}
