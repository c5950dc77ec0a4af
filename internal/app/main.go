package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	_ "time/tzdata" // time zones of members, also where the system has none

	"github.com/alexflint/go-arg"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
)

// commands is the command line.
type commands struct {
	Serve   *serveCommand   `arg:"subcommand" help:"Open the hall and serve it."`
	Import  *importCommand  `arg:"subcommand" help:"Move a blog into the hall."`
	Fill    *fillCommand    `arg:"subcommand" help:"Fill an empty hall with made-up people and texts, for measuring."`
	Demo    *demoCommand    `arg:"subcommand" help:"Serve a hall that is filled with a story, for looking around."`
	Backup  *backupCommand  `arg:"subcommand" help:"Write everything into one file, while the hall may be open."`
	Restore *restoreCommand `arg:"subcommand" help:"Put a backup into an empty data directory."`
	Verify  *verifyCommand  `arg:"subcommand" help:"Check what a hall says about itself."`
	Terms   *termsCommand   `arg:"subcommand" help:"The watch over platforms' terms."`
	DB      *dbCommand      `arg:"subcommand" help:"Move the data between databases."`
	Mask    *maskCommand    `arg:"subcommand" help:"Speak under a mask, without a browser."`

	Letterbox *letterboxCommand `arg:"subcommand" help:"Take sealed letters for somebody else’s hall, and bring them once a day."`

	Media *mediaCommand `arg:"subcommand" help:"Carry calls: the hall starts this by itself and tells it what to do."`

	Card *cardCommand `arg:"subcommand" help:"Contact cards of other programs."`

	Calendar *calendarCommand `arg:"subcommand" help:"Calendars of other programs: when somebody is busy, and when free."`

	Consultation *consultationCommand `arg:"subcommand" help:"Look at what consultations found."`
}

// Description stands at the head of the help.
func (commands) Description() string {
	return "An independent hall for freelancers. Without configuration: guildhall serve --data hall"
}

// runner is a command that can be run.
type runner interface {
	Run(context.Context, streams) error
}

// place is where a hall lives, the same words for every sub-command.
type place struct {
	Data   string `arg:"env:GUILDHALL_DATA_DIR" default:"hall" help:"Data directory."`
	DB     string `placeholder:"URL" help:"postgres://… instead of the SQLite file in the data directory."`
	Config string `help:"Configuration file (default: guildhall.toml in the data directory)."`
}

// streams are a command's input and output.
type streams struct {
	in       io.Reader
	out, err io.Writer
	environ  []string
}

// Main runs the program and gives its exit code: 0 when all is well, 1 when
// something went wrong, 2 when the command line makes no sense. Only what was
// asked for is printed to stdout; everything else goes to stderr.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	// What the hall writes is the operator's alone, whatever the shell says.
	syscall.Umask(0o077)
	var c commands
	parser, err := arg.NewParser(arg.Config{Program: "guildhall", Out: stderr}, &c)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	switch err := parser.Parse(dashed(gathered(args[1:]))); {
	case errors.Is(err, arg.ErrHelp):
		parser.WriteHelp(stdout)
		if c, ok := parser.Subcommand().(interface{ More() string }); ok {
			fmt.Fprintf(stdout, "\n%s", c.More())
		}
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "guildhall: %v\nTry guildhall --help.\n", err)
		return 2
	}
	command, ok := parser.Subcommand().(runner)
	if !ok { // "guildhall mask" alone
		parser.WriteHelp(stderr)
		return 2
	}
	if err := command.Run(ctx, streams{stdin, stdout, stderr, environ()}); err != nil {
		fmt.Fprintf(stderr, "guildhall: %s\n", explain(err))
		return 1
	}
	return 0
}

// explain says an error to the operator: the sentence, and the cause as well,
// because on this side of the door nothing needs hiding.
func explain(err error) string {
	f := fault.From(err)
	if f.Key == "" || f.Kind == fault.Internal {
		return err.Error()
	}
	l, _ := lang.Parse("en")
	return fmt.Sprintf("%s (%v)", l.T(f.Key, f.Args...), err)
}
