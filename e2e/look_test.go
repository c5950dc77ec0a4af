package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var lookCommands = map[string]command{
	"see": {1, 2, true, func(s *scene, a []string) error {
		found, err := s.now.page.all(a[0])
		if err != nil {
			return err
		}
		var there []string
		for _, n := range found {
			if strings.Contains(words(n), arg(a, 1)) {
				return s.expect(true, "%s %q", a[0], own(n))
			}
			there = append(there, own(n))
		}
		return s.expect(false, "%s; those that match say %q", arg(a, 1), there)
	}},
	"says": {1, 1, true, func(s *scene, a []string) error {
		root, err := s.now.page.within("body")
		if err != nil {
			return err
		}
		return s.expect(strings.Contains(words(root), a[0]), "%q", a[0])
	}},
	"title": {1, 1, true, func(s *scene, a []string) error {
		n, err := s.now.page.within("title")
		if err != nil {
			return err
		}
		return s.expect(strings.Contains(words(n), a[0]), "it is %q", words(n))
	}},
	"button": {1, 2, true, func(s *scene, a []string) error {
		_, err := s.now.page.one("", a[0], arg(a, 1), isButton)
		return s.expect(err == nil, "the button %q (%v)", a[0], err)
	}},
	"linked": {1, 2, true, func(s *scene, a []string) error {
		_, err := s.now.page.one("", a[0], arg(a, 1), isLink)
		return s.expect(err == nil, "the link %q (%v)", a[0], err)
	}},
	"field": {1, 2, true, func(s *scene, a []string) error {
		_, err := s.now.page.field(a[0], arg(a, 1))
		return s.expect(err == nil, "the field %q (%v)", a[0], err)
	}},
	"value": {2, 3, true, func(s *scene, a []string) error {
		n, err := s.now.page.field(a[0], arg(a, 2))
		if err != nil {
			return err
		}
		v := s.now.page.value(n)
		return s.expect(strings.Contains(v, a[1]) && (a[1] != "" || v == ""), "%q holds %q", a[0], v)
	}},
	"count": {2, 2, true, func(s *scene, a []string) error {
		found, err := s.now.page.all(a[0])
		if err != nil {
			return err
		}
		return s.expect(strconv.Itoa(len(found)) == a[1], "%d of %s", len(found), a[0])
	}},
	"code": {1, 1, true, func(s *scene, a []string) error {
		return s.expect(strconv.Itoa(s.now.page.status) == a[0], "the status is %d", s.now.page.status)
	}},
	"at": {1, 1, true, func(s *scene, a []string) error {
		u := s.now.page.url
		here := u.RequestURI()
		if u.Fragment != "" && strings.Contains(a[0], "#") {
			here += "#" + u.Fragment
		}
		return s.expect(strings.HasPrefix(here, a[0]), "it stands at %s", here)
	}},
	"header": {1, 2, true, func(s *scene, a []string) error {
		v := s.now.page.header.Get(a[0])
		return s.expect(v != "" && strings.Contains(v, arg(a, 1)), "%s: %s", a[0], v)
	}},
	"body": {1, 1, true, func(s *scene, a []string) error {
		return s.expect(bytes.Contains(s.now.page.body, []byte(a[0])), "%q", a[0])
	}},
	"save": {1, 1, false, func(s *scene, a []string) error {
		return os.WriteFile(s.ts.MkAbs(a[0]), s.now.page.body, 0o600)
	}},
	"keep":     {2, 3, false, keep},
	"cut":      {2, 2, false, cut},
	"lynx":     {1, 1, false, lynx},
	"atom":     {1, 1, false, atom},
	"jsonfeed": {1, 1, false, jsonFeed},
	"fresh":    {1, 1, false, fresh},
}

func keep(s *scene, a []string) error {
	found, err := s.now.page.all(a[1])
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fmt.Errorf("nothing matches %s", a[1])
	}
	v := words(found[0])
	if len(a) == 3 {
		v = attr(found[0], a[2])
	}
	if v == "" {
		return fmt.Errorf("there is nothing to keep")
	}
	s.ts.Setenv(a[0], v)
	return nil
}

// cut keeps a part of an answer that is no page.
func cut(s *scene, a []string) error {
	r, err := regexp.Compile(a[1])
	if err != nil {
		return err
	}
	found := r.FindSubmatch(s.now.page.body)
	if len(found) < 2 {
		return fmt.Errorf("nothing matches %s", a[1])
	}
	s.ts.Setenv(a[0], string(found[1]))
	return nil
}

// lynx reads a page as people do who have no other browser.
func lynx(s *scene, a []string) error {
	u, err := s.now.resolve(a[0])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "lynx", "-dump", "-width=100", "-display_charset=utf-8", "-cookies=0", "http://"+s.address+u.RequestURI())
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "no_proxy=*", "http_proxy=")
	out, err := c.Output()
	if err != nil {
		return err
	}
	_, err = s.ts.Stdout().Write(out)
	return err
}

// feed asks for a feed and wants its type.
func (s *scene) feed(at, kind string) (*page, error) {
	if err := s.now.visit(at); err != nil {
		return nil, err
	}
	p := s.now.page
	if p.status != http.StatusOK || !strings.HasPrefix(p.header.Get("Content-Type"), kind) {
		return nil, fmt.Errorf("%d %s", p.status, p.header.Get("Content-Type"))
	}
	return p, nil
}

// atom wants a feed that readers of feeds accept: RFC 4287.
func atom(s *scene, a []string) error {
	p, err := s.feed(a[0], "application/atom+xml")
	if err != nil {
		return err
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	var f struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Links   []link   `xml:"link"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Author  struct {
				Name string `xml:"name"`
			} `xml:"author"`
			Links   []link `xml:"link"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(p.body, &f); err != nil {
		return err
	}
	if f.ID == "" || f.Title == "" || !isTime(f.Updated) || len(f.Links) == 0 || len(f.Entries) == 0 {
		return fmt.Errorf("the feed lacks something: %+v", f)
	}
	links := f.Links
	ids := map[string]bool{}
	for _, e := range f.Entries {
		if e.ID == "" || ids[e.ID] || e.Title == "" || !isTime(e.Updated) || e.Author.Name == "" || len(e.Links) == 0 || e.Content == "" {
			return fmt.Errorf("an entry lacks something: %+v", e)
		}
		ids[e.ID] = true
		links = append(links, e.Links...)
	}
	for _, l := range links {
		if err := s.absolute(l.Href); err != nil {
			return err
		}
	}
	return nil
}

func isTime(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// absolute wants an address of this hall that somebody elsewhere can follow.
func (s *scene) absolute(at string) error {
	u, err := url.Parse(at)
	if err != nil || u.Scheme+"://"+u.Host != s.origin {
		return fmt.Errorf("%q is no address of the hall", at)
	}
	p, err := s.now.ask(request{method: http.MethodGet, url: u}, nil)
	if err == nil && p.status >= 400 {
		err = fmt.Errorf("%s answers %d", at, p.status)
	}
	return err
}

// jsonFeed wants what jsonfeed.org's version 1.1 wants.
func jsonFeed(s *scene, a []string) error {
	p, err := s.feed(a[0], "application/feed+json")
	if err != nil {
		return err
	}
	var f struct {
		Version string `json:"version"`
		Title   string `json:"title"`
		Home    string `json:"home_page_url"`
		Feed    string `json:"feed_url"`
		Items   []struct {
			ID   string `json:"id"`
			URL  string `json:"url"`
			HTML string `json:"content_html"`
			Date string `json:"date_published"`
		} `json:"items"`
	}
	if err := json.Unmarshal(p.body, &f); err != nil {
		return err
	}
	if f.Version != "https://jsonfeed.org/version/1.1" || f.Title == "" || len(f.Items) == 0 {
		return fmt.Errorf("the feed lacks something: %+v", f)
	}
	for _, at := range []string{f.Home, f.Feed} {
		if err := s.absolute(at); err != nil {
			return err
		}
	}
	for _, i := range f.Items {
		if i.ID == "" || i.HTML == "" || !isTime(i.Date) {
			return fmt.Errorf("an item lacks something: %+v", i)
		}
		if err := s.absolute(i.URL); err != nil {
			return err
		}
	}
	return nil
}

// fresh wants an address that browsers may keep and ask for again: 304 as long
// as nothing changed.
func fresh(s *scene, a []string) error {
	u, err := s.now.resolve(a[0])
	if err != nil {
		return err
	}
	q, err := http.NewRequest(http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	q.Header.Set("Accept-Language", s.now.lang)
	q.Header.Set("Accept-Encoding", "br")
	var tag string
	for _, want := range []int{http.StatusOK, http.StatusNotModified} {
		if tag != "" {
			q.Header.Set("If-None-Match", tag)
		}
		resp, err := s.now.client.Do(q)
		if err != nil {
			return err
		}
		resp.Body.Close()
		if tag = resp.Header.Get("Etag"); resp.StatusCode != want || tag == "" {
			return fmt.Errorf("answered %d with tag %q, not %d", resp.StatusCode, tag, want)
		}
	}
	return nil
}
