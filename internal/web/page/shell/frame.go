package shell

import (
	"sync"

	"github.com/a-h/templ"

	"guildhall/internal/web/asset"
	"guildhall/internal/web/viewer"
)

// The frame stands around every page, so it is written by hand, like what stands
// in every post.

// built are the pieces of markup that lead to built files, made once.
var built = sync.OnceValue(func() (b struct{ font, links, icons, mark literal }) {
	link := func(name string) literal { return literal(templ.EscapeString(asset.URL(name))) }
	check := func(name string) literal { return literal(templ.EscapeString(asset.SRI(name))) }
	b.font = `<link rel="preload" href="` + link("atkinson-latin.woff2") + `" as="font" type="font/woff2" crossorigin>`
	b.links = `<link rel="stylesheet" href="` + link("app.css") + `" integrity="` + check("app.css") + `">` +
		`<script type="module" src="` + link("app.js") + `" integrity="` + check("app.js") + `"></script>`
	b.icons = `<link rel="icon" href="` + link("icon.svg") + `" type="image/svg+xml">` +
		`<link rel="apple-touch-icon" href="` + link("icon-touch.png") + `"><link rel="manifest" href="/manifest.webmanifest">`
	b.mark = `<svg viewBox="0 0 48 48" aria-hidden="true"><path d="` + literal(templ.EscapeString(asset.Mark)) + `"></path></svg>`
	return b
})

// above is all of a page before its main part.
func (p *Pen) above(props *Props) {
	l := p.Viewer.Lang
	p.Raw(`<!doctype html><html lang="`)
	p.Text(l.Tag())
	p.Raw(`" dir="`)
	p.Text(l.Dir())
	p.Raw(`"`)
	if p.Viewer.Theme != viewer.Auto {
		p.attribute(` data-theme="`, p.Viewer.Theme)
	}
	p.Raw(`>`)
	p.head(props)
	p.attribute(`<body data-offline="`, l.T("shell.offline.unsent"))
	p.Raw(`><a class="skip" href="#main">`)
	p.T("shell.skip")
	p.Raw(`</a>`)
	p.header(props)
	p.attribute(`<main id="main" class="`, mainClass(props.Wide))
	p.Raw(` tabindex="-1">`)
}

// attribute writes what begins a value, the value, and its end.
func (p *Pen) attribute(begin literal, value string) {
	p.Raw(begin)
	p.Text(value)
	p.Raw(`"`)
}

func (p *Pen) head(props *Props) {
	v, b := &p.Viewer, built()
	p.Raw(`<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>`)
	p.Text(props.title(*v))
	p.Raw(`</title>`)
	if v.Lang.Dir() == "ltr" {
		p.Raw(b.font)
	}
	p.Raw(b.links)
	for _, s := range props.Scripts {
		p.attribute(`<script type="module" src="`, asset.URL(s))
		p.attribute(` integrity="`, asset.SRI(s))
		p.Raw(`></script>`)
	}
	p.about(props)
	if props.DraftDone != "" {
		p.attribute(`<meta name="draft-done" content="`, props.DraftDone)
		p.Raw(`>`)
	}
	p.Raw(b.icons)
	if v.Theme == viewer.Auto {
		p.attribute(`<meta name="theme-color" content="`, asset.Paper)
		p.attribute(` media="(prefers-color-scheme: light)"><meta name="theme-color" content="`, asset.Night)
		p.Raw(` media="(prefers-color-scheme: dark)">`)
	} else {
		p.attribute(`<meta name="theme-color" content="`, themeColour(v.Theme))
		p.Raw(`>`)
	}
	p.Raw(`</head>`)
}

// about tells search engines and previews what the page is about.
func (p *Pen) about(props *Props) {
	if props.Description != "" {
		p.attribute(`<meta name="description" content="`, props.Description)
		p.attribute(`><meta property="og:description" content="`, props.Description)
		p.Raw(`>`)
	}
	if props.Title != "" {
		p.attribute(`<meta property="og:title" content="`, props.Title)
		p.Raw(`>`)
	}
	p.attribute(`<meta property="og:site_name" content="`, p.Viewer.HallName())
	p.Raw(`>`)
	if props.Canonical == "" {
		p.Raw(`<meta name="robots" content="noindex">`)
	} else if origin := p.Viewer.Origin; origin != "" {
		p.Raw(`<link rel="canonical" href="`)
		p.Text(origin)
		p.Text(props.Canonical)
		p.Raw(`"><meta property="og:url" content="`)
		p.Text(origin)
		p.Text(props.Canonical)
		p.Raw(`">`)
	}
	for _, f := range props.Feeds {
		p.attribute(`<link rel="alternate" type="`, f.Type)
		p.attribute(` title="`, f.Title)
		p.attribute(` href="`, f.URL)
		p.Raw(`>`)
	}
}

func (p *Pen) header(props *Props) {
	v := &p.Viewer
	p.Raw(`<header class="head"><div class="head-in"><a class="sign" href="/">`)
	p.Raw(built().mark)
	p.Text(v.HallName())
	p.Raw(`</a>  `)
	p.attribute(`<nav class="ways" aria-label="`, v.Lang.T("shell.nav"))
	p.Raw(`>`)
	for _, w := range ways {
		p.Raw(`<a href="`)
		p.Text(w.href)
		p.way(props.Here == w.here, w.key)
		p.Raw(` `)
	}
	p.Raw(`</nav>`)
	if props.Here != "search" {
		p.attribute(`<form class="seek seek-head" role="search" action="/search"><input type="search" name="q" aria-label="`, v.Lang.T("shell.search.label"))
		p.attribute(` placeholder="`, v.Lang.T("shell.nav.search"))
		p.Raw(`></form>`)
	}
	p.attribute(`<div class="me"><a class="seek-link" href="/search" aria-label="`, v.Lang.T("shell.nav.search"))
	if props.Here == "search" {
		p.Raw(` aria-current="page"`)
	}
	p.Raw(`><svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="10" cy="10" r="6"/><path d="m15 15 6 6"/></svg></a> `)
	if v.SignedIn {
		p.attribute(`<news-bell told="`, v.Lang.T("news.live"))
		p.attribute(` ended="`, v.Lang.T("news.ended"))
		p.attribute(`><a class="bell" href="/following" aria-label="`, v.Lang.T("news.title"))
		if props.Here == "news" {
			p.Raw(` aria-current="page"`)
		}
		p.Raw(`><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 17c2-2 1-9 4-11a5 5 0 0 1 6 0c3 2 2 9 4 11zM10 20a2 2 0 0 0 4 0"/></svg></a></news-bell> <a href="/write">`)
		p.T("shell.nav.write")
		p.Raw(`</a> <a class="name" href="/account" dir="auto">`)
		p.Text(v.Name)
	} else {
		p.attribute(`<a href="/sign-in`, back(v.Path))
		p.Raw(`>`)
		p.T("shell.nav.sign_in")
		p.attribute(`</a> <a class="go" href="/join`, back(v.Path))
		p.Raw(`>`)
		p.T("shell.nav.join")
	}
	p.Raw(`</a></div></div></header>`)
}

// way ends the address of a way and says what it is called.
func (p *Pen) way(here bool, key string) {
	if here {
		p.Raw(`" aria-current="page">`)
	} else {
		p.Raw(`">`)
	}
	p.T(key)
	p.Raw(`</a>`)
}

// below is all of a page after its main part.
func (p *Pen) below() {
	p.Raw(`</main><footer class="foot"><div class="foot-in"><ul class="links"><li><a href="/about">`)
	p.T("shell.footer.about")
	p.Raw(`</a></li><li><a href="/consultations">`)
	p.T("consultation.list.title")
	p.Raw(`</a></li><li><a href="/open">`)
	p.T("open.title")
	p.Raw(`</a></li><li><a href="/decisions">`)
	p.T("shell.footer.decisions")
	p.Raw(`</a></li><li><a href="/terms">`)
	p.T("terms.title")
	p.Raw(`</a></li><li><a href="/log">`)
	p.T("log.title")
	p.Raw(`</a></li><li><a href="/stored">`)
	p.T("shell.footer.privacy")
	p.Raw(`</a></li><li><a href="/source">`)
	p.T("shell.footer.source")
	p.Raw(` (AGPL)</a></li></ul>`)
	p.preferences()
	p.Raw(`</div></footer></body></html>`)
}

// preferences is the form for language and theme.
func (p *Pen) preferences() {
	v := &p.Viewer
	p.attribute(`<form method="post" action="/preferences" aria-label="`, v.Lang.T("shell.settings"))
	p.attribute(`><input type="hidden" name="back" value="`, v.Path)
	p.Raw(`> <label class="choice">`)
	p.T("shell.language")
	p.Raw(` <select name="lang">`)
	for _, l := range languages {
		p.attribute(`<option value="`, l.String())
		p.attribute(` lang="`, l.Tag())
		p.chosen(l == v.Lang, l.Name())
	}
	p.Raw(`</select></label> <label class="choice">`)
	p.T("shell.theme")
	p.Raw(` <select name="theme">`)
	for i, t := range [...]struct{ theme, key string }{
		{viewer.Auto, "shell.theme.auto"}, {viewer.Light, "shell.theme.light"}, {viewer.Dark, "shell.theme.dark"},
	} {
		if i > 0 {
			p.Raw(` `)
		}
		p.attribute(`<option value="`, t.theme)
		p.chosen(v.Theme == t.theme, v.Lang.T(t.key))
	}
	p.Raw(`</select></label> <button class="quiet">`)
	p.T("shell.save")
	p.Raw(`</button></form>`)
}

// chosen ends an option.
func (p *Pen) chosen(yes bool, text string) {
	if yes {
		p.Raw(` selected`)
	}
	p.Raw(`>`)
	p.Text(text)
	p.Raw(`</option>`)
}
