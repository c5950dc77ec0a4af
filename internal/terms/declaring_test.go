package terms

import (
	"context"
	"slices"
	"strings"
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/fetch"
	"guildhall/internal/terms/watch"
)

var (
	ana = Actor{Face: "ana"}
	dov = Actor{Face: "dov", Steward: true}
	bo  = Actor{Face: "bo", Steward: true}
)

func wants(t *testing.T, err error, kind fault.Kind, field, key string) {
	t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Field != field || f.Key != key {
		t.Errorf("got %v; want %v %s on %q", err, kind, key, field)
	}
}

const lies = "https://gigharbour.example/legal/terms"

func draft() Draft {
	return Draft{Platform: "Gigharbour", Title: " Terms  of Service", Address: lies + "#top", Select: ".terms\n\n", Remove: " .ad \r\n"}
}

// contract is a page that holds the clauses, beside what is no part of them.
func contract(clauses ...string) fetch.Page {
	body := "<h1>Terms</h1><p class=ad>Buy our hats, they are the best hats of the harbour.</p>"
	for _, c := range strings.Split(page(clauses...), "\n\n")[1:] {
		body += "<p>" + c + "</p>"
	}
	return asPage(body)
}

// A steward looks, and then says that this is to be watched; what she saw is kept.
func TestDeclare_whatWasSeen(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.web[lies] = contract(fee5)
		_, err := h.Declare(h.ctx, dov, "", draft(), "It is where we work.")
		wants(t, err, fault.Conflict, "", "terms.draft.look")
		_, err = h.Look(h.ctx, ana, "", draft())
		wants(t, err, fault.Forbidden, "", "terms.may.steward")
		if len(h.asked) != 0 {
			t.Fatalf("asked outside: %v", h.asked)
		}
		seen, err := h.Look(h.ctx, dov, "", draft())
		h.ok(err)
		if len(seen.Clauses) != 14 || seen.Language != "en" || seen.Words < 300 || strings.Contains(seen.Clauses[1].Text, "hats") {
			t.Errorf("%d clauses, %d words, %q", len(seen.Clauses), seen.Words, seen.Language)
		}
		if !slices.Equal(h.asked, []string{"https://gigharbour.example/robots.txt", lies}) {
			t.Errorf("asked %v", h.asked)
		}
		if again := h.Shown(dov, draft()); again == nil || len(again.Clauses) != 14 || h.Shown(bo, draft()) != nil || h.Shown(dov, Draft{}) != nil {
			t.Errorf("shown again: %+v", again)
		}
		_, err = h.Declare(h.ctx, bo, "", draft(), "It is where we work.") // another has not looked
		wants(t, err, fault.Conflict, "", "terms.draft.look")
		other := draft()
		other.Select = "body"
		_, err = h.Declare(h.ctx, dov, "", other, "It is where we work.")
		wants(t, err, fault.Conflict, "", "terms.draft.look")
		_, err = h.Declare(h.ctx, dov, "", draft(), " ")
		wants(t, err, fault.Invalid, "reason", "fault.empty")
		h.web = map[string]fetch.Page{}
		id, err := h.Declare(h.ctx, dov, "", draft(), "It is where we work.")
		h.ok(err)
		d, err := h.Document(h.ctx, id)
		if err != nil || id != gigharbour || d.Records != 1 || d.Title != "Terms of Service" || !d.Fetched || len(h.check()) != 0 {
			t.Errorf("%+v %v", d, err)
		}
		if text, err := h.Text(h.ctx, id, 0); err != nil || !strings.Contains(text, fee5) {
			t.Errorf("%q %v", text, err)
		}
		_, err = h.Look(h.ctx, dov, "", draft())
		wants(t, err, fault.Conflict, "title", "terms.draft.there")
		said, err := h.History(h.ctx, id)
		if err != nil || len(said) != 1 || said[0].N != 1 || said[0].Deed != DeedDeclared || said[0].By != "dov" || said[0].Reason != "It is where we work." || said[0].Declaration.Sources[0].Fetch != lies {
			t.Errorf("%+v %v", said, err)
		}
		if got, whole := DraftOf(d); !whole || got.Address != lies || got.Select != ".terms" || got.Remove != ".ad" {
			t.Errorf("%+v %v", got, whole)
		}
	})
}

// Another part of the same page, even a far smaller one, is no change of the terms.
func TestDeclare_aFilterIsNoAlarm(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.web[lies] = contract(fee5, talk)
		_, err := h.Look(h.ctx, dov, "", draft())
		h.ok(err)
		id, err := h.Declare(h.ctx, dov, "", draft(), "It is where we work.")
		h.ok(err)
		h.days(40)
		less := draft()
		less.Select, less.Remove = `{"startAfter": "p:nth-of-type(10)", "endAfter": "p:last-of-type"}`, ""
		_, err = h.Look(h.ctx, bo, id, less)
		h.ok(err)
		_, err = h.Declare(h.ctx, bo, id, less, "Only the fees are about us.")
		h.ok(err)
		h.days(10)
		h.check()
		d, err := h.Document(h.ctx, id)
		h.ok(err)
		v, err := h.Record(h.ctx, id, 1)
		h.ok(err)
		if d.Records != 2 || v.Class != "filter" || v.Note != watch.DeclaredAnew || v.Trouble != "" || h.alarms() != nil || h.events()[EventAlarmed] != 0 {
			t.Errorf("%+v, %+v, alarms %v", d, v, h.alarms())
		}
		h.web[lies] = contract(fee20, talk) // and this is one
		h.days(1)
		h.check()
		h.days(4)
		h.check()
		if got := h.alarms(); !slices.Equal(got, []int{2}) {
			t.Errorf("alarms %v", got)
		}
		// An import does not take back what stewards have said.
		h.ok(h.Watch(h.ctx, id, "Gigharbour", "Terms", Declaration{Sources: []Source{{Fetch: "https://elsewhere.example/"}}}))
		if again, err := h.Document(h.ctx, id); err != nil || again.Title != "Terms of Service" || again.Declaration().Sources[0].Fetch != lies {
			t.Errorf("%+v %v", again, err)
		}
		h.ok(h.Renamed(h.ctx, func(name string) bool { return name == "Gigharbour" }, "Gig Harbour"))
		if again, err := h.Document(h.ctx, id); err != nil || again.Platform != "Gig Harbour" {
			t.Errorf("%+v %v", again, err)
		}
	})
}

func TestLetGo_andTakeUp(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.web[lies] = contract(fee5)
		_, err := h.Look(h.ctx, dov, "", draft())
		h.ok(err)
		id, err := h.Declare(h.ctx, dov, "", draft(), "It is where we work.")
		h.ok(err)
		wants(t, h.LetGo(h.ctx, ana, id, "I do not like it."), fault.Forbidden, "", "terms.may.steward")
		wants(t, h.TakeUp(h.ctx, dov, id, "Why not."), fault.Conflict, "", "terms.may.watched")
		wants(t, h.LetGo(h.ctx, dov, id, ""), fault.Invalid, "reason", "fault.empty")
		wants(t, h.LetGo(h.ctx, dov, "none", "It is gone."), fault.NotFound, "", "terms.document.none")
		h.days(1)
		h.ok(h.LetGo(h.ctx, dov, id, "It has closed."))
		wants(t, h.LetGo(h.ctx, bo, id, "It has closed."), fault.Conflict, "", "terms.may.let_go")
		d, err := h.Document(h.ctx, id)
		if err != nil || !d.LetGoAt.Equal(h.at) || d.Records != 1 {
			t.Errorf("%+v %v", d, err)
		}
		h.days(3)
		if got := h.check(); len(got) != 0 {
			t.Errorf("visited: %+v", got)
		}
		_, err = h.Look(h.ctx, dov, id, draft())
		h.ok(err)
		_, err = h.Declare(h.ctx, dov, id, draft(), "It is where we work.")
		wants(t, err, fault.Conflict, "", "terms.may.let_go")
		h.ok(h.TakeUp(h.ctx, bo, id, "It is back."))
		if got := h.check(); len(got) != 1 || got[0].Err != nil || got[0].New {
			t.Errorf("%+v", got)
		}
		said, err := h.History(h.ctx, id)
		if err != nil || len(said) != 3 || said[0].Deed != DeedTakenUp || said[1].Deed != DeedLetGo || said[1].Reason != "It has closed." {
			t.Errorf("%+v %v", said, err)
		}
	})
}

// Why nothing can be read is said in a word each, and nothing is kept of it.
func TestLook_trouble(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		long := strings.Repeat("<p>Each of us keeps the promise that stands here, number by number, in good time.</p>", 20)
		for key, set := range map[string]func(){
			"fetch.missing":       func() {},
			"fetch.redirects":     func() { h.broken = fault.New(fault.Unavailable, "fetch.redirects") },
			"fetch.too_large":     func() { h.broken = fault.New(fault.Invalid, "fetch.too_large", 5) },
			"fetch.closed":        func() { h.broken = fault.New(fault.Invalid, "fetch.closed") },
			"terms.check.pdf":     func() { h.web[lies] = fetch.Page{ContentType: "application/pdf", Body: []byte("%PDF-1.7")} },
			"terms.check.nothing": func() { h.web[lies] = fetch.Page{ContentType: "text/html", Body: []byte("<div>" + long + "</div>")} },
			"terms.check.robots": func() {
				h.web["https://gigharbour.example/robots.txt"] = fetch.Page{Body: []byte("User-agent: *\nDisallow: /legal")}
			},
			"terms.trouble.empty":   func() { h.web[lies] = asPage("<p>Terms</p>") },
			"terms.trouble.login":   func() { h.web[lies] = asPage("<p>" + strings.Repeat("Please sign in to read on. ", 5) + "</p>") },
			"terms.trouble.captcha": func() { h.web[lies] = asPage("<p>" + strings.Repeat("Show that you are human first. ", 5) + "</p>") },
			"terms.trouble.garbled": func() { h.web[lies] = asPage(strings.ReplaceAll(long, "o", "\ufffd")) },
			"terms.trouble.scripts": func() {
				h.web[lies] = asPage("<p>" + strings.Repeat("You need to enable JavaScript here. ", 5) + "</p>")
			},
			"terms.trouble.large": func() {
				h.web[lies] = fetch.Page{ContentType: "text/plain", Body: []byte(strings.Repeat("We may. ", 1<<20))}
			},
			"terms.trouble.broken": func() { h.web[lies] = asPage("<p>" + strings.Repeat("An error occurred in the harbour. ", 5) + "</p>") },
			"terms.trouble.other": func() {
				h.web[lies] = asPage(strings.Repeat("<p><a href=/x>The rules of the harbour are here, and here, and here</a></p>", 20))
			},
		} {
			h.broken, h.web = nil, map[string]fetch.Page{}
			set()
			field := "address"
			if key == "terms.check.nothing" {
				field = "select"
			}
			_, err := h.Look(h.ctx, dov, "", draft())
			wants(t, err, fault.Invalid, field, key)
			_, err = h.Declare(h.ctx, dov, "", draft(), "It is where we work.")
			wants(t, err, fault.Conflict, "", "terms.draft.look")
		}
		if ds, err := h.Documents(h.ctx); err != nil || len(ds) != 0 {
			t.Errorf("%+v %v", ds, err)
		}
		// Two looks at one host lie some seconds apart, and no wish of the host makes it many.
		h.broken, h.waited = nil, 0
		h.web = map[string]fetch.Page{lies: contract(fee5), "https://gigharbour.example/robots.txt": {Body: []byte("User-agent: *\nCrawl-delay: 3600")}}
		for range 2 {
			_, err := h.Look(h.ctx, dov, "", draft())
			h.ok(err)
		}
		if h.waited != 2*lookWait { // the first after those above
			t.Errorf("waited %v", h.waited)
		}
		for range looksKept {
			_, err := h.Look(h.ctx, bo, "", draft())
			h.ok(err)
		}
		_, err := h.Declare(h.ctx, dov, "", draft(), "It is where we work.")
		wants(t, err, fault.Conflict, "", "terms.draft.look")
		h.days(1)
		_, err = h.Declare(h.ctx, bo, "", draft(), "It is where we work.")
		wants(t, err, fault.Conflict, "", "terms.draft.look")
		gone, stop := context.WithCancel(h.ctx)
		stop()
		h.looks.turn <- struct{}{} // another look goes on
		_, err = h.lookAt(gone, Declaration{Sources: []Source{{Fetch: lies}}})
		wants(t, err, fault.Unavailable, "", "fetch.slow")
	})
}

func TestDraft_refuses(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		d          Draft
		field, key string
	}{
		"no title":     {Draft{Address: lies}, "title", "fault.empty"},
		"a long title": {Draft{Title: strings.Repeat("a", 81), Address: lies}, "title", "fault.too_long"},
		"no address":   {Draft{Title: "Terms"}, "address", "fault.empty"},
		"a file":       {Draft{Title: "Terms", Address: "file:///etc/passwd"}, "address", "terms.draft.address"},
		"without TLS":  {Draft{Title: "Terms", Address: "http://gigharbour.example/"}, "address", "terms.draft.address"},
		"a password":   {Draft{Title: "Terms", Address: "https://a:b@gigharbour.example/"}, "address", "terms.draft.address"},
		"no selector":  {Draft{Title: "Terms", Address: lies, Select: "a[["}, "select", "terms.draft.selector"},
		"half a range": {Draft{Title: "Terms", Address: lies, Remove: `{"startAfter": "a"}`}, "remove", "terms.draft.selector"},
		"no range":     {Draft{Title: "Terms", Address: lies, Remove: `{"startAfter": `}, "remove", "terms.draft.selector"},
		"many lines":   {Draft{Title: "Terms", Address: lies, Select: strings.Repeat("a\n", 21)}, "select", "terms.draft.lines"},
		"many steps":   {Draft{Title: "Terms", Address: lies, Select: "* * * * *"}, "select", "terms.draft.selector"},
		"dear steps":   {Draft{Title: "Terms", Address: lies, Select: "a>b~c+d e f"}, "select", "terms.draft.selector"},
		"has within":   {Draft{Title: "Terms", Address: lies, Select: ":has(:has(a))"}, "select", "terms.draft.selector"},
		"a long one":   {Draft{Title: "Terms", Address: lies, Select: strings.Repeat("a", 201)}, "select", "terms.draft.selector"},
		"a dear range": {Draft{Title: "Terms", Address: lies, Select: `{"startAfter": "* * * * *", "endAfter": "a"}`}, "select", "terms.draft.selector"},
	} {
		_, err := c.d.Declaration()
		if f := fault.From(err); err == nil || f.Kind != fault.Invalid || f.Field != c.field || f.Key != c.key {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, whole := DraftOf(Document{declaration: Declaration{Sources: []Source{{Fetch: lies}, {Fetch: lies}}}.encode()}); whole {
		t.Error("a draft says two pages")
	}
	if d, whole := DraftOf(Document{Title: "Terms"}); !whole || d.Title != "Terms" || d.Address != "" {
		t.Errorf("%+v", d)
	}
}

// Whatever is typed, it is refused with a field, or comes back the same from where
// it is kept, and takes something of a page or nothing.
func FuzzDraft(f *testing.F) {
	f.Add(lies, ".terms\n#a > b", `{"startAfter": "#end", "endBefore": "#after"}`)
	f.Add("https://[::1]/#x", "a:has(b), c", "p:nth-child(2n+1)\r\n\r\n:not(.x)")
	f.Add("HTTPS://EXAMPLE.example/%zz", "{}", "\"a\"")
	f.Add("https://é.example/\xff", ":contains('\\')", "a\\\nb")
	f.Fuzz(func(t *testing.T, at, take, drop string) {
		d := Draft{Title: "Terms", Address: at, Select: take, Remove: drop}
		said, err := d.Declaration()
		if err != nil {
			if f := fault.From(err); f.Kind != fault.Invalid || f.Field == "" {
				t.Fatalf("%q: %v", d, err)
			}
			return
		}
		kept := Document{Title: "Terms", declaration: said.encode()}
		again, whole := DraftOf(kept)
		same, err := again.Declaration()
		if err != nil || !whole || same.encode() != kept.declaration {
			t.Fatalf("%q became %q: %v", d, again, err)
		}
		for _, body := range []string{"<p class=terms>We may.", "<div id=end><a>b</a></div><i id=after></i>"} {
			if text, err := extract([]byte(body), "text/html", said.Sources[0]); err == nil && strings.TrimSpace(text) == "" {
				t.Fatalf("%q takes nothing and says so not", d)
			}
		}
	})
}

// A page that nests so deeply that a selector would cost minutes is refused at once.
func TestExtract_deep(t *testing.T) {
	t.Parallel()
	page := "<body>" + strings.Repeat("<div>", 400) + strings.Repeat("<p>We may.</p>", 200)
	at := Source{Fetch: lies, Select: []Range{{Selector: ".x div div p"}}}
	if _, err := extract([]byte(page), "text/html", at); err == nil || fault.From(err).Key != "terms.check.deep" {
		t.Errorf("deep: %v", err)
	}
	at.Select[0].Selector = "div p"
	if text, err := extract([]byte(page), "text/html", at); err != nil || !strings.Contains(text, "We may.") {
		t.Errorf("short: %v", err)
	}
	wide := "<body>" + strings.Repeat("<p>We may.</p>", 30_000)
	for _, selector := range []string{".x ~ p", "p:nth-child(2)"} {
		at.Select[0].Selector = selector
		if _, err := extract([]byte(wide), "text/html", at); err == nil || fault.From(err).Key != "terms.check.deep" {
			t.Errorf("%s: %v", selector, err)
		}
	}
}
