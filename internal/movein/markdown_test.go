package movein_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/movein"
)

func file(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

func shelf(t *testing.T, files fstest.MapFS) *movein.Blog {
	t.Helper()
	b, err := movein.ReadMarkdown(t.Context(), files, movein.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// one reads a single file.
func one(t *testing.T, name, content string) (movein.Item, *movein.Blog) {
	t.Helper()
	b := shelf(t, fstest.MapFS{name: file(content), "pics/a.png": {}, "posts/b.jpg": {}, "static/img/c.png": {}})
	if len(b.Items) != 1 {
		t.Fatalf("%d items: %+v", len(b.Items), b.Skipped)
	}
	return b.Items[0], b
}

func TestReadMarkdown_frontMatter(t *testing.T) {
	t.Parallel()
	want := time.Date(2020, 5, 28, 8, 30, 0, 0, time.UTC)
	for name, head := range map[string]string{
		"YAML": "---\ntitle: \"A: b\"\ndate: 2020-05-28T10:30:00+02:00\ntags: [pay, Time]\ncategories:\n  - Pay\nslug: s\nauthor: Bo\naliases: [/old/]\nlang: es\n---\n",
		"TOML": "+++\ntitle = \"A: b\"\ndate = 2020-05-28T08:30:00Z\nslug = \"s\"\nauthors = [\"Bo\"]\naliases = \"/old/\"\nlanguage = \"es\"\n[taxonomies]\ntags = [\"pay\", \"Time\"]\n+++\n",
		"JSON": "{\"title\": \"A: b\", \"date\": \"2020-05-28 08:30:00\", \"tags\": \"pay, Time\", \"slug\": \"s\", \"author\": {\"name\": \"Bo\"}, \"redirect_from\": [\"/old/\"], \"lang\": \"es\"}\n",
	} {
		it, _ := one(t, "posts/x.md", head+"\nHello")
		if it.Title != "A: b" || !it.Published.Equal(want) || strings.Join(it.Topics, ",") != "pay,Time" || it.Slug != "s" || it.Author != "Bo" ||
			it.Lang != "es" || it.Aliases[0] != "/old/" || it.Text != "Hello" {
			t.Errorf("%s: %+v", name, it)
		}
	}
}

func TestReadMarkdown_namesOfFiles(t *testing.T) {
	t.Parallel()
	it, _ := one(t, "_posts/2020-05-28-my-first_post.markdown", "text")
	if it.Title != "my first post" || it.Slug != "my-first_post" || it.Published.Format(time.DateOnly) != "2020-05-28" {
		t.Errorf("%+v", it)
	}
	if !strings.Contains(strings.Join(it.Aliases, " "), "/2020/05/28/my-first_post/") {
		t.Errorf("aliases %q", it.Aliases)
	}
	it, _ = one(t, "content/posts/hello/index.md", "# The *title* {#t}\n\ntext")
	if it.Title != "The title" || it.Slug != "hello" || it.Text != "text" {
		t.Errorf("%+v", it)
	}
	if !strings.Contains(strings.Join(it.Aliases, " "), "/posts/hello/") {
		t.Errorf("aliases %q", it.Aliases)
	}
}

func TestReadMarkdown_brokenFrontMatterIsStillRead(t *testing.T) {
	t.Parallel()
	for _, head := range []string{"---\ntitle: [a\n---\n", "---\ntitle: a\n\ttab: : :\nb: \"\n---\n", "+++\ntitle = \n+++\n", "---\ntitle: never closed\n",
		"---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n---\n"} {
		it, b := one(t, "posts/some-name.md", head+"\nwords")
		if it.Title != "some name" || !strings.Contains(it.Text, "words") || !hasNote(b, "front matter") {
			t.Errorf("%.20q: %+v %+v", head, it, b.Notes)
		}
	}
}

func TestReadMarkdown_leavesOutByName(t *testing.T) {
	t.Parallel()
	b := shelf(t, fstest.MapFS{"a.md": file("---\ndraft: true\ntitle: A\n---\n"), "b.md": file("---\npublished: false\n---\n"), "_drafts/c.md": file("c"),
		"content/_index.md": file("x"), "ok.md": file("fine"), ".git/d.md": file("d"), "node_modules/e.md": file("e"), "f.txt": file("f"),
		"big.md": file(strings.Repeat("x", 5<<20)), "marks.md": file(strings.Repeat("![a](", 20_000)),
		"public/talk.md": file("x"), "themes/look.css": file("x"), "link.md": {Mode: fs.ModeSymlink, Data: []byte("ok.md")}})
	if len(b.Items) != 1 || len(b.Skipped) != 9 {
		t.Errorf("%d items, skipped %+v", len(b.Items), b.Skipped)
	}
	for what, why := range map[string]string{"A": "draft", "b.md": "draft", "c.md": "draft", "_index": "generator", "big": "larger", "marks": "brackets",
		"node_modules": "programs", "public": "programs", "link.md": "elsewhere"} {
		if !hasSkip(b, what, why) {
			t.Errorf("%q is not named as %q", what, why)
		}
	}
}

func TestReadMarkdown_refuses(t *testing.T) {
	t.Parallel()
	if _, err := movein.ReadMarkdown(t.Context(), fstest.MapFS{"a.txt": file("x")}, movein.Limits{}); fault.From(err).Key != "movein.no_markdown" {
		t.Errorf("nothing to read: %v", err)
	}
	if _, err := movein.ReadMarkdown(t.Context(), fstest.MapFS{"a.md": file("xxx"), "b.md": file("xxx")}, movein.Limits{Bytes: 5}); fault.From(err).Key != "movein.too_large" {
		t.Errorf("too much: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := movein.ReadMarkdown(ctx, fstest.MapFS{"a.md": file("x")}, movein.Limits{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestReadMarkdown_bodies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"untouched":        {"a *b* `<c>`\n\n    <d>\n\n```\n{{< e >}} ![f](g)\n```", "a *b* `<c>`\n\n    <d>\n\n```\n{{< e >}} ![f](g)\n```"},
		"tags":             {"a<br>b <kbd>c</kbd> <a href=\"https://y.example\">d</a> x<sup>2</sup><!-- hm -->", "a\\\nb `c` [d](https://y.example) x2"},
		"blocks":           {"a\n\n<div class=\"x\">\n<p>b <b>c</b></p>\n</div>\n\nd", "a\n\nb **c**\n\nd"},
		"blocks around":    {"<details>\n<summary>S</summary>\n\n*in*\n\n</details>", "**S**\n\n*in*"},
		"footnotes":        {"a[^x] b[^y]\n\n[^x]: one\n    more\n[^y]: two\n\nc", "a\\[1\\] b\\[2\\]\n\nc\n\n---\n\n1. one more\n2. two"},
		"Hugo":             {"{{< youtube abc >}} {{< ref \"other.md\" >}}\n\n{{< figure src=\"https://x.example/i.png\" alt=\"A\" caption=\"C\" >}}", "<https://www.youtube.com/watch?v=abc> /other/\n\n[🖼 A](https://x.example/i.png)\n\n*C*"},
		"Jekyll":           {"{% highlight go %}\na < b\n{% endhighlight %}\n\n[l]({% post_url 2020-01-02-x %})", "```go\na < b\n```\n\n[l](/2020/01/02/x/)"},
		"kramdown":         {"## H {#id}\n{: .lead}\ntext", "## H\n\ntext"},
		"picture far away": {"![a](https://x.example/i.png \"t\") [![b](https://x.example/j.png)](https://y.example)", "[🖼 a](https://x.example/i.png) [b](https://y.example) [🖼](https://x.example/j.png)"},
		"picture missing":  {"![a](nowhere.png)", "🖼 a"},
	} {
		it, _ := one(t, "posts/x.md", "---\ntitle: T\n---\n"+c.in)
		if it.Text != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, it.Text, c.want)
		}
	}
}

func TestReadMarkdown_pictures(t *testing.T) {
	t.Parallel()
	it, b := one(t, "posts/x.md", "---\ntitle: T\nimage: /img/c.png\n---\n![b](b.jpg) ![r][ref] <img src=\"../pics/a.png\" alt=\"h\">\n\n[ref]: https://x.example/r.png\n")
	var files []string
	for _, i := range it.Images {
		files = append(files, i.File)
	}
	if strings.Join(files, " ") != "static/img/c.png posts/b.jpg pics/a.png " {
		t.Errorf("files %q, %+v", files, b.Notes)
	}
	got := it.TextWith(func(url string) string {
		if strings.HasPrefix(url, "/") {
			return "/blob/" + url[strings.LastIndex(url, "/")+1:]
		}
		return ""
	})
	if want := "![T](/blob/c.png)\n\n![b](/blob/b.jpg) [🖼 r](https://x.example/r.png)  ![h](/blob/a.png)"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestReadMarkdown_site(t *testing.T) {
	t.Parallel()
	b := shelf(t, fstest.MapFS{"hugo.toml": file("title = \"Bo's\"\nbaseURL = \"https://bo.example/\"\nlanguageCode = \"ar\"\n"), "content/posts/a.md": file("---\ntitle: A\n---\nx")})
	if b.Title != "Bo's" || b.Link != "https://bo.example/" || b.Lang != "ar" || b.Items[0].Link != "https://bo.example/posts/a/" {
		t.Errorf("%+v", b)
	}
}

func FuzzReadMarkdown(f *testing.F) {
	for _, s := range []string{"---\ntitle: a\n---\n# b\n![c](d.png)", "+++\na=1\n+++\n<b>x</b>[^1]\n\n[^1]: y", "{{< figure src=x >}}{% raw %}`a`", "{\"a\":1}\n<table><tr><td>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		b, err := movein.ReadMarkdown(t.Context(), fstest.MapFS{"posts/x.md": file(in), "posts/d.png": {}}, movein.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Items)+len(b.Skipped) != 1 {
			t.Errorf("%d items, %d left out, of one", len(b.Items), len(b.Skipped))
		}
	})
}
