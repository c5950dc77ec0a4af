package mask

import (
	"crypto/rand"
	"math/big"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
	"guildhall/internal/mask/wire"
	"guildhall/internal/typed"
)

// post takes a text into the pool. One that is there already is told again, to
// whoever wrote it.
func (d *deed) post(a wire.Act, res *wire.Result) error {
	if err := d.asMask(); err != nil {
		return err
	}
	at := place{d.who.space, a.ID}
	if done, err := d.posted(at, res); done || err != nil {
		return err
	}
	speaking, _, err := standing(d.tx, at.space)
	if err != nil {
		return err
	}
	if err := MayPost(d.who.mask, d.space, speaking, d.room.pool.written[d.who.place], d.day); err != nil {
		return err
	}
	slow, _, err := brakes(d.tx, at.space)
	if err != nil {
		return err
	}
	if err := MayPostAgain(d.who.mask, slow, d.room.pool.written[d.who.place], d.day); err != nil {
		return err
	}
	if err := d.answerable(a); err != nil {
		return err
	}
	w, err := d.words(a)
	if err != nil {
		return err
	}
	d.waits(res)
	return d.room.put(d.tx, record{Kind: post, Space: at.space, Mask: d.who.id, Post: a.ID, Words: w})
}

// posted tells again what became of a post that was sent before.
func (d *deed) posted(at place, res *wire.Result) (done bool, err error) {
	author := ""
	if rec := d.room.pool.posts[at]; rec != nil {
		author = rec.Mask
		d.waits(res)
	} else {
		p, found, err := postAt(d.tx, at)
		if !found || err != nil {
			return false, err
		}
		author, res.State = p.mask, stateWords[p.state]
		if author == d.who.id && p.state >= postHidden {
			_, err = d.tx.Row(qReasonOf, []any{at.space, at.id}, &res.Reason)
		}
		if err != nil {
			return false, err
		}
	}
	if author != d.who.id {
		return true, fault.New(fault.Conflict, "mask.post.taken")
	}
	return true, nil
}

// answerable checks that what a post answers has come out, in its thread.
func (d *deed) answerable(a wire.Act) error {
	for _, id := range []string{a.Thread, a.Reply} {
		if id == "" || id == a.ID {
			continue
		}
		p, found, err := postAt(d.tx, place{d.who.space, id})
		if err != nil {
			return err
		}
		if !found || p.thread != a.Thread || p.state == postHeld || p.state == postRefused {
			return fault.New(fault.NotFound, "mask.post.nowhere")
		}
	}
	return nil
}

// words renders a text and draws when it comes out.
func (d *deed) words(a wire.Act) (*words, error) {
	t, err := markdown.Render(a.Text, markdown.Options{MaxBytes: wire.MaxText, Top: 3, Breaks: true, Host: d.room.Host})
	if err != nil {
		return nil, err
	}
	if t.Plain == "" && len(t.Images) == 0 {
		return nil, fault.On("text", fault.Invalid, "pass.act.empty")
	}
	due, err := d.due()
	if err != nil {
		return nil, err
	}
	return &words{
		Thread: a.Thread, Title: typed.OneLine(a.Title), Reply: a.Reply, Lang: a.Lang, HTML: string(t.HTML), Due: due,
	}, nil
}

// waits says between which days a waiting post comes out. It is reckoned from today
// each time and kept nowhere, and the draw stays the hall's: both would say when the
// post arrived.
func (d *deed) waits(res *wire.Result) {
	now := epoch.Tick(d.room.Now())
	today := epoch.DayOfTick(now)
	res.State, res.From = "waiting", today
	switch d.space.Pace {
	case Daily:
		res.To = today + 1
	case Hourly:
		res.To = epoch.DayOfTick(now + 1)
	default:
		res.To = today + carefulDays
	}
}

// carefulDays is the span of the careful pace.
const carefulDays = 3

// due draws the tick at which something that arrives now comes out. Of the careful
// pace it is one of the days that follow this one, so that it says nothing about the
// hour of the arrival to whoever reads it in the file.
func (d *deed) due() (int, error) {
	now := epoch.Tick(d.room.Now())
	tomorrow := epoch.FirstTick(epoch.DayOfTick(now) + 1)
	switch d.space.Pace {
	case Daily:
		return tomorrow, nil
	case Hourly:
		return now + 1, nil
	}
	n, err := rand.Int(rand.Reader, big.NewInt(carefulDays*epoch.TicksOfDay))
	if err != nil {
		return 0, err
	}
	return tomorrow + int(n.Int64()), nil
}

// withdraw takes a post out of the pool. One that is not there (any more, or yet)
// is told so when it has come out.
func (d *deed) withdraw(a wire.Act, res *wire.Result) error {
	if err := d.asMask(); err != nil {
		return err
	}
	at := place{d.who.space, a.ID}
	rec := d.room.pool.posts[at]
	if rec == nil {
		_, found, err := postAt(d.tx, at)
		if found {
			err = fault.New(fault.Conflict, "mask.post.out")
		}
		res.State = "withdrawn"
		return err
	}
	if err := MayDelete(d.who.mask, rec.Mask); err != nil {
		return err
	}
	res.State = "withdrawn"
	return d.room.pool.drop(d.tx, rec)
}

// erase takes the words of a post away at midnight, or in an hourly space at the next
// tick: the hour in which they go would say in which hour a mask was here. What waits
// goes at once, unseen.
func (d *deed) erase(a wire.Act, res *wire.Result) error {
	if err := d.asMask(); err != nil {
		return err
	}
	at := place{d.who.space, a.ID}
	if d.room.pool.posts[at] != nil {
		return d.withdraw(a, res)
	}
	p, found, err := postAt(d.tx, at)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.NotFound, "mask.post.nowhere")
	}
	if err := MayDelete(d.who.mask, p.mask); err != nil {
		return err
	}
	res.State = "deleted"
	if p.state == postDeleted || d.room.pool.deletions[at] != nil {
		return nil
	}
	now := epoch.Tick(d.room.Now())
	due := epoch.FirstTick(epoch.DayOfTick(now) + 1)
	if d.space.Pace == Hourly {
		due = now + 1
	}
	return d.room.put(d.tx, record{Kind: deletion, Space: at.space, Post: a.ID, Due: due})
}

// recommend says that a post is worth reading, or takes that back. It counts at the
// pace of the space: a count that moves within the hour would say in which hour a
// mask was here.
func (d *deed) recommend(a wire.Act, _ *wire.Result) error {
	if err := d.asMask(); err != nil {
		return err
	}
	p, found, err := postAt(d.tx, place{d.who.space, a.ID})
	if err != nil {
		return err
	}
	if !found || p.state != postShown {
		return fault.New(fault.NotFound, "mask.post.nowhere")
	}
	speaking, _, err := standing(d.tx, d.who.space)
	if err != nil {
		return err
	}
	if err := MayRecommend(d.who.mask, p.mask, speaking, d.day); err != nil {
		return err
	}
	on := a.Do == wire.Recommend
	if before := d.room.pool.recommends[recommendKey(d.who.space, a.ID, d.who.id)]; before != nil {
		if before.On == on {
			return nil
		}
		if err := d.room.pool.drop(d.tx, before); err != nil {
			return err
		}
	}
	n := 0 // one that was counted and is sent again leaves no trace of the second visit
	if _, err := d.tx.Row(qRecommended, []any{d.who.space, a.ID, d.room.praise(d.who.space, a.ID, d.who.id)}, &n); err != nil || n > 0 == on {
		return err
	}
	due, err := d.due()
	if err != nil {
		return err
	}
	return d.room.put(d.tx, record{Kind: recommend, Space: d.who.space, Post: a.ID, Mask: d.who.id, On: on, Due: due})
}
