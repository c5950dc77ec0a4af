package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"guildhall/internal/fetch"
	"guildhall/internal/movein"
)

// importCommand is "guildhall import".
type importCommand struct {
	Wordpress *importWordPress `arg:"subcommand" help:"Move a WordPress blog in from its export (Tools, Export, All content)."`
	Markdown  *importMarkdown  `arg:"subcommand" help:"Move a directory of Markdown files in, as Hugo, Jekyll and others keep them."`
}

// importing is what both sorts of import share.
type importing struct {
	place
	Fetch bool `help:"Get pictures that are not beside the source from where they were. Their server learns the address of this machine."`
}

type importWordPress struct {
	importing
	File   string `arg:"positional,required" help:"The export: .xml, .xml.gz or .zip."`
	Images string `placeholder:"DIR" help:"Directory of the blog's pictures (default: wp-content/uploads or uploads beside the file)."`
}

type importMarkdown struct {
	importing
	Dir string `arg:"positional,required" help:"Directory with the Markdown files and the pictures beside them."`
}

// Run moves the blog in and prints the report.
func (c importWordPress) Run(ctx context.Context, s streams) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	pictures, done, err := uploads(c.Images, filepath.Dir(c.File))
	if err != nil {
		return err
	}
	defer done()
	b, err := movein.ReadWordPress(ctx, f, movein.Limits{Files: pictures})
	if err != nil {
		return err
	}
	return c.moveIn(ctx, s, b)
}

// uploads is the directory of pictures: the one named, else the one that stands
// beside the export. Links in it lead nowhere outside.
func uploads(named, beside string) (fs.FS, func(), error) {
	dirs := []string{filepath.Join(beside, "wp-content", "uploads"), filepath.Join(beside, "uploads")}
	if named != "" {
		dirs = []string{named}
	}
	for _, dir := range dirs {
		root, err := os.OpenRoot(dir)
		if err == nil {
			return root.FS(), func() { root.Close() }, nil
		}
		if named != "" {
			return nil, func() {}, err
		}
	}
	return nil, func() {}, nil
}

// Run moves the texts in and prints the report.
func (c importMarkdown) Run(ctx context.Context, s streams) error {
	root, err := os.OpenRoot(c.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	b, err := movein.ReadMarkdown(ctx, root.FS(), movein.Limits{})
	if err != nil {
		return err
	}
	return c.moveIn(ctx, s, b)
}

// moveIn writes a blog into the hall of the place.
func (c importing) moveIn(ctx context.Context, s streams, b *movein.Blog) error {
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
	r, err := h.moveIn(c.Fetch).MoveIn(ctx, b)
	fmt.Fprint(s.out, r)
	fmt.Fprintln(s.err, "A hall that is open shows all of this once it has been started again.")
	return err
}

const (
	pictureBytes = 12_000_000
	pictureWait  = 30 * time.Second
)

// moveIn is the room that moves blogs in; it may ask the web for pictures.
func (h *Hall) moveIn(ask bool) *movein.Room {
	c := movein.Config{DB: h.DB, Faces: h.Faces, Forum: h.Forum, Blobs: h.Pictures}
	if ask {
		client := fetch.New(fetch.Config{Timeout: pictureWait, MaxBytes: pictureBytes})
		c.Fetch = func(ctx context.Context, url string) (io.ReadCloser, error) {
			p, err := client.Get(ctx, url, "image/*")
			return io.NopCloser(bytes.NewReader(p.Body)), err
		}
	}
	return movein.New(c)
}
