//go:build browser

package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"guildhall/internal/epoch"
	"guildhall/internal/mask/wire"
	"guildhall/internal/question"
)

// TestMask_hearsOfItsQuestion: a steward makes a mask's post a case of a question, and
// what becomes of it is told on the mask's page, from what the space tells everybody.
func TestMask_hearsOfItsQuestion(t *testing.T) {
	t.Parallel()
	h := openTimed(t)
	p, others := h.joinMasked()
	p.fill("Title", "When are invoices paid")
	p.fill("Your text", "Some clients pay after months. When must they?")
	p.press("Say it under the mask")
	p.see("Kept on this device, under “Not yet seen by others”.")
	p.visit("/about")
	h.speak(others[0], wire.Visit{Space: "designers", Lang: "en", Acts: []wire.Act{{Do: wire.Post, ID: "AAAAAAAAAAAAAAAAAAAAAA", Thread: "AAAAAAAAAAAAAAAAAAAAAA", Title: "Late again", Text: "It is late each time.", Lang: "en"}}})
	h.pass(comingOut)
	p.visit("/spaces/designers")
	p.press("When are invoices paid")
	p.until("the post is hers", `[...document.querySelectorAll('.said')].some(e=>e.innerText.includes('Some clients pay')&&e.innerText.includes('You'))`)
	post := eval[string](p, `document.querySelector('.said').dataset.thread`)

	ctx := context.Background()
	_, who := h.stewardSession()
	steward := question.Actor{Face: who, Steward: true}
	quoted, err := h.app.Masks.Quoted(ctx, "designers", post)
	h.ok(err)
	q, made, err := h.app.Questions.AskFrom(ctx, steward, question.Asking{Title: "When must an invoice be paid?", Lang: "en", Owes: question.BySite},
		[]question.Said{{Post: post, Space: "designers", Mask: quoted[post].Mask, At: epoch.StartOfDay(quoted[post].Day)}})
	if h.ok(err); made != 1 {
		t.Fatal(made)
	}
	told := func(words string) {
		t.Helper()
		p.visit("/spaces/designers")
		p.until("the page tells: "+words, `[...document.querySelectorAll('[data-part=replies] a')].some(a=>a.textContent.includes(`+quote(words)+`)&&a.pathname===`+quote("/questions/"+string(q.ID))+`)`)
	}
	h.pass(comingOut)
	told("When must an invoice be paid?")
	_, err = h.app.Questions.File(ctx, steward, q.ID, question.Filing{Kind: question.Answer, Code: "here", Day: h.app.Questions.Today(), Words: "Within thirty days."})
	h.ok(err)
	h.pass(comingOut)
	told("When must an invoice be paid?")
	p.until("two lines tell of a case that was taken up and answered", `document.querySelectorAll('[data-part=replies] a').length===2`)
	p.inspectSafe("heard")
	p.click(`document.querySelector('[data-part=replies] a')`, "what is told")
	p.see("Within thirty days.")
	p.see("Some clients pay after months.")
}

// Pages of terms, in the demonstration hall.
var (
	termsLink   = regexp.MustCompile(`<h3><a href="(/terms/[^"/?.]+)"`)
	versionLink = regexp.MustCompile(`href="(/terms/[^"/]+/versions/(?:[2-9]|\d\d))"`)
	clauseLink  = regexp.MustCompile(`href="(/terms/[^"/]+/clauses/[^"/]+)"`)
)

func forReadersOfTerms(h *hall, t *testing.T) []sight {
	document := h.first(t, "/terms", termsLink)
	version := h.first(t, document, versionLink)
	clause := h.first(t, version, clauseLink)
	return []sight{
		{name: "terms", path: "/terms"},
		{name: "terms-timeline", path: document},
		{name: "terms-version", path: version},
		{name: "terms-clause", path: clause},
	}
}

// TestTerms looks at the pages of terms as TestPages does at the others, and takes
// pictures when asked.
func TestTerms(t *testing.T) {
	t.Parallel()
	h := demoHall(t)
	sights := forReadersOfTerms(h, t)
	document := sights[1].path
	p := h.visitor(t)
	for _, s := range sights {
		p.inspect("reader", s)
		p.keep("reader", s)
	}
	k := h.visitor(t)
	for _, s := range []sight{{name: "terms-declare", path: "/terms/new?platform=gigharbour"}, {name: "terms-declared", path: document + "/declaration"}} {
		k.inspect("cleo", s)
		k.keep("cleo", s)
	}
}

// keep takes a picture of a sight in every guise, when SCREENSHOTS names a directory.
func (p *visitor) keep(who string, s sight) {
	p.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	for _, g := range everyGuise {
		for _, width := range []int64{360, 1280} {
			p.size(width, 800)
			p.wear(who, g)
			p.look(s)
			p.shoot(filepath.Join(dir, fmt.Sprintf("%s-%d-%s-%s.png", s.name, width, g.theme, g.lang)))
		}
	}
}

// TestTerms_fromAlarmToClause walks from what is new in the terms to a clause and to
// what can be done about it, with scripts and without.
func TestTerms_fromAlarmToClause(t *testing.T) {
	t.Parallel()
	h := demoHall(t)
	document := h.first(t, "/terms", termsLink)
	for _, off := range []bool{false, true} {
		p := h.visitor(t)
		p.size(1000, 900)
		if off {
			p.scriptless()
		}
		p.visit("/terms")
		p.wear("ana", guise{"en", "light"})
		p.visit(document)
		p.click(`document.querySelector('.timeline.terms li:not(.hushed) a[href*="/versions/"]')`, "a version")
		p.until("both texts stand side by side", `document.querySelectorAll('.sides').length>0 && document.querySelector('.sides .diff')`)
		p.until("what changed is marked", `document.querySelector('.sides ins, .sides mark, .sides del')`)
		p.until("the reason stands there", `document.querySelector('.versions .meta').textContent.length>10`)
		p.click(`document.querySelector('a[href*="/clauses/"]')`, "the clause")
		p.until("the clause has a page", `location.pathname.includes('/clauses/')`)
		clause := eval[string](p, `location.pathname`)
		p.click(`document.querySelector('a[href^="/consultations/new"]')`, "consult")
		p.until("the form for a consultation knows where it comes from", `location.pathname==='/consultations/new' && document.querySelector('main').innerHTML.includes(`+quote(clause)+`)`)
	}
}

// TestNearest: while somebody types, the nearest questions stand below; with scripts off
// they come as a second step. What was typed stays.
func TestNearest(t *testing.T) {
	t.Parallel()
	h := demoHall(t)
	p := h.visitor(t)
	p.size(1000, 900)
	p.visit("/about")
	p.wear("ana", guise{"en", "light"})
	p.visit("/questions/new")
	p.fill("The question", "Can I send a calendar invitation")
	p.until("the nearest stand below", `(n=>n>0&&n<=3)(document.querySelectorAll('near-questions .near a').length)`)
	first := eval[string](p, `document.querySelector('near-questions .near a').textContent`)
	p.fill("The question", "Will my calls ring on the phone")
	p.until("others stand there", `document.querySelector('near-questions .near a')?.textContent!==`+quote(first))
	if got := eval[string](p, `document.querySelector('[name=title]').value`); got != "Will my calls ring on the phone" {
		t.Errorf("typed: %q", got)
	}
	p.accessible("nearest", "")
	p.fits("nearest")
	p.keepTyped("question-near")

	off := h.visitor(t).scriptless()
	off.size(1000, 900)
	off.visit("/about")
	off.wear("ana", guise{"en", "light"})
	off.visit("/questions/new")
	off.fill("The question", "Can I send a calendar invitation?")
	off.click(`document.querySelector('input[name=owes][value=community]')`, "who owes it")
	off.press("Ask it")
	off.until("the second step shows the nearest", `document.querySelectorAll('main ul.shelf form button').length>0 && document.querySelector('[name=title]').value==='Can I send a calendar invitation?'`)
	off.keepTyped("question-near-step")
}

// keepTyped takes pictures of the page as it stands, when SCREENSHOTS names a directory.
func (p *visitor) keepTyped(name string) {
	p.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	for _, theme := range []string{"light", "dark"} {
		p.prefer(&emulation.MediaFeature{Name: "prefers-color-scheme", Value: theme})
		for _, width := range []int64{360, 1280} {
			p.size(width, 800)
			p.shoot(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, theme)))
		}
	}
}
