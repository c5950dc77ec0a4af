package terms

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/fetch"
	"guildhall/internal/terms/watch"
)

var missing = fault.New(fault.NotFound, "fetch.missing")

func (h *hall) alarms() (out []int) {
	h.t.Helper()
	as, err := h.Alarms(h.ctx, 10)
	h.ok(err)
	for _, a := range as {
		out = append(out, a.Record)
	}
	slices.Sort(out)
	return out
}

// A change is an alarm once it has lasted; the clause keeps its address.
func TestKeep_alarmsWhatLasts(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.keep(page(fee5))
		h.days(25)
		h.keep(page(fee20, talk))
		if got := h.alarms(); got != nil {
			t.Fatalf("alarms at once: %v", got)
		}
		h.days(3.5)
		h.ok(h.Judge(h.ctx, gigharbour))
		as, err := h.Alarms(h.ctx, 10)
		h.ok(err)
		if len(as) != 1 || as[0].Record != 1 || as[0].Clauses != 2 || as[0].Names[0] != fee20 || !as[0].RaisedAt.Equal(h.at) || as[0].Platform != "Gigharbour" {
			t.Fatalf("alarms %+v", as)
		}
		if n := h.events(); n[EventAlarmed] != 1 || n[EventRecorded] != 2 {
			t.Errorf("events %v", n)
		}
		d, err := h.Difference(h.ctx, gigharbour, 1)
		h.ok(err)
		if len(d.Changes) != 2 || d.Changes[0].ID == "" || d.Old.N != 0 {
			t.Fatalf("difference %+v", d)
		}
		c, err := h.Clause(h.ctx, d.Changes[0].ID)
		h.ok(err)
		if len(c.States) != 2 || c.Now().Sort != "changed" || c.States[1].Sort != "first" || c.Name != fee20 || c.Now().Why != "number" {
			t.Errorf("clause %+v", c)
		}
		h.days(40)
		h.keep(page(fee5, talk)) // taken back, but for the second clause
		h.days(4)
		h.ok(h.Judge(h.ctx, gigharbour))
		if got := h.alarms(); !slices.Equal(got, []int{1, 2}) {
			t.Errorf("a reversal: alarms %v", got)
		}
		if c, err = h.Clause(h.ctx, c.ID); err != nil || len(c.States) != 3 || c.Name != fee5 {
			t.Errorf("after the reversal: %+v %v", c, err)
		}
	})
}

func TestKeep_flapsAndWallsAreSilent(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		wall := "# Sign in\n\nPlease log in to go on to the page that you wanted to see. Forgot your password? We send you a new one at once."
		h.keep(page(fee5))
		for range 3 {
			h.days(9)
			h.keep(page(fee20))
			h.days(0.5)
			h.keep(page(fee5))
			h.days(9)
			h.keep(wall)
			h.days(1)
			h.keep(page(fee5))
		}
		if got := h.alarms(); got != nil {
			t.Errorf("alarms %v", got)
		}
		d, err := h.Document(h.ctx, gigharbour)
		h.ok(err)
		if d.Records != 13 || d.Blocked != 3 || d.Flaps != 6 {
			t.Errorf("%+v", d)
		}
		vs, err := h.Timeline(h.ctx, gigharbour, d.Records)
		h.ok(err)
		quiet := 0
		for _, v := range vs {
			if v.Quiet() {
				quiet++
			}
		}
		if len(vs) != 13 || quiet != 9 {
			t.Errorf("%d records, %d of them quiet", len(vs), quiet)
		}
		if n := h.events(); n[EventAlarmed] != 0 || n[EventRecorded] != 3 {
			t.Errorf("events %v", n)
		}
		if s, err := h.Rates(h.ctx); err != nil || s != (Rates{Documents: 1, Records: 13, Flaps: 6, Blocked: 3}) {
			t.Errorf("rates %+v %v", s, err)
		}
	})
}

// An alarm that was raised and whose text goes back whole within six days is
// withdrawn, and can be read all the same.
func TestJudge_withdraws(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.keep(page(fee5))
		h.days(60)
		h.keep(page(fee20))
		h.days(4)
		h.ok(h.Judge(h.ctx, gigharbour))
		if got := h.alarms(); !slices.Equal(got, []int{1}) {
			t.Fatalf("alarms %v", got)
		}
		h.keep(page(fee5))
		if got := h.alarms(); got != nil {
			t.Errorf("alarms %v", got)
		}
	})
}

// A clause that goes and comes again has its address back.
func TestLay_sameAddressAfterAbsence(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.keep(page(fee5, talk))
		h.days(40)
		h.keep(page(fee5))
		h.days(40)
		h.keep(page(fee5, talk))
		h.days(40)
		h.ok(h.Judge(h.ctx, gigharbour))
		d, err := h.Difference(h.ctx, gigharbour, 2)
		h.ok(err)
		if len(d.Changes) != 1 {
			t.Fatalf("%+v", d.Changes)
		}
		c, err := h.Clause(h.ctx, d.Changes[0].ID)
		h.ok(err)
		var sorts []string
		for _, s := range c.States {
			sorts = append(sorts, s.Sort)
		}
		if got := strings.Join(sorts, " "); got != "new removed first" || c.Gone {
			t.Errorf("states %s, gone %v", got, c.Gone)
		}
	})
}

func TestRead_notThere(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.keep(page(fee5))
		for name, err := range map[string]error{
			"terms.document.none": second(h.Document(h.ctx, "none")), "terms.record.none": second(h.Difference(h.ctx, gigharbour, 7)), "terms.clause.none": second(h.Clause(h.ctx, "none")),
		} {
			if f := fault.From(err); f.Kind != fault.NotFound || f.Key != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := h.Text(h.ctx, gigharbour, 9); fault.From(err).Kind != fault.NotFound {
			t.Errorf("text: %v", err)
		}
		if _, err := h.Keep(h.ctx, "none", watch.Record{}); fault.From(err).Kind != fault.NotFound {
			t.Errorf("keep: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func asPage(body string) fetch.Page {
	return fetch.Page{ContentType: "text/html; charset=utf-8", Body: []byte("<html><head><title>x</title><script>1</script></head><body><nav>Home</nav><div class=terms>" + body + "</div><footer>Bye</footer></body></html>")}
}

const declarations = `{"name": "Gigharbour", "terms": {
	"Terms of Service": {"fetch": "https://gigharbour.example/legal/terms", "select": [".terms"], "remove": [".ad", {"startAfter": "#end", "endBefore": "#after"}]},
	"Sellers": {"combine": [{"fetch": "https://gigharbour.example/a"}, {"fetch": "https://gigharbour.example/b"}], "select": {"startBefore": "h2", "endBefore": "h3"}}}}`

func (h *hall) declare() {
	h.t.Helper()
	dir := h.t.TempDir()
	h.ok(os.WriteFile(filepath.Join(dir, "Gigharbour.json"), []byte(declarations), 0o600))
	n := 0
	h.ok(h.Import(h.ctx, dir, func(i Imported) {
		h.ok(i.Err)
		n++
	}))
	if n != 2 {
		h.t.Fatalf("%d declarations", n)
	}
}

func (h *hall) check() (out []Outcome) {
	h.t.Helper()
	h.ok(h.CheckDue(h.ctx, func(o Outcome) { out = append(out, o) }))
	return out
}

func TestCheck_fetchesPolitely(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.declare()
		h.web["https://gigharbour.example/robots.txt"] = fetch.Page{Body: []byte("\ufeffUser-agent: *\nDisallow: /b\nCrawl-delay: 20\n")}
		h.web["https://gigharbour.example/legal/terms"] = asPage("<h1>Terms</h1><p class=ad>Buy</p><p>We charge a fee of 5 % on <a href=/x>each</a> payment that a client makes through this site.</p><i id=end></i><p>Junk</p><b id=after></b>")
		h.web["https://gigharbour.example/a"] = asPage("<p>before</p><h2>Sell</h2><p>what you like</p><h3>After</h3>")
		got := h.check()
		if len(got) != 2 || got[0].New || fault.From(got[0].Err).Key != "terms.check.robots" || got[1].Err != nil || !got[1].New {
			t.Fatalf("%+v", got)
		}
		text, err := h.Text(h.ctx, gigharbour, 0)
		h.ok(err)
		if want := "# Terms\n\nWe charge a fee of 5 % on [each](https://gigharbour.example/x) payment that a client makes through this site.\n"; text != want {
			t.Errorf("text %q", text)
		}
		if n := strings.Count(strings.Join(h.asked, " "), "robots.txt"); n != 1 || h.waited.Seconds() < 20 {
			t.Errorf("robots.txt was asked for %d times, and %v waited", n, h.waited)
		}
		if again := h.check(); len(again) != 0 {
			t.Errorf("visited again at once: %+v", again)
		}
		h.days(0.6)
		h.web["https://gigharbour.example/robots.txt"] = fetch.Page{}
		h.web["https://gigharbour.example/b"] = asPage("<h2>And</h2><p>be paid</p><h3>After</h3>")
		if again := h.check(); len(again) != 1 || again[0].New || again[0].Err != nil { // the refused one waits a day
			t.Errorf("%+v", again)
		}
		h.days(0.6)
		h.declare() // again: all is due
		h.check()
		text, err = h.Text(h.ctx, "gigharbour--sellers", 0)
		h.ok(err)
		if want := "## Sell\n\nwhat you like\n\n\n## And\n\nbe paid\n"; text != want {
			t.Errorf("text %q", text)
		}
	})
}

func TestCheck_trouble(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.declare()
		at := "https://gigharbour.example/legal/terms"
		only := func() Outcome {
			var out Outcome
			h.ok(h.Check(h.ctx, func(o Outcome) { out = o }, gigharbour))
			return out
		}
		for key, set := range map[string]func(){
			"fetch.missing":       func() {},
			"terms.check.pdf":     func() { h.web[at] = fetch.Page{ContentType: "application/pdf", Body: []byte("%PDF-1.7")} },
			"terms.check.nothing": func() { h.web[at] = fetch.Page{ContentType: "text/html", Body: []byte("<p>no such part</p>")} },
			"fetch.redirects":     func() { h.broken = fault.New(fault.Unavailable, "fetch.redirects") },
			"fetch.too_large":     func() { h.broken = fault.New(fault.Invalid, "fetch.too_large", 5) },
			"terms.check.robots": func() {
				h.web[at] = fetch.Page{FinalURL: "https://other.example/login", Body: []byte("x")}
				h.web["https://other.example/robots.txt"] = fetch.Page{Body: []byte("User-agent: Guildhall\nDisallow: /")}
			},
		} {
			h.broken, h.web = nil, map[string]fetch.Page{}
			set()
			o := only()
			if fault.From(o.Err).Key != key || o.New {
				t.Errorf("%s: %+v", key, o)
			}
			if d, err := h.Document(h.ctx, gigharbour); err != nil || d.CheckKey != key || d.Records != 0 || d.CheckedAt.IsZero() {
				t.Errorf("%s: %+v %v", key, d, err)
			}
		}
		if err := h.Check(h.ctx, func(Outcome) {}, "none"); fault.From(err).Kind != fault.NotFound {
			t.Errorf("a document nobody watches: %v", err)
		}
		h.keep(page(fee5)) // imported only
		h.ok(h.Watch(h.ctx, "x--y", "X", "Y", Declaration{}))
		h.ok(h.Check(h.ctx, func(o Outcome) {
			if fault.From(o.Err).Key != "terms.check.nowhere" {
				t.Errorf("%+v", o)
			}
		}, "x--y"))
	})
}

func TestImport_history(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		dir := filepath.Join(t.TempDir(), "gigharbour--terms-of-service")
		h.ok(os.MkdirAll(dir, 0o700))
		put := func(name, text string) { h.ok(os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)) }
		put("0.md", page(fee5))
		put("1.md", page(fee20)+"\x00\xff")
		one := `{"recorded_at":"2019-01-01T00:00:00Z","note":"Start","text":"0.md"}`
		two := `,{"recorded_at":"2019-06-01T00:00:00Z","note":"Record new changes","text":"1.md"}`
		run := func() (out Imported) {
			h.ok(h.Import(h.ctx, filepath.Dir(dir), func(i Imported) { out = i }))
			return out
		}
		put("history.json", `{"source":"Gigharbour/Terms of Service.md","versions":[`+one+`]}`)
		if got := run(); got.Document != gigharbour || got.Records != 1 || got.Err != nil {
			t.Errorf("%+v", got)
		}
		put("history.json", `{"versions":[`+one+two+`]}`)
		if got := run(); got.Records != 1 || got.Err != nil {
			t.Errorf("grown: %+v", got)
		}
		if got := run(); got.Records != 0 || got.Err != nil {
			t.Errorf("again: %+v", got)
		}
		if got := h.alarms(); !slices.Equal(got, []int{1}) {
			t.Errorf("alarms %v", got)
		}
		if n := h.events(); n[EventAlarmed] != 0 {
			t.Error("somebody is told of what is long past")
		}
		put("history.json", `{"versions":[`+one+`]}`)
		if got := run(); got.Err == nil {
			t.Error("a history that has shrunk was taken")
		}
		put("history.json", `{"versions":[`+one+strings.Replace(two, "1.md", "0.md", 1)+`]}`)
		if got := run(); got.Err == nil {
			t.Error("another history was taken")
		}
		put("history.json", `nonsense`)
		if got := run(); got.Err == nil {
			t.Error("nonsense was taken")
		}
		put("other.json", `{"name":"X"}`)
		if err := h.Import(h.ctx, t.TempDir(), nil); err == nil {
			t.Error("an empty directory was imported")
		}
	})
}

func TestReadDeclarations_refuses(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"no JSON":      `x`,
		"no terms":     `{"name":"X","terms":{}}`,
		"no address":   `{"name":"X","terms":{"T":{"fetch":"file:///etc/passwd"}}}`,
		"no selector":  `{"name":"X","terms":{"T":{"fetch":"https://x.example/","select":"a[["}}}`,
		"half a range": `{"name":"X","terms":{"T":{"fetch":"https://x.example/","select":{"startBefore":"a"}}}}`,
		"two starts":   `{"name":"X","terms":{"T":{"fetch":"https://x.example/","select":{"startBefore":"a","startAfter":"b","endAfter":"c"}}}}`,
	} {
		if _, err := ReadDeclarations([]byte(raw)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	ds, err := ReadDeclarations([]byte(`{"name":"X","documents":{"T":{"fetch":"https://x.example/","filter":["f"],"executeClientScripts":true}}}`))
	if err != nil || len(ds) != 1 || !slices.Equal(ds[0].LeftOut, []string{"filter", "executeClientScripts"}) {
		t.Errorf("%+v %v", ds, err)
	}
}

func TestRobots(t *testing.T) {
	t.Parallel()
	r := readRobots("# hi\nUser-agent: Other\nDisallow: /\n\nUser-agent: *\nUser-agent: more\nDisallow: /private\nAllow: /private/terms\nDisallow: /*.cgi$\nCrawl-delay: 7.5\n")
	for path, want := range map[string]bool{"/": true, "/private": false, "/private/x": false, "/private/terms/1": true, "/a.cgi": false, "/a.cgi?x": true} {
		if r.may(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
	if r.delay.Seconds() != 7.5 {
		t.Errorf("delay %v", r.delay)
	}
	if own := readRobots("User-agent: *\nDisallow: /\nUser-agent: GuildHall\nDisallow:\n"); !own.may("/x") {
		t.Error("our own group does not count")
	}
	if !readRobots("\x00nonsense").may("/") {
		t.Error("nonsense forbids")
	}
}

func FuzzExtract(f *testing.F) {
	f.Add([]byte("<p>a<table><tr><td>b"), "text/html", ".terms", "h2")
	f.Add([]byte("%PDF"), "application/pdf", "", "")
	f.Add([]byte("\xff\xfe<\x00"), "text/html; charset=utf-16", "body *", "p:nth-child(2)")
	f.Fuzz(func(t *testing.T, page []byte, contentType, selector, end string) {
		s := Source{Fetch: "https://x.example/"}
		for _, r := range []Range{{Selector: selector}, {StartBefore: selector, EndAfter: end}} {
			if r.check() == nil {
				s.Select, s.Remove = []Range{r}, []Range{{Selector: "script"}}
				extract(page, contentType, s)
			}
		}
	})
}

// A text that came again without a change of substance is what the clauses say.
func TestLay_rewordedAndBack(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		mail := "7.3 Write to help@gigharbour.example if you wish to complain about us."
		h.keep(page(fee5, mail))
		h.days(40)
		h.keep(page(fee5, strings.Replace(mail, "help@", "ask@", 1)))
		h.days(40)
		h.keep(page(fee5, mail))
		h.days(40)
		h.keep(page(fee20, mail))
		h.days(4)
		h.ok(h.Judge(h.ctx, gigharbour))
		d, err := h.Difference(h.ctx, gigharbour, 2)
		h.ok(err)
		c, err := h.Clause(h.ctx, d.Changes[0].ID)
		h.ok(err)
		if len(c.States) != 3 || c.Name != mail || d.New.Class != "flap" {
			t.Errorf("%s, %d states, %q", d.New.Class, len(c.States), c.Name)
		}
		if got := h.alarms(); !slices.Equal(got, []int{3}) {
			t.Errorf("alarms %v", got)
		}
	})
}
