package client

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"guildhall/internal/fault"
)

// page reads a page of the hall.
func (a *Account) page(ctx context.Context, path string) (*page, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, a.hall.URL.String()+path, nil)
	if err != nil {
		return nil, err
	}
	r, err := a.http.Do(q)
	if err != nil {
		return nil, reach(err)
	}
	if err := checkClock(a.hall.now(), r); err != nil {
		r.Body.Close()
		return nil, err
	}
	b, err := readAll(r, maxPage)
	if err != nil {
		return nil, reach(err)
	}
	if to := r.Header.Get("Location"); r.StatusCode == http.StatusMovedPermanently && strings.HasPrefix(to, "/") && to != path {
		return a.page(ctx, to)
	}
	if r.StatusCode != http.StatusOK {
		return nil, fault.New(fault.Unavailable, "client.status", r.StatusCode)
	}
	root, err := html.Parse(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", path, err)
	}
	return &page{root}, nil
}

// page is a page that was read for its form.
type page struct{ root *html.Node }

// hidden gives the values that the page's inputs of these names have.
func (p *page) hidden(names ...string) url.Values {
	found := url.Values{}
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "input" {
			continue
		}
		var name, value string
		for _, at := range n.Attr {
			switch at.Key {
			case "name":
				name = at.Val
			case "value":
				value = at.Val
			}
		}
		for _, want := range names {
			if name == want && !found.Has(want) {
				found.Set(want, value)
			}
		}
	}
	return found
}
