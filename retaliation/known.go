package main

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"guildhall/internal/alliance"
	"guildhall/internal/fault"
)

// People know each other: they wish to be connected, answer, introduce, and note things
// about those they know. Nobody else sees it, but the files have it.

// How often a visit of an account holds something of it.
const (
	oftenWishes     = 0.08 // to be connected with somebody
	oftenAnswersAll = 0.4  // opens the page of connections, where wishes and introductions wait
	oftenAccepts    = 0.6  // each of them; then one in four of the rest is declined
	oftenDeclines   = 0.25
	oftenIntroduces = 0.03
	oftenNotes      = 0.05
	oftenParts      = 0.005
	oftenUnwishes   = 0.02
)

const connections = "/connections"

// acquaintances is what the page of connections shows somebody.
type acquaintances struct {
	known    []string // handles in addresses
	asked    []string // who wishes to be connected with her
	asking   []string // whom she has asked
	meetings []string // introductions that wait for her
}

var (
	knownLink   = regexp.MustCompile(`href="/people/([^"/]+)/message"`)
	askedForm   = regexp.MustCompile(`action="/people/([^"/]+)/connection/acceptance"`)
	askingForm  = regexp.MustCompile(`action="/people/([^"/]+)/connection/ask/undo"`)
	meetingForm = regexp.MustCompile(`action="/introductions/([^"/]+)/acceptance"`)
)

// acquaintancesOf reads the page of connections.
func (p *play) acquaintancesOf(who *person) (a acquaintances, err error) {
	b, err := who.account.Send(p.ctx, http.MethodGet, connections, "text/plain", nil)
	for list, form := range map[*[]string]*regexp.Regexp{&a.known: knownLink, &a.asked: askedForm, &a.asking: askingForm, &a.meetings: meetingForm} {
		for _, m := range form.FindAllSubmatch(b, -1) {
			*list = append(*list, string(m[1]))
		}
	}
	return a, err
}

// befriend is what a profile does in a visit about those she knows.
func (p *play) befriend(who *person, c call) error {
	if p.r.Float64() < oftenWishes {
		other := p.people[p.r.IntN(len(p.people))]
		if other != who {
			if err := p.between(who, c, other.slug(), "ask", "wish", url.Values{"words": {"We have met in the discussion."}}); err != nil {
				return err
			}
		}
	}
	if p.r.Float64() >= oftenAnswersAll {
		return nil
	}
	a, err := p.acquaintancesOf(who)
	if err != nil {
		return err
	}
	for _, of := range []struct {
		list []string
		at   func(string) string
		what string
	}{{a.asked, connectionWith, "wish"}, {a.meetings, introduction, "introduction"}} {
		for _, id := range of.list {
			do := p.reply()
			if do == "" {
				continue
			}
			if err := p.mark(who, c, connections, of.at(id)+"/"+do, do+" of "+of.what, url.Values{}); err != nil {
				return err
			}
		}
	}
	return p.cultivate(who, c, a)
}

// reply draws what is answered to somebody who waits; "" for nothing yet.
func (p *play) reply() string {
	switch {
	case p.r.Float64() < oftenAccepts:
		return "acceptance"
	case p.r.Float64() < oftenDeclines:
		return "refusal"
	}
	return ""
}

// cultivate is what she does with those she knows already.
func (p *play) cultivate(who *person, c call, a acquaintances) error {
	who.known = a.known
	if n := len(a.asking); n > 0 && p.r.Float64() < oftenUnwishes {
		return p.mark(who, c, connections, connectionWith(a.asking[p.r.IntN(n)])+"/ask/undo", "wish taken back", url.Values{})
	}
	n := len(a.known)
	if n == 0 {
		return nil
	}
	one := a.known[p.r.IntN(n)]
	if p.r.Float64() < oftenNotes {
		if err := p.noteOn(who, c, one); err != nil {
			return err
		}
	}
	if p.r.Float64() < oftenParts {
		return p.mark(who, c, connections, connectionWith(one)+"/end", "parting", url.Values{})
	}
	if other := a.known[p.r.IntN(n)]; other != one && p.r.Float64() < oftenIntroduces {
		return p.between(who, c, one, "introduction", "introduction", url.Values{"other": {p.faceAt(other)}, "words": {"You two should talk."}})
	}
	return nil
}

// noteOn keeps a note that only her browser could open.
func (p *play) noteOn(who *person, c call, other string) error {
	sealed := make([]byte, alliance.SealedNote)
	rand.Read(sealed)
	form := url.Values{"sealed": {base64.RawURLEncoding.EncodeToString(sealed)}}
	_, err := who.account.Send(p.ctx, http.MethodPost, connectionWith(other)+"/note", formType, []byte(form.Encode()))
	return p.marked(who, c, "note", err)
}

// between is a deed on the page of what stands between two.
func (p *play) between(who *person, c call, other, to, what string, form url.Values) error {
	return p.mark(who, c, connectionWith(other), connectionWith(other)+"/"+to, what, form)
}

// marked notes what a script of hers has done, or that the hall would not have it.
func (p *play) marked(who *person, c call, what string, err error) error {
	switch {
	case fault.Is(err, fault.NotFound), fault.Is(err, fault.Conflict), fault.Is(err, fault.Forbidden):
		p.Counts[what+" refused"]++
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", what, err)
	}
	p.Counts[openDeed+what]++
	if !p.hasty {
		who.held.spoke = c.at
	}
	return nil
}

const formType = "application/x-www-form-urlencoded"

func connectionWith(slug string) string { return "/people/" + slug + "/connection" }

func introduction(id string) string { return "/introductions/" + id }

// at finds whom an address names.
func (p *play) at(slug string) *person {
	i := slices.IndexFunc(p.people, func(x *person) bool { return x.slug() == slug })
	if i < 0 {
		return nil
	}
	return p.people[i]
}

func (p *play) faceAt(slug string) string {
	if x := p.at(slug); x != nil {
		return x.face
	}
	return ""
}
