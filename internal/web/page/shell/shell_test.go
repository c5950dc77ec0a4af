package shell_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

func render(t *testing.T, v viewer.Viewer, c templ.Component) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(viewer.With(context.Background(), v), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func find(t *testing.T, doc *html.Node, selector string) []*html.Node {
	t.Helper()
	s, err := cascadia.ParseGroup(selector)
	if err != nil {
		t.Fatal(err)
	}
	return cascadia.QueryAll(doc, s)
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// page is a whole page with everything in it that shell offers.
func page(p shell.Props) templ.Component {
	parts := []templ.Component{
		shell.ErrorSummary(shell.Faults{fault.On("name", fault.Invalid, "fault.empty")}),
		shell.Input(shell.Field{Name: "name", Label: "Name", Hint: "Two words", Error: "This cannot be empty."}),
		shell.Area(shell.Field{Name: "text", Label: "Text", Value: "</textarea><script>"}),
		shell.Select(shell.Field{Name: "zone", Label: "Zone"}, []shell.Option{{Value: "a", Label: "A"}}),
		shell.Radios(shell.Field{Name: "how", Label: "How", Value: "b"}, []shell.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Hint: "best"}}),
		shell.Check(shell.Field{Name: "read", Label: "Read", Value: "yes"}),
		shell.Pager(6, 21, func(n int) string { return "/d?page=" + lang.English.Number(n) }),
		shell.SpeakingAs(), shell.DraftKeeper("k"), shell.Preview(),
		shell.Hand(func(p *shell.Pen) { p.SinceHere("d", 9, "/d/{seq}", func() { p.QuoteInto("text", func() {}) }) }),
		shell.Portrait("ليلى منصور", ""), shell.LargePortrait("Ana", "/pictures/a.jpg"), shell.Badge("new", "new"),
		shell.Notice("good"), shell.Empty("Nothing"), shell.Time(time.Unix(0, 0)), shell.Date(time.Unix(0, 0)),
	}
	body := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, c := range parts {
			if err := c.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return shell.Page(p).Render(templ.WithChildren(ctx, body), w)
	})
}

func TestPage_inEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, l := range lang.All() {
		doc := render(t, viewer.Viewer{Lang: l, Theme: viewer.Dark, Path: "/topics?x=1"}, page(shell.Props{Title: "Topics", Canonical: "/topics", Here: "topics"}))
		root := find(t, doc, "html")[0]
		if attr(root, "lang") != l.Tag() || attr(root, "dir") != l.Dir() || attr(root, "data-theme") != "dark" {
			t.Errorf("%s: %v", l, root.Attr)
		}
		if got := text(find(t, doc, "title")[0]); got != "Topics – "+l.T("shell.hall") {
			t.Errorf("%s: title %q", l, got)
		}
		if here := find(t, doc, "nav [aria-current=page]"); len(here) == 0 || text(here[0]) != l.T("shell.nav.topics") {
			t.Errorf("%s: the way one stands on is not marked", l)
		}
		for _, n := range find(t, doc, "body *") {
			if strings.HasPrefix(text(n), "shell.") {
				t.Errorf("%s: a text is missing: %s", l, text(n))
			}
		}
	}
}

// The content policy refuses what stands in the page's text, so it must not be
// there; and nothing may be asked of another host.
func TestPage_nothingInlineNothingElsewhere(t *testing.T) {
	t.Parallel()
	doc := render(t, viewer.Viewer{SignedIn: true, Name: "<b>Ana</b>"}, page(shell.Props{Scripts: []string{"account.js"}}))
	if n := find(t, doc, "style, [style], script:not([src]), base, b"); len(n) > 0 {
		t.Errorf("found <%s %v>", n[0].Data, n[0].Attr)
	}
	for _, n := range find(t, doc, "*") {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has %s", n.Data, a.Key)
			}
			if (a.Key == "src" || a.Key == "href" || a.Key == "action") && (strings.Contains(a.Val, "//") || strings.Contains(a.Val, ":")) {
				t.Errorf("<%s %s=%q> leaves the hall", n.Data, a.Key, a.Val)
			}
		}
	}
}

func TestForm_errorsAreTiedToTheirFields(t *testing.T) {
	t.Parallel()
	doc := render(t, viewer.Viewer{}, page(shell.Props{Failed: true}))
	link := find(t, doc, ".errors a")[0]
	field := find(t, doc, attr(link, "href"))[0]
	if field.Data != "input" || attr(field, "aria-invalid") != "true" {
		t.Errorf("the summary leads to <%s %v>", field.Data, field.Attr)
	}
	for id := range strings.FieldsSeq(attr(field, "aria-describedby")) {
		if len(find(t, doc, "#"+id)) != 1 {
			t.Errorf("#%s describes the field but is not there", id)
		}
	}
	for _, n := range find(t, doc, "main input, main textarea, main select") {
		id := attr(n, "id")
		if id != "" && len(find(t, doc, "label[for="+id+"]"))+len(find(t, doc, "label #"+id)) == 0 {
			t.Errorf("#%s has no label", id)
		}
	}
	if got := text(find(t, doc, "title")[0]); !strings.HasPrefix(got, lang.English.T("shell.failed")) {
		t.Errorf("the title %q does not say that something is wrong", got)
	}
	if got := text(find(t, doc, "textarea#text")[0]); got != "</textarea><script>" {
		t.Errorf("typed text came back as %q", got)
	}
}

func TestSpeakingAs_saysWho(t *testing.T) {
	t.Parallel()
	signed := render(t, viewer.Viewer{SignedIn: true, Name: "Quiet Heron"}, shell.SpeakingAs())
	if got := text(find(t, signed, ".speaking span + span")[0]); got != "You speak as Quiet Heron, your open profile." {
		t.Errorf("got %q", got)
	}
	reader := render(t, viewer.Viewer{Path: "/articles/x?page=2"}, shell.SpeakingAs())
	if got := attr(find(t, reader, "a")[0], "href"); got != "/join?back=%2Farticles%2Fx%3Fpage%3D2" {
		t.Errorf("the door leads to %q", got)
	}
}

func TestPager_window(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		page, pages int
		want        string
	}{
		{1, 1, ""},
		{1, 3, "1 2 3 Next"},
		{6, 21, "Previous 1 … 4 5 6 7 8 … 21 Next"},
		{4, 8, "Previous 1 2 3 4 5 6 7 8 Next"},
		{5, 9, "Previous 1 2 3 4 5 6 7 8 9 Next"},
		{21, 21, "Previous 1 … 19 20 21"},
	} {
		doc := render(t, viewer.Viewer{}, shell.Pager(c.page, c.pages, func(int) string { return "/" }))
		var got []string
		for _, n := range find(t, doc, ".pager > *") {
			got = append(got, strings.TrimPrefix(text(n), "Page "))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("page %d of %d: %q, want %q", c.page, c.pages, s, c.want)
		}
	}
}

func TestPortrait_initials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Quiet Heron": "QH", "ana": "A", "lídia maria ferreira": "LM", "(bo)": "B", "ليلى منصور": "ل\u200cم", "القارب الأزرق": "ق\u200cأ", "": "", "…": "",
	} {
		doc := render(t, viewer.Viewer{}, shell.Portrait(name, ""))
		if got := attr(find(t, doc, ".portrait")[0], "data-letters"); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestTime_inTheReadersZone(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)
	zone := time.FixedZone("east", 2*3600)
	doc := render(t, viewer.Viewer{Zone: zone}, shell.Time(at))
	n := find(t, doc, "time")[0]
	if got := text(n); !strings.HasPrefix(got, "21 November 2026, 01:30") {
		t.Errorf("got %q", got)
	}
	if attr(n, "datetime") != "2026-11-20T23:30:00Z" || attr(n, "data-own-zone") != "" {
		t.Errorf("got %v", n.Attr)
	}
}

// What a fault is made of is for the log.
func TestFaultsOf_keepsCausesPrivate(t *testing.T) {
	t.Parallel()
	full := fault.New(fault.Unavailable, "blob.disk_full").Because(errors.Join(errors.New("write: no space"), errors.New("close")))
	if fs := shell.FaultsOf(fmt.Errorf("blob: %w", full)); len(fs) != 1 || fs[0].Key != "blob.disk_full" {
		t.Errorf("%v", fs)
	}
}

func TestFaultsOf_joined(t *testing.T) {
	t.Parallel()
	a, b := fault.On("name", fault.Invalid, "fault.empty"), fault.On("text", fault.Invalid, "fault.choose")
	fs := shell.FaultsOf(errors.Join(a, b))
	if len(fs) != 2 || len(shell.FaultsOf(nil)) != 0 || len(shell.FaultsOf(a)) != 1 {
		t.Fatalf("got %v", fs)
	}
	ctx := viewer.With(context.Background(), viewer.Viewer{Lang: lang.Spanish})
	if got := fs.At(ctx, "text"); got != lang.Spanish.T("fault.choose") {
		t.Errorf("got %q", got)
	}
	if fs.At(ctx, "other") != "" {
		t.Error("a field that is fine has a sentence")
	}
}
