package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The platform of the world, and the terms of it that are watched; the program's test
// build makes both.
const (
	harbour      = "/platforms/harbour"
	harbourTerms = "/terms/harbour--terms-of-use"
)

// How often a visit of an account holds something about the platform.
const (
	oftenAsks     = 0.05 // a question, or her case added to somebody's
	oftenAnew     = 1. / 3
	oftenAnswers  = 0.1 // a statement or two of the open consultation
	oftenStates   = 0.1 // and then adds one of her own
	oftenWatches  = 0.05
	oftenJudges   = 0.5 // an answer to what she asked, which she has not judged
	officeHour    = 10
	firstOffice   = 1 // after the first night, so that each night's files can be held against another's
	replyOffice   = 12
	consultedDays = 28
)

// affairs is what goes on about the platform, for everybody to see.
type affairs struct {
	clauses      []string // addresses
	questions    []string // addresses, in the order in which they were asked
	answered     int      // so many of them have an answer, the oldest first
	consultation string   // the address of the one that is open; "" for none
	statements   int      // that it has
	closes       hours    // when it does
	askings      []asking // consultations of masks, in their order
}

// concerns are a person's own part in it.
type concerns struct {
	asked  []string        // questions that she asked or added her case to
	judged map[string]bool // of these
	voters []string        // how the answers to consultations call her, while they are open
	told   []hours         // when she asked, added or judged, which every reader sees
	voices map[string]*voice
	opined map[string]bool // of consultations of masks: whether answers came of her
}

// office is what the platform's member does in a morning: she claims to speak for the
// platform, asks what she may ask as a member, and answers a question a week.
func (p *play) office(day int) error {
	if err := p.consultMasks(day); err != nil {
		return err
	}
	switch a := p.staff.account; {
	case day == firstOffice:
		var err error
		if p.clauses, err = a.Links(p.ctx, harbourTerms+"/versions/1", harbourTerms+"/clauses/"); err != nil {
			return err
		}
		if len(p.clauses) == 0 {
			return fmt.Errorf("no clause has changed")
		}
		if _, err := a.Fill(p.ctx, harbour, harbour+"/representatives", url.Values{"role": {"Freelancer relations"}}); err != nil {
			return err
		}
		if err := p.ask(p.staff); err != nil {
			return err
		}
		return p.consult(day)
	case day == firstOffice+consultedDays:
		return p.consult(day)
	case day == replyOffice:
		at := "/replies/new?kind=question&thing=" + strings.TrimPrefix(p.questions[0], "/questions/")
		_, err := a.Fill(p.ctx, at, "/replies", url.Values{
			"kind": {"question"}, "thing": {strings.TrimPrefix(p.questions[0], "/questions/")},
			"text": {"What is said here of the fee was so until the spring; since then it is taken when a contract ends."},
		})
		return err
	case day%7 == 3 && p.answered < len(p.questions):
		at := p.questions[p.answered]
		p.answered++
		_, err := a.Fill(p.ctx, at, at+"/responses", url.Values{
			"do": {"direct"}, "words": {"There will be a draft, a month to read it, and an answer to what is asked."},
		})
		return err
	}
	return nil
}

// consult opens a consultation about the first question, and learns how its answers
// call everybody.
func (p *play) consult(day int) error {
	seeds := []string{
		"Fees should be changed once a year at most.", "Whoever changes a fee should ask those who pay it.", "Work agreed before keeps its old fee.",
		"A fee on connects is fair.", "The platform should publish what it earns by fees.", "There should be no fee on the first contract.",
	}
	at, err := p.staff.account.Fill(p.ctx, "/consultations/new", "/consultations", url.Values{
		"title": {"What should a fee be like?"}, "about": {""}, "seeds": {strings.Join(seeds, "\n")},
		"last_day": {zero.AddDate(0, 0, day+consultedDays-1).Format(time.DateOnly)},
		"origin":   {"question"}, "origin_id": {strings.TrimPrefix(p.questions[0], "/questions/")},
	})
	if err != nil {
		return err
	}
	p.consultation, _, _ = strings.Cut(at, "?")
	p.statements, p.closes = len(seeds), hours((day+consultedDays)*hoursOfDay)
	return p.callVoters(strings.TrimPrefix(p.consultation, "/consultations/"))
}

// callVoters computes what whoever has the files can while a consultation is open: by
// the secret that stands with it, under which name each face answers.
func (p *play) callVoters(id string) error {
	secret, err := p.secretOf(id)
	for _, who := range p.people {
		if err == nil {
			who.voters = append(who.voters, voterOf(secret, who.face))
		}
	}
	return err
}

// secretAmong is the one value of 32 bytes in a row.
func secretAmong(words []string) []byte {
	for _, w := range words {
		if b, err := base64.RawURLEncoding.DecodeString(w); err == nil && len(b) == sha256.Size {
			return b
		}
	}
	return nil
}

// mind is what a profile does in a visit about the platform.
func (p *play) mind(who *person, c call) error {
	if p.r.Float64() < oftenOpens {
		p.opens(who, c)
	}
	if p.consultation == "" { // the platform's member has not been there yet
		return nil
	}
	if p.r.Float64() < oftenAsks {
		if err := p.askOrAdd(who, c); err != nil {
			return err
		}
	}
	for _, at := range who.asked {
		if p.hasAnswer(at) && !who.judged[at] && p.r.Float64() < oftenJudges {
			verdict := []string{"full", "partly", "not"}[p.r.IntN(3)]
			if err := p.tell(who, c, at, at+"/judgements/1", "judgement", url.Values{"verdict": {verdict}, "words": {""}}); err != nil {
				return err
			}
			who.judged[at] = true
		}
	}
	if c.at < p.closes && p.r.Float64() < oftenAnswers {
		if err := p.answer(who, c); err != nil {
			return err
		}
	}
	if p.r.Float64() < oftenWatches {
		things := []string{harbour, p.questions[p.r.IntN(len(p.questions))], harbourTerms + "/clauses/" + p.clauses[p.r.IntN(len(p.clauses))], p.consultation}
		at := things[p.r.IntN(len(things))]
		kind, _, _ := strings.Cut(at[1:], "/")
		return p.mark(who, c, at, at+"/follow", "follow of "+kind, url.Values{})
	}
	return nil
}

// hasAnswer tells whether the platform has answered a question.
func (p *play) hasAnswer(at string) bool {
	for _, q := range p.questions[:p.answered] {
		if q == at {
			return true
		}
	}
	return false
}

// askOrAdd asks a question, or adds her case to one.
func (p *play) askOrAdd(who *person, c call) error {
	if p.r.Float64() < oftenAnew {
		if err := p.ask(who); err != nil {
			return err
		}
		p.spoke(who, c, "question")
		return nil
	}
	at := p.questions[p.r.IntN(len(p.questions))]
	text := fmt.Sprintf("So it was with me, %d hours after the contract had begun.", p.r.IntN(10000))
	if err := p.tell(who, c, at, at+"/variants", "case", url.Values{"text": {text}}); err != nil {
		return err
	}
	if !p.hasAnswer(at) { // or it is not hers to judge
		who.asked = append(who.asked, at)
	}
	return nil
}

// ask puts a question to the platform, every other one about a clause of its terms.
func (p *play) ask(who *person) error {
	form := url.Values{
		"title": {fmt.Sprintf("Why was fee number %d taken before anybody was asked?", p.r.IntN(10000))}, "text": {"It was taken in the first week."},
		"lang": {"en"}, "platform": {strings.TrimPrefix(harbour, "/platforms/")}, "owes": {"platform"}, "checked": {"yes"},
	}
	if p.r.IntN(2) > 0 {
		form.Set("clause", p.clauses[p.r.IntN(len(p.clauses))])
	}
	at, err := who.account.Fill(p.ctx, "/questions/new", "/questions", form)
	if err != nil {
		return err
	}
	p.questions = append(p.questions, at)
	who.asked = append(who.asked, at)
	return nil
}

// answer answers a statement or two of the consultation, and now and then adds one.
func (p *play) answer(who *person, c call) error {
	for range 1 + p.r.IntN(2) {
		n, choice := 1+p.r.IntN(p.statements), []string{"agree", "disagree", "pass"}[p.r.IntN(3)]
		if err := p.mark(who, c, p.consultation, p.consultation+"/answers", "answer to a statement", url.Values{"statement": {strconv.Itoa(n)}, "choice": {choice}, "then": {"next"}}); err != nil {
			return err
		}
	}
	if p.r.Float64() >= oftenStates {
		return nil
	}
	p.statements++
	text := fmt.Sprintf("Fee number %d should go.", p.r.IntN(10000))
	return p.mark(who, c, p.consultation, p.consultation+"/statements", "statement", url.Values{"text": {text}})
}

// tell is an open word about a question, under her name for every reader.
func (p *play) tell(who *person, c call, at, to, what string, form url.Values) error {
	if _, err := who.account.Fill(p.ctx, at, to, form); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	p.spoke(who, c, what)
	return nil
}

func (p *play) spoke(who *person, c call, what string) {
	p.Counts[openDeed+what]++
	who.told = append(who.told, c.at)
	who.held.spoke = c.at
}

// openDeed is what the counts of open deeds begin with.
const openDeed = "open "
