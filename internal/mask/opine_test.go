package mask_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
)

func (h *hall) askedIn(_ context.Context, space string) (list []wire.Asked, err error) {
	for id, a := range h.asked {
		if a.Space == space {
			list = append(list, wire.Asked{ID: id, Epoch: epoch.Of(a.Opened), Closes: epoch.Day(a.Closes) - 1})
		}
	}
	return list, nil
}

// holds reads what was released, as the room of consultations does.
func (h *hall) holds(_ context.Context, id, spend string) (count int, answers string, err error) {
	for _, o := range h.released {
		if o.Consultation == id && o.Pass == spend && o.Count > count {
			count, answers = o.Count, o.Answers
		}
	}
	return count, answers, nil
}

func (h *hall) opinions(_ context.Context, list []mask.Opinion) error {
	h.released = append(h.released, list...)
	return nil
}

// ask opens a consultation of the space's masks for so many days.
func (h *hall) ask(days int) mask.Asked {
	id := fmt.Sprint("asked", len(h.asked))
	a := mask.Asked{ID: id, Space: h.space.ID, Opened: h.now(), Closes: epoch.StartOfDay(epoch.Day(h.now()) + days), Statements: 4}
	if h.asked == nil {
		h.asked = map[string]mask.Asked{}
	}
	h.asked[id] = a
	return a
}

func (p *person) admission(a mask.Asked) (*token.Request, wire.Act) {
	p.h.t.Helper()
	s := token.Slot{Purpose: token.Consultation, Space: a.ID, Epoch: epoch.Of(a.Opened)}
	q, err := p.root.ConsultationPass(a.ID, s.Epoch, &issuerOf(s).PublicKey)
	p.h.ok(err)
	return q, wire.Act{Do: wire.Admit, About: a.ID, Epoch: s.Epoch, Blinded: q.Blinded}
}

// admitted gets the pass of a consultation.
func (p *person) admitted(a mask.Asked) token.Pass {
	p.h.t.Helper()
	q, act := p.admission(a)
	pass, err := q.Finalize(p.h.good(p.do(act)).Signature)
	p.h.ok(err)
	return pass
}

// opine does acts with a pass.
func (p *person) opine(pass token.Pass, acts ...wire.Act) []wire.Result {
	p.h.t.Helper()
	v := wire.Visit{Space: pass.Space, Acts: acts}
	v.Show(pass)
	out, err := p.h.send(v, p.root.ConsultationKey(pass.Space))
	p.h.ok(err)
	if out.Reads {
		p.h.t.Error("whoever answers reads the space")
	}
	return out.Results
}

func answers(count int, row string) wire.Act {
	return wire.Act{Do: wire.Opine, Count: count, Answers: row}
}

// One mask, one pass: the same request is answered the same, another is refused; not
// after a restart either.
func TestAdmit_once(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.crowd(20)[0]
	a := h.ask(10)
	_, act := p.admission(a)
	first := h.good(p.do(act))
	other := act
	other.Blinded = slices.Clone(act.Blinded)
	other.Blinded[383] ^= 1
	for _, step := range []func(){func() {}, func() { h.wait(time.Hour) }, h.reopen} {
		step()
		if again := h.good(p.do(act)); string(again.Signature) != string(first.Signature) {
			t.Error("the same request is answered otherwise")
		}
		h.refused(p.do(other), "mask.admit.other")
	}
	if n, err := h.Concluding(h.ctx, a.ID); n != 1 || err != nil {
		t.Errorf("%d passes (%v)", n, err)
	}
}

// Banned masks get none, nor those of another epoch, however they ask; whoever was born
// in the epoch gets hers after she has renewed as well, and her successor none.
func TestAdmit_who(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	a := h.ask(60)
	h.banned(all[1].id(), "")
	_, act := all[1].admission(a)
	h.refused(all[1].do(act), "mask.banned")
	stranger := h.person()
	_, act = stranger.admission(a)
	if _, err := h.send(wire.Visit{Acts: []wire.Act{act}}, stranger.key); err == nil {
		t.Error("a stranger is served")
	}
	_, act = all[2].admission(a)
	act.Epoch++
	h.refused(all[2].do(act), "mask.admit.epoch")
	act.Epoch, act.About = firstEpoch, "nothing"
	h.refused(all[2].do(act), "consultation.none")

	h.leap(epoch.Start(firstEpoch + 1).Add(80 * time.Hour))
	heirs := renewAll(h, all[3:])
	h.nextBatch()
	all[3].admitted(a)
	for _, heir := range heirs {
		_, act := heir.admission(a)
		h.refused(heir.do(act), "mask.admit.epoch")
	}
	h.leap(epoch.Start(firstEpoch + 2).Add(time.Hour))
	_, act = all[4].admission(a)
	h.refused(all[4].do(act), "mask.admit.late")
}

// renewAll lets masks renew, and gives their successors, which wait for the next batch.
func renewAll(h *hall, all []*person) (heirs []*person) {
	for _, p := range all {
		k := issuerOf(token.Slot{Purpose: token.Right, Space: h.space.ID, Epoch: firstEpoch + 1})
		q, err := p.root.Right(h.space.ID, firstEpoch+1, 1, &k.PublicKey)
		h.ok(err)
		res := h.good(p.do(wire.Act{Do: wire.Renew, Epoch: firstEpoch + 1, Blinded: q.Blinded}))
		pass, err := q.Finalize(res.Signature)
		h.ok(err)
		heir := &person{h: h, root: p.root, n: 1, key: p.root.MaskKey(h.space.ID, 1)}
		h.good(heir.take(pass))
		heirs = append(heirs, heir)
	}
	return heirs
}

// When the key of the box is lost nobody is given a pass to what was open, because the
// hall does not know any more who has one; what is opened afterwards is as ever.
func TestAdmit_afterTheKeyIsLost(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	a := h.ask(20)
	pass := all[0].admitted(a)
	h.wait(time.Hour)
	h.ok(h.db.Close())
	h.openWith(append(make([]byte, safedb.KeySize-1), 1))
	for _, p := range all[:2] {
		_, act := p.admission(a)
		h.refused(p.do(act), "mask.admit.forgotten")
	}
	h.good(all[0].opine(pass, answers(1, "+"))[0])
	h.wait(time.Hour)
	all[1].admitted(h.ask(20))
}

// Letters bring answers in any order, some twice: what holds is what came with the
// highest count, and what is released in the end is that.
func TestOpine_theHighestCountHolds(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.crowd(20)[0]
	a := h.ask(20)
	pass := p.admitted(a)
	rows := []string{"", "+", "+-", "+-0", "..-+"}
	r := rand.New(rand.NewPCG(1, 2))
	highest := 0
	for range 40 {
		n := 1 + r.IntN(4)
		highest = max(highest, n)
		res := h.good(p.opine(pass, answers(n, rows[n]))[0])
		if res.Count != highest || res.Answers != rows[highest] {
			t.Fatalf("after %d of %d: %+v", n, highest, res)
		}
		if r.IntN(3) == 0 {
			h.wait(time.Hour)
		}
	}
	h.wait(2 * time.Hour)
	if n, row, _ := h.holds(h.ctx, a.ID, pass.Spend()); n != 4 || row != rows[4] {
		t.Errorf("released: %d %q", n, row)
	}
	if res := h.good(p.opine(pass, wire.Act{Do: wire.Opine})[0]); res.State != "counted" || res.Count != 4 {
		t.Errorf("asked again: %+v", res)
	}
	h.refused(p.opine(pass, answers(5, "+++++"))[0], "consultation.no_statement")
	h.refused(p.opine(pass, wire.Act{Do: wire.Status})[0], "mask.act.unknown")
	h.refused(p.do(answers(1, "+")), "mask.act.unknown")
}

// A pass is good for its own consultation only, under its own key.
func TestOpine_strangers(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	p := h.crowd(20)[0]
	a, b := h.ask(20), h.ask(20)
	pass := p.admitted(a)
	try := func(space string, pass token.Pass, key string) {
		t.Helper()
		v := wire.Visit{Space: space, Acts: []wire.Act{answers(1, "+")}}
		v.Show(pass)
		_, err := h.send(v, p.root.ConsultationKey(space))
		h.fault(err, key)
	}
	try(b.ID, pass, "pass.broken")
	try("nothing", pass, "consultation.none")
	forged := pass
	forged.Signature = slices.Clone(pass.Signature)
	forged.Signature[0] ^= 1
	try(a.ID, forged, "pass.broken")
	later := pass
	later.Epoch++
	try(a.ID, later, "pass.broken")
	v := wire.Visit{Space: a.ID, Acts: []wire.Act{answers(1, "+")}}
	v.Show(pass)
	_, err := h.send(v, p.key) // a mask's key with the pass of somebody
	h.fault(err, "pass.broken")
}

// What comes in a careful space is released within three days, at the latest when the
// consultation closes, and not after it.
func TestOpine_pace(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	h.space.Pace = mask.Careful
	h.wait(time.Hour)
	a, soon := h.ask(20), h.ask(1)
	for _, p := range all {
		p.opine(p.admitted(a), answers(1, "+"))
	}
	last := all[0].admitted(soon)
	id := newID()
	res := all[0].opine(last, answers(1, "-"), wire.Act{Do: wire.Say, ID: id, Text: "They change the rates overnight."})
	if h.good(res[0]).To != epoch.Day(h.now()) || h.good(res[1]).State != "waiting" {
		t.Errorf("waits: %+v", res)
	}
	h.good(all[0].opine(last, wire.Act{Do: wire.Say, ID: id, Text: "They change the rates overnight."})[0])
	h.wait(time.Hour)
	if len(h.released) != 0 {
		t.Errorf("released at once: %d", len(h.released))
	}
	h.reopen()
	h.leap(soon.Closes)
	n, err := h.Concluding(h.ctx, soon.ID)
	h.ok(err)
	said := slices.DeleteFunc(slices.Clone(h.released), func(o mask.Opinion) bool { return o.Consultation != soon.ID })
	if n != 1 || len(said) != 2 {
		t.Errorf("%d passes, at closing %+v", n, said)
	}
	h.ok(h.Concluded(h.ctx, soon.ID))
	if n, err := h.Concluding(h.ctx, soon.ID); n != 0 || err != nil {
		t.Errorf("left: %d (%v)", n, err)
	}
	h.refused(all[0].opine(last, answers(2, "+"))[0], "consultation.may.over")
	h.wait(72 * time.Hour)
	if len(h.released) != 22 {
		t.Errorf("released in three days: %d", len(h.released))
	}
}

// The file names no mask that was given a pass, and neither passes that were used nor
// what was said with them: not while it waits, and not after it was released.
func TestOpine_leavesNoNames(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	a := h.ask(20)
	canaries, ids := []string{"canary sings"}, map[string]bool{}
	for _, p := range h.crowd(20) {
		pass := p.admitted(a)
		p.opine(pass, answers(1, "+-0+"), wire.Act{Do: wire.Say, ID: newID(), Text: "A canary sings in the mine."})
		ids[p.id()] = true
		canaries = append(canaries, pass.Spend(), string(pass.Key), token.Encode(pass.Key), string(pass.Signature))
	}
	look := func(rows int) {
		t.Helper()
		for _, c := range canaries {
			if hasBytes(t, h.dir, c) {
				t.Errorf("the files hold %q", c)
			}
		}
		n := 0
		h.ok(h.db.Read(h.ctx, func(tx *safedb.Tx) error {
			return tx.Rows("SELECT mark FROM admitted", func(scan func(...any) error) error {
				var mark string
				err := scan(&mark)
				if n++; ids[mark] {
					t.Error("a mark is a mask's id")
				}
				return err
			})
		}))
		if n != rows {
			t.Errorf("%d rows, want %d", n, rows)
		}
	}
	look(0)
	h.wait(time.Hour)
	look(20)
	if len(h.released) != 40 {
		t.Errorf("released: %d", len(h.released))
	}
	h.ok(h.Concluded(h.ctx, a.ID))
	look(0)
}

// A bundle says what is asked of the space's masks, and until when.
func TestBundle_asks(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.crowd(20)
	a := h.ask(90)
	h.wait(time.Hour)
	b := h.bundle()
	if len(b.Asked) != 1 || b.Asked[0].ID != a.ID || b.Asked[0].Until != epoch.FirstDay(firstEpoch+2)-1 || b.Asked[0].Closes != epoch.Day(a.Closes)-1 {
		t.Errorf("%+v", b.Asked)
	}
}
