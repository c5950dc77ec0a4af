package movein

import (
	"fmt"
	"html"
	"regexp"
	"strings"
)

// codeTag is one [name …] or [/name]. Attributes may hold ] within quotes.
var codeTag = regexp.MustCompile(`\[(\[?)(/?)([A-Za-z][A-Za-z0-9_-]*)((?:[\s=](?:"[^"]*"|'[^']*'|[^\[\]"'])*)?)\](\]?)`)

// verbatim are the parts of a text in which brackets mean themselves.
var verbatim = regexp.MustCompile(`(?is)<pre\b.*?</pre>|<code\b.*?</code>|<script\b.*?</script>|<style\b.*?</style>|<!--.*?-->`)

var codeAttr = regexp.MustCompile(`([A-Za-z_][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|'([^']*)'|([^\s"']+)`)

// code is a shortcode found in a text.
type code struct {
	start, end      int
	name            string
	attrs           string
	closing, double bool
	partner         int // index of its closing one; -1 if it stands alone
}

// unshort replaces shortcodes by the HTML they stand for. Those it does not
// know lose their brackets and keep what they enclose; a word in brackets that
// is no shortcode stays as it is.
func (c *conversion) unshort(s string) string {
	if !strings.Contains(s, "[") {
		return s
	}
	codes := findCodes(s)
	var b strings.Builder
	c.expand(&b, s, codes, span{0, len(codes)}, span{0, len(s)}, 0)
	return b.String()
}

func findCodes(s string) []code {
	var codes []code
	fixed := verbatim.FindAllStringIndex(s, -1)
	open := map[string][]int{}
	for _, m := range codeTag.FindAllStringSubmatchIndex(s, -1) {
		for len(fixed) > 0 && fixed[0][1] <= m[0] {
			fixed = fixed[1:]
		}
		if len(fixed) > 0 && fixed[0][0] <= m[0] {
			continue
		}
		k := code{start: m[0], end: m[1], name: strings.ToLower(s[m[6]:m[7]]), attrs: s[m[8]:m[9]], closing: m[5] > m[4], partner: -1,
			double: m[3] > m[2] && m[11] > m[10]}
		if m[3] > m[2] && !k.double {
			k.start++
		}
		if m[11] > m[10] && !k.double {
			k.end--
		}
		at := open[k.name]
		switch {
		case k.double:
		case k.closing:
			if len(at) > 0 {
				codes[at[len(at)-1]].partner = len(codes)
				open[k.name] = at[:len(at)-1]
			}
		case !strings.HasSuffix(strings.TrimSpace(k.attrs), "/"):
			open[k.name] = append(at, len(codes))
		}
		codes = append(codes, k)
	}
	return codes
}

const codeDepth = 40 // shortcodes within shortcodes; deeper ones are words

// expand writes the piece of s in which some of the codes stand.
func (c *conversion) expand(b *strings.Builder, s string, codes []code, some, piece span, depth int) {
	i, j, at, end := some.from, some.to, piece.from, piece.to
	for i < j {
		k := codes[i]
		b.WriteString(s[at:k.start])
		at = k.end
		switch {
		case k.double:
			b.WriteString(s[k.start+1 : k.end-1])
		case k.closing:
			if !known[k.name] {
				b.WriteString(s[k.start:k.end])
			}
		case k.partner >= 0 && k.partner < j:
			p := codes[k.partner]
			var in strings.Builder
			switch {
			case lister[k.name] != nil:
			case depth >= codeDepth:
				c.note("shortcodes within shortcodes, deeper than forty; they stand as they were written")
				in.WriteString(s[k.end:p.start])
			default:
				c.expand(&in, s, codes, span{i + 1, k.partner}, span{k.end, p.start}, depth+1)
			}
			b.WriteString(c.shortcode(k, s[k.end:p.start], in.String(), s[k.start:k.end]))
			at, i = p.end, k.partner
		default:
			k.partner = -1
			b.WriteString(c.shortcode(k, "", "", s[k.start:k.end]))
		}
		i++
	}
	b.WriteString(s[at:end])
}

// shortAttrs reads attributes; those without a name are "0", "1" …
func shortAttrs(s string) map[string]string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "=")
	a := map[string]string{}
	n := 0
	for _, m := range codeAttr.FindAllStringSubmatch(strings.TrimSuffix(s, "/"), -1) {
		if m[1] != "" {
			a[strings.ToLower(m[1])] = html.UnescapeString(first(m[2], m[3], m[4]))
			continue
		}
		a[fmt.Sprint(n)] = html.UnescapeString(first(m[5], m[6], m[7]))
		n++
	}
	if strings.HasPrefix(s, "http") { // [name=https://…?a=b] reads like an attribute
		a["0"] = strings.Trim(strings.Fields(s)[0], `"'`)
	}
	return a
}

// shortcode gives the HTML of one shortcode. rawIn is what it encloses as
// written, in the same after expansion, whole the opening tag itself.
func (c *conversion) shortcode(k code, rawIn, in, whole string) string {
	a := shortAttrs(k.attrs)
	if f := lister[k.name]; f != nil && k.partner >= 0 {
		return f(k.name, a, rawIn)
	}
	switch k.name {
	case "caption", "wp_caption":
		return captioned(in, a["caption"])
	case "gallery":
		return c.gallery(a)
	case "playlist":
		return c.playlist(a)
	case "embed", "audio", "video", "youtube", "vimeo", "dailymotion", "soundcloud", "wpvideo", "googlemaps", "googlevideo",
		"spotify", "ted", "instagram", "twitter", "tweet", "facebook", "slideshare", "gist", "flickr", "iframe":
		return c.embedded(k.name, a, in)
	case "latex":
		return "<code>" + html.EscapeString(html.UnescapeString(rawIn)) + "</code>"
	case "nextpage":
		return "<hr>"
	}
	return c.stranger(k, a, in, whole)
}

// known are the codes whose stray closing tag may go.
var known = map[string]bool{"caption": true, "wp_caption": true, "gallery": true, "embed": true, "audio": true, "video": true}

var pictureThenText = regexp.MustCompile(`(?is)^(\s*(?:<a\s[^>]*>\s*)?<img\s[^>]*>\s*(?:</a>)?)(.*)$`)

func captioned(in, caption string) string {
	if m := pictureThenText.FindStringSubmatch(in); m != nil {
		in, caption = m[1], strings.TrimSpace(m[2]+" "+caption)
	}
	return "<figure>" + in + "<figcaption>" + caption + "</figcaption></figure>"
}

var mediaAttr = []string{"src", "url", "mp3", "m4a", "ogg", "wav", "wma", "flac", "mp4", "m4v", "webm", "ogv", "wmv", "flv", "href", "id", "0"}

// embedded turns a player or frame into a link to what it played or framed.
func (c *conversion) embedded(name string, a map[string]string, in string) string {
	link := strings.TrimSpace(html.UnescapeString(strip(in)))
	for _, key := range mediaAttr {
		if v := strings.TrimSpace(a[key]); link == "" && v != "" {
			link = v
		}
	}
	if link != "" && !strings.Contains(link, "/") {
		switch name {
		case "youtube":
			link = "https://www.youtube.com/watch?v=" + link
		case "vimeo":
			link = "https://vimeo.com/" + link
		case "wpvideo":
			link = "https://videopress.com/v/" + link
		case "ted":
			link = "https://www.ted.com/talks/" + link
		case "dailymotion":
			link = "https://www.dailymotion.com/video/" + link
		}
	}
	if !strings.Contains(link, "/") {
		c.note(fmt.Sprintf("the shortcode [%s], which names nothing that can be linked", name))
		return html.EscapeString(link)
	}
	return `<p><a href="` + html.EscapeString(link) + `">` + html.EscapeString(link) + "</a></p>"
}

var wordAttr = []string{"title", "heading", "text", "caption", "label", "question", "quote", "name", "author", "subtitle", "description"}

// stranger is a shortcode of a plugin we do not know.
func (c *conversion) stranger(k code, a map[string]string, in, whole string) string {
	named := 0
	for key := range a {
		if key[0] > '9' {
			named++
		}
	}
	if k.partner < 0 && named == 0 {
		return whole // a word in brackets
	}
	if len(whole) > 80 {
		whole = strings.ToValidUTF8(whole[:80], "") + "…]"
	}
	link := ""
	for _, key := range []string{"url", "href", "link", "src", "button_link", "image_url"} {
		if v := a[key]; link == "" && (strings.HasPrefix(v, "http") || strings.HasPrefix(v, "/")) {
			link = v
		}
	}
	var b strings.Builder
	for _, key := range wordAttr {
		if v := a[key]; v != "" && !strings.Contains(in, v) {
			b.WriteString("<p><strong>" + html.EscapeString(v) + "</strong></p>\n\n")
		}
	}
	b.WriteString(in)
	if link != "" {
		label := strings.TrimSpace(strip(in))
		if label == "" || len(label) > 80 || strings.ContainsAny(in, "<\n") {
			b.WriteString(` <a href="` + html.EscapeString(link) + `">` + html.EscapeString(first(a["title"], a["text"], link)) + "</a>")
		} else {
			b.Reset()
			b.WriteString(`<a href="` + html.EscapeString(link) + `">` + in + "</a>")
		}
	}
	if strings.TrimSpace(b.String()) == "" {
		c.note("the shortcode " + whole)
	} else {
		c.note("the shortcode " + whole + "; what it enclosed is there")
	}
	return b.String()
}

// lister are the shortcodes that enclose a program listing.
var lister = func() map[string]func(string, map[string]string, string) string {
	m := map[string]func(string, map[string]string, string) string{}
	for _, n := range strings.Fields("code sourcecode source pre php css html xml python py java js javascript jscript sql bash shell ruby cpp csharp c perl go plain text vb diff scala haskell crayon cc c++") {
		m[n] = listing
	}
	return m
}()

func listing(name string, a map[string]string, raw string) string {
	lang := first(a["language"], a["lang"])
	if lang == "" && name != "code" && name != "sourcecode" && name != "source" && name != "pre" && name != "plain" && name != "text" && name != "crayon" {
		lang = name
	}
	if strings.Contains(raw, "&lt;") || strings.Contains(raw, "&gt;") || strings.Contains(raw, "&amp;") || strings.Contains(raw, "&quot;") {
		raw = html.UnescapeString(raw)
	}
	raw = strings.Trim(raw, "\r\n")
	return `<pre><code class="language-` + html.EscapeString(lang) + `">` + html.EscapeString(raw) + "</code></pre>"
}
