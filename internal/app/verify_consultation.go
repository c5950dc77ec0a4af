package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"guildhall/internal/consultation/bundle"
)

// verifyConsultationCommand is "guildhall verify consultation".
type verifyConsultationCommand struct {
	File string `arg:"positional,required" help:"The file that the consultation's page offers."`
	Key  string `placeholder:"KEY" help:"The log's key, as the hall shows it at /log. Without it the file is asked, and could name any."`
}

// Run says what the file proves. It fails when anything in it was changed, and names
// the part.
func (c verifyConsultationCommand) Run(_ context.Context, s streams) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(f, bundle.MaxFile+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if len(text) > bundle.MaxFile {
		return errors.New("verify consultation: the file is longer than any that a hall writes")
	}
	done, err := bundle.Check(text, c.Key)
	if err != nil {
		return fmt.Errorf("verify consultation: %w", err)
	}
	if c.Key == "" {
		fmt.Fprintf(s.err, "The log's key was taken from the file itself; compare it with what the hall shows at /log, and give it as --key:\n  %s\n", done.Key)
	}
	tellConsultation(s.out, done)
	return nil
}

// tellConsultation writes what was found, and what it does not say.
func tellConsultation(out io.Writer, c bundle.Checked) {
	b := c.Bundle
	m := b.Result.All
	fmt.Fprintf(out, "%s\nasked of: %s, until %s\n", b.About.Title, b.About.Electorate, b.About.Closed)
	fmt.Fprintf(out, "statements: %d, of which counted: %d\npeople: %d, of which new in the hall: %d\n", len(b.Statements), len(m.Statements), m.People, b.Result.Newcomers)
	if b.About.Passes != nil {
		fmt.Fprintf(out, "passes: %d given, %d used; the log's counts for space %s say how many masks were born in epoch %d\n", *b.About.Passes, len(b.People), b.About.Space, b.About.Epoch)
	}
	if m.Reliable {
		fmt.Fprintf(out, "opinion groups: %d\n", len(m.Groups))
	} else {
		fmt.Fprintln(out, "opinion groups: none, there are too few people on the map for them to mean anything")
	}
	fmt.Fprintf(out, "Nothing was changed since it was entered into the log (entry %d), and the answers come to this result.\n", c.Index)
	fmt.Fprintln(out, "Not proven: that each participant is another person, and that the hall wrote down every answer it was given.")
}
