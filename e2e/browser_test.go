package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/html"
)

// browser is one browser without scripts, with an address, a name and cookies
// of its own.
type browser struct {
	w      *world
	name   string
	ip     string
	agent  string
	lang   string
	origin string // of the site whose page sends the forms; empty: the hall's
	jar    *cookiejar.Jar
	client *http.Client
	page   *page
	before *page
}

// page is what a browser shows.
type page struct {
	url    *url.URL
	status int
	header http.Header
	body   []byte
	doc    *html.Node // nil when it is no HTML
	typed  map[*html.Node]string
	ticked map[*html.Node]bool
	files  map[*html.Node]file
}

type file struct {
	name string
	body []byte
}

var nextAddress atomic.Uint32

// browser opens a browser or gives the one of that name.
func (w *world) browser(name string) *browser {
	if b := w.browsers[name]; b != nil {
		return b
	}
	n := nextAddress.Add(1)
	b := &browser{w: w, name: name, lang: "en", agent: "Mozilla/5.0 (Netscape-" + rand.Text() + ")"}
	b.ip = fmt.Sprintf("127.%d.%d.%d", 113+n/40000, 50+n/200%200, 50+n%200)
	b.jar, _ = cookiejar.New(nil)
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(b.ip)}}
	b.client = &http.Client{
		Jar:           b.jar,
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return dialer.DialContext(ctx, "tcp4", w.address)
			},
		},
	}
	w.secret("the address of "+name, b.ip)
	w.secret("the user agent of "+name, b.agent)
	w.browsers[name] = b
	return b
}

func (b *browser) close() { b.client.CloseIdleConnections() }

// request is what a browser is about to send.
type request struct {
	method string
	url    *url.URL
	body   []byte
	kind   string // content type of the body
}

// resolve finds the address of a link on the page that is shown.
func (b *browser) resolve(ref string) (*url.URL, error) {
	base, _ := url.Parse(b.w.origin + "/")
	if b.page != nil {
		base = b.page.url
	}
	u, err := base.Parse(ref)
	if err != nil {
		return nil, err
	}
	if u.Scheme+"://"+u.Host != b.w.origin {
		return nil, fmt.Errorf("%s leads out of the hall", u)
	}
	return u, nil
}

// visit goes to an address and shows where that leads.
func (b *browser) visit(ref string) error {
	u, err := b.resolve(ref)
	if err != nil {
		return err
	}
	return b.open(request{method: http.MethodGet, url: u})
}

const mostRedirects = 8

// open sends r, follows where it leads, and shows the page.
func (b *browser) open(r request) error {
	from := b.page
	for range mostRedirects {
		p, err := b.send(r, from)
		if err != nil {
			return err
		}
		to := p.header.Get("Location")
		if p.status < 300 || p.status > 399 || to == "" {
			if b.page != nil && local(b.page.url) != local(p.url) {
				b.before = b.page
			}
			b.page = p
			return nil
		}
		from = p
		next, err := p.url.Parse(to)
		if err != nil {
			return fmt.Errorf("%s sends to %q: %v", p.url, to, err)
		}
		if next.Scheme+"://"+next.Host != b.w.origin {
			return fmt.Errorf("%s sends out of the hall, to %s", local(p.url), next)
		}
		if next.Fragment == "" {
			next.Fragment = r.url.Fragment
		}
		if p.status == http.StatusTemporaryRedirect || p.status == http.StatusPermanentRedirect {
			r.url = next
			continue
		}
		r = request{method: http.MethodGet, url: next}
	}
	return fmt.Errorf("%s: more than %d redirects", local(r.url), mostRedirects)
}

// send asks once and holds what comes against the standing checks.
func (b *browser) send(r request, from *page) (*page, error) {
	b.w.clock.Add(time.Second.Microseconds())
	version := b.w.version()
	p, err := b.ask(r, from)
	if err != nil {
		return nil, err
	}
	if (r.method == http.MethodGet || r.method == http.MethodHead) && b.w.version() != version {
		return nil, fmt.Errorf("reading %s changed the database", local(r.url))
	}
	if err := b.w.check(r, p); err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, local(r.url), err)
	}
	return p, nil
}

// ask sends r as this browser does.
func (b *browser) ask(r request, from *page) (*page, error) {
	u := *r.url
	u.Fragment = ""
	q, err := http.NewRequest(r.method, u.String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("User-Agent", b.agent)
	q.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	q.Header.Set("Accept-Language", b.lang)
	q.Header.Set("X-Forwarded-For", b.ip)
	q.Header.Set("X-Real-Ip", b.ip)
	q.Header.Set("Sec-Fetch-Site", "same-origin")
	if from != nil {
		q.Header.Set("Referer", from.url.Scheme+"://"+from.url.Host+local(from.url))
	}
	if r.method != http.MethodGet && r.method != http.MethodHead {
		q.Header.Set("Origin", b.w.origin)
		if b.origin != "" {
			q.Header.Set("Origin", b.origin)
			q.Header.Set("Sec-Fetch-Site", "cross-site")
		}
		q.Header.Set("Content-Type", r.kind)
	}
	resp, err := b.client.Do(q)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %v", r.method, local(r.url), err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: cut off: %v", r.method, local(r.url), err)
	}
	for _, c := range resp.Cookies() {
		if len(c.Value) > 20 {
			b.w.secret("a cookie of "+b.name, c.Value)
		}
	}
	b.w.heard(resp.StatusCode, resp.Header, body)
	p := &page{url: r.url, status: resp.StatusCode, header: resp.Header, body: body,
		typed: map[*html.Node]string{}, ticked: map[*html.Node]bool{}, files: map[*html.Node]file{}}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") && len(body) > 0 {
		if p.doc, err = html.Parse(bytes.NewReader(body)); err != nil {
			return nil, err
		}
	}
	return p, nil
}
