package e2e

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// pair is one field that is sent.
type pair struct {
	name, value string
	file        *file
}

// value is what stands in a control now.
func (p *page) value(n *html.Node) string {
	if v, ok := p.typed[n]; ok {
		return v
	}
	switch n.Data {
	case "textarea":
		var b strings.Builder
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			b.WriteString(c.Data)
		}
		return b.String()
	case "select":
		first, chosen := (*html.Node)(nil), (*html.Node)(nil)
		elements(n, func(o *html.Node) {
			if o.Data != "option" {
				return
			}
			if first == nil {
				first = o
			}
			if _, ok := lookAttr(o, "selected"); ok {
				chosen = o
			}
		})
		if chosen == nil {
			chosen = first
		}
		if chosen == nil {
			return ""
		}
		return optionValue(chosen)
	}
	return attr(n, "value")
}

// sent lists what a form sends when button is pressed.
func (p *page) sent(form, button *html.Node) (all []pair) {
	elements(p.doc, func(n *html.Node) {
		if p.formOf(n) != form || disabled(n) {
			return
		}
		name, kind := attr(n, "name"), attr(n, "type")
		switch {
		case name == "":
		case isButton(n):
			if n == button {
				all = append(all, pair{name: name, value: attr(n, "value")})
			}
		case n.Data == "input" && (kind == "checkbox" || kind == "radio"):
			_, on := lookAttr(n, "checked")
			if t, ok := p.ticked[n]; ok {
				on = t
			}
			if v, ok := lookAttr(n, "value"); on && ok {
				all = append(all, pair{name: name, value: v})
			} else if on {
				all = append(all, pair{name: name, value: "on"})
			}
		case n.Data == "input" && kind == "file":
			f := p.files[n]
			all = append(all, pair{name: name, value: f.name, file: &f})
		case n.Data == "input" && (kind == "button" || kind == "reset"):
		case n.Data == "input", n.Data == "textarea", n.Data == "select":
			v := strings.ReplaceAll(p.value(n), "\r\n", "\n")
			all = append(all, pair{name: name, value: strings.ReplaceAll(v, "\n", "\r\n")})
		}
	})
	return all
}

func disabled(n *html.Node) bool {
	if _, ok := lookAttr(n, "disabled"); ok {
		return true
	}
	for a := range n.Ancestors() {
		if a.Type == html.ElementNode && a.Data == "fieldset" {
			if _, ok := lookAttr(a, "disabled"); ok {
				return true
			}
		}
	}
	return false
}

// submission is what pressing the button sends.
func (b *browser) submission(button *html.Node) (r request, err error) {
	p := b.page
	form := p.formOf(button)
	if form == nil {
		return r, fmt.Errorf("the button %q is in no form", named(button))
	}
	over := func(name string) string {
		if v, ok := lookAttr(button, "form"+name); ok {
			return v
		}
		return attr(form, name)
	}
	if r.url, err = b.resolve(over("action")); err != nil {
		return r, err
	}
	pairs := p.sent(form, button)
	if !strings.EqualFold(over("method"), "post") {
		r.method = http.MethodGet
		u := *r.url
		u.RawQuery, u.Fragment = encode(pairs), ""
		r.url = &u
		return r, nil
	}
	r.method = http.MethodPost
	if over("enctype") == "multipart/form-data" {
		r.body, r.kind, err = multipartBody(pairs)
		return r, err
	}
	r.body, r.kind = []byte(encode(pairs)), "application/x-www-form-urlencoded"
	return r, nil
}

func encode(pairs []pair) string {
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(p.name) + "=" + url.QueryEscape(p.value))
	}
	return b.String()
}

func multipartBody(pairs []pair) ([]byte, string, error) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, p := range pairs {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q`, p.name))
		content := []byte(p.value)
		if p.file != nil {
			h.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q; filename=%q`, p.name, p.file.name))
			h.Set("Content-Type", "application/octet-stream")
			content = p.file.body
		}
		part, err := m.CreatePart(h)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			return nil, "", err
		}
	}
	err := m.Close()
	return b.Bytes(), m.FormDataContentType(), err
}
