package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Some are told by an address as well, when none of their devices shows what came.

const (
	oftenTold   = 1.0 / 3 // somebody has a program that is told
	oftenHooked = 0.5     // it says at once that it has shown it
)

// beTold lets the hall tell a program of hers, in the first visit.
func (p *play) beTold(who *person, c call) error {
	if who.asksToBeTold || p.r.Float64() >= oftenTold {
		who.asksToBeTold = true
		return nil
	}
	who.asksToBeTold = true
	form := url.Values{"way": {"hook"}, "to": {p.pushes.URL + "/hook/" + strconv.Itoa(who.n)}}
	_, err := who.account.Fill(p.ctx, "/account/reach", "/account/reach/addresses", form)
	return p.marked(who, c, "address", err)
}

// hooked is what a program of somebody's is told: it proves that it is hers, and
// acknowledges some of what comes.
func (p *play) hooked(who *person, body []byte) error {
	var note struct {
		Link string
		Seen struct{ Token, Notice string }
	}
	if err := json.Unmarshal(body, &note); err != nil {
		return err
	}
	p.Counts["words to addresses"]++
	if i := strings.Index(note.Link, "/reach/prove/"); i >= 0 {
		_, err := who.mute.Send(p.ctx, http.MethodPost, note.Link[i:], formType, nil)
		return err
	}
	if p.r.Float64() >= oftenHooked {
		return nil
	}
	return p.acknowledge(who, told{note.Seen.Token, note.Seen.Notice}, "shown")
}

const oftenStays = 0.5 // a page stays open and says what is new, so that nothing need ring

// beHere is an open page that has shown what is new. The line by which it learns of it is
// in the hall's memory only.
func (p *play) beHere(who *person) error {
	if p.r.Float64() >= oftenStays {
		return nil
	}
	p.Counts["pages that showed"]++
	form := url.Values{"messages": {"yes"}, "opened": {"yes"}}
	_, err := who.account.Send(p.ctx, http.MethodPost, "/reach/here", formType, []byte(form.Encode()))
	return err
}
