package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"guildhall/internal/epoch"
	"guildhall/internal/mask/client"
	"guildhall/internal/mask/wire"
)

// Masks answer consultations of their space: the mask asks for a pass in one visit, and
// what one thinks is said with it in another, signed by a key that is neither the
// account's nor the mask's.

// How masks are consulted, and how often somebody minds it.
const (
	firstAsked   = 16  // the day; masks were born on the 14th
	againAsked   = 44  // when the masks of the second epoch are there
	oftenOpines  = 0.1 // a visit as the mask goes on to the consultation's page
	oftenOpens   = 0.1 // likewise of an account, which can only read there
	oftenAdds    = 0.1 // a statement beside answers
	mostAskings  = 2
	askedForDays = 28
)

// askedMasks counts consultations of masks.
const askedMasks = "consultations of masks"

// asking is a consultation of masks, with what whoever has the files knows of it.
type asking struct {
	wire.Asked
	nth    int // from 1
	secret []byte
	keys   client.Keys
}

// voice is somebody in one consultation of masks.
type voice struct {
	ID    string `json:"id"` // how files call whoever answers
	Owner int    `json:"owner"`
	Asked int    `json:"asked"` // the how many-th consultation, from 1
	Mask  string `json:"mask"`  // that was given the pass
	came  hours  // when the pass did
	left  bool   // what left with a page was not heard of yet
}

// consultMasks opens a consultation of masks when its day has come and there are enough
// of them: a steward's deed, of which only what comes of it is of interest. It is not hers
// who speaks for the platform: whoever has one open cannot open the platform's.
func (p *play) consultMasks(day int) error {
	due := [mostAskings]int{firstAsked, againAsked}
	if n := len(p.askings); n >= mostAskings || day < due[n] || p.bundle == nil || p.bundle.Space.State == "small" {
		return nil
	}
	p.Counts[askedMasks]++
	return p.s.hook("/test/consult?space=" + space + "&not=" + p.staff.slug() + "&last_day=" + zero.AddDate(0, 0, day+askedForDays-1).Format("2006-01-02"))
}

// learnAskings reads what the bundle shows of consultations, and what the files do.
func (p *play) learnAskings() error {
	for _, a := range p.bundle.Asked {
		i := slices.IndexFunc(p.askings, func(x asking) bool { return x.ID == a.ID })
		if i >= 0 {
			p.askings[i].Asked = a
			continue
		}
		secret, err := p.secretOf(a.ID)
		if err != nil {
			return err
		}
		keys, err := p.staff.mask.ConsultationKeys(p.ctx, a.ID, trust)
		if err != nil {
			return err
		}
		p.askings = append(p.askings, asking{a, len(p.askings) + 1, secret, keys})
	}
	return nil
}

// secretOf reads the secret under which a consultation calls those who answer, which
// stands in the files while it is open.
func (p *play) secretOf(id string) ([]byte, error) {
	var f files
	if err := f.readTables(p.ctx, filepath.Join(p.s.dir, "hall.db")); err != nil {
		return nil, err
	}
	for _, r := range f.Records {
		if r.Where != "consultation" || r.Words[0] != id {
			continue
		}
		if secret := secretAmong(r.Words); secret != nil {
			return secret, nil
		}
		return nil, fmt.Errorf("consultation %s has no secret", id)
	}
	return nil, fmt.Errorf("consultation %s is not in the files", id)
}

// voterOf is how a consultation with that secret calls whoever answers under a name.
func voterOf(secret []byte, name string) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(name))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(m.Sum(nil)[:15]))
}

// wanting are the consultations to which a mask that somebody has now may get a pass and
// has none. Of the two masks of an epoch's turn only the one that speaks asks.
func (p *play) wanting(who *person) (list []asking) {
	if !who.home.In(space).Taken {
		return nil
	}
	today, n := epoch.Day(p.s.clock()), who.home.In(space).N
	for _, a := range p.askings {
		paper := who.home.Paper(space, a.ID, a.Epoch)
		m := who.chain[n]
		if paper.Pass == nil && paper.Refused == "" && today <= a.Until && m.born > 0 && today >= m.born && epoch.OfDay(m.born) == a.Epoch {
			list = append(list, a)
		}
	}
	return list
}

// admit lets the mask ask for its passes in a visit to the space, whether its owner will
// answer or not, in a request of its own.
func (p *play) admit(who *person, c call) error {
	if p.holdsBack() && !who.held.may(p.r, c.at) {
		return nil
	}
	for _, a := range p.wanting(who) {
		act, err := who.home.Admission(a.Asked, a.keys)
		if err != nil {
			return err
		}
		id, key := who.current(), who.home.Root.MaskKey(space, who.home.In(space).N)
		p.Mask = append(p.Mask, request{id.ID, c.at})
		p.Admits = append(p.Admits, request{id.ID, c.at})
		rs, _, err := who.mask.Visit(p.ctx, space, key, nil, act)
		if err != nil {
			return err
		}
		if err := p.admitted(who, a, act, rs[0], c.at); err != nil {
			return err
		}
	}
	return nil
}

// admitted takes in what the hall said to that.
func (p *play) admitted(who *person, a asking, act wire.Act, r wire.Result, now hours) error {
	p.did(act.Do, r)
	if r.Error == "mask.not_born" { // too few had registered: at the next batch
		who.current().born += daysOfWeek
	}
	if err := who.home.Admitted(space, act, r, a.keys); err != nil {
		return err
	}
	if pass := who.home.Paper(space, a.ID, a.Epoch).Pass; pass != nil {
		who.voices[a.ID] = &voice{ID: voterOf(a.secret, "pass:"+pass.Spend()), Owner: who.n, Asked: a.nth, Mask: who.current().ID, came: now}
	}
	return nil
}

// opens is the page of a consultation of masks being opened, which whoever watches sees.
func (p *play) opens(who *person, c call) {
	if c.account && len(p.askings) > 0 {
		p.Opens = append(p.Opens, request{who.face, c.at})
	}
}

// opine is a visit to the page of a consultation of masks: she changes her answers, and
// when the page is put away all of them leave with the pass, if they may. A pass is used
// in no visit in which it came.
func (p *play) opine(who *person, c call) error {
	if len(p.askings) == 0 || p.r.Float64() >= oftenOpines {
		return nil
	}
	a := p.askings[len(p.askings)-1]
	if v := who.voices[a.ID]; v != nil && v.left && (!p.holdsBack() || who.held.may(p.r, c.at)) { // says it once more
		v.left = false
		if err := p.opines(who, c, a, v, []wire.Act{who.home.Paper(space, a.ID, a.Epoch).Opinion()}); err != nil {
			return err
		}
	}
	v, acts := p.opinion(who, c, a)
	if len(acts) == 0 {
		return nil
	}
	v.left = true
	return p.opines(who, c, a, v, acts)
}

// opines sends acts with a pass.
func (p *play) opines(who *person, c call, a asking, v *voice, acts []wire.Act) error {
	rs, err := who.home.Opine(p.ctx, who.mask, a.ID, acts...)
	if err != nil {
		return err
	}
	p.Voices = append(p.Voices, request{v.ID, c.at})
	p.heard(who, a.ID, acts, rs)
	return nil
}

// opinion is what leaves with the pass as the page is put away; nothing when there is no
// pass yet, or she has just spoken openly.
func (p *play) opinion(who *person, c call, a asking) (v *voice, acts []wire.Act) {
	p.opens(who, c)
	v = who.voices[a.ID]
	if v == nil || v.came == c.at || epoch.Day(p.s.clock()) > a.Closes {
		return nil, nil
	}
	paper, letters := who.home.Paper(space, a.ID, a.Epoch), map[int]byte{}
	for range 1 + p.r.IntN(2) {
		letters[1+p.r.IntN(len(a.Statements))] = "+-0"[p.r.IntN(3)]
	}
	paper.Change(letters)
	if p.holdsBack() && !who.held.may(p.r, c.at) {
		return nil, nil // all of it leaves after another visit
	}
	acts = []wire.Act{paper.Opinion()}
	if p.r.Float64() < oftenAdds {
		acts = append(acts, wire.Act{Do: wire.Say, ID: newPost(), Text: fmt.Sprintf("Rule number %d should go.", p.r.IntN(100_000))})
	}
	return v, acts
}

// heard takes in what the hall said to what was said with a pass.
func (p *play) heard(who *person, id string, acts []wire.Act, rs []wire.Result) {
	for i, r := range rs {
		p.did(acts[i].Do, r)
		if acts[i].Do == wire.Opine && r.OK {
			who.home.State.Papers[id].Hold(r)
			who.opined[id] = true
		}
	}
}

// asksByLetter are the acts by which the mask asks for passes in the letter of this visit.
func (p *play) asksByLetter(who *person, c call) (acts []wire.Act) {
	if p.holdsBack() && !who.held.may(p.r, c.at) || who.home.Underway(space, wire.Admit) {
		return nil
	}
	for _, a := range p.wanting(who) {
		if act, err := who.home.Admission(a.Asked, a.keys); err == nil { // only a key that is lacking fails
			acts = append(acts, act)
		}
	}
	return acts
}

// opineByLetter is a visit to the page of a consultation, which hands in a letter of its
// own.
func (p *play) opineByLetter(who *person, c call, k client.Keys) error {
	if len(p.askings) == 0 || p.r.Float64() >= oftenOpines {
		return nil
	}
	a := p.askings[len(p.askings)-1]
	v, acts := p.opinion(who, c, a)
	if len(acts) == 0 { // a letter that says nothing is nobody's
		return nil
	}
	if err := who.home.OpineByLetter(p.ctx, who.mask, k, a.ID, acts...); err != nil {
		return err
	}
	list := who.home.In(space).Letters
	p.underway = append(p.underway, sent{list[len(list)-1].ID, v.ID, wire.Opine})
	return nil
}

// tookVoice takes in an answer to a letter about a consultation, or tells that it is none.
// What a lost one said is said with the next.
func (p *play) tookVoice(who *person, b client.Back, c call) (is bool, err error) {
	if b.About != "" {
		p.heard(who, b.About, b.Acts, b.Results)
		return true, nil
	}
	for i, r := range b.Results {
		if b.Acts[i].Do != wire.Admit {
			continue
		}
		is = true
		for _, a := range p.askings {
			if a.ID == b.Acts[i].About && err == nil {
				err = p.admitted(who, a, b.Acts[i], r, c.at)
			}
		}
	}
	return is, err
}

// voicesOf are those that answered, in the order of people.
func (p *play) voicesOf() (list []voice) {
	for _, who := range p.people {
		for _, a := range p.askings {
			if who.opined[a.ID] {
				list = append(list, *who.voices[a.ID])
			}
		}
	}
	return list
}

// ofVoices is the truth about those who answered: whose answers are whose.
func (t truth) ofVoices() truth {
	voices := truth{Suspects: t.Suspects}
	for _, v := range t.Voices {
		voices.Culprits = append(voices.Culprits, maskName{ID: v.ID, Key: v.ID, Owner: v.Owner, Asked: v.Asked})
	}
	return voices
}

// ofOpinions is the truth about which mask thinks so, for one consultation and the masks
// that it asked and that have spoken: theirs are the presences then.
func (t truth) ofOpinions(e evidence, nth int) truth {
	born := map[string]int64{}
	for _, r := range e.Last.Records {
		if r.Where == "mask" {
			for _, w := range r.Words {
				born[w] = r.number("epoch")
			}
		}
	}
	of := int64(-1)
	for _, v := range t.Voices {
		if v.Asked == nth {
			of = born[v.Mask]
		}
	}
	var opinions truth
	at := map[string]int{}
	for _, m := range t.Culprits {
		if born[m.ID] != of {
			continue
		}
		at[m.ID] = len(opinions.Suspects)
		n := names{Face: m.ID, Handle: m.Key, Voters: m.Posts}
		for _, id := range m.Posts {
			if seen, ok := e.Seen[id]; ok {
				n.Open = append(n.Open, seen)
			}
		}
		opinions.Suspects = append(opinions.Suspects, n)
	}
	for _, v := range t.Voices {
		if i, ok := at[v.Mask]; ok && v.Asked == nth {
			opinions.Culprits = append(opinions.Culprits, maskName{ID: v.ID, Key: v.ID, Owner: i, Asked: nth})
		}
	}
	return opinions
}
