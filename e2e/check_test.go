package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
)

// check holds an answer against what is true of every answer.
func (w *world) check(r request, p *page) error {
	if p.status >= 500 {
		return fmt.Errorf("status %d", p.status)
	}
	if err := checkHeaders(p); err != nil {
		return err
	}
	if strings.HasPrefix(p.header.Get("Content-Type"), "text/html") && p.status == http.StatusOK && len(p.body) == 0 && r.method != http.MethodHead {
		return fmt.Errorf("an empty page")
	}
	if p.doc == nil {
		return nil
	}
	return checkPage(p)
}

// checkPage holds a page, or a piece of one, against what every page keeps to.
func checkPage(p *page) error {
	if err := checkNesting(p.body); err != nil {
		return err
	}
	if !p.whole() {
		return nil
	}
	for _, c := range []func(*page) error{checkFrame, checkNames, checkIDs, checkSources, checkTexts} {
		if err := c(p); err != nil {
			return err
		}
	}
	return nil
}

// whole tells a page from a piece of one, as scripts fetch them.
func (p *page) whole() bool {
	return bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(p.body)), []byte("<!doctype html"))
}

// ours are the cookies the hall may set.
var ours = map[string]bool{"hall": true, "sent": true, "codes": true, "fresh": true, "lang": true, "theme": true, "zone": true}

// checkHeaders wants a strict policy on everything.
// anywhere are the addresses to which pages of other sites may send: what they are told is
// secret, and no cookie counts there.
var anywhere = map[string]bool{"/reach/shown": true, "/reach/opened": true}

func checkHeaders(p *page) error {
	for name, want := range map[string][]string{
		"Content-Security-Policy":    {"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"},
		"X-Content-Type-Options":     {"nosniff"},
		"Referrer-Policy":            {"same-origin"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
		"Permissions-Policy":         {"geolocation=()"},
	} {
		got := p.header.Get(name)
		for _, s := range want {
			if !strings.Contains(got, s) {
				return fmt.Errorf("header %s is %q, without %q", name, got, s)
			}
		}
	}
	calls := strings.HasPrefix(p.url.Path, "/calls/") || strings.HasPrefix(p.url.Path, "/call/") ||
		strings.HasPrefix(p.url.Path, "/booking/") && bytes.Contains(p.body, []byte("<guest-page")) // a meeting that is called from there
	if !calls && !strings.Contains(p.header.Get("Permissions-Policy"), "camera=()") {
		return fmt.Errorf("a page that is no call may ask for the camera")
	}
	if strings.Contains(p.header.Get("Content-Security-Policy"), "unsafe") {
		return fmt.Errorf("the policy allows something unsafe")
	}
	for _, h := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
		if v := p.header.Get(h); v != "" && !(h == "Access-Control-Allow-Origin" && anywhere[p.url.Path]) {
			return fmt.Errorf("header %s: %s", h, v)
		}
	}
	for _, c := range (&http.Response{Header: p.header}).Cookies() {
		if !ours[c.Name] {
			return fmt.Errorf("sets the cookie %q", c.Name)
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			return fmt.Errorf("the cookie %q is open to scripts or to other sites", c.Name)
		}
	}
	return nil
}

var void = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true,
	"link": true, "meta": true, "source": true, "track": true, "wbr": true}

// blocks close a paragraph that is open.
var blocks = map[string]bool{"address": true, "article": true, "aside": true, "blockquote": true, "details": true, "div": true, "dl": true,
	"fieldset": true, "figure": true, "footer": true, "form": true, "h1": true, "h2": true, "h3": true, "h4": true, "header": true, "hr": true,
	"main": true, "nav": true, "ol": true, "p": true, "pre": true, "section": true, "table": true, "ul": true}

// checkNesting wants every element closed where it was opened.
func checkNesting(body []byte) error {
	var open []string
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		t := z.Token()
		switch kind {
		case html.StartTagToken:
			if err := checkStart(t, open); err != nil {
				return err
			}
			if !void[t.Data] {
				open = append(open, t.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != t.Data {
				return fmt.Errorf("</%s> where %v is open", t.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("never closed: %v", open)
	}
	return nil
}

func checkStart(t html.Token, open []string) error {
	seen := map[string]bool{}
	for _, a := range t.Attr {
		if seen[a.Key] {
			return fmt.Errorf("<%s> has %s twice", t.Data, a.Key)
		}
		seen[a.Key] = true
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			return fmt.Errorf("<%s> has the attribute %s", t.Data, a.Key)
		}
	}
	if blocks[t.Data] && slices.Contains(open, "p") {
		return fmt.Errorf("<%s> inside a paragraph", t.Data)
	}
	if (t.Data == "a" || t.Data == "button" || t.Data == "form") && slices.Contains(open, t.Data) {
		return fmt.Errorf("<%s> inside another", t.Data)
	}
	return nil
}

// checkFrame wants a language, a direction, a title, and one heading.
func checkFrame(p *page) error {
	root, err := p.within("html")
	if err != nil {
		return err
	}
	if attr(root, "lang") == "" || attr(root, "dir") == "" {
		return fmt.Errorf("the page does not say its language and direction")
	}
	for selector, n := range map[string]int{"h1": 1, "main": 1, "title": 1} {
		found, err := p.all(selector)
		if err != nil {
			return err
		}
		if len(found) != n {
			return fmt.Errorf("%d of %s", len(found), selector)
		}
		if selector != "main" && words(found[0]) == "" {
			return fmt.Errorf("an empty %s", selector)
		}
	}
	return nil
}

// checkNames wants a name on whatever one can use.
func checkNames(p *page) (err error) {
	elements(p.doc, func(n *html.Node) {
		switch {
		case err != nil:
		case isControl(n) && !hidden(n) && strings.Join(p.labels(n), "") == "":
			err = fmt.Errorf("the field %q has no label", attr(n, "name"))
		case (n.Data == "button" || isLink(n)) && !hidden(n) && !hasName(n):
			err = fmt.Errorf("a <%s> without a name, to %s", n.Data, attr(n, "href"))
		case n.Data == "img":
			if _, ok := lookAttr(n, "alt"); !ok {
				err = fmt.Errorf("the picture %s has no alternative", attr(n, "src"))
			}
		case n.Data == "script" && attr(n, "src") == "" || n.Data == "style":
			err = fmt.Errorf("a <%s> inside the page", n.Data)
		}
	})
	return err
}

func hasName(n *html.Node) bool {
	if named(n) != "" {
		return true
	}
	found := false
	elements(n, func(c *html.Node) { found = found || attr(c, "alt") != "" || attr(c, "aria-label") != "" })
	return found
}

// checkIDs wants ids unique, and there for whoever names them.
func checkIDs(p *page) (err error) {
	ids := map[string]bool{"top": true, "": true}
	elements(p.doc, func(n *html.Node) {
		id, ok := lookAttr(n, "id")
		if ok && ids[id] && err == nil {
			err = fmt.Errorf("the id %q twice", id)
		}
		ids[id] = true
	})
	elements(p.doc, func(n *html.Node) {
		var named []string
		for _, a := range []string{"aria-describedby", "aria-labelledby", "for", "form"} {
			if v := attr(n, a); v != "" {
				named = append(named, strings.Fields(v)...)
			}
		}
		if h := attr(n, "href"); strings.HasPrefix(h, "#") {
			id, uerr := url.PathUnescape(h[1:])
			if uerr == nil {
				named = append(named, id)
			}
		}
		for _, id := range named {
			if !ids[id] && err == nil && n.Data != "quote-source" {
				err = fmt.Errorf("<%s> leads to #%s, which is not there", n.Data, id)
			}
		}
	})
	return err
}

// checkSources wants nothing loaded from elsewhere, and no address that runs.
func checkSources(p *page) (err error) {
	elements(p.doc, func(n *html.Node) {
		for _, a := range n.Attr {
			v := strings.ToLower(strings.TrimSpace(a.Val))
			loads := a.Key == "src" || a.Key == "srcset" || a.Key == "poster" || a.Key == "data" || a.Key == "href" && n.Data == "link" && attr(n, "rel") != "canonical"
			switch {
			case err != nil:
			case loads && (strings.Contains(v, "://") || strings.HasPrefix(v, "//")) && !strings.HasPrefix(v, p.url.Scheme+"://"+p.url.Host+"/"):
				err = fmt.Errorf("<%s> loads %s from elsewhere", n.Data, a.Val)
			case (a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction") &&
				(strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "data:") || strings.HasPrefix(v, "vbscript:")):
				err = fmt.Errorf("<%s> has %s=%s", n.Data, a.Key, a.Val)
			}
		}
	})
	return err
}

var keyLike = regexp.MustCompile(`^[a-z]+(\.[a-z_]+)+$`)

// areas are the first words of the keys of texts.
var areas = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	files, _ := filepath.Glob("../internal/lang/catalog/en/*.toml")
	line := regexp.MustCompile(`(?m)^\[?"?([a-z]+)\.[a-z_.]+"?`)
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			panic(err)
		}
		for _, k := range line.FindAllSubmatch(b, -1) {
			m[string(k[1])] = true
		}
	}
	return m
})

// checkTexts wants no key of a text where its words should be.
func checkTexts(p *page) (err error) {
	say := func(s string) {
		s = strings.TrimSpace(isolates.Replace(s))
		if area, _, _ := strings.Cut(s, "."); err == nil && keyLike.MatchString(s) && areas()[area] {
			err = fmt.Errorf("%q has no words in this language", s)
		}
	}
	for n := range p.doc.Descendants() {
		if n.Type == html.TextNode {
			say(n.Data)
		}
		if n.Type == html.ElementNode {
			for _, a := range []string{"aria-label", "title", "alt", "placeholder"} {
				say(attr(n, a))
			}
		}
	}
	return err
}

// linksOf lists where a page's links lead inside the hall.
func (b *browser) linksOf(p *page) (to []*url.URL) {
	if p == nil || p.doc == nil {
		return nil
	}
	elements(p.doc, func(n *html.Node) {
		if n.Data != "a" && n.Data != "img" && n.Data != "link" && n.Data != "script" {
			return
		}
		ref := attr(n, "href")
		if ref == "" {
			ref = attr(n, "src")
		}
		if u, err := p.url.Parse(ref); err == nil && ref != "" && ref[0] != '#' && u.Scheme+"://"+u.Host == b.w.origin {
			u.Fragment = ""
			to = append(to, u)
		}
	})
	return to
}

// perRoute is how many links of a route are tried, for each browser of a story.
const perRoute = 1

// tryLinks follows a sample of the links of the page that is shown.
func (b *browser) tryLinks() error {
	w := b.w
	w.checking.Store(true)
	defer w.checking.Store(false)
	for _, u := range b.linksOf(b.page) {
		route := w.route(http.MethodGet, local(u))
		kind := b.name + " " + route
		if route == "" { // an old address of a blog that moved in
			kind += local(u)
		}
		if w.linked[kind] >= perRoute {
			continue
		}
		w.linked[kind]++
		p, err := b.send(request{method: http.MethodGet, url: u}, b.page)
		if err != nil {
			return err
		}
		if p.status >= 400 {
			return fmt.Errorf("the link from %s to %s answers %d", local(b.page.url), local(u), p.status)
		}
	}
	return nil
}
