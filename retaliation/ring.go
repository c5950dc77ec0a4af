package main

import (
	"net/http"
	"net/url"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// People call each other. The key of a call goes as a message before it rings.

// How often.
const (
	oftenCalls   = 0.04 // a visit to the page of messages holds a call to somebody she knows
	oftenRings   = 0.7  // a page or a device of the other's rings
	oftenPicksUp = 0.5  // and she answers; else she declines, or nobody is there
)

// ring calls somebody with whom she has a conversation.
func (p *play) ring(who *person, c call) error {
	if len(who.known) == 0 || p.r.Float64() >= oftenCalls {
		return nil
	}
	slug := who.known[p.r.IntN(len(who.known))]
	other, t := p.at(slug), who.desk.talks[slug]
	if other == nil || t == nil {
		return nil
	}
	to, err := who.account.Submit(p.ctx, "/people/"+slug+"/calls", url.Values{})
	if fault.Is(err, fault.Unavailable) { // parted, or one of the two is called already
		p.Counts["call refused"]++
		return nil
	}
	if err := p.marked(who, c, "call", err); err != nil {
		return err
	}
	if err := p.text(who, c, t); err != nil { // its key
		return err
	}
	seat := func(by *person, deed string) error {
		return p.script(by, http.MethodPost, to+deed, map[string]any{"seat": ident.Random()}, nil)
	}
	if err := seat(who, "/seat"); err != nil {
		return err
	}
	if p.r.Float64() < oftenRings {
		if err := p.script(other, http.MethodPost, to+"/rings", map[string]any{"device": "phone"}, nil); err != nil {
			return err
		}
		if p.r.Float64() < oftenPicksUp {
			if err := seat(other, "/answer"); err != nil {
				return err
			}
			p.Counts["calls answered"]++
		} else if p.r.Float64() < oftenPicksUp {
			who = other // declines
		}
	}
	_, err = who.account.Submit(p.ctx, to+"/end", url.Values{})
	return err
}
