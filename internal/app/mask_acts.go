package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"guildhall/internal/mask/client"
	"guildhall/internal/mask/wire"
)

// What a mask does besides speaking, each in a visit of its own.

// actOf does one act as the mask of a space.
func (d dwelling) actOf(ctx context.Context, s streams, space string, act func(me string) wire.Act) (wire.Result, error) {
	w, err := d.write(ctx, s, space)
	if err != nil {
		return wire.Result{}, err
	}
	r, err := w.act(ctx, act(w.home.Me(space)))
	if err == nil && w.letters {
		fmt.Fprintln(s.out, inALetter)
	}
	return r, err
}

// maskRecommendCommand is "guildhall mask recommend".
type maskRecommendCommand struct {
	dwelling
	Space string `arg:"required" help:"The space."`
	Undo  bool   `help:"Take the recommendation back."`
	Post  string `arg:"positional,required" help:"Id of the post."`
}

// Run recommends a post; the count moves at the pace of the space.
func (c maskRecommendCommand) Run(ctx context.Context, s streams) error {
	do, said := wire.Recommend, "recommended"
	if c.Undo {
		do, said = wire.Unrecommend, "taken back"
	}
	if _, err := c.actOf(ctx, s, c.Space, func(string) wire.Act { return wire.Act{Do: do, ID: c.Post} }); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s; the count moves when a post sent now would appear\n", said)
	return nil
}

// maskWithdrawCommand is "guildhall mask withdraw".
type maskWithdrawCommand struct {
	dwelling
	Space string `arg:"required" help:"The space."`
	Post  string `arg:"positional,required" help:"Id of a post of yours."`
}

// Run takes a post back while it waits, or deletes it when it has appeared.
func (c maskWithdrawCommand) Run(ctx context.Context, s streams) error {
	w, err := c.write(ctx, s, c.Space)
	if err != nil {
		return err
	}
	done, err := w.home.TakeBack(ctx, w.mask, c.Space, c.Post)
	if err != nil {
		return err
	}
	if !done { // by letter it would come too late
		_, err = w.mask.Do(ctx, w.home.Root, c.Space, w.home.In(c.Space).N, wire.Act{Do: wire.Withdraw, ID: c.Post})
		if w.letters {
			fmt.Fprintln(s.out, seenNow)
		}
	}
	if err == nil {
		fmt.Fprintln(s.out, "taken back before it appeared")
		return w.end(ctx)
	}
	if _, err := w.act(ctx, wire.Act{Do: wire.Delete, ID: c.Post}); err != nil {
		return err
	}
	if w.letters {
		fmt.Fprintln(s.out, inALetter)
	}
	fmt.Fprintln(s.out, "deleted; it disappears at midnight (UTC), in an hourly space at the next full hour")
	return nil
}

// maskReportCommand is "guildhall mask report".
type maskReportCommand struct {
	dwelling
	Space string     `arg:"required" help:"The space."`
	Kind  reportKind `default:"other" help:"What is wrong: person (gives somebody away), insult, spam or other."`
	Words string     `help:"A sentence for the moderators."`
	Post  string     `arg:"positional,required" help:"Id of the post."`
}

// Run tells the moderators.
func (c maskReportCommand) Run(ctx context.Context, s streams) error {
	_, err := c.actOf(ctx, s, c.Space, func(string) wire.Act {
		return wire.Act{Do: wire.Report, ID: c.Post, Kind: string(c.Kind), Text: c.Words}
	})
	if err == nil {
		fmt.Fprintln(s.out, "reported: the moderators see the post and the reason, not you")
	}
	return err
}

// maskAppealCommand is "guildhall mask appeal".
type maskAppealCommand struct {
	dwelling
	Space string `arg:"required" help:"The space."`
	Post  string `help:"Id of your hidden post; without it the ban or the mute of the mask itself."`
	File  string `arg:"positional" help:"File with your words; standard input when absent."`
}

// Run asks three drawn members to look at a decision.
func (c maskAppealCommand) Run(ctx context.Context, s streams) error {
	words, err := readInput(c.File, s.in, 4*wire.MaxReason)
	if err != nil {
		return err
	}
	r, err := c.actOf(ctx, s, c.Space, func(me string) wire.Act {
		about := c.Post
		if about == "" {
			about = me
		}
		return wire.Act{Do: wire.Appeal, ID: about, Text: strings.TrimSpace(words)}
	})
	if err == nil {
		fmt.Fprintf(s.out, "%s: three members are drawn at the next full hour, and what they say is published as a case\n", r.State)
	}
	return err
}

// maskJudgeCommand is "guildhall mask judge".
type maskJudgeCommand struct {
	dwelling
	Space   string  `arg:"required" help:"The space."`
	Verdict verdict `arg:"required" help:"upheld: the decision stands; overturned: it does not."`
	Words   string  `help:"Why, in a sentence; it is published with the case."`
	Case    string  `arg:"positional,required" help:"Id of the case."`
}

// Run says a juror's word; it may be changed until the next full hour.
func (c maskJudgeCommand) Run(ctx context.Context, s streams) error {
	_, err := c.actOf(ctx, s, c.Space, func(string) wire.Act {
		return wire.Act{Do: wire.Judge, ID: c.Case, Verdict: string(c.Verdict), Text: c.Words}
	})
	if err == nil {
		fmt.Fprintln(s.out, "your word counts at the next full hour")
	}
	return err
}

// maskCasesCommand is "guildhall mask cases".
type maskCasesCommand struct {
	dwelling
	Space string `arg:"required" help:"The space."`
}

// Run lists the cases of a space, and which of them wait for this mask.
func (c maskCasesCommand) Run(ctx context.Context, s streams) error {
	w, err := c.write(ctx, s, c.Space)
	if err != nil {
		return err
	}
	r, b, err := w.mask.Status(ctx, w.home.Root, c.Space, w.home.In(c.Space).N)
	if err != nil {
		return err
	}
	if w.letters {
		fmt.Fprintln(s.out, seenNow)
	}
	if err := w.end(ctx); err != nil {
		return err
	}
	for _, brief := range r.Judge {
		fmt.Fprintf(s.out, "%s\twaits for your word\t%s\n%s\n\n", brief.Case, brief.Title, strings.TrimSpace(client.Plain(brief.HTML)))
	}
	if b == nil {
		return nil
	}
	for _, k := range b.Cases {
		outcome := k.Outcome
		if outcome == "" {
			outcome = "open"
		}
		mine := slices.ContainsFunc(r.Judge, func(j wire.Brief) bool { return j.Case == k.ID })
		fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\treason: %s\tappeal: %s\n", k.ID, date(k.Day), k.About, outcome, k.Reason, k.Text)
		if mine {
			fmt.Fprintln(s.out, "  you are one of the three")
		}
		for _, w := range k.Words {
			fmt.Fprintf(s.out, "  a juror: %s\n", w)
		}
	}
	return nil
}
