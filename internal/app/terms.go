package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"guildhall/internal/terms"
	"guildhall/internal/terms/watch"
)

// termsCommand is "guildhall terms".
type termsCommand struct {
	Replay *termsReplayCommand `arg:"subcommand" help:"Say which changes in recorded histories somebody would have been told of."`
	Import *termsImportCommand `arg:"subcommand" help:"Bring recorded histories and declarations of documents into a hall."`
	Check  *termsCheckCommand  `arg:"subcommand" help:"Fetch watched documents now."`
}

// termsReplayCommand is "guildhall terms replay".
type termsReplayCommand struct {
	Dirs []string `arg:"positional,required" placeholder:"DIR" help:"Directories with a history.json and the texts it names."`
}

// Run prints one line of JSON for each history, as watch.Replay says.
func (c termsReplayCommand) Run(_ context.Context, s streams) error {
	out := json.NewEncoder(s.out)
	out.SetEscapeHTML(false)
	for _, dir := range c.Dirs {
		r, err := watch.ReplayDir(dir)
		if err != nil {
			return fmt.Errorf("terms replay: %s: %w", dir, err)
		}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

// termsImportCommand is "guildhall terms import".
type termsImportCommand struct {
	place
	Dir string `arg:"positional,required" help:"Directory with histories (history.json beside their texts) or declarations (.json), however deep."`
}

// Run imports the directory and says what became of each thing found.
func (c termsImportCommand) Run(ctx context.Context, s streams) error {
	return c.withTerms(ctx, s, func(h *Hall) error {
		passed := 0
		err := h.Terms.Import(ctx, c.Dir, func(i terms.Imported) {
			switch {
			case i.Err != nil:
				passed++
				fmt.Fprintf(s.err, "passed over: %s: %s\n", i.Document, explain(i.Err))
			case i.Declared:
				fmt.Fprintf(s.out, "%s: will be fetched\n", i.Document)
			default:
				fmt.Fprintf(s.out, "%s: %d versions added\n", i.Document, i.Records)
			}
			if len(i.LeftOut) > 0 {
				fmt.Fprintf(s.err, "%s: left out, since the hall runs no programs of others: %s\n", i.Document, strings.Join(i.LeftOut, ", "))
			}
		})
		if err == nil && passed > 0 {
			err = fmt.Errorf("terms import: %d passed over", passed)
		}
		return err
	})
}

// termsCheckCommand is "guildhall terms check".
type termsCheckCommand struct {
	place
	Documents []string `arg:"positional" placeholder:"DOCUMENT" help:"Documents, as their pages' addresses have them. Without any, those that are due."`
}

// Run visits the documents and says what was found.
func (c termsCheckCommand) Run(ctx context.Context, s streams) error {
	return c.withTerms(ctx, s, func(h *Hall) error {
		failed := 0
		tell := func(o terms.Outcome) {
			switch {
			case o.Err != nil:
				failed++
				fmt.Fprintf(s.err, "%s: %s\n", o.Document, explain(o.Err))
			case o.New:
				fmt.Fprintf(s.out, "%s: a new version\n", o.Document)
			default:
				fmt.Fprintf(s.out, "%s: as before\n", o.Document)
			}
		}
		var ids []terms.DocumentID
		for _, id := range c.Documents {
			ids = append(ids, terms.DocumentID(id))
		}
		err := h.Terms.Check(ctx, tell, ids...)
		if len(ids) == 0 {
			err = h.Terms.CheckDue(ctx, tell)
		}
		if err == nil && failed > 0 {
			err = errors.New("terms check: not everything could be fetched")
		}
		return err
	})
}

// withTerms opens the hall of the place, which must not be open elsewhere.
func (c place) withTerms(ctx context.Context, s streams, do func(*Hall) error) error {
	release, err := takeHall(c.Data)
	if err != nil {
		return err
	}
	defer release()
	h, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := do(h); err != nil {
		return err
	}
	fmt.Fprintln(s.err, "The public log has new versions once the hall is served.")
	return nil
}
