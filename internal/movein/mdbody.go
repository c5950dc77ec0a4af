package movein

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// body makes Markdown of the hall's sort out of a generator's: tags become what
// they stand for, HTML becomes Markdown, and pictures get one way of being
// written, so that they can be placed later.
func (m *shelf) body(c *conversion, p, src string) mdSource {
	src = m.tags(c, src)
	src = footnoted(src)
	src = outsideCode(src, func(s string) string {
		s = attributeLines.ReplaceAllString(s, "")
		s = headingIDs.ReplaceAllString(s, "$1")
		return moreMark.ReplaceAllString(s, "")
	})
	src = outsideCode(unHTML(c, src), func(s string) string { return manyLines.ReplaceAllString(s, "\n\n") })
	return mdSource(m.pictures(c, p, src))
}

var (
	manyLines      = regexp.MustCompile(`\n[ \t]*\n(?:[ \t]*\n)+`)
	attributeLines = regexp.MustCompile(`(?m)^\{:[^}\n]*\}[ \t]*$|\{:[^}\n]*\}`)
	headingIDs     = regexp.MustCompile(`(?m)^(#{1,6} .*?)[ \t]*\{#[^}\n]*\}[ \t]*$`)
)

var (
	hugoTag      = regexp.MustCompile(`\{\{[<%]\s*(/?)\s*([\w-]+)((?:"[^"]*"|[^">%])*?)/?\s*[>%]\}\}`)
	liquidBlock  = regexp.MustCompile(`(?s)\{%-?\s*highlight\s+([\w+#-]+)[^%]*%\}\n?(.*?)\n?\{%-?\s*endhighlight\s*-?%\}`)
	liquidRaw    = regexp.MustCompile(`\{%-?\s*(?:end)?raw\s*-?%\}`)
	liquidPost   = regexp.MustCompile(`\{%-?\s*(?:post_url|link)\s+([^\s%]+)\s*-?%\}`)
	liquidSite   = regexp.MustCompile(`\{\{-?\s*(?:site\.(?:baseurl|url)|page\.url)\s*-?\}\}/?|\{\{\s*"?([^"|{}]+?)"?\s*\|\s*(?:relative_url|absolute_url|prepend:[^}]*)\}\}`)
	liquidTag    = regexp.MustCompile(`\{%-?.*?-?%\}`)
	hugoRef      = regexp.MustCompile(`\{\{[<%]\s*(?:rel)?ref\s+"?([^"\s>%]+)"?\s*[>%]\}\}`)
	hugoListings = regexp.MustCompile(`(?s)\{\{[<%]\s*highlight\s+"?([\w+#-]+)"?[^>%]*[>%]\}\}\n?(.*?)\n?\{\{[<%]\s*/\s*highlight\s*[>%]\}\}`)
)

// tags resolves what Hugo and Jekyll fill in: listings, figures, embeds, links
// to other articles. Of others the words within stay, and they are named.
func (m *shelf) tags(c *conversion, src string) string {
	if !strings.Contains(src, "{{") && !strings.Contains(src, "{%") {
		return src
	}
	src = liquidBlock.ReplaceAllString(src, "```$1\n$2\n```")
	src = hugoListings.ReplaceAllString(src, "```$1\n$2\n```")
	return outsideCode(src, func(s string) string {
		s = liquidRaw.ReplaceAllString(s, "")
		s = liquidSite.ReplaceAllString(s, "/$1")
		for _, re := range []*regexp.Regexp{hugoRef, liquidPost} {
			s = re.ReplaceAllStringFunc(s, func(t string) string { return otherPost(re.FindStringSubmatch(t)[1]) })
		}
		s = liquidTag.ReplaceAllStringFunc(s, func(t string) string {
			c.note("the tag " + oneLine(t))
			return ""
		})
		return hugoTag.ReplaceAllStringFunc(s, func(t string) string { return hugo(c, t) })
	})
}

// otherPost is the address of another text, by the name of its file.
func otherPost(ref string) string {
	name, fragment, _ := strings.Cut(ref, "#")
	name = strings.TrimSuffix(name, path.Ext(name))
	if d := named.FindStringSubmatch(path.Base(name)); d != nil {
		name = d[1] + "/" + d[2] + "/" + d[3] + "/" + d[4]
	}
	if fragment != "" {
		fragment = "#" + fragment
	}
	return "/" + strings.TrimPrefix(name, "/") + "/" + fragment
}

func hugo(c *conversion, tag string) string {
	m := hugoTag.FindStringSubmatch(tag)
	name, a := strings.ToLower(m[2]), shortAttrs(m[3])
	if m[1] == "/" {
		return ""
	}
	switch name {
	case "figure", "img", "image":
		src := first(a["src"], a["link"], a["0"])
		out := "![" + escapeBrackets(first(a["alt"], a["title"], a["caption"])) + "](" + strings.ReplaceAll(src, " ", "%20") + ")"
		if cap := first(a["caption"], a["title"]); cap != "" {
			out += "\n\n*" + strings.TrimSpace(cap) + "*"
		}
		return out
	case "youtube":
		return "<https://www.youtube.com/watch?v=" + first(a["id"], a["0"]) + ">"
	case "vimeo":
		return "<https://vimeo.com/" + first(a["id"], a["0"]) + ">"
	case "gist":
		return "<https://gist.github.com/" + a["0"] + "/" + a["1"] + ">"
	case "tweet", "x", "twitter":
		return "<https://twitter.com/" + first(a["user"], "i") + "/status/" + first(a["id"], a["0"]) + ">"
	case "instagram":
		return "<https://www.instagram.com/p/" + first(a["id"], a["0"]) + "/>"
	}
	c.note("the tag " + oneLine(tag))
	return ""
}

var (
	noteMark = regexp.MustCompile(`\[\^([^\]\s]+)\]`)
	noteText = regexp.MustCompile(`(?m)^\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n(?:[ \t]+.*|\n[ \t]{2,}.*))*)\n?`)
)

// footnoted moves footnotes, which the hall does not have, below the text.
func footnoted(src string) string {
	if !strings.Contains(src, "[^") {
		return src
	}
	texts, order := map[string]string{}, []string{}
	src = outsideCode(src, func(s string) string {
		return noteText.ReplaceAllStringFunc(s, func(t string) string {
			m := noteText.FindStringSubmatch(t)
			if _, twice := texts[m[1]]; !twice {
				order = append(order, m[1])
			}
			texts[m[1]] = strings.Join(strings.Fields(m[2]), " ")
			return ""
		})
	})
	if len(order) == 0 {
		return src
	}
	src = outsideCode(src, func(s string) string {
		return noteMark.ReplaceAllStringFunc(s, func(t string) string {
			if i := slices.Index(order, noteMark.FindStringSubmatch(t)[1]); i >= 0 {
				return `\[` + itoa(i+1) + `\]`
			}
			return t
		})
	})
	var b strings.Builder
	b.WriteString(strings.TrimRight(src, "\n") + "\n\n---\n\n")
	for i, name := range order {
		b.WriteString(itoa(i+1) + ". " + texts[name] + "\n")
	}
	return b.String()
}

// span is a piece of a source, by byte offsets.
type span struct{ from, to int }

var reader = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser()

// parsed reads Markdown as generators do, raw HTML included.
func parsed(src string) (ast.Node, parser.Context) {
	pc := parser.NewContext()
	return reader.Parse(text.NewReader([]byte(src)), parser.WithContext(pc)), pc
}

// codeSpans lists where code stands in a source, in order.
func codeSpans(src string) []span {
	if !strings.ContainsAny(src, "`~") && !strings.Contains(src, "    ") && !strings.Contains(src, "\t") {
		return nil
	}
	var out []span
	doc, _ := parsed(src)
	_ = ast.Walk(doc, func(n ast.Node, enter bool) (ast.WalkStatus, error) {
		if !enter {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindCodeBlock, ast.KindFencedCodeBlock:
			lines := n.Lines()
			for i := range lines.Len() {
				out = append(out, span{lines.At(i).Start, lines.At(i).Stop})
			}
		case ast.KindCodeSpan:
			for k := n.FirstChild(); k != nil; k = k.NextSibling() {
				if t, ok := k.(*ast.Text); ok {
					out = append(out, span{t.Segment.Start, t.Segment.Stop})
				}
			}
		}
		return ast.WalkContinue, nil
	})
	slices.SortFunc(out, func(a, b span) int { return a.from - b.from })
	return out
}

// outsideCode rewrites what is no code. A rewriting that spans a piece of code
// does not happen.
func outsideCode(src string, rewrite func(string) string) string {
	var b strings.Builder
	at := 0
	for _, s := range codeSpans(src) {
		if s.from < at {
			continue
		}
		b.WriteString(rewrite(src[at:s.from]))
		b.WriteString(src[s.from:s.to])
		at = s.to
	}
	b.WriteString(rewrite(src[at:]))
	return b.String()
}

var (
	mdImage       = regexp.MustCompile(`!\[((?:\\.|[^\[\]\\]|\[[^\[\]]*\])*)\]\(\s*(?:<([^<>\n]*)>|((?:\\.|[^\s()\\]|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)`)
	mdImageRef    = regexp.MustCompile(`!\[((?:\\.|[^\[\]\\])*)\](?:\[([^\[\]]*)\])?`)
	mdImageLinked = regexp.MustCompile(`\[!\[((?:\\.|[^\[\]\\]|\[[^\[\]]*\])*)\]\(([^\s()]*)\)\]\(([^\s()]*)\)`)
)

// pictures writes each picture as ![alt](address) and finds its file.
func (m *shelf) pictures(c *conversion, p, src string) string {
	if !strings.Contains(src, "![") {
		return src
	}
	_, pc := parsed(src)
	return outsideCode(src, func(s string) string {
		s = mdImage.ReplaceAllStringFunc(s, func(t string) string {
			g := mdImage.FindStringSubmatch(t)
			return m.picture(c, p, g[1], first(g[2], g[3]))
		})
		return mdImageRef.ReplaceAllStringFunc(s, func(t string) string {
			g := mdImageRef.FindStringSubmatch(t)
			if ref, ok := pc.Reference(refKey(first(g[2], g[1]))); ok {
				return m.picture(c, p, g[1], string(ref.Destination()))
			}
			return t
		})
	})
}

func refKey(label string) string { return strings.ToLower(strings.Join(strings.Fields(label), " ")) }

// picture gives one picture its address: that in the net, or the path of its
// file with a slash before it.
func (m *shelf) picture(c *conversion, p, alt, dest string) string {
	at := dest
	file := ""
	if u, err := url.Parse(dest); err == nil && u.Scheme == "" && u.Host == "" {
		file = m.beside(p, u.Path)
		at = "/" + file
		if file == "" {
			at = c.absolute(dest)
		}
	}
	at = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E").Replace(at)
	if !c.seen["picture "+at] {
		c.seen["picture "+at] = true
		c.images = append(c.images, Image{URL: at, Alt: strings.NewReplacer(`\[`, "[", `\]`, "]").Replace(alt), File: file})
	}
	return "![" + alt + "](" + at + ")"
}

// beside finds the file of a relative address: beside the text first.
func (m *shelf) beside(p, dest string) string {
	for _, dir := range []string{path.Dir(p), ".", "static", "assets", "content", "public", "src"} {
		file := path.Join(dir, dest)
		if file == "." || strings.HasPrefix(file, "..") {
			continue
		}
		if m.wxr.files.has(file) {
			return file
		}
	}
	return ""
}

// mdSource is Markdown in which pictures are written one way.
type mdSource string

func (s mdSource) markdown(place func(string) string) string {
	out := outsideCode(string(s), func(s string) string {
		s = mdImageLinked.ReplaceAllStringFunc(s, func(t string) string {
			g := mdImageLinked.FindStringSubmatch(t)
			if place(g[2]) != "" {
				return t // done below
			}
			if !strings.HasPrefix(g[2], "http") {
				return "[🖼 " + g[1] + "](" + g[3] + ")"
			}
			return "[" + first(g[1], g[3]) + "](" + g[3] + ") [🖼](" + g[2] + ")"
		})
		return mdImage.ReplaceAllStringFunc(s, func(t string) string {
			g := mdImage.FindStringSubmatch(t)
			dest := first(g[2], g[3])
			if at := place(dest); at != "" {
				return "![" + g[1] + "](" + at + ")"
			}
			label := first(strings.TrimSpace(g[1]), path.Base(dest))
			if !strings.HasPrefix(dest, "http") {
				return "🖼 " + label
			}
			return "[🖼 " + label + "](" + dest + ")"
		})
	})
	return strings.TrimSpace(out)
}
