package web

import (
	"encoding/csv"
	"strings"
	"testing"

	"guildhall/internal/question"
	questionpage "guildhall/internal/web/page/question"
)

// A spreadsheet reads no formula out of what people have typed.
func TestWriteQueue_noFormulas(t *testing.T) {
	t.Parallel()
	d := &Door{URL: "https://hall.example"}
	for _, title := range []string{`=HYPERLINK("https://evil.example")`, "+1 or more?", "-1 or less?", "@SUM(A1)", "\t=1+1", "\r=1", `a "quoted", title`, "Plain?"} {
		var b strings.Builder
		p := questionpage.QueuePage{Today: 20000, Queue: []questionpage.Queued{{Question: question.Question{ID: "q", Title: title, Lang: "en", Tally: question.Tally{State: question.Open, Since: 19990}}}}}
		if err := d.writeQueue(&b, p); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != len(rows[0]) {
			t.Fatal(rows, err)
		}
		for _, cell := range rows[1] {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("%q is a formula", cell)
			}
		}
		if rows[1][0] != "https://hall.example/questions/q" || rows[1][5] != "10" || strings.TrimPrefix(rows[1][1], "'") != title {
			t.Error(rows[1])
		}
	}
}
