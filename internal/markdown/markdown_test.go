package markdown

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guildhall/internal/fault"
)

const blob = "abcdefghijklmnopqrstuvwxyz.jpg"

func render(t *testing.T, src string, o Options) Text {
	t.Helper()
	got, err := Render(src, o)
	if err != nil {
		t.Fatalf("Render(%.60q): %v", src, err)
	}
	return got
}

func TestRender_elements(t *testing.T) {
	t.Parallel()
	rel := `rel="nofollow ugc noopener noreferrer"`
	tests := map[string]struct{ src, want string }{
		"paragraph":           {"a *b* **c** ~~d~~ `e<`", `<p dir="auto">a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code></p>`},
		"headings":            {"# a\n\n###### b", `<h2 dir="auto">a</h2>` + "\n" + `<h3 dir="auto">b</h3>`},
		"headings begin late": {"## a\n## b\n# c\n### d", `<h2 dir="auto">a</h2>` + "\n" + `<h2 dir="auto">b</h2>` + "\n" + `<h2 dir="auto">c</h2>` + "\n" + `<h3 dir="auto">d</h3>`},
		"an empty head":       {"||b|\n|-|-|\n|c|d|", `<div class="wide" tabindex="0"><table dir="auto">` + "\n<thead>\n" + `<tr><td></td><th scope="col">b</th></tr>` + "\n</thead>\n<tbody>\n" + `<tr><td>c</td><td>d</td></tr>` + "\n</tbody>\n</table></div>"},
		"quote":               {"> [Ana](/posts/p1):\n> b", "<blockquote>\n" + `<p dir="auto"><a href="/posts/p1">Ana</a>:` + "\nb</p>\n</blockquote>"},
		"list":                {"3. a\n4. b", `<ol dir="auto" start="3">` + "\n<li>a</li>\n<li>b</li>\n</ol>"},
		"loose list":          {"- a\n\n- b", `<ul dir="auto">` + "\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>"},
		"code":                {"```go\nx < y\n```", `<pre dir="ltr" tabindex="0"><code>x &lt; y` + "\n</code></pre>"},
		"rule":                {"* * *", "<hr>"},
		"hard break":          {"a  \nb", "<p dir=\"auto\">a<br>\nb</p>"},
		"table":               {"|a|b|\n|:-:|-:|\n|c|d|", `<div class="wide" tabindex="0"><table dir="auto">` + "\n<thead>\n" + `<tr><th scope="col" class="middle">a</th><th scope="col" class="end">b</th></tr>` + "\n</thead>\n<tbody>\n" + `<tr><td class="middle">c</td><td class="end">d</td></tr>` + "\n</tbody>\n</table></div>"},
		"outbound":            {"[a](https://example.org/?x=1&y=2)", `<p dir="auto"><a href="https://example.org/?x=1&amp;y=2" ` + rel + `>a</a></p>`},
		"bare address":        {"see www.example.org.", `<p dir="auto">see <a href="https://www.example.org" ` + rel + `>www.example.org</a>.</p>`},
		"own host":            {"[a](https://hall.example/t/1)", `<p dir="auto"><a href="https://hall.example/t/1">a</a></p>`},
		"e-mail":              {"<a@example.org> b@example.org", `<p dir="auto">a@example.org b@example.org</p>`},
		"mailto":              {"[a](mailto:a@example.org)", `<p dir="auto">a</p>`},
		"international":       {"[a](https://bücher.example/ä)", `<p dir="auto"><a href="https://xn--bcher-kva.example/%C3%A4" ` + rel + `>a</a></p>`},
		"empty link":          {"[](https://example.org/)", `<p dir="auto"><a href="https://example.org/" ` + rel + `>https://example.org/</a></p>`},
		"reference":           {"[a][r]\n\n[r]: /x 'title'", `<p dir="auto"><a href="/x">a</a></p>`},
		"own image":           {"![a *b*](/blob/" + blob + ")", `<p dir="auto"><img src="/blob/` + blob + `" alt="a b" width="4" height="3" loading="lazy" decoding="async"></p>`},
		"foreign image":       {"![a](https://example.org/i.png)", `<p dir="auto"><a href="https://example.org/i.png" ` + rel + `>a</a></p>`},
		"image in link":       {"[![a](https://example.org/i.png)](/x)", `<p dir="auto"><a href="/x">a</a></p>`},
		"data image":          {"![a](data:image/png;base64,AAAA)", `<p dir="auto">a</p>`},
		"raw html":            {"<b onclick=x>y</b>\n\n<script>z</script>", `<p dir="auto">&lt;b onclick=x&gt;y&lt;/b&gt;</p>` + "\n" + `<p dir="auto">&lt;script&gt;z&lt;/script&gt;</p>`},
		"task list":           {"- [ ] a", `<ul dir="auto">` + "\n<li>[ ] a</li>\n</ul>"},
		"entities":            {`&auml; &#x41; &amp;lt; \&lt; &nope; &#12x; &`, `<p dir="auto">ä A &amp;lt; &amp;lt; &amp;nope; &amp;#12x; &amp;</p>`},
		"bidi":                {"a\u202eb &#x202e;c\u2067d\u200f", "<p dir=\"auto\">ab cd\u200f</p>"},
		"controls":            {"a\x00b\x1bc\r\nd", "<p dir=\"auto\">abc\nd</p>"},
		"empty":               {" \n", ""},
		"two slashes":         {"[a](//example.org) [b](/\\example.org) [c](\\\\example.org)", `<p dir="auto">a b c</p>`},
		"user in adress":      {"[a](https://bank.example@example.org/)", `<p dir="auto">a</p>`},
	}
	o := Options{Host: "hall.example", ImageSize: func(name string) (int, int) {
		if name != blob {
			t.Errorf("asked for the size of %q", name)
		}
		return 4, 3
	}}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := strings.TrimSpace(string(render(t, tt.src, o).HTML))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestRender_optionsOfHeadingsAndBreaks(t *testing.T) {
	t.Parallel()
	o := Options{Top: 3, IDPrefix: "h-", Breaks: true}
	got := render(t, "# Uno, dos!\n\n## Uno dos\n\n# ???\n\n# مرحبا\n\na\nb [c](#uno-dos)", o).HTML
	want := `<h3 dir="auto" id="h-uno-dos">Uno, dos!</h3>
<h4 dir="auto" id="h-uno-dos-2">Uno dos</h4>
<h3 dir="auto" id="h-part">???</h3>
<h3 dir="auto" id="h-مرحبا">مرحبا</h3>
<p dir="auto">a<br>
b <a href="#h-uno-dos">c</a></p>
`
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestRender_tellsWhatIsInside(t *testing.T) {
	t.Parallel()
	src := "# Don't wait\n\nSee [one](https://a.example/) and https://a.example/ or <http://b.example>.\n" +
		"![alt words](/blob/" + blob + ")\n\n- x\n- y\n\n|h|i|\n|-|-|\n|j|k|\n\n```\ncode\n```\n"
	got := render(t, src, Options{})
	got.HTML = ""
	want := Text{
		Plain: "Don't wait\nSee one and https://a.example/ or http://b.example.\nalt words\nx\ny\nh i\nj k\ncode",
		Prose: "Don't wait\nSee one and https://a.example/ or http://b.example.\n\nx\ny\nh i\nj k\ncode",
		Links: []string{"https://a.example/", "http://b.example"}, Images: []string{blob}, Words: 21,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if p := Plain(src); p != want.Plain {
		t.Errorf("Plain = %q", p)
	}
}

func TestRender_refuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ src, key string }{
		"long":     {strings.Repeat("a", DefaultMaxBytes+1), "markdown.too_long"},
		"encoding": {"a\xff", "markdown.encoding"},
		"swelling": {"[a]: /" + strings.Repeat("x", 2000) + "\n\n" + strings.Repeat("[a]\n\n", 10000), "markdown.swells"},
	}
	for name, tt := range tests {
		_, err := Render(tt.src, Options{})
		if f := fault.From(err); err == nil || f.Kind != fault.Invalid || f.Key != tt.key || f.Field != "text" {
			t.Errorf("%s: got %v, want %s", name, err, tt.key)
		}
	}
	if got := Plain("a\xff"); got != "" {
		t.Errorf("Plain of bad text = %q", got)
	}
}

func TestRender_flattensDeepNesting(t *testing.T) {
	t.Parallel()
	for _, mark := range []string{"> ", ">", "- ", "1. ", "> - "} {
		got := string(render(t, strings.Repeat(mark, 10000)+"end", Options{}).HTML)
		deep := strings.Count(got, "<blockquote>") + strings.Count(got, "<ul") + strings.Count(got, "<ol")
		if deep != maxNesting || !strings.Contains(got, "end") {
			t.Errorf("%q: %d levels, want %d", mark, deep, maxNesting)
		}
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		plain string
		n     int
		want  string
	}{
		{"one two\nthree", 20, "one two three"},
		{"one two three", 13, "one two three"},
		{"one two, three", 10, "one two…"},
		{"one two three", 7, "one two…"},
		{"ñañañañañaña", 4, "ñaña…"},
		{"", 5, ""},
		{"abc", 0, "…"},
	}
	for _, tt := range tests {
		if got := Excerpt(tt.plain, tt.n); got != tt.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", tt.plain, tt.n, got, tt.want)
		}
	}
}

func TestText_excerptLeavesImagesOut(t *testing.T) {
	t.Parallel()
	img := "![A chair tips over.](/blob/" + blob + ")"
	for src, want := range map[string]string{
		img + "\n\nA platform changes.": "A platform changes.",
		"Look " + img + " here.":        "Look here.",
		img:                             "A chair tips over.",
		"One two three four":            "One two…",
	} {
		if got := render(t, src, Options{}).Excerpt(19 - 8*strings.Count(src, "four")); got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}

// A word of any length can be broken, so that a browser does not take seconds over it;
// words of people and of addresses stay whole.
func TestRender_longWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		src    string
		breaks int
	}{
		"a word":               {strings.Repeat("w", 30_000), 149},
		"letters of two bytes": {strings.Repeat("ش", 1000), 9},
		"many words":           {strings.Repeat("word ", 2000), 0},
		"as long as may be":    {strings.Repeat("w", 200), 0},
	} {
		got, err := Render(c.src, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(got.HTML), "<wbr"); n != c.breaks {
			t.Errorf("%s: %d breaks, want %d", name, n, c.breaks)
		}
		if got.Plain != strings.TrimSpace(c.src) {
			t.Errorf("%s: the plain text has changed", name)
		}
		for _, w := range strings.FieldsFunc(strings.ReplaceAll(string(got.HTML), "<wbr", " <wbr"), func(r rune) bool { return r == ' ' || r == '<' || r == '>' }) {
			if len(w) > 205 {
				t.Errorf("%s: %d bytes without a break", name, len(w))
			}
		}
	}
}
