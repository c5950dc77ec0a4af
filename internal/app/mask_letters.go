package app

import (
	"context"
	"fmt"
	"io"

	"guildhall/internal/fault"
	"guildhall/internal/mask/client"
	"guildhall/internal/mask/wire"
)

// writing is one call of the command line to a space, in which it hands in one letter,
// if masks of the space write by letter. docs/PASSES.md, "Letters".
type writing struct {
	home    *client.Home
	mask    client.Mask
	keys    client.Keys
	space   string
	letters bool // whether they do
	handed  bool
}

// write opens the home, finds out how masks of a space write, and says what has come
// back of earlier letters. What was lost is handed in again.
func (d dwelling) write(ctx context.Context, s streams, space string) (*writing, error) {
	home, m, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	w := &writing{home: home, mask: m, space: space}
	logged, err := home.State.Log.Read(ctx, m)
	if err != nil {
		return nil, err
	}
	if w.keys, err = m.Keys(ctx, space, logged); err != nil {
		return nil, err
	}
	if w.letters, err = w.careful(ctx); err != nil || !w.letters {
		return w, err
	}
	back, err := home.Collect(ctx, m, space, w.keys)
	for _, b := range back {
		if err := w.took(ctx, s.out, b); err != nil {
			return nil, err
		}
	}
	if fault.Is(err, fault.Unavailable) { // what goes out will say so again
		fmt.Fprintln(s.err, explain(err))
		w.handed = true
		err = nil
	}
	return w, err
}

// careful tells whether masks of the space write by letter. Where the pace is not known
// and nothing can be read, they do: it is the safer way.
func (w *writing) careful(ctx context.Context) (bool, error) {
	if _, has := w.keys.Letters(); !has {
		return false, nil
	}
	l := w.home.In(w.space)
	if l.Pace == "" && w.home.CanRead(w.mask, w.space) {
		if _, err := w.home.Read(ctx, w.mask, w.space); err != nil {
			return false, err
		}
	}
	return l.Pace == "" || l.Pace == "careful", nil
}

// took says what became of a letter, and hands in again what was lost.
func (w *writing) took(ctx context.Context, out io.Writer, b client.Back) error {
	if b.Lost {
		return w.again(ctx, out, b)
	}
	if b.Refused != nil {
		fmt.Fprintf(out, "the hall took nothing of a letter: %s\n", explain(b.Refused))
		return nil
	}
	for i, r := range b.Results {
		switch a := b.Acts[i]; {
		case b.About != "" || a.Do == wire.Admit:
			if err := w.tookOpinion(ctx, out, b, a, r); err != nil {
				return err
			}
		case !r.OK:
			fmt.Fprintf(out, "%s was refused: %s\n", a.Do, r.Message)
		case a.Do == wire.Post:
			fmt.Fprintf(out, "%s waits; it appears between %s and %s\n", r.ID, date(r.From), date(r.To))
		case a.Do == wire.Take:
			fmt.Fprintf(out, "registered: your mask is born on %s, if ten are waiting by then\n", date(r.Batch))
		case a.Do == wire.Renew:
			fmt.Fprintln(out, "the right to your next mask came: guildhall mask renew registers it")
		case a.Do == wire.Status:
			w.home.In(w.space).Status = &r
		default:
			fmt.Fprintf(out, "%s %s: done\n", a.Do, r.ID)
		}
	}
	return w.home.Keep()
}

// again hands in what was in a letter that was lost, unless its own command does that.
func (w *writing) again(ctx context.Context, out io.Writer, b client.Back) error {
	switch b.Acts[0].Do {
	case wire.Take, wire.Renew, wire.Reads, wire.Status, wire.Admit:
		return nil
	}
	fmt.Fprintln(out, "a letter did not arrive; what it said goes into another")
	if b.About != "" {
		return w.sent(w.home.OpineByLetter(ctx, w.mask, w.keys, b.About, b.Acts...))
	}
	return w.handIn(ctx, b.Acts...)
}

// handIn hands in the letter of this call.
func (w *writing) handIn(ctx context.Context, acts ...wire.Act) error {
	return w.sent(w.home.HandIn(ctx, w.mask, w.space, w.keys, nil, acts...))
}

func (w *writing) sent(err error) error {
	w.handed = true
	return err
}

// end hands in a letter that says nothing when this call has handed in none, so that
// whoever runs the letterbox cannot tell writing from reading.
func (w *writing) end(ctx context.Context) error {
	if !w.letters || w.handed {
		return nil
	}
	return w.handIn(ctx)
}

// act does one act as the mask: by letter, where masks write so; then the state of the
// result says it.
func (w *writing) act(ctx context.Context, a wire.Act) (wire.Result, error) {
	if !w.letters {
		return w.mask.Do(ctx, w.home.Root, w.space, w.home.In(w.space).N, a)
	}
	return wire.Result{State: inALetter}, w.handIn(ctx, a)
}

const (
	inALetter = "in a letter, which is brought to the hall in one to three days, by lot"
	// seenNow is said of what goes to the hall by itself though masks write by letter.
	seenNow = "Whoever watches the hall sees that your mask was here just now."
)

// read looks in. Where the account gave no passes for reading, the mask asks for them
// once in an epoch; by letter, they come with an answer. A mask that is not born
// yet, or may not read, gets none.
func (w *writing) read(ctx context.Context) (*wire.Bundle, error) {
	if !w.home.CanRead(w.mask, w.space) && w.home.In(w.space).Taken {
		if w.letters {
			return nil, w.readLater(ctx)
		}
		if err := w.home.Provide(ctx, w.mask, w.space, w.keys); err != nil && !fault.Is(err, fault.Forbidden) {
			return nil, err
		}
	}
	b, err := w.home.Read(ctx, w.mask, w.space)
	if err == nil && b == nil {
		err = fault.New(fault.Forbidden, "client.no_reading")
	}
	return b, err
}

// readLater asks by letter for passes to read by, and says that they will come.
func (w *writing) readLater(ctx context.Context) error {
	if !w.handed && !w.home.Underway(w.space, wire.Reads) {
		if err := w.sent(w.home.ProvideByLetter(ctx, w.mask, w.space, w.keys)); err != nil {
			return err
		}
	}
	if err := w.end(ctx); err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "client.reading_later")
}

// register hands in a right that the home holds, once.
func (w *writing) register(ctx context.Context, out io.Writer) error {
	if w.home.In(w.space).Right == nil || w.home.Underway(w.space, wire.Take) {
		fmt.Fprintln(out, "nothing is to be done before the next answers come: a letter takes one to three days")
		return w.end(ctx)
	}
	fmt.Fprintln(out, "your registration is "+inALetter+"; call this again after that")
	return w.sent(w.home.RegisterByLetter(ctx, w.mask, w.space, w.keys))
}
