package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strings"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/client"
	"guildhall/internal/mask/wire"
	"guildhall/internal/member/key/owner"
	"guildhall/internal/proof"
)

// maskCommand is "guildhall mask": the same client as the browser's, for the
// command line and Tor.
type maskCommand struct {
	Enrol  *maskEnrolCommand  `arg:"subcommand" help:"Join or sign in, take a seat in a space, fetch its passes; later, register the mask."`
	List   *maskListCommand   `arg:"subcommand" help:"Say how your masks stand."`
	Post   *maskPostCommand   `arg:"subcommand" help:"Speak under a mask. The text is read from a file or from standard input."`
	Read   *maskReadCommand   `arg:"subcommand" help:"Read a space."`
	Renew  *maskRenewCommand  `arg:"subcommand" help:"Renew a mask for the running epoch."`
	Mail   *maskMailCommand   `arg:"subcommand" help:"Show a platform's mail (.eml), for which you get a pass; without a file, later, let the pass vouch for your account."`
	Forget *maskForgetCommand `arg:"subcommand" help:"Take everything about your masks off this machine."`

	Recommend *maskRecommendCommand `arg:"subcommand" help:"Recommend a post under a mask."`
	Withdraw  *maskWithdrawCommand  `arg:"subcommand" help:"Take a post back while it waits, or delete it later."`
	Report    *maskReportCommand    `arg:"subcommand" help:"Tell the moderators of a post."`
	Appeal    *maskAppealCommand    `arg:"subcommand" help:"Ask three drawn members to look at a decision about you."`
	Cases     *maskCasesCommand     `arg:"subcommand" help:"List appeals and their outcomes, and those that wait for your word."`
	Judge     *maskJudgeCommand     `arg:"subcommand" help:"Say your word on a case you were drawn for."`
	Asked     *maskAskedCommand     `arg:"subcommand" help:"List the consultations that ask the masks of a space, and get your passes to them."`
	Answer    *maskAnswerCommand    `arg:"subcommand" help:"Answer a consultation with the pass your mask was given; neither your account nor your mask stands beside it."`
	Say       *maskSayCommand       `arg:"subcommand" help:"Add a statement to a consultation, likewise."`
}

// maskEnrolCommand is "guildhall mask enrol". What the account does and what the
// mask does never happen in one call: whoever watches would see them together.
type maskEnrolCommand struct {
	dwelling
	Space  string `placeholder:"SPACE" help:"The space, as in its address /spaces/SPACE."`
	Phrase string `placeholder:"FILE" help:"File with the seven words of your account, or - for standard input. Without it a new account is made."`
}

// Run does the next step and says what comes after it.
func (c maskEnrolCommand) Run(ctx context.Context, s streams) error {
	home, m, err := c.open(ctx)
	switch {
	case fault.Is(err, fault.NotFound):
		if home, m, err = c.moveIn(ctx, s); err != nil {
			return err
		}
	case err != nil:
		return err
	}
	if c.Space == "" {
		return nil
	}
	if home.Due(m, c.Space) {
		w, err := c.write(ctx, s, c.Space)
		if err != nil {
			return err
		}
		if w.letters {
			return w.register(ctx, s.out)
		}
		home = w.home
		r, err := home.Register(ctx, m, c.Space)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "registered: your mask is born on %s, if ten are waiting by then; now %d are\n", date(r.Batch), r.Waiting)
		return nil
	}
	return c.fetch(ctx, s, home, m)
}

// moveIn joins, or signs in with a phrase, and makes the home.
func (c maskEnrolCommand) moveIn(ctx context.Context, s streams) (*client.Home, client.Mask, error) {
	hall, err := c.hall(ctx)
	if err != nil {
		return nil, client.Mask{}, err
	}
	a, err := client.NewAccount(hall)
	if err != nil {
		return nil, client.Mask{}, err
	}
	var j client.Joined
	if c.Phrase == "" {
		if j, err = a.Join(ctx); err == nil {
			fmt.Fprintf(s.out, "joined as %s\nphrase: %s\nWrite the seven words down: nobody can give them to you again.\n", j.Name, j.Phrase.Reveal())
		}
	} else {
		var p owner.Phrase
		if p, err = readPhrase(c.Phrase, s.in); err == nil {
			j, err = a.SignIn(ctx, p)
		}
	}
	if err != nil {
		return nil, client.Mask{}, err
	}
	home, err := client.MakeHome(c.Home, j.Root, client.State{Hall: hall.URL.String(), Name: j.Name, Login: j.Login})
	return home, client.Mask{Hall: hall}, err
}

func readPhrase(file string, in io.Reader) (p owner.Phrase, err error) {
	b, err := readInput(file, in, 1024)
	if err != nil {
		return p, err
	}
	return owner.ParsePhrase(b)
}

// readInput reads a file, or standard input for "-" or nothing, up to most bytes.
func readInput(file string, in io.Reader, most int64) (string, error) {
	if file != "" && file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && int64(len(b)) > most {
		err = fault.New(fault.Invalid, "client.too_long", most)
	}
	return string(b), err
}

// fetch does what the account can do now.
func (c maskEnrolCommand) fetch(ctx context.Context, s streams, home *client.Home, m client.Mask) error {
	if l := home.In(c.Space); l.Taken {
		fmt.Fprintf(s.out, "mask %d is registered already: guildhall mask list says how it stands\n", l.N)
		return nil
	}
	a, err := client.NewAccount(m.Hall)
	if err != nil {
		return err
	}
	if _, err := a.Resume(ctx, home.State.Login); err != nil {
		return err
	}
	logged, err := home.State.Log.Read(ctx, m)
	if err != nil {
		return err
	}
	st, err := home.Fetch(ctx, a, c.Space, logged)
	if err != nil {
		return err
	}
	l := home.In(c.Space)
	if l.Right == nil {
		fmt.Fprintf(s.out, "seated in %s. %s\n", c.Space, st.Why)
		return nil
	}
	fmt.Fprintf(s.out, "seated in %s, right and %d read passes received.\nThe window closes on %s; call this again after it, without having signed in anywhere just before, and the mask is registered.\n",
		c.Space, len(l.Reads), date(epoch.FirstDayOfWeek(l.Week+1)))
	return nil
}

// date writes the number of a day.
func date(day int) string { return epoch.StartOfDay(day).Format("2006-01-02") }

// maskPostCommand is "guildhall mask post".
type maskPostCommand struct {
	dwelling
	Space  string   `arg:"required" help:"The space."`
	Title  string   `help:"Title: begins a new thread."`
	Thread string   `help:"Id of the thread to speak in."`
	Reply  string   `help:"Id of the post that is answered."`
	Lang   language `default:"en" help:"Language of the text."`
	File   string   `arg:"positional" help:"File with the text in Markdown; standard input when absent."`
}

// Run hands the post in and says when it may appear.
func (c maskPostCommand) Run(ctx context.Context, s streams) error {
	w, err := c.write(ctx, s, c.Space)
	if err != nil {
		return err
	}
	text, err := readInput(c.File, s.in, wire.MaxText)
	if err != nil {
		return err
	}
	id, err := client.NewID(rand.Reader)
	if err != nil {
		return err
	}
	act := wire.Act{ID: id, Thread: c.Thread, Title: c.Title, Reply: c.Reply, Lang: string(c.Lang), Text: text}
	if c.Title != "" {
		act.Thread = id
	}
	home := w.home
	l := home.In(c.Space)
	if w.letters {
		act.Do = wire.Post
		if err := w.handIn(ctx, act); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s is %s; it appears within the three days after that\n", id, inALetter)
		return nil
	}
	r, b, err := w.mask.Post(ctx, home.Root, c.Space, l.N, act)
	if err != nil {
		return err
	}
	l.Sent = append(l.Sent, client.Sent{ID: id, Title: c.Title, To: r.To})
	fmt.Fprintf(s.out, "%s waits; it appears between %s and %s\n", id, date(r.From), date(r.To))
	if b != nil && b.Space.Pace == "careful" {
		if own, most := b.Said(home.Me(c.Space)); own > most {
			fmt.Fprintln(s.out, "Your mask says more than nearly all others here, and who says most is the easiest to recognise. Until it has come out you can take it back: guildhall mask withdraw")
		}
	}
	return home.Keep()
}

// maskReadCommand is "guildhall mask read".
type maskReadCommand struct {
	dwelling
	Space  string `arg:"required" help:"The space."`
	Thread string `help:"Id of one thread; all of them when absent."`
	HTML   bool   `help:"Write the posts as the hall made them, not as plain text."`
}

// Run writes what the space shows.
func (c maskReadCommand) Run(ctx context.Context, s streams) error {
	w, err := c.write(ctx, s, c.Space)
	if err != nil {
		return err
	}
	b, err := w.read(ctx)
	if err != nil {
		return err
	}
	c.show(s, b)
	for _, h := range w.home.Hears(c.Space, b) {
		fmt.Fprintf(s.out, "! %s\t%s\t%s\t%s%s\n", became[h.What], date(h.Day), h.Title, w.mask.Hall.URL, h.Href)
	}
	if err := w.admit(ctx, s.out, b); err != nil {
		return err
	}
	if err := w.end(ctx); err != nil {
		return err
	}
	return w.home.Keep()
}

// became are the words for what became of a post.
var became = map[string]string{"taken": "your post became a case of a public question", "merge": "your case went to another question", "split": "your case went to a question of its own",
	"answer": "your question was answered", "promise": "an answer to your question was promised", "closure": "your question was closed", "reopening": "your question was opened again",
	"undoing": "something about your question was taken back"}

// show writes a bundle.
func (c maskReadCommand) show(s streams, b *wire.Bundle) {
	names := map[string]string{}
	for _, k := range b.Masks {
		names[k.ID] = k.Name
	}
	for _, t := range b.Threads {
		if c.Thread != "" && t.ID != c.Thread {
			continue
		}
		fmt.Fprintf(s.out, "# %s\t%s\n", cmp.Or(t.Title, "(its words are gone)"), t.ID)
		for _, p := range t.Posts {
			text := p.HTML
			if !c.HTML {
				text = client.Plain(p.HTML)
			}
			if p.State != "" {
				text = strings.TrimSuffix("("+p.State+": "+p.Reason, ": ") + ")"
			}
			fmt.Fprintf(s.out, "%s\t%s\t%s\n%s\n\n", p.ID, names[p.Mask], date(p.Day), strings.TrimSpace(text))
		}
	}
}

// maskRenewCommand is "guildhall mask renew".
type maskRenewCommand struct {
	dwelling
	Space string `arg:"required" help:"The space."`
}

// Run renews, or says from when that is possible, without the account.
func (c maskRenewCommand) Run(ctx context.Context, s streams) error {
	w, err := c.write(ctx, s, c.Space)
	if err != nil {
		return err
	}
	l := w.home.In(c.Space)
	switch {
	case w.letters && l.Right == nil && !w.home.Underway(c.Space, wire.Renew):
		fmt.Fprintln(s.out, "the request for your next mask is "+inALetter+"; call this again after that")
		return w.sent(w.home.RenewByLetter(ctx, w.mask, c.Space, w.keys))
	case w.letters:
		return w.register(ctx, s.out)
	case l.Right == nil:
		if err := w.home.Renew(ctx, w.mask, c.Space, w.keys); err != nil {
			return err
		}
	}
	r, err := w.home.Register(ctx, w.mask, c.Space)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "renewed: your new mask is born on %s\n", date(r.Batch))
	return nil
}

// maskMailCommand is "guildhall mask mail". The mail is shown in one call and the
// account comes in another: whoever watches would see them together.
type maskMailCommand struct {
	dwelling
	File string `arg:"positional" help:"The mail as it was saved, a file in the form .eml; - for standard input."`
}

// Run shows the mail, or uses the pass that came for it.
func (c maskMailCommand) Run(ctx context.Context, s streams) error {
	home, m, err := c.open(ctx)
	if err != nil {
		return err
	}
	if c.File == "" {
		a, err := client.NewAccount(m.Hall)
		if err != nil {
			return err
		}
		if _, err := a.Resume(ctx, home.State.Login); err != nil {
			return err
		}
		if err := home.UseMail(ctx, a); err != nil {
			return err
		}
		fmt.Fprintln(s.out, "the mail vouches for your account now; the hall does not know which mail it was")
		return nil
	}
	mail, err := readInput(c.File, s.in, proof.MaxBytes)
	if err != nil {
		return err
	}
	logged, err := home.State.Log.Read(ctx, m)
	if err != nil {
		return err
	}
	k, err := m.Keys(ctx, "", logged)
	if err != nil {
		return err
	}
	if err := home.ShowMail(ctx, m, k, []byte(mail)); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "pass received: call this again without the file, some other time, and it vouches for your account")
	return nil
}

// maskForgetCommand is "guildhall mask forget".
type maskForgetCommand struct{ dwelling }

// Run empties the home.
func (c maskForgetCommand) Run(ctx context.Context, s streams) error {
	home, _, err := c.open(ctx)
	if err != nil {
		return err
	}
	if err := home.Forget(); err != nil {
		return err
	}
	fmt.Fprintln(s.out, "forgotten: this machine knows nothing of your masks any more")
	return nil
}
