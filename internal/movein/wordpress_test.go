package movein_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"guildhall/internal/fault"
	"guildhall/internal/movein"
)

func hasSkip(b *movein.Blog, what, why string) bool {
	for _, s := range b.Skipped {
		if strings.Contains(s.What, what) && strings.Contains(s.Why, why) {
			return true
		}
	}
	return false
}

func hasNote(b *movein.Blog, what string) bool {
	for _, n := range b.Notes {
		if strings.Contains(n.What, what) {
			return true
		}
	}
	return false
}

func TestReadWordPress_article(t *testing.T) {
	t.Parallel()
	b := read(t, new(export).post("Fair &amp; <![CDATA[<em>square</em>]]>", "One\ntwo\n\nthree",
		`<category domain="category" nicename="pay"><![CDATA[Pay &amp; time]]></category>`,
		`<category domain="post_tag" nicename="pay"><![CDATA[pay &amp; TIME]]></category>`,
		`<category domain="category" nicename="uncategorized"><![CDATA[Uncategorized]]></category>`,
		`<category domain="post_format" nicename="post-format-aside"><![CDATA[Aside]]></category>`).String())
	it := b.Items[0]
	if it.Title != "Fair & square" || it.Author != "Ana Ruiz" || it.Slug != "p1" || it.Format != "aside" || it.Kind != movein.Post {
		t.Errorf("got %+v", it)
	}
	if it.Text != "One  \ntwo\n\nthree" {
		t.Errorf("text %q", it.Text)
	}
	if len(it.Topics) != 1 || it.Topics[0] != "Pay & time" {
		t.Errorf("topics %q", it.Topics)
	}
	if want := time.Date(2019, 3, 1, 10, 0, 0, 0, time.UTC); !it.Published.Equal(want) {
		t.Errorf("published %v", it.Published)
	}
	if it.Link != "https://ana.example/2019/03/p1/" || len(it.Aliases) != 1 || b.Title != "Ana's blog" {
		t.Errorf("link %q, aliases %q, blog %q", it.Link, it.Aliases, b.Title)
	}
}

func TestReadWordPress_leavesOutByName(t *testing.T) {
	t.Parallel()
	e := new(export).item("post", "draft", "D", "x", said("5", "0", "1", "", "Bo", "hm")).item("post", "private", "P", "x").
		item("product", "publish", "Mug", "x").item("nav_menu_item", "publish", "", "x").item("page", "publish", "Empty", "")
	locked := strings.Replace(new(export).post("L", "x").items[0], "<wp:post_password></wp:post_password>", "<wp:post_password>p</wp:post_password>", 1)
	e.items = append(e.items, strings.ReplaceAll(locked, "p1", "p9"))
	b := read(t, e.String())
	if len(b.Items) != 0 {
		t.Errorf("read %+v", b.Items)
	}
	for what, why := range map[string]string{"D": "draft", "P": "private", "Mug": "neither", "number 4": "menus", "Empty": "no words",
		"L": "password", "number 5 by Bo": "left out"} {
		if !hasSkip(b, what, why) {
			t.Errorf("%q is not named as %q in %+v", what, why, b.Skipped)
		}
	}
}

func TestReadWordPress_threads(t *testing.T) {
	t.Parallel()
	b := read(t, new(export).post("T", "x",
		said("40", "30", "1", "", "Dee", "answers thirty"), // before its parent
		said("30", "20", "1", "comment", "Cas", "answers an unapproved one"),
		said("20", "10", "0", "", "Bo", "unapproved"),
		said("10", "0", "1", "", "Ana", "first"),
		said("50", "999", "1", "", "Eve", "answers nobody"),
		said("60", "70", "1", "", "Fay", "circle"),
		said("70", "60", "1", "", "Gus", "circle too"),
		said("80", "80", "1", "", "Hal", "answers himself"),
		said("90", "0", "1", "pingback", "Site", "ping"),
		said("91", "0", "spam", "", "Spam", "buy"),
		said("10", "0", "1", "", "Ana", "first"),
		said("10", "0", "1", "", "Ivy", "same number"),
	).String())
	got := map[string]movein.Comment{}
	before := map[string]bool{"": true}
	for _, c := range b.Items[0].Comments {
		if !before[c.Parent] {
			t.Errorf("%s stands before what it answers", c.Author)
		}
		before[c.Key] = true
		got[c.Author] = c
	}
	if len(b.Items[0].Comments) != 8 || len(got) != 8 {
		t.Fatalf("%d comments: %+v", len(got), b.Items[0].Comments)
	}
	if got["Cas"].Parent != got["Ana"].Key || got["Dee"].Parent != got["Cas"].Key || got["Dee"].Depth != 2 {
		t.Errorf("thread: %+v", got)
	}
	if got["Eve"].Parent != "" || got["Hal"].Parent != "" || (got["Fay"].Parent == "") == (got["Gus"].Parent == "") {
		t.Errorf("roots: %+v", got)
	}
	for what, why := range map[string]string{"number 20": "never approved", "number 90": "pingback", "number 91": "spam", "number 10": "twice"} {
		if !hasSkip(b, what, why) {
			t.Errorf("%q is not named as %q", what, why)
		}
	}
	if all := everything(t, b); strings.Contains(all, "secret") || strings.Contains(all, "203.0.113") || strings.Contains(all, "Secret") {
		t.Error("more than a name was kept")
	}
}

func TestReadWordPress_namesWithoutAddresses(t *testing.T) {
	t.Parallel()
	b := read(t, new(export).post("T", "x", said("1", "0", "1", "", "bo@mail.example", "a"), said("2", "0", "1", "", "198.51.100.3", "b"),
		said("3", "0", "1", "", " Cas &amp; Dee (cas@mail.example) ", "c"), said("4", "0", "1", "", "", "d")).String())
	for i, want := range []string{"Anonymous", "Anonymous", "Cas & Dee", "Anonymous"} {
		if got := b.Items[0].Comments[i].Author; got != want {
			t.Errorf("name %d is %q, want %q", i, got, want)
		}
	}
}

func TestReadWordPress_dates(t *testing.T) {
	t.Parallel()
	one := new(export).post("T", "x").String()
	zero := strings.Replace(one, "2019-03-01 10:00:00", "0000-00-00 00:00:00", 1)
	none := strings.Replace(zero, "2019-03-01 11:00:00", "0000-00-00 00:00:00", 1)
	feed := strings.Replace(none, "<dc:creator>", "<pubDate>Fri, 01 Mar 2019 12:00:00 +0000</pubDate><dc:creator>", 1)
	for name, c := range map[string]struct {
		in   string
		hour int
	}{"GMT": {one, 10}, "local": {zero, 11}, "feed": {feed, 12}} {
		if got := read(t, c.in).Items[0].Published; got.Hour() != c.hour || got.Year() != 2019 {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := read(t, none).Items[0].Published; !got.IsZero() {
		t.Errorf("no date at all: %v", got)
	}
}

// TestReadWordPress_broken breaks one thing at a time; the other articles stay.
func TestReadWordPress_broken(t *testing.T) {
	t.Parallel()
	three := func(second string) string {
		return new(export).post("First", "alpha").post("Second", second).post("Third", "gamma").String()
	}
	good := three("beta")
	cases := map[string]struct {
		in     string
		titles int
		note   string
	}{
		"cut in the third":      {good[:strings.Index(good, "gamma")+3], 2, "breaks off"},
		"cut after the second":  {good[:strings.LastIndex(good, "<item>")], 2, "breaks off"},
		"no end tags":           {strings.ReplaceAll(good, "</channel>\n</rss>\n", ""), 3, "breaks off"},
		"CDATA never closed":    {strings.Replace(good, "beta]]>", "beta", 1), 3, "broken"},
		"CDATA closed too soon": {three("beta <![CDATA[ inner ]]> <b>more</b>"), 3, "broken"},
		"bare ampersand":        {strings.Replace(good, "<title>Second", "<title>Second & third &nosuch; &#1; &#xD800;", 1), 3, ""},
		"control characters":    {strings.Replace(good, "beta", "be\x00t\x08a\x1f", 1), 3, "control"},
		"tag never closed":      {strings.Replace(good, "<wp:post_name>p2</wp:post_name>", "<wp:post_name>p2", 1), 3, "broken"},
		"unknown prefix":        {strings.Replace(good, "<wp:post_name>p2", "<x:y>1</x:y><wp:post_name>p2", 1), 3, ""},
		"XML 1.1":               {strings.Replace(good, `version="1.0"`, `version="1.1"`, 1), 3, ""},
		"no declaration":        {good[strings.Index(good, "<rss"):], 3, ""},
		"blank before":          {"\n\n " + good, 3, ""},
		"item in the text":      {three("how feeds look: </item><item> and so on"), 3, ""},
		"author broken":         {strings.Replace(good, "<wp:author_id>1</wp:author_id>", "<wp:author_id>1", 1), 3, "before its first item"},
		"written anew":          {strings.NewReplacer("wp:", "ns0:", ":wp=", ":ns0=", "content:encoded", "ns1:encoded", "xmlns:content", "xmlns:ns1").Replace(good), 3, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := read(t, c.in)
			all := everything(t, b)
			if len(b.Items) != c.titles || !strings.Contains(all, "alpha") {
				t.Errorf("%d items, want %d: %s", len(b.Items), c.titles, all)
			}
			if c.titles == 3 && (b.Items[1].Slug != "p2" || !strings.Contains(b.Items[1].Text, "be") && !strings.Contains(b.Items[1].Text, "how")) {
				t.Errorf("the broken item: %+v", b.Items[1])
			}
			if name == "cut in the third" && !hasSkip(b, "Third", "breaks off within") {
				t.Errorf("half an article is not named: %+v", b.Skipped)
			}
			if c.note != "" && !hasNote(b, c.note) {
				t.Errorf("no note says %q: %+v", c.note, b.Notes)
			}
		})
	}
}

func TestReadWordPress_encodings(t *testing.T) {
	t.Parallel()
	plain := new(export).post("Café ☕", "naïve “quotes” — 日本").String()
	western := strings.NewReplacer("☕", "", "日本", "").Replace(plain)
	enc := func(s string, b []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s + string(b)
	}
	u16, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(plain))
	utf16 := enc("", u16, err)
	w1252, err := charmap.Windows1252.NewEncoder().Bytes([]byte(western))
	latin := enc("", w1252, err)
	sjis, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(strings.NewReplacer("é", "e", "ï", "i", "☕", "", "—", "-").Replace(plain)))
	shift := strings.Replace(enc("", sjis, err), `encoding="UTF-8"`, `encoding="Shift_JIS"`, 1)
	for name, c := range map[string]struct{ in, want string }{
		"UTF-8 said to be Latin-1":  {strings.Replace(plain, `encoding="UTF-8"`, `encoding="ISO-8859-1"`, 1), "naïve “quotes” — 日本"},
		"UTF-8 with a mark":         {"\ufeff" + plain, "naïve “quotes” — 日本"},
		"UTF-16":                    {utf16, "naïve “quotes” — 日本"},
		"Windows said to be UTF-8":  {latin, "naïve “quotes” —"},
		"Shift_JIS":                 {shift, "naive “quotes” - 日本"},
		"one Latin-1 byte in UTF-8": {strings.Replace(plain, "naïve", "na\xefve", 1), "naïve “quotes” — 日本"},
		"half a character":          {strings.Replace(plain, "日本", "日\xe6\x9c", 1), "naïve “quotes” — 日��"},
	} {
		if got := read(t, c.in).Items[0].Text; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestReadWordPress_refuses(t *testing.T) {
	t.Parallel()
	zipped := func(name string, content []byte) string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, _ := z.Create(name)
		_, _ = w.Write(content)
		_ = z.Close()
		return b.String()
	}
	var squeezed bytes.Buffer
	g := gzip.NewWriter(&squeezed)
	_, _ = g.Write(bytes.Repeat([]byte(" "), 8<<20))
	_ = g.Close()
	bomb := `<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
	for name, c := range map[string]struct{ in, key string }{
		"empty":             {"", "movein.not_wordpress"},
		"a page":            {"<html><body>hello</body></html>", "movein.not_wordpress"},
		"a feed":            {"<rss><channel><item><title>x</title></item></channel></rss>", "movein.not_wordpress"},
		"a picture":         {"\x89PNG\r\n\x1a\n\x00\x00", "movein.not_wordpress"},
		"a broken zip":      {"PK\x03\x04 and nothing", "movein.broken_archive"},
		"a zip of pictures": {zipped("a.jpg", []byte("x")), "movein.no_export_in_archive"},
		"a zip bomb":        {zipped("a.xml", bytes.Repeat([]byte(" "), 64<<20)), "movein.bomb"},
		"a gzip bomb":       {squeezed.String(), "movein.bomb"},
		"too large":         {exportHead + strings.Repeat("<!-- padding -->", 1<<20), "movein.too_large"},
	} {
		_, err := movein.ReadWordPress(t.Context(), strings.NewReader(c.in), movein.Limits{Bytes: 12 << 20})
		if name == "a zip bomb" {
			_, err = movein.ReadWordPress(t.Context(), strings.NewReader(c.in), movein.Limits{})
		}
		if f := fault.From(err); err == nil || f.Kind != fault.Invalid || f.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	entities := strings.Replace(new(export).post("&b;&b;", "x").String(), "<rss", bomb+"<rss", 1)
	if got := read(t, entities).Items[0].Title; got != "&b;&b;" {
		t.Errorf("an entity of the file's own was expanded: %q", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := movein.ReadWordPress(ctx, strings.NewReader(new(export).post("T", "x").String()), movein.Limits{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestReadWordPress_archivesWithPictures(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{
		"blog/ana.wordpress.001.xml":                  new(export).post("One", `<img src="https://ana.example/wp-content/uploads/2019/03/a-300x200.jpg" alt="A">`).String(),
		"blog/ana.wordpress.002.xml":                  strings.ReplaceAll(new(export).post("Two", "x").String(), "p1", "p2"),
		"blog/wp-content/uploads/2019/03/a.jpg":       "a",
		"blog/wp-content/uploads/2018/03/unused.jpg":  "b",
		"__MACOSX/blog/._ana.wordpress.2019.001.xml":  "junk",
		"blog/wp-content/uploads/2019/03/leeme.txt":   "c",
		"blog/wp-content/uploads/2019/03/a-30x20.jpg": "d",
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, content)
	}
	_ = z.Close()
	blog := read(t, b.String())
	if len(blog.Items) != 1 && len(blog.Items) != 2 {
		t.Fatalf("%d items", len(blog.Items))
	}
	if got := blog.Items[0].Images; len(got) != 1 || got[0].File != "blog/wp-content/uploads/2019/03/a.jpg" {
		t.Errorf("pictures %+v", got)
	}
	var packed bytes.Buffer
	g := gzip.NewWriter(&packed)
	_, _ = io.WriteString(g, new(export).post("One", "x").String())
	_ = g.Close()
	if got := read(t, packed.String()); len(got.Items) != 1 {
		t.Errorf("packed: %+v", got)
	}
}

func TestReadWordPress_picturesBeside(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"2019/03/a.jpg": {}, "2018/04/b.jpg": {}, "c.png": {}, "notes.txt": {}}
	in := new(export).post("T", `<img src="https://ana.files.wordpress.com/2019/03/a.jpg?w=300"><img src="/wp-content/uploads/2019/04/b.jpg">
		<img src="https://ana.example/wp-content/uploads/2011/01/c-150x150.png">`).String()
	b, err := movein.ReadWordPress(t.Context(), strings.NewReader(in), movein.Limits{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	got := b.Items[0].Images
	if len(got) != 3 || got[0].File != "2019/03/a.jpg" || got[1].File != "" || got[2].File != "c.png" {
		t.Errorf("%+v", got)
	}
	if got[1].URL != "https://ana.example/wp-content/uploads/2019/04/b.jpg" {
		t.Errorf("a relative address became %q", got[1].URL)
	}
}

func FuzzReadWordPress(f *testing.F) {
	full := new(export).post("T", "a <b>c</b>\n\n[caption]<img src='https://a.example/x.jpg'> d[/caption]\n<!-- wp:list --><ul><li>e</ul><!-- /wp:list -->",
		said("1", "2", "1", "", "Bo", "<i>f"), said("2", "1", "1", "", "Cas", "g\n\nh")).String()
	for _, s := range []string{full, full[:len(full)/2], strings.Replace(full, "]]>", "", 1), "<rss><channel><item><wp:post_id>1", "\xff\xfe<\x00",
		strings.Replace(full, "c</b>", strings.Repeat("<blockquote>", 600), 1), strings.Replace(full, "c</b>", "<table><td colspan=999999999><pre>[x", 1)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		b, err := movein.ReadWordPress(t.Context(), strings.NewReader(in), movein.Limits{Bytes: 1 << 20})
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid {
				t.Fatalf("kind %v: %v", k, err)
			}
			return
		}
		if n := len(b.Items) + len(b.Skipped); n < b.Found.Items {
			t.Errorf("%d items, %d read or named", b.Found.Items, n)
		}
		said := 0
		for _, it := range b.Items {
			before := map[string]bool{"": true}
			for _, c := range it.Comments {
				if !before[c.Parent] || before[c.Key] || c.Author == "" {
					t.Errorf("comment %+v", c)
				}
				before[c.Key] = true
				said++
			}
			if it.Title == "" || it.Key == "" {
				t.Errorf("an item without title or key: %+v", it)
			}
		}
		for _, s := range b.Skipped {
			if s.Sort == "comment" {
				said++
			}
		}
		if said != b.Found.Comments {
			t.Errorf("%d comments, %d read or named", b.Found.Comments, said)
		}
	})
}
