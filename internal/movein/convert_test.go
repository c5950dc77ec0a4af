package movein_test

import (
	"strings"
	"testing"

	"guildhall/internal/markdown"
	"guildhall/internal/movein"
)

// TestReadWordPress_markdown says what becomes of each kind of content.
func TestReadWordPress_markdown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"paragraphs":            {"a\nb\n\n\n<em>c\n\nd</em>", "a  \nb\n\n*c*\n\n*d*"},
		"breaks written twice":  {"a<br />\nb<br><br>c", "a  \nb\n\nc"},
		"blocks":                {"<!-- wp:paragraph {\"align\":\"left\"} -->\n<p>a\nb</p>\n<!-- /wp:paragraph -->\n\nc\nd", "a b\n\nc  \nd"},
		"more and next page":    {"a\n\n<!--more Read on-->\n\nb\n\n<!--nextpage-->\n\nc", "a\n\nb\n\n---\n\nc"},
		"headings":              {"<h1>A</h1><h6>B<br>c</h6><h2></h2><h3><img src=\"https://x.example/i.png\" alt=\"i\"></h3>", "# A\n\n###### B c\n\n[🖼 i](https://x.example/i.png)"},
		"emphasis":              {"<b><i>a </i></b>b <strong>c<strong>d</strong></strong> <em></em><strike>e</strike>", "***a*** b **cd** ~~e~~"},
		"emphasis over blocks":  {"<strong><p>a</p><p>b</p></strong>", "**a**\n\n**b**"},
		"nested lists":          {"<ul><li>a<ol><li>b</li></ol></li><ul><li>c</li></ul><li></li></ul>", "- a\n  \n  1. b\n  \n  <!-- -->- c"},
		"definitions":           {"<dl><dt>A</dt><dd>one</dd><dd>two</dd><dt>B</dt><dd>three</dd></dl>", "**A**\n\n- one\n- two\n\n**B**\n\n- three"},
		"quote with source":     {"<blockquote><p>q</p><cite>S</cite></blockquote>", "> q\n> \n> *S*"},
		"listing":               {"<pre class=\"brush: php\">a &lt; b\n\n[gallery]</pre>", "```php\na < b\n\n[gallery]\n```"},
		"code shortcode":        {"[code language=\"css\"]\na > b { c: \"d\" }\n\n[e]\n[/code]", "```css\na > b { c: \"d\" }\n\n[e]\n```"},
		"inline code":           {"x <code>a`b</code> <kbd>Ctrl</kbd>", "x ``a`b`` `Ctrl`"},
		"table":                 {"<table><caption>C</caption><tr><th>a</th><th>b|c</th></tr><tr><td>1<br>2</td><td></td></tr></table>", "*C*\n\n| a | b\\|c |\n|---|---|\n| 1 / 2 |  |"},
		"table of lists":        {"<table><tr><th>A</th><td><ul><li>b</li></ul></td></tr></table>", "**A**\n\n- b"},
		"caption shortcode":     {"[caption id=\"x\" width=\"3\"]<a href=\"https://x.example/i.jpg\"><img src=\"https://x.example/i-300x200.jpg\" alt=\"i\" /></a> Under <em>it</em>[/caption]", "[🖼 i](https://x.example/i-300x200.jpg)\n\n*Under it*"},
		"picture in a link":     {"<a href=\"https://y.example/\"><img src=\"https://x.example/i.png\" alt=\"i\"></a>", "[i](https://y.example/) [🖼](https://x.example/i.png)"},
		"figure":                {"<!-- wp:image --><figure class=\"wp-block-image\"><img src=\"https://x.example/i.png\" alt=\"\"/><figcaption>Under</figcaption></figure><!-- /wp:image -->", "[🖼 i.png](https://x.example/i.png)\n\n*Under*"},
		"embed":                 {"[embed width=\"3\"]https://y.example/v[/embed]\n\nhttps://y.example/w?a=b", "[https://y.example/v](https://y.example/v)\n\n[https://y.example/w?a=b](https://y.example/w?a=b)"},
		"old embeds":            {"[youtube=http://www.youtube.com/watch?v=abc&w=320]\n\n[vimeo 123]", "[http://www.youtube.com/watch?v=abc&w=320](http://www.youtube.com/watch?v=abc&w=320)\n\n[https://vimeo.com/123](https://vimeo.com/123)"},
		"frame":                 {"a <iframe src=\"//www.youtube.com/embed/abc?rel=0\" title=\"Talk\"></iframe>", "a\n\n[Talk](https://www.youtube.com/watch?v=abc)"},
		"player":                {"<video controls><source src=\"/v.mp4\">no player</video>", "[https://ana.example/v.mp4](https://ana.example/v.mp4)"},
		"words in brackets":     {"[sic] and [1] and [[gallery]] and array[i]", "\\[sic] and \\[1] and \\[gallery] and array\\[i]"},
		"strange shortcodes":    {"[vc_row][vc_col width=\"1/2\"]a[/vc_col][/vc_row] [button url=\"https://y.example/\"]Go[/button]", "a [Go](https://y.example/)"},
		"mail and telephone":    {"<a href=\"mailto:bo@x.example?subject=Hm\">write</a> <a href=\"tel:+341\">+341</a>", "write (bo@x.example) +341"},
		"links within the page": {"<a href=\"#n1\">1</a> <a name=\"n1\">note</a>", "1 note"},
		"script links":          {"<a href=\"JavaScript:alert(1)\">a</a><script>alert(2)</script><style>b{}</style>", "a"},
		"raised and lowered":    {"E=mc<sup>2</sup> H<sub>2</sub>O 1<sup>st</sup>", "E=mc² H₂O 1st"},
		"abbreviation":          {"<abbr title=\"Hypertext\">HT</abbr> <q>q</q>", "HT (Hypertext) “q”"},
		"details":               {"<details><summary>More</summary><p>hidden</p></details>", "**More**\n\nhidden"},
		"cover":                 {"<!-- wp:cover --><div class=\"wp-block-cover\" style=\"background-image:url('https://x.example/b.jpg')\"><p>over</p></div><!-- /wp:cover -->", "[🖼 b.jpg](https://x.example/b.jpg)\n\nover"},
		"own links":             {"<a href=\"https://www.ana.example/2019/03/p1/#comments\">me</a> <a href=\"/other\">o</a>", "[me](/2019/03/p1/#comments) [o](https://ana.example/other)"},
		"signs of Markdown":     {"1. a *b* _c_ # d\n\n# e\n\n- f", "1\\. a \\*b* \\_c_ # d\n\n\\# e\n\n\\- f"},
		"an empty link":         {"<a href=\"https://y.example/\"></a>x", "x"},
	} {
		got := text(t, c.in)
		if name == "nested lists" { // the shape matters, not the blank lines
			got, c.want = strings.Join(strings.Fields(got), " "), "- a 1. b - c"
		}
		if got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
		if _, err := markdown.Render(got, markdown.Options{}); err != nil {
			t.Errorf("%s: the hall refuses it: %v", name, err)
		}
	}
}

func TestReadWordPress_namesWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	for in, note := range map[string]string{
		"<!-- wp:latest-posts /-->x":                "latest-posts",
		"x<script>1</script>":                       "a script",
		"x[contact-form-7 id=\"3\" title=\"\"]":     "contact-form-7",
		"x<svg><text>drawn</text></svg>":            "drawn",
		"x[gallery]":                                "gallery",
		"x<img src=\"data:image/png;base64,AA\">":   "within the page",
		"x<select><option>One</option></select>":    "One",
		strings.Repeat("<div>", 600) + "deep":       "nested too deep",
		strings.Repeat("<blockquote>", 40) + "deep": "deeper than ten",
	} {
		b := read(t, new(export).post("T", in).String())
		if !hasNote(b, note) {
			t.Errorf("%.40q: no note says %q: %+v", in, note, b.Notes)
		}
		if want := "x"; !strings.Contains(b.Items[0].Text, want) && !strings.Contains(b.Items[0].Text, "deep") {
			t.Errorf("%.40q: text %q", in, b.Items[0].Text)
		}
	}
}

func TestReadWordPress_attachmentsReusedBlocksFootnotes(t *testing.T) {
	t.Parallel()
	e := new(export).item("attachment", "inherit", "Cat", "", "<wp:attachment_url>https://ana.example/wp-content/uploads/cat.jpg</wp:attachment_url>").
		item("wp_block", "publish", "Notice", "<!-- wp:paragraph --><p>Reused words</p><!-- /wp:paragraph -->").
		item("attachment", "inherit", "Dog", "", "<wp:attachment_url>https://ana.example/wp-content/uploads/dog-scaled.jpg</wp:attachment_url>").
		post("T", `<!-- wp:block {"ref":2} /--><!-- wp:paragraph --><p>Claim<sup data-fn="u" class="fn"><a href="#u">1</a></sup> <img class="x" src="https://ana.example/wp-content/uploads/dog-300x200.jpg"></p><!-- /wp:paragraph --><!-- wp:footnotes /-->`,
			`<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value><![CDATA[[{"content":"The \u003cem\u003esource\u003c/em\u003e","id":"u"}]]]></wp:meta_value></wp:postmeta>`,
			`<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta>`,
			`<wp:postmeta><wp:meta_key>mood</wp:meta_key><wp:meta_value>merry</wp:meta_value></wp:postmeta>`)
	b := read(t, e.String())
	want := "[🖼 Cat](https://ana.example/wp-content/uploads/cat.jpg)\n\nReused words\n\nClaim\\[1] [🖼 Dog](https://ana.example/wp-content/uploads/dog-scaled.jpg)\n\n---\n\n1. The *source*"
	if got := b.Items[0].Text; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if !hasNote(b, "mood") || hasSkip(b, "Cat", "no article") || !hasSkip(b, "Notice", "articles that use it") {
		t.Errorf("notes %+v, skipped %+v", b.Notes, b.Skipped)
	}
}

func TestItem_TextWith_placesPictures(t *testing.T) {
	t.Parallel()
	b := read(t, new(export).post("T", `<a href="https://y.example/"><img src="https://x.example/i.png" alt="i [j]"></a> <img src="https://x.example/k.png">`).String())
	got := b.Items[0].TextWith(func(url string) string {
		if strings.HasSuffix(url, "i.png") {
			return "/blob/abcdefghijklmnop.png"
		}
		return ""
	})
	if want := "[![i \\[j\\]](/blob/abcdefghijklmnop.png)](https://y.example/) [🖼 k.png](https://x.example/k.png)"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if (movein.Item{Text: "t"}).TextWith(nil) != "t" {
		t.Error("an item without a source lost its text")
	}
}
