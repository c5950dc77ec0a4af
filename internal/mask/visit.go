package mask

import (
	"context"
	"crypto/ed25519"
	"math/big"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
)

// Outcome is how a visit went.
type Outcome struct {
	Results []wire.Result // one for each act, in their order
	Reads   bool          // whether the bundle goes with it
}

// who is whoever speaks in a visit, as the hall stands now.
type who struct {
	place
	known   bool // a mask that was born
	mask    Mask // when known; what waits in the pool is looked up apart
	waiting bool // a registration that waits
	right   *token.Pass
	reads   bool
}

// Visit does what a visit asks, all in one transaction: when it returns nil, what
// its results say is on the disk. The signature of the visit was checked by
// wire.Open. Faults: Invalid for a wrong day; NotFound for no such space; Forbidden
// for a key that is no mask and shows no good pass.
func (r *Room) Visit(ctx context.Context, v *wire.Visit) (out Outcome, err error) {
	defer fault.Wrap(&err, "mask.Visit")
	return r.come(ctx, v, wire.DayLeeway)
}

// Brought is Visit for a visit that a letter has brought, whose day may be some days
// ago: letters wait at the letterbox.
func (r *Room) Brought(ctx context.Context, v *wire.Visit) (out Outcome, err error) {
	defer fault.Wrap(&err, "mask.Brought")
	return r.come(ctx, v, wire.LetterLeeway)
}

// come does a visit whose day may be so many days ago.
func (r *Room) come(ctx context.Context, v *wire.Visit, leeway int) (out Outcome, err error) {
	day := r.day()
	if v.Day < day-leeway || v.Day > day+wire.DayLeeway {
		return out, fault.New(fault.Invalid, "mask.day")
	}
	if isOpinion(v) {
		return r.consult(ctx, v, day)
	}
	s, err := r.space(ctx, v.Space)
	if err != nil {
		return out, err
	}
	if out, ok := r.onlyReads(v, day); ok {
		return out, nil
	}
	checked, err := r.checkPass(ctx, v)
	if err != nil {
		return out, err
	}
	d := deed{room: r, visit: v, space: s, day: day, lang: lang.Match(v.Lang)}
	if d.admissions, err = r.admissions(ctx, v); err != nil {
		return out, err
	}
	err = r.DB.Write(ctx, func(tx *safedb.Tx) error {
		d.tx = tx
		if d.who, err = r.recognise(tx, v, checked, day); err != nil {
			return err
		}
		out.Results = make([]wire.Result, len(v.Acts))
		for i, a := range v.Acts {
			if out.Results[i], err = d.do(a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	for i, a := range v.Acts {
		if (a.Do == wire.Renew || a.Do == wire.Reads || a.Do == wire.Admit) && out.Results[i].OK {
			out.Results[i] = d.sign(ctx, a, out.Results[i])
		}
	}
	switch {
	case d.who.known:
		r.remember(d.who.mask)
	case d.who.reads:
		r.rememberReader(d.who.place, v.Day)
	}
	out.Reads = d.who.reads
	return out, nil
}

// checkPass checks the signature of the pass a visit shows; nil when it shows none.
func (r *Room) checkPass(ctx context.Context, v *wire.Visit) (*token.Pass, error) {
	p := v.Token()
	if p == nil {
		return nil, nil
	}
	running := epoch.OfDay(v.Day)
	if p.Purpose == token.Read && p.Epoch != running || p.Purpose == token.Right && p.Epoch > running {
		return nil, fault.New(fault.Forbidden, "mask.pass.epoch")
	}
	k, err := r.issuer(ctx, p.Slot)
	if err == nil {
		err = p.Verify(k)
	}
	if err == nil || fault.Is(err, fault.Internal) || fault.Is(err, fault.Unavailable) {
		return p, err
	}
	// Another time's or space's signature may well be a number above this key's n,
	// so where it belongs is asked first.
	err = r.stray(ctx, *p)
	if fault.From(err).Key == "pass.broken" && k != nil && new(big.Int).SetBytes(p.Signature).Cmp(k.N) >= 0 {
		return nil, fault.New(fault.Forbidden, "mask.pass.form")
	}
	return nil, err
}

// mostStray is how many other keys are tried for a pass that its own refused.
const mostStray = 16

// stray says why a pass is not good: it may be another time's or another space's,
// which a person can do something about.
func (r *Room) stray(ctx context.Context, p token.Pass) error {
	fits := func(s token.Slot) bool {
		k, err := r.issuer(ctx, s)
		q := p
		q.Slot = s
		return err == nil && q.Verify(k) == nil
	}
	for e := p.Epoch - 3; e <= p.Epoch+1; e++ {
		if e >= 0 && fits(token.Slot{Purpose: p.Purpose, Space: p.Space, Epoch: e}) {
			return fault.New(fault.Forbidden, "mask.pass.epoch")
		}
	}
	spaces, err := r.Spaces(ctx)
	if err != nil {
		return err
	}
	for _, id := range spaces[:min(len(spaces), mostStray)] {
		if fits(token.Slot{Purpose: p.Purpose, Space: id, Epoch: p.Epoch}) {
			return fault.New(fault.Forbidden, "mask.pass.space")
		}
	}
	return fault.New(fault.Forbidden, "pass.broken")
}

// recognise finds out who speaks: a mask, a registration, or whoever shows a pass.
// It spends a read pass.
func (r *Room) recognise(tx *safedb.Tx, v *wire.Visit, pass *token.Pass, day int) (w who, err error) {
	w = who{place: named(v.Space, v.Key)}
	if w.mask, w.known, err = maskAt(tx, w.place); err != nil {
		return w, err
	}
	r.pool.renewed(&w.mask)
	w.waiting = r.pool.births[w.place] != nil
	switch {
	case w.known:
		w.mask.Reports += r.pool.accused[w.place]
		w.reads = MayRead(w.mask, day) == nil
	case w.waiting:
	case pass == nil:
		return w, fault.New(fault.Forbidden, "mask.unknown")
	case pass.Purpose == token.Right:
		w.right = pass
	default:
		w.reads = true
		return w, r.useReading(tx, v, pass)
	}
	return w, nil
}

// useReading binds a read pass to the day of its first use.
func (r *Room) useReading(tx *safedb.Tx, v *wire.Visit, p *token.Pass) error {
	id := p.Spend()
	bound, used := 0, false
	if rec := r.pool.readings[readingKey(v.Space, id)]; rec != nil {
		bound, used = rec.Day, true
	} else {
		var err error
		if used, err = tx.Row(qSpent, []any{v.Space, p.Epoch, id}, &bound); err != nil {
			return err
		}
	}
	if used && bound != v.Day {
		return fault.New(fault.Forbidden, "mask.read_used")
	}
	if used {
		return nil
	}
	return r.put(tx, record{Kind: reading, Space: v.Space, Epoch: p.Epoch, Pass: id, Day: v.Day})
}

// put writes into the pool.
func (r *Room) put(tx *safedb.Tx, rec record) error { return r.pool.put(tx, rec) }

// deed is one visit under way.
type deed struct {
	room  *Room
	tx    *safedb.Tx
	visit *wire.Visit
	space Space
	who   who
	day   int
	lang  lang.Lang

	admissions map[string]admission // by consultation
	paper      *paper               // of a visit with a pass to a consultation
}

// do does one act. A refusal is a result; an error takes the whole visit back.
func (d *deed) do(a wire.Act) (wire.Result, error) {
	res := wire.Result{Do: a.Do, ID: a.ID}
	err := a.Check()
	if err == nil {
		known := acts
		if d.paper != nil {
			known = opinionActs
		}
		if f := known[a.Do]; f != nil {
			err = f(d, a, &res)
		} else {
			err = fault.New(fault.Invalid, "mask.act.unknown")
		}
	}
	if f := fault.From(err); err != nil && (f.Kind == fault.Internal || f.Kind == fault.Unavailable) {
		return res, err
	}
	if err != nil {
		return d.refused(res, err), nil
	}
	res.OK = true
	return res, nil
}

// refused says why an act was not done.
func (d *deed) refused(res wire.Result, err error) wire.Result {
	return wire.Result{Do: res.Do, ID: res.ID, Error: fault.From(err).Key, Message: d.lang.Fault(err)}
}

// acts are what can be done in a visit. One refuses before it writes anything.
var acts = map[string]func(*deed, wire.Act, *wire.Result) error{
	wire.Take: (*deed).take, wire.Status: (*deed).status,
	wire.Post: (*deed).post, wire.Withdraw: (*deed).withdraw, wire.Delete: (*deed).erase,
	wire.Recommend: (*deed).recommend, wire.Unrecommend: (*deed).recommend,
	wire.Renew: (*deed).renew, wire.Reads: (*deed).provide, wire.Report: (*deed).report, wire.Appeal: (*deed).appeal, wire.Judge: (*deed).judge,
	wire.Admit: (*deed).admit,
}

// asMask refuses whoever is no mask yet.
func (d *deed) asMask() error {
	if !d.who.known {
		return fault.New(fault.Forbidden, "mask.not_born")
	}
	return nil
}

// maskKey is the public key that speaks.
func (d *deed) maskKey() ed25519.PublicKey { return ed25519.PublicKey(d.visit.Key) }
