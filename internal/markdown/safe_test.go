package markdown

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"
)

// attacks are sources that try to get something past the writer: scripts,
// handlers, styles, frames, forms, addresses that run, marks that confuse.
var attacks = []string{
	`<script>alert(1)</script>`, `<SCRIPT SRC=//example.org/x.js></SCRIPT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<img src=x onerror=alert(1)>`, `<img src="x" onerror="alert(1)"//`, `<svg/onload=alert(1)>`, `<svg><animate onbegin=alert(1) attributeName=x>`,
	`<iframe src="javascript:alert(1)">`, `<iframe srcdoc="<script>alert(1)</script>">`, `<object data="javascript:alert(1)">`,
	`<embed src=//example.org/x.swf>`, `<form action=//example.org><input name=password></form>`, `<button formaction=javascript:alert(1)>`,
	`<a href="javascript:alert(1)">x</a>`, `<base href=//example.org>`, `<meta http-equiv=refresh content="0;url=//example.org">`,
	`<link rel=stylesheet href=//example.org/x.css>`, `<style>@import "//example.org"</style>`, `<p style="background:url(//example.org)">x`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<textarea><img src=x onerror=alert(1)></textarea>`, `<title></title><script>alert(1)</script>`, `<!--><script>alert(1)</script>-->`,
	`<![CDATA[<script>alert(1)</script>]]>`, `<?php echo 1 ?>`, `<!DOCTYPE x>`, `</p></div></body><script>alert(1)</script>`, `<plaintext>`, `<xmp><b>x</xmp>`,
	`[x](javascript:alert(1))`, `[x](JaVaScRiPt:alert(1))`, `[x](java&#10;script:alert(1))`, `[x](java&Tab;script:alert(1))`, "[x](java\tscript:alert(1))",
	`[x](&#106;avascript:alert(1))`, `[x](javascript&colon;alert(1))`, `[x](<javascript:alert(1)>)`, `[x](< javascript:alert(1)>)`, `[x](\javascript:alert(1))`,
	`[x](&#1;javascript:alert(1))`, "[x](\x01javascript:alert(1))", `[x](vbscript:x)`, `[x](data:text/html;base64,PHNjcmlwdD4=)`, `[x](file:///etc/passwd)`, `[x](blob:x)`,
	`[x](javascript%3Aalert(1))`, `[x](./javascript:alert(1))`, `[x](jar:http://example.org!/x)`, `[x](view-source:http://example.org)`, `[x](feed:javascript:alert(1))`,
	`![x](javascript:alert(1))`, `![x](https://example.org/track.gif)`, `![x](//example.org/track.gif)`, `![x](/blob/../x.png)`, `![x](/blob/%2e%2e/x.png)`,
	`![x" onerror="alert(1)](/blob/abcdefghijklmnopqrstuvwxyz.png)`, `![x](/blob/abcdefghijklmnopqrstuvwxyz.png "t' onerror='alert(1)")`,
	`![<b>](/blob/abcdefghijklmnopqrstuvwxyz.png)`, "![a\nb](/blob/abcdefghijklmnopqrstuvwxyz.png)", `![[x](/y)](/blob/abcdefghijklmnopqrstuvwxyz.png)`,
	`[x](https://example.org/" onmouseover="alert(1))`, `[x](https://example.org/'onmouseover='alert(1))`, `[x](https://example.org/><script>)`, `[x](https://example.org "t" onclick="x")`,
	`<javascript:alert(1)>`, `<https://example.org/"onclick="alert(1)>`, `https://example.org/<script>alert(1)</script>`, `www.example.org"onclick="x`, `<data:text/html,x>`,
	"[x]: javascript:alert(1)\n\n[x]", "[x]: https://example.org 'a\" onclick=\"b'\n\n[x]", "```\"onclick=\"alert(1)\nx\n```", "```</code></pre><script>\nx\n```",
	"`</code><script>alert(1)</script>`", "    </code><script>", "# <script>", "# x {onclick=alert(1)}", "# x {#id .c style=\"x\"}", "|<script>|\n|-|\n|<img onerror=x>|",
	"[x](//example.org)", `[x](\/\/example.org)`, `[x](/\example.org)`, `[x](/&#92;example.org)`, "[x](/&#9;/example.org)", `[x](https:example.org)`, `[x](https:///example.org)`, `[x](https://)`,
	`[x](https://a:b@example.org)`, "[x](https://\u202egro.elpmaxe)", `[x](https://exa&#x202e;mple.org)`, "\u202e\u2066\u2067\u2068\u202d abc", "&#0;&#xD;&#xD800;&#x110000;&#99999999999;", "\x00<\x00script\x00>",
	"&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;script&amp;gt;", "\\<script\\>", "*<script>*", "[<script>](x)", "[![<script>](y)](x)", "[a](<b\nc>)", "~~<a href=javascript:x>~~",
	"- <script>\n- [x](javascript:x)", "> <script>\n> [x](javascript:x)", "<a@b.example\"onclick=\"x>", "x <y@z.example> mailto:a@b.example", "https://example.org/'\"&<>`", "\ufeff# x", "x\u2028y",
}

// allowed is the list again, written apart from the policy on purpose.
var allowed = map[string]string{
	"p": "dir", "h2": "dir id", "h3": "dir id", "h4": "dir id", "h5": "dir id", "h6": "dir id", "blockquote": "", "ul": "dir", "ol": "dir start", "li": "",
	"hr": "", "br": "", "pre": "dir tabindex", "code": "", "em": "", "strong": "", "del": "", "table": "dir", "thead": "", "tbody": "", "tr": "",
	"th": "class scope", "td": "class", "div": "class tabindex", "a": "href rel", "img": "src alt width height loading decoding",
}

// TB is what *testing.T, *testing.F's T and *rapid.T share.
type complainer interface {
	Helper()
	Errorf(string, ...any)
}

// checkSafe reads the result as a browser does and complains about anything
// that is not on the list.
func checkSafe(t complainer, src string, got Text) {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(string(got.HTML)), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Errorf("%q: %v", src, err)
	}
	for _, n := range nodes {
		checkNode(t, src, n)
	}
	if again := policy.Sanitize(string(got.HTML)); again != string(got.HTML) {
		t.Errorf("%q: sanitising again changes\n%q into\n%q", src, got.HTML, again)
	}
	for _, s := range []string{string(got.HTML), got.Plain} {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, unwanted) {
			t.Errorf("%q: unwanted characters in %q", src, s)
		}
	}
	if strings.TrimSpace(got.Plain) != got.Plain {
		t.Errorf("%q: plain text not trimmed: %q", src, got.Plain)
	}
}

func checkNode(t complainer, src string, n *html.Node) {
	t.Helper()
	if n.Type == html.CommentNode || n.Type == html.DoctypeNode {
		t.Errorf("%q: wrote a comment or doctype", src)
	}
	if n.Type == html.ElementNode {
		attrs, ok := allowed[n.Data]
		if !ok {
			t.Errorf("%q: wrote <%s>", src, n.Data)
		}
		for _, a := range n.Attr {
			if !strings.Contains(" "+attrs+" ", " "+a.Key+" ") {
				t.Errorf("%q: wrote <%s %s=%q>", src, n.Data, a.Key, a.Val)
			}
			checkAddress(t, src, n, a)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		checkNode(t, src, c)
	}
}

func checkAddress(t complainer, src string, n *html.Node, a html.Attribute) {
	t.Helper()
	if a.Key == "src" && !(strings.HasPrefix(a.Val, "/blob/") && blobName.MatchString(a.Val[len("/blob/"):])) {
		t.Errorf("%q: image from %q", src, a.Val)
	}
	if a.Key != "href" {
		return
	}
	u, err := url.Parse(a.Val)
	if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || strings.HasPrefix(a.Val, "//") || strings.Contains(a.Val, `\`) || u.User != nil {
		t.Errorf("%q: link to %q", src, a.Val)
		return
	}
	rel := ""
	for _, b := range n.Attr {
		if b.Key == "rel" {
			rel = b.Val
		}
	}
	if (u.Host != "") != (rel == outboundRel) {
		t.Errorf("%q: link to %q has rel %q", src, a.Val, rel)
	}
}

func TestRender_attacks(t *testing.T) {
	t.Parallel()
	for _, src := range attacks {
		for _, frame := range []string{"%", "> %", "- %", "[%](/y)", "**%**", "|a|\n|-|\n|%|", "x\n\n%\n\ny"} {
			src := strings.ReplaceAll(frame, "%", src)
			for _, o := range []Options{{}, {Top: 3, Breaks: true, IDPrefix: "h-"}} {
				got, err := Render(src, o)
				if err != nil {
					t.Errorf("%q: %v", src, err)
				}
				checkSafe(t, src, got)
			}
		}
	}
}

func TestRender_anyMixtureIsSafe(t *testing.T) {
	t.Parallel()
	pieces := append([]string{"\n", "\n\n", " ", "    ", "*", "**", "_", "`", "```", "~~", "[", "](", "]", ")", "!", "<", ">", "> ", "- ", "1. ", "# ", "|", "|-|", "\\", "&", ";",
		"\"", "'", "a", "é", "م", "http://", "www.", "a.example", "/blob/" + blob, "javascript:", "\t", "&#", "x3c;", "\u202e", "===", "---"}, attacks...)
	rapid.Check(t, func(t *rapid.T) {
		src := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(t, "pieces"), "")
		got, err := Render(src, Options{IDPrefix: "h-", Breaks: rapid.Bool().Draw(t, "breaks")})
		if err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		checkSafe(t, src, got)
	})
}

// hard are sources on which Markdown programs have been slow. Each is repeated to
// the full length.
var hard = []string{">", "> ", "- ", "1. ", "> - ", "[", "![", "[a](b", "[a](<b", "[a](b \"", "[a](b)", "[a][b", "[a]: b\n", "[a]: b ", "[[a]: ", "]", "![a",
	"*a ", "*a_ ", "_a* ", "a**b", "a*__", "**x _y ", "a* ", "~~a ", "~a~~", "` ", "`` ` ", "<", "<a ", "<!--", "&", "&a", "\\", "|", "|\n", "|a", "# a\n", "a\n-\n", "```\n",
	"> a\nb\n", "\t", "\n", "a@", " a@b.c", " www.a ", " http://a.b/((", "http://a.b/(", "(", "a ", "é", "م ", "1)", "<http://a>", "a\n", "* a\n", "\"", "[a](/b)\n\n"}

// hardHeads are beginnings that make what follows dear.
var hardHeads = []string{"", "[a]: /b\n\n", strings.Repeat(">", 200) + "a\n", "|a|b|\n|-|-|\n", strings.Repeat("|a", 2000) + "|\n" + strings.Repeat("|-", 2000) + "|\n",
	strings.Repeat("[", 2000), strings.Repeat("*a ", 2000), strings.Repeat("- ", 30) + "\n", "|`\\|`|b|\n|-|-|\n"}

func TestRender_neverSlow(t *testing.T) {
	t.Parallel()
	// The worst takes 0.1 s at the usual length and 2 s at sixteen times that; a
	// quadratic one took 24 s and 35 s.
	try := func(src string, size int) {
		start := time.Now()
		_, _ = Render(src, Options{IDPrefix: "h-", MaxBytes: size})
		if d := time.Since(start); d > time.Minute {
			t.Errorf("%.40q… took %v", src, d)
		}
	}
	for i, piece := range hard {
		for _, head := range []string{"", hardHeads[i%len(hardHeads)]} {
			try(head+strings.Repeat(piece, (DefaultMaxBytes-len(head))/len(piece)), DefaultMaxBytes)
		}
	}
	for _, piece := range []string{"[a]: b\n", "[a](b", "# a\n", "> - ", "*a_ ", "|a"} {
		try(strings.Repeat(piece, 1<<20/len(piece)), 1<<20)
	}
}

func FuzzRender(f *testing.F) {
	for _, s := range attacks {
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, src string, breaks bool) {
		got, err := Render(src, Options{IDPrefix: "h-", Breaks: breaks})
		if err == nil {
			checkSafe(t, src, got)
		}
	})
}

// A post of some 600 characters with what people use: a quote, a link, a list.
const ordinary = "> [Ana](/posts/p_01hx):\n> Has anybody been paid within the thirty days they promise?\n\n" +
	"Not me. I wrote to *support* twice and got the **same** answer each time: \"the invoice is being checked\". " +
	"There is a [page about the terms](https://example.org/terms?lang=en) that says:\n\n" +
	"- payment after acceptance\n- acceptance within ten days\n- no word about what happens when nobody accepts\n\n" +
	"So the thirty days begin whenever somebody feels like it. I have kept `invoice-2041` as an example and would be glad to compare it with yours; " +
	"write to me if you were told something else, or if you have an answer in writing from before the change of last year."

func BenchmarkRender(b *testing.B) {
	o := Options{Top: 3, Breaks: true}
	b.ReportAllocs()
	b.SetBytes(int64(len(ordinary)))
	for b.Loop() {
		if _, err := Render(ordinary, o); err != nil {
			b.Fatal(err)
		}
	}
}
