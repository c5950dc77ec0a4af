package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/ledger"
)

// verifyCommand is "guildhall verify".
type verifyCommand struct {
	Consultation *verifyConsultationCommand `arg:"subcommand" help:"Work the result of a consultation out again from its file, without a network."`

	Log *verifyLogCommand `arg:"subcommand" help:"Check the public log of a hall, from anywhere: its tree, its signature, and what it says."`
}

// verifyLogCommand is "guildhall verify log".
type verifyLogCommand struct {
	Hall string `arg:"required" placeholder:"URL|DIR" help:"Address of the hall, or a data directory, or a copy of its log."`
	Key  string `placeholder:"KEY" help:"The log's key, as the hall shows it at /log. Without it the hall is asked, and could name any."`
	Seen string `placeholder:"FILE" help:"File with the checkpoint of the last look. The log must continue it; when all is well, the newest is kept there."`
}

// Run reads the whole log and says what it found. It fails when anything is
// wrong.
func (c verifyLogCommand) Run(ctx context.Context, s streams) error {
	source, err := openLogSource(c.Hall)
	if err != nil {
		return err
	}
	o := ledger.Options{Key: c.Key, Today: epoch.Day(time.Now())}
	if o.Key == "" {
		b, err := source.File(ctx, ledger.KeyPath, 1024)
		if err != nil {
			return fmt.Errorf("verify log: the log's key cannot be read: %w", err)
		}
		o.Key = strings.TrimSpace(string(b))
		fmt.Fprintf(s.err, "The key was taken from the hall itself; compare it with what others see, and give it as --key next time:\n  %s\n", o.Key)
	}
	if c.Seen != "" {
		o.Seen, err = os.ReadFile(c.Seen)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	r, err := ledger.Audit(ctx, source, o)
	if err != nil {
		return fmt.Errorf("verify log: %w", err)
	}
	report(s.out, r)
	if r.Wrongs > 0 {
		return fmt.Errorf("verify log: the log is whole, but it says what it must not, in %d places", r.Wrongs)
	}
	if c.Seen != "" {
		if err := writeDurably(c.Seen, r.Checkpoint.Text); err != nil {
			return err
		}
	}
	fmt.Fprintln(s.out, "The tree is what the checkpoint is signed for, and nothing in it is wrong.")
	return nil
}

// report writes what a log comes to.
func report(out io.Writer, r ledger.Report) {
	fmt.Fprintf(out, "%s, entries: %d\n", r.Checkpoint.Origin, r.Checkpoint.Size)
	for _, kind := range ledger.Kinds {
		fmt.Fprintf(out, "  %-12s %7d\n", kind, r.Kinds[kind])
	}
	for _, w := range r.Wrong {
		fmt.Fprintln(out, w.Sentence)
	}
	for _, m := range r.ManyBoxes() {
		fmt.Fprintf(out, "warning: entry %d names another letterbox or key for letters, though many did in the four weeks before; many keys can tell when a letter was written\n", m.Index)
	}
	if more := r.Wrongs - len(r.Wrong); more > 0 {
		fmt.Fprintf(out, "and %d more\n", more)
	}
}

// openLogSource finds out where a log is to be read.
func openLogSource(hall string) (ledger.Source, error) {
	if strings.HasPrefix(hall, "http://") || strings.HasPrefix(hall, "https://") {
		u, err := url.Parse(hall)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("verify log: %q is no address", hall)
		}
		return webLog{u.JoinPath("log"), &http.Client{Timeout: logPatience}}, nil
	}
	for _, dir := range []string{hall, filepath.Join(hall, ledger.DirName)} {
		if _, err := os.Stat(filepath.Join(dir, ledger.CheckpointPath)); err == nil {
			return ledger.Dir(dir), nil
		}
	}
	return nil, fmt.Errorf("verify log: there is no log in %s", hall)
}

// logPatience is how long one file of a log may take.
const logPatience = 30 * time.Second

// webLog reads a log over HTTP. Package fetch is not used: here the operator of
// this machine chooses the address, and it may well be a local one.
type webLog struct {
	at     *url.URL
	client *http.Client
}

// File gets one file.
func (l webLog) File(ctx context.Context, path string, most int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.at.JoinPath(path).String(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := l.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	default:
		return nil, fmt.Errorf("%s: the hall answers %s", path, resp.Status)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	if err == nil && int64(len(b)) > most {
		err = fmt.Errorf("%s is too long", path)
	}
	return b, err
}
