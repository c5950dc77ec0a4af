package app

import (
	"context"
	"fmt"
	"io"
	"syscall"
	_ "time/tzdata" // time zones of members, also where the system has none

	"github.com/alecthomas/kong"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
)

// commands is the command line.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Open the hall and serve it."`
	Import  importCommand  `cmd:"" help:"Move a blog into the hall."`
	Fill    fillCommand    `cmd:"" help:"Fill an empty hall with made-up people and texts, for measuring."`
	Demo    demoCommand    `cmd:"" help:"Serve a hall that is filled with a story, for looking around."`
	Backup  backupCommand  `cmd:"" help:"Write everything into one file, while the hall may be open."`
	Restore restoreCommand `cmd:"" help:"Put a backup into an empty data directory."`
	Verify  verifyCommand  `cmd:"" help:"Check what a hall says about itself."`
	Terms   termsCommand   `cmd:"" help:"The watch over platforms' terms."`
	DB      dbCommand      `cmd:"" name:"db" help:"Move the data between databases."`
	Mask    maskCommand    `cmd:"" help:"Speak under a mask, without a browser."`

	Letterbox letterboxCommand `cmd:"" help:"Take sealed letters for somebody else’s hall, and bring them once a day."`

	Consultation consultationCommand `cmd:"" help:"Look at what consultations found."`
}

// place is where a hall lives, the same words for every sub-command.
type place struct {
	Data   string `help:"Data directory." default:"hall" env:"GUILDHALL_DATA_DIR" type:"path"`
	DB     string `name:"db" help:"postgres://… instead of the SQLite file in the data directory." placeholder:"URL"`
	Config string `help:"Configuration file (default: guildhall.toml in the data directory)." type:"path"`
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
	code, told := 0, false // told: --help was asked for, and answered
	parser, err := kong.New(&c, kong.Name("guildhall"), kong.Writers(stdout, stderr), kong.UsageOnError(),
		kong.Description("An independent hall for freelancers. Without configuration: guildhall serve --data hall"),
		kong.Exit(func(n int) { code, told = n, true }))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	k, err := parser.Parse(dashed(args[1:]))
	if told {
		return code
	}
	if err != nil {
		fmt.Fprintf(stderr, "guildhall: %v\nTry guildhall --help.\n", err)
		return 2
	}
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(streams{stdin, stdout, stderr, environ()}); err != nil {
		fmt.Fprintf(stderr, "guildhall: %s\n", explain(err))
		return 1
	}
	return code
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
