//go:build browser

package browser

import (
	"context"
	"testing"
	"time"

	"guildhall/internal/consultation"
)

const opining = `document.querySelector('mask-opinion')`

// opines waits until the page of a consultation says that her answers stand so, and what
// leaves with it is ready.
func (p *visitor) opines(how string) {
	p.t.Helper()
	p.until("her answers stand as "+how, opining+`?.dataset.stand===`+quote(how)+` && `+opining+`.dataset.packed==='yes'`)
}

// asks opens a consultation of the space's masks, and gives its page.
func (h *timed) asks() (c consultation.Consultation, page string) {
	h.t.Helper()
	ctx := context.Background()
	_, who := h.stewardSession()
	c, err := h.app.Opinions.Open(ctx, consultation.Actor{Face: who, Steward: true}, consultation.Opening{
		Title: "Late payments", Lang: "en", LastDay: h.now().UTC().AddDate(0, 0, 25).Format(time.DateOnly), Space: "designers",
		Seeds: []string{"They pay late on purpose.", "A rate should stand for a month."},
	})
	h.ok(err)
	_, err = h.app.Passes.ConsultationKeys(ctx, string(c.ID))
	h.ok(err)
	h.pass(7 * time.Hour)
	return c, "/consultations/" + string(c.ID)
}

// given is how many passes masks have been given to a consultation.
func (h *timed) given(c consultation.Consultation) int {
	h.t.Helper()
	n, err := h.app.Masks.Concluding(context.Background(), string(c.ID))
	h.ok(err)
	return n
}

// rows closes the consultation and gives what was answered in it.
func (h *timed) rows(c consultation.Consultation) (rows []string, statements int) {
	h.t.Helper()
	ctx := context.Background()
	h.pass(c.Closes.Sub(h.now()) + time.Minute)
	passes := h.given(c)
	_, err := h.app.Opinions.Close(ctx, c.ID, passes)
	h.ok(err)
	b, _, err := h.app.Opinions.Bundle(ctx, c.ID)
	h.ok(err)
	if passes != 1 {
		h.t.Errorf("%d passes were given", passes)
	}
	for _, person := range b.People {
		rows = append(rows, person.Answers)
	}
	return rows, len(b.Statements)
}

func (p *visitor) answers(n, letter string) {
	p.t.Helper()
	p.click(`document.querySelector('input[name=s`+n+`][value="`+letter+`"]')`, "answer "+n)
	p.until("it is ready to leave", opining+`.dataset.packed==='yes'`)
}

// TestOpinion_withoutALetterbox: the mask asks for its pass at a visit to the space; what is
// answered in that visit stays, leaves at the end of a later one, and the one after that
// knows that the hall has it.
func TestOpinion_withoutALetterbox(t *testing.T) {
	t.Parallel()
	h := openTimed(t)
	p, _ := h.joinMasked()
	c, page := h.asks()
	line := p.watchSafe()
	p.visit(page)
	p.opines("asks")
	p.visit("/spaces/designers") // it looks in, and asks
	p.until("the pass was given", `performance.getEntriesByType('resource').filter(e=>e.name.endsWith('/m')).length>1`)
	p.packed()
	p.visit(page)
	p.until("the pass came", opining+`?.dataset.stand==='pass'`)
	p.inspectSafe("opinion-pass")
	p.answers("1", "-")
	p.answers("2", "+")
	p.until("it is kept", opining+`.dataset.stand==='kept'`)
	p.fill("Your statement", "Invoices are lost twice a month.")
	p.press("Add it")
	p.until("it is said", opining+`.innerText.includes('It leaves with your answers')`)
	p.visit("/about")
	h.pass(7 * time.Hour)
	p.visit(page)
	p.opines("kept")
	p.visit("/about")
	p.visit(page)
	p.until("the hall has them", opining+`?.dataset.stand==='counted'`)
	line.held(t)
	if rows, statements := h.rows(c); len(rows) != 1 || rows[0] != "-+" || statements != 3 {
		t.Errorf("answered: %q, %d statements", rows, statements)
	}
}

// TestOpinion_byLetter: nothing but letters leaves, one with each page.
func TestOpinion_byLetter(t *testing.T) {
	t.Parallel()
	h := openLettered(t)
	p := h.joinMasked()
	p.leaves(h)
	c, page := h.asks()
	enter := func(how string) {
		t.Helper()
		p.visit(page)
		p.opines(how)
		h.opened++
	}
	enter("asks")
	p.answers("1", "-")
	p.opines("waits")
	p.inspectSafe("opinion-letter")
	p.leaves(h)
	// It asks at a visit to its space; one that is left before the wish is in the letter
	// asks nothing, and the next does.
	for visits := 0; h.given(c) == 0; visits++ {
		if visits == 5 {
			t.Fatal("no visit has asked for a pass")
		}
		p.enters(h, "active")
		p.leaves(h)
		h.deliver()
	}
	p.enters(h, "active")
	p.leaves(h)
	enter("kept")
	p.answers("1", "+")
	p.leaves(h)
	h.deliver()
	enter("counted")
	p.leaves(h)
	h.unseen()
	if rows, _ := h.rows(c); len(rows) != 1 || rows[0] != "+" {
		t.Errorf("answered: %q", rows)
	}
}
