package db

import (
	"context"
	"testing"
)

// What members wrote before a table was made anew is there afterwards.
func TestMigrate_carriesReportsOver(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, err := Open(ctx, Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	p, err := provider(d.write, d.engine)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(ctx, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := d.write.ExecContext(ctx, `INSERT INTO moderation_report VALUES ('r1', 'post', 'p1', 'spam', 'buy', 'bo', 1795427251123456, '')`); err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	var words, by string
	var day int64
	err = d.write.QueryRowContext(ctx, `SELECT words, by_face, day FROM moderation_report WHERE id = 'r1'`).Scan(&words, &by, &day)
	if err != nil || words != "buy" || by != "bo" || day != 20780 {
		t.Errorf("%q by %q on day %d, %v", words, by, day, err)
	}
}
