package app

import (
	"context"
	"fmt"

	"guildhall/internal/db"
)

// dbCommand is "guildhall db".
type dbCommand struct {
	Copy *copyCommand `arg:"subcommand" help:"Copy the hall into another, empty database, and compare. Stop the hall first."`
}

// copyCommand is "guildhall db copy".
type copyCommand struct {
	place
	To string `arg:"required" placeholder:"URL" help:"Where to: postgres://…, or sqlite for the file in the data directory."`
}

// Run copies, and says what to do next.
func (c copyCommand) Run(ctx context.Context, s streams) error {
	conf, err := c.config(s, "")
	if err != nil {
		return err
	}
	target := db.Config{Dir: c.Data, URL: c.To}
	if c.To == "sqlite" {
		target.URL = ""
	} else if err := (&Config{Database: c.To}).check(); err != nil {
		return err
	}
	source := db.Config{Dir: c.Data, URL: conf.Database}
	if source == target {
		return fmt.Errorf("db copy: that is where the hall is already")
	}
	release, err := takeHall(c.Data)
	if err != nil {
		return err
	}
	defer release()
	from, err := openCurrent(ctx, source)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := openCurrent(ctx, target)
	if err != nil {
		return err
	}
	defer to.Close()
	done, err := from.CopyTo(ctx, to)
	if err != nil {
		return err
	}
	rows := int64(0)
	for _, t := range done {
		fmt.Fprintf(s.out, "%-28s %9d\n", t.Table, t.Rows)
		rows += t.Rows
	}
	fmt.Fprintf(s.out, "%d rows in %d tables, compared one by one.\n", rows, len(done))
	if target.URL != "" {
		fmt.Fprintln(s.err, "Now set database in guildhall.toml to the new address (or give --db), and start the hall. It makes its search index anew.")
	} else {
		fmt.Fprintln(s.err, "Now take database out of guildhall.toml, and start the hall. It makes its search index anew.")
	}
	return nil
}

// openCurrent opens a database and brings its schema up to date.
func openCurrent(ctx context.Context, c db.Config) (*db.DB, error) {
	d, err := db.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}
