package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/mask/client"
	"guildhall/internal/mask/wire"
)

// Consultations of a space's masks. The mask asks for its pass in one call, and what one
// thinks is said with the pass in another: whoever watches would see them together.

// maskAskedCommand is "guildhall mask asked".
type maskAskedCommand struct {
	dwelling
	Space string `arg:"required" help:"The space."`
}

// Run writes what is asked, and what one has answered.
func (c maskAskedCommand) Run(ctx context.Context, s streams) error {
	w, err := c.write(ctx, s, c.Space)
	if err != nil {
		return err
	}
	b, err := w.read(ctx)
	if err != nil {
		return err
	}
	if err := w.admit(ctx, s.out, b); err != nil {
		return err
	}
	for _, a := range b.Asked {
		p := w.home.Paper(c.Space, a.ID, a.Epoch)
		fmt.Fprintf(s.out, "# %s\t%s\tuntil the end of %s (UTC)\n", a.Title, a.ID, date(a.Closes))
		switch {
		case p.Refused != "":
			fmt.Fprintln(s.out, p.Refused)
		case p.Pass == nil:
			fmt.Fprintf(s.out, "no pass yet; it can be asked for until %s\n", date(a.Until))
		}
		for _, t := range a.Statements {
			if t.Out != "" {
				continue
			}
			fmt.Fprintf(s.out, "%d\t%s\t%s\n", t.N, said(p.Answers, t.N), t.Text)
		}
		fmt.Fprintln(s.out)
	}
	if err := w.end(ctx); err != nil {
		return err
	}
	return w.home.Keep()
}

// opinions are the words for answers on the command line.
var opinions = map[string]byte{"agree": '+', "disagree": '-', "pass": '0', "nothing": '.'}

// said is what a row answers to a statement.
func said(row string, n int) string {
	if n > len(row) {
		return "nothing"
	}
	for word, letter := range opinions {
		if letter == row[n-1] {
			return word
		}
	}
	return "nothing"
}

// maskAnswerCommand is "guildhall mask answer".
type maskAnswerCommand struct {
	dwelling
	Space        string   `arg:"required" help:"The space."`
	Consultation string   `arg:"positional,required" help:"Id of the consultation."`
	Answers      []string `arg:"positional,required" placeholder:"N=ANSWER" help:"Answers, such as 1=agree 2=disagree 3=pass; =nothing takes one back."`
}

// Run says all answers, these with them.
func (c maskAnswerCommand) Run(ctx context.Context, s streams) error {
	w, a, err := c.paper(ctx, s, c.Space, c.Consultation)
	if err != nil {
		return err
	}
	letters, err := c.letters(len(a.Statements))
	if err != nil {
		return err
	}
	p := w.home.Paper(c.Space, a.ID, a.Epoch)
	if w.letters {
		p.Change(letters)
		if err := w.home.Keep(); err != nil {
			return err
		}
		fmt.Fprintln(s.out, "your answers are "+inALetter)
		return w.sent(w.home.OpineByLetter(ctx, w.mask, w.keys, a.ID, p.Opinion()))
	}
	for range 3 { // another device may have said more
		p.Change(letters)
		if err := w.home.Keep(); err != nil {
			return err
		}
		rs, err := w.home.Opine(ctx, w.mask, a.ID, p.Opinion())
		if err != nil {
			return err
		}
		if !rs[0].OK {
			return fault.New(fault.Forbidden, "client.said", rs[0].Message)
		}
		if !p.Hold(rs[0]) {
			fmt.Fprintf(s.out, "answered; it counts between %s and %s\n", date(rs[0].From), date(rs[0].To))
			return w.home.Keep()
		}
	}
	return fault.New(fault.Conflict, "client.devices")
}

// letters reads the answers.
func (c maskAnswerCommand) letters(statements int) (map[int]byte, error) {
	letters := map[int]byte{}
	for _, s := range c.Answers {
		n, word, _ := strings.Cut(s, "=")
		i, err := strconv.Atoi(n)
		letter, known := opinions[word]
		if err != nil || i < 1 || i > statements || !known {
			return nil, fault.New(fault.Invalid, "client.answer", s, statements)
		}
		letters[i] = letter
	}
	return letters, nil
}

// maskSayCommand is "guildhall mask say".
type maskSayCommand struct {
	dwelling
	Space        string `arg:"required" help:"The space."`
	Consultation string `arg:"positional,required" help:"Id of the consultation."`
	Statement    string `arg:"positional,required" help:"One sentence that others can agree or disagree with."`
}

// Run adds a statement.
func (c maskSayCommand) Run(ctx context.Context, s streams) error {
	w, a, err := c.paper(ctx, s, c.Space, c.Consultation)
	if err != nil {
		return err
	}
	id, err := client.NewID(rand.Reader)
	if err != nil {
		return err
	}
	act := wire.Act{Do: wire.Say, ID: id, Text: c.Statement}
	if w.letters {
		fmt.Fprintln(s.out, "your statement is "+inALetter)
		return w.sent(w.home.OpineByLetter(ctx, w.mask, w.keys, a.ID, act))
	}
	rs, err := w.home.Opine(ctx, w.mask, a.ID, act)
	if err != nil {
		return err
	}
	if !rs[0].OK {
		return fault.New(fault.Forbidden, "client.said", rs[0].Message)
	}
	fmt.Fprintf(s.out, "it is among the statements between %s and %s\n", date(rs[0].From), date(rs[0].To))
	return nil
}

// paper finds a consultation to which the home has a pass. One that comes only now is
// not used now.
func (d dwelling) paper(ctx context.Context, s streams, space, id string) (w *writing, a wire.Asked, err error) {
	if w, err = d.write(ctx, s, space); err != nil {
		return w, a, err
	}
	b, err := w.read(ctx)
	if err != nil {
		return w, a, err
	}
	i := slices.IndexFunc(b.Asked, func(a wire.Asked) bool { return a.ID == id })
	if i < 0 {
		return w, a, fault.New(fault.NotFound, "consultation.none")
	}
	a = b.Asked[i]
	p := w.home.Paper(space, a.ID, a.Epoch)
	if p.Pass != nil {
		return w, a, nil
	}
	if err := w.admit(ctx, s.out, b); err != nil {
		return w, a, err
	}
	if err := w.end(ctx); err != nil {
		return w, a, err
	}
	if p.Refused != "" {
		return w, a, fault.New(fault.Forbidden, "client.said", p.Refused)
	}
	return w, a, fault.New(fault.Forbidden, "client.no_paper")
}

// admit lets the mask ask for the passes to the consultations that the space shows,
// whether its owner will answer or not.
func (w *writing) admit(ctx context.Context, out io.Writer, b *wire.Bundle) error {
	wanting := w.home.Wanting(w.mask, w.space, b.Asked)
	if len(wanting) == 0 || !w.home.In(w.space).Taken || w.letters && (w.handed || w.home.Underway(w.space, wire.Admit)) {
		return nil
	}
	var acts []wire.Act
	var keys []client.Keys
	for _, a := range wanting[:min(len(wanting), mostAdmissions)] {
		k, err := w.consultationKeys(ctx, a.ID)
		if err != nil {
			return err
		}
		act, err := w.home.Admission(a, k)
		if err != nil {
			return err
		}
		acts, keys = append(acts, act), append(keys, k)
	}
	if w.letters {
		fmt.Fprintln(out, "the request for your pass to the consultation is "+inALetter)
		return w.handIn(ctx, acts...)
	}
	rs, _, err := w.mask.Visit(ctx, w.space, w.home.Root.MaskKey(w.space, w.home.In(w.space).N), nil, acts...)
	for i, r := range rs {
		if err := w.home.Admitted(w.space, acts[i], r, keys[i]); err != nil {
			return err
		}
		if r.OK {
			fmt.Fprintf(out, "pass to %s received; answer in another call, some other time\n", acts[i].About)
		}
	}
	return err
}

// mostAdmissions fit into a short letter.
const mostAdmissions = 8

func (w *writing) consultationKeys(ctx context.Context, id string) (k client.Keys, err error) {
	logged, err := w.home.State.Log.Read(ctx, w.mask)
	if err != nil {
		return k, err
	}
	return w.mask.ConsultationKeys(ctx, id, logged)
}

// tookOpinion says what became of what a letter said with a pass, or of a request for
// one.
func (w *writing) tookOpinion(ctx context.Context, out io.Writer, b client.Back, a wire.Act, r wire.Result) error {
	switch {
	case a.Do == wire.Admit:
		k, err := w.consultationKeys(ctx, a.About)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "your pass to %s: %s\n", a.About, came(r))
		return w.home.Admitted(w.space, a, r, k)
	case !r.OK:
		fmt.Fprintf(out, "%s was refused: %s\n", a.Do, r.Message)
	case a.Do == wire.Opine && w.home.State.Papers[b.About].Hold(r):
		fmt.Fprintln(out, "another of your devices had answered more often; what that said stands")
	default:
		fmt.Fprintf(out, "%s: it counts between %s and %s\n", a.Do, date(r.From), date(r.To))
	}
	return nil
}

func came(r wire.Result) string {
	if r.OK {
		return "it came"
	}
	return r.Message
}
