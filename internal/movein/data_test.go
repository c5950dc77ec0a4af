package movein_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"guildhall/internal/movein"
)

func TestDump(t *testing.T) {
	f, err := os.Open("/work/shared/data/wordpress/themeunittestdata.wordpress.xml")
	if err != nil {
		t.Skip(err)
	}
	b, err := movein.ReadWordPress(t.Context(), f, movein.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	out, _ := os.Create(filepath.Join(os.TempDir(), "mv/dump.txt"))
	fmt.Fprintln(out, b.Title, b.Link, b.Authors, len(b.Categories), len(b.Tags), b.Found, len(b.Items))
	for _, it := range b.Items {
		fmt.Fprintf(out, "\n\n################ %s %q %s %s %s %v %s sticky=%v %s\n%v\n", it.Kind, it.Title, it.Link, it.Key, it.Slug, it.Topics, it.Published, it.Sticky, it.Author, len(it.Images))
		fmt.Fprintln(out, it.Text)
		if it.Summary != "" {
			fmt.Fprintln(out, "SUMMARY", it.Summary)
		}
		for _, c := range it.Comments {
			fmt.Fprintf(out, "--- %*s%s %s %s < %s\n%s\n", c.Depth*2, "", c.Author, c.Published, c.Key, c.Parent, c.Text)
		}
	}
	for _, s := range b.Skipped {
		fmt.Fprintln(out, "SKIP", s)
	}
	for _, s := range b.Notes {
		fmt.Fprintln(out, "NOTE", s)
	}
}
