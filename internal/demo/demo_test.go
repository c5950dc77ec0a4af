package demo

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"guildhall/internal/markdown"
)

func TestStory(t *testing.T) {
	t.Parallel()
	h, err := Story()
	if err != nil {
		t.Fatal(err)
	}
	posts, longest := 0, 0
	inLang := map[string]int{}
	for _, d := range h.Discussions {
		posts += len(d.Posts)
		longest = max(longest, len(d.Posts))
		inLang[d.Lang]++
	}
	for _, a := range h.Articles {
		inLang["article "+a.Lang]++
	}
	t.Logf("%d members, %d articles, %d discussions, %d posts, longest %d, %v",
		len(h.Members), len(h.Articles), len(h.Discussions), posts, longest, inLang)
}

// Nobody should read the same post twice.
func TestStory_noPostTwice(t *testing.T) {
	t.Parallel()
	h, err := Story()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, d := range h.Discussions {
		for _, p := range d.Posts {
			if other, ok := seen[p.Markdown]; ok {
				t.Errorf("%s #%d says what %s says", d.Key, p.Number, other)
			}
			seen[p.Markdown] = d.Key
		}
	}
}

func TestStory_members(t *testing.T) {
	t.Parallel()
	h, err := Story()
	if err != nil {
		t.Fatal(err)
	}
	var handles []string
	for _, m := range h.Members {
		handles = append(handles, m.Handle)
		if _, err := time.LoadLocation(m.Zone); err != nil {
			t.Errorf("@%s: %v", m.Handle, err)
		}
	}
	slices.Sort(handles)
	if len(slices.Compact(slices.Clone(handles))) != len(handles) {
		t.Error("two members share a handle")
	}
	speaks := map[string]bool{}
	for _, d := range h.Discussions {
		for _, p := range d.Posts {
			speaks[p.Author] = true
		}
	}
	for _, handle := range handles {
		if !speaks[handle] {
			t.Errorf("@%s never says anything", handle)
		}
	}
}

const head = "+++\ntitle = \"T\"\nlang = \"en\"\ntopics = [\"hall\"]\nat = 2020-06-01T10:00:00Z\n+++\n"

func TestParse(t *testing.T) {
	t.Parallel()
	d, err := parse(head + "--- @ana recommend=2\nOne two three.\n" +
		"--- @bo +1d2h5m quote=1 held\n> two\nWhy two?\n\n--- a line\n=== summary @cleo +5m\nSettled: #1.\n")
	if err != nil {
		t.Fatal(err)
	}
	second := d.Posts[1]
	if !second.Held || d.Posts[0].Held || second.Quote != "two" || second.QuoteOf != 1 || second.Markdown != "Why two?\n\n--- a line" {
		t.Errorf("second post: %+v", second)
	}
	if got := second.At.Sub(d.At).Minutes(); got != 26*60+5 {
		t.Errorf("second post after %v minutes", got)
	}
	if d.Opener != "ana" || d.Posts[0].Recommends != 2 || d.Summary == nil || d.Lock != nil {
		t.Errorf("discussion: %+v", d)
	}
}

func TestParse_refuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no head":     "--- @ana\nHello\n",
		"no post":     head,
		"empty post":  head + "--- @ana\n--- @bo +1m\nHi\n",
		"bad span":    head + "--- @ana\nHi\n--- @bo +soon\nHi\n",
		"bad mark":    head + "--- @ana\nHi\n--- @bo when=1\nHi\n",
		"unknown key": strings.Replace(head, "lang", "langue", 1) + "--- @ana\nHi\n",
	} {
		if _, err := parse(text); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCheck_refuses(t *testing.T) {
	t.Parallel()
	for name, posts := range map[string]string{
		"stranger":       "--- @nobody\nHi\n",
		"quote of later": "--- @ana quote=2\nHi\n--- @ana +1m\nHo\n",
		"false quote":    "--- @ana\nHi\n--- @ana +1m quote=1\n> Ho\nHa\n",
		"lost link":      "--- @ana\n[x](article:gone)\n",
		"lost number":    "--- @ana\nHi\n=== summary @ana\n#2\n",
	} {
		if _, err := read(hall(posts)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := read(hall("--- @ana\nHi there\n--- @ana +1m quote=1\n> there\nHo\n")); err != nil {
		t.Errorf("a good one: %v", err)
	}
	wrong := hall("--- @ana\nHi\n")
	wrong["story/questions.toml"] = &fstest.MapFile{Data: []byte("[[question]]\ndiscussion=\"one\"\ncases=[2]\n")}
	if _, err := read(wrong); err == nil {
		t.Error("a case that is no post: accepted")
	}
	named := hall("--- @ana\nHi\n")
	named["story/heard.toml"] = &fstest.MapFile{Data: []byte("[[consultation]]\ntitle=\"Who?\"\ndays=9\nstatement=[{text=\"We are.\", agree=[1,2,3], by=\"ana\"}]\n")}
	if _, err := read(named); err == nil {
		t.Error("a mask with a member's name: accepted")
	}
	lost := hall("--- @ana\nHi\n")
	lost["story/reports.toml"] = &fstest.MapFile{Data: []byte("[[report]]\ndiscussion=\"one\"\npost=2\nby=\"ana\"\nat=2030-01-01T00:00:00Z\n")}
	if _, err := read(lost); err == nil {
		t.Error("a report of a post that is not there: accepted")
	}
}

func hall(posts string) fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	names := `{en="Hall", es="Sala", ar="القاعة"}`
	return fstest.MapFS{
		"story/members.toml":       file(`member = [{handle="ana", name="Ana", languages=["en"], zone="UTC", steward=true}]`),
		"story/topics.toml":        file("[[topic]]\nkey=\"hall\"\nname=" + names + "\nabout=" + names + "\n"),
		"story/spaces.toml":        {},
		"story/masks.toml":         {},
		"story/consultations.toml": {},
		"story/heard.toml":         {},
		"story/questions.toml":     {},
		"story/decisions.toml":     file(""),
		"story/reports.toml":       file(""),
		"story/discussions/one.md": file(head + posts),
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	got := Link("a [b](article:c-1) [d](https://e.example)", func(kind, key string) string { return "/" + kind + "/" + key })
	if want := "a [b](/article/c-1) [d](https://e.example)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := LinkPosts("see #12.", func(int) string { return "/x" }); got != "see [#12](/x)." {
		t.Errorf("got %s", got)
	}
}

func TestQuoting(t *testing.T) {
	t.Parallel()
	p := Post{Markdown: "Why?", QuoteOf: 3, Quote: "a\nb"}
	if got, want := p.Quoting("Bo", "/posts/x"), "> [Bo](/posts/x):\n>\n> a\n> b\n\nWhy?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := (Post{Markdown: "Hi"}).Quoting("Bo", "/x"); got != "Hi" {
		t.Errorf("got %q", got)
	}
}

// Every text becomes a page; none may lose its links or show its marks.
func TestStory_renders(t *testing.T) {
	t.Parallel()
	h, err := Story()
	if err != nil {
		t.Fatal(err)
	}
	render := func(where, text string) {
		text = Link(text, func(kind, key string) string { return "/" + kind + "/" + key })
		got, err := markdown.Render(text, markdown.Options{})
		if err != nil {
			t.Errorf("%s: %v", where, err)
		}
		for _, raw := range []string{"**", "](", "\n| ", "article:", "discussion:"} {
			if strings.Contains(got.Plain, raw) {
				t.Errorf("%s: shows %q", where, raw)
			}
		}
	}
	for _, a := range h.Articles {
		render(a.Slug, a.Markdown)
	}
	for _, d := range h.Discussions {
		for _, p := range d.Posts {
			render(d.Key, p.Quoting("Bo", "/posts/x"))
		}
		for _, n := range []*Note{d.Summary, d.Lock} {
			if n != nil {
				render(d.Key+" note", LinkPosts(n.Markdown, func(int) string { return "/posts/x" }))
			}
		}
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	for name := range paintings {
		got, err := Picture(name)
		if err != nil || len(got) < 1000 || len(got) > 120<<10 {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if _, err := Picture("none"); err == nil {
		t.Error("a picture that is not there was painted")
	}
}
