package platform_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/fault"
	"guildhall/internal/platform"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "platform.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

var (
	nobody = platform.Actor{}
	ana    = platform.Actor{Face: "ana"}
	bo     = platform.Actor{Face: "bo"}
	dov    = platform.Actor{Face: "dov", Steward: true}
)

func wants(t *testing.T, err error, kind fault.Kind, field, key string) {
	t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Field != field || f.Key != key {
		t.Errorf("got %v; want %v %s on %q", err, kind, key, field)
	}
}

func TestPropose_andDecide(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var touched []string
		log := event.New(d)
		r := platform.New(platform.Config{DB: d, Events: log, Now: func() time.Time { return time.Date(2020, 5, 26, 9, 0, 0, 0, time.UTC) },
			Touch: func(things ...string) { touched = append(touched, things...) }})
		_, err := r.Propose(ctx, nobody, platform.Proposal{Name: "Gigharbour", Domain: "gigharbour.example"})
		wants(t, err, fault.SignIn, "", "fault.sign_in")
		p, err := r.Propose(ctx, ana, platform.Proposal{Name: " Gig Harbour ", Domain: "https://www.GigHarbour.example/terms", About: "Where ships find sailors."})
		if err != nil || p.ID != "gig-harbour" || p.Domain != "gigharbour.example" {
			t.Fatal(p, err)
		}
		_, err = r.Propose(ctx, bo, platform.Proposal{Name: "GIG harbour", Domain: "other.example"})
		wants(t, err, fault.Conflict, "name", "platform.taken")
		_, err = r.Propose(ctx, bo, platform.Proposal{Name: "Another", Domain: "gigharb0ur.example"})
		wants(t, err, fault.Conflict, "domain", "platform.taken")
		_, err = r.Propose(ctx, bo, platform.Proposal{Name: "Another", Domain: "none"})
		wants(t, err, fault.Invalid, "domain", "platform.domain.none")
		_, err = r.Propose(ctx, bo, platform.Proposal{Domain: "a.example"})
		wants(t, err, fault.Invalid, "name", "fault.empty")
		q, err := r.Propose(ctx, bo, platform.Proposal{Name: "new", Domain: "new.example"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Platform(ctx, bo, "new-new-example"); err != nil || q.ID != "new-new-example" {
			t.Error(q, err)
		}
		_, err = r.Platform(ctx, bo, p.ID)
		wants(t, err, fault.NotFound, "", "platform.none")
		if _, err = r.Platform(ctx, ana, p.ID); err != nil {
			t.Error(err)
		}
		wants(t, r.Decide(ctx, ana, p.ID, platform.Accepted, "It is mine."), fault.Forbidden, "", "platform.may.steward")
		wants(t, r.Decide(ctx, dov, p.ID, "perhaps", "It exists."), fault.Invalid, "word", "fault.choose")
		wants(t, r.Decide(ctx, dov, p.ID, platform.Accepted, ""), fault.Invalid, "reason", "fault.empty")
		wants(t, r.Decide(ctx, dov, "nowhere", platform.Accepted, "It exists."), fault.NotFound, "", "platform.none")
		for _, w := range []platform.Word{platform.Refused, platform.Accepted} {
			if err := r.Decide(ctx, dov, p.ID, w, "It exists."); err != nil {
				t.Fatal(err)
			}
		}
		if p, err = r.Platform(ctx, nobody, p.ID); err != nil || !p.Accepted() || p.Refused() || p.Verdict.N != 2 {
			t.Error(p, err)
		}
		if vs, err := r.Verdicts(ctx, nobody, p.ID); err != nil || len(vs) != 2 || vs[1].Word != platform.Refused {
			t.Error(vs, err)
		}
		if all, err := r.Platforms(ctx, nobody); err != nil || len(all) != 1 {
			t.Error(all, err)
		}
		if all, err := r.Platforms(ctx, dov); err != nil || len(all) != 2 {
			t.Error(all, err)
		}
		if !slices.Contains(touched, "platform:gig-harbour") || !slices.Contains(touched, "platforms") {
			t.Error(touched)
		}
	})
}

// What an article or a document calls a platform finds it, however that is written.
func TestNamed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r := platform.New(platform.Config{DB: d, Events: event.New(d), Now: time.Now})
		for i, name := range []string{"Café Gigs", "مرفأ العمل", "Mañana Works"} {
			p, err := r.Propose(ctx, ana, platform.Proposal{Name: name, Domain: fmt.Sprintf("platform%d.example", i)})
			if err != nil {
				t.Fatal(err)
			}
			if id, err := r.Named(ctx, name); err != nil || id != "" {
				t.Errorf("%s is found while it waits: %q, %v", name, id, err)
			}
			if err := r.Decide(ctx, dov, p.ID, platform.Accepted, "It is where we work."); err != nil {
				t.Fatal(err)
			}
			for _, words := range []string{name, " " + strings.ToUpper(name) + " ", strings.ReplaceAll(name, " ", "-")} {
				if id, err := r.Named(ctx, words); err != nil || id != p.ID || !p.Is(words) {
					t.Errorf("%q finds %q, %v; not %q", words, id, err, p.ID)
				}
			}
		}
		for _, words := range []string{"", " - ", "Cafés", "platform0.example"} {
			if id, err := r.Named(ctx, words); err != nil || id != "" {
				t.Errorf("%q finds %q, %v", words, id, err)
			}
		}
	})
}

func TestMay(t *testing.T) {
	t.Parallel()
	waits := platform.Platform{ProposedBy: "ana"}
	shown := platform.Platform{ProposedBy: "ana", Verdict: &platform.Verdict{Word: platform.Accepted}}
	for what, c := range map[string]struct {
		err error
		yes bool
	}{
		"a member proposes":                {platform.MayPropose(ana), true},
		"a reader does not":                {platform.MayPropose(nobody), false},
		"a steward decides":                {platform.MayDecide(dov), true},
		"a member does not":                {platform.MayDecide(ana), false},
		"a steward puts right":             {platform.MayCorrect(dov), true},
		"a member puts nothing right":      {platform.MayCorrect(ana), false},
		"everybody reads what is accepted": {platform.MayRead(nobody, shown), true},
		"and what is refused":              {platform.MayRead(nobody, platform.Platform{Verdict: &platform.Verdict{Word: platform.Refused}}), true},
		"nobody reads what waits":          {platform.MayRead(nobody, waits), false},
		"another does not either":          {platform.MayRead(bo, waits), false},
		"who proposed it does":             {platform.MayRead(ana, waits), true},
		"a steward does":                   {platform.MayRead(dov, waits), true},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}

func TestParseDomain(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"gigharbour.example":                     "gigharbour.example",
		" WWW.Gigharbour.example. ":              "gigharbour.example",
		"https://gigharbour.example/a?b#c":       "gigharbour.example",
		"münchen.example":                        "xn--mnchen-3ya.example",
		"xn--mnchen-3ya.example":                 "xn--mnchen-3ya.example",
		"مثال.إختبار":                            "xn--mgbh0fb.xn--kgbechtv",
		"gіgharbour.example":                     "!platform.domain.pretends", // a Cyrillic і among Latin letters
		"аррӏе.example":                          "!platform.domain.pretends", // Cyrillic throughout
		"xn--80ak6aa92e.example":                 "!platform.domain.pretends", // the same, as machines write it
		"localhost":                              "!platform.domain.none",
		"127.0.0.1":                              "!platform.domain.none",
		"a@b.example":                            "!platform.domain.none",
		"gigharbour.example:8080":                "!platform.domain.none",
		"":                                       "!platform.domain.none",
		"a..b":                                   "!platform.domain.none",
		strings.Repeat("a", 64) + ".example":     "!platform.domain.none",
		strings.Repeat("abcdefgh.", 40) + "test": "!platform.domain.none",
	} {
		d, err := platform.ParseDomain(typed)
		got := d.ASCII
		if err != nil {
			got = "!" + fault.From(err).Key
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", typed, got, want)
		}
	}
	if d, _ := platform.ParseDomain("münchen.example"); !d.Foreign() || d.Local != "münchen.example" {
		t.Errorf("%+v", d)
	}
}

// Who leaves with her texts leaves no proposal that nobody has decided.
func TestErase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r := platform.New(platform.Config{DB: d, Events: event.New(d), Now: time.Now})
		ana, dov := platform.Actor{Face: "ana"}, platform.Actor{Face: "dov", Steward: true}
		propose := func(by platform.Actor, name string, word platform.Word) platform.ID {
			t.Helper()
			p, err := r.Propose(ctx, by, platform.Proposal{Name: name, Domain: strings.ToLower(name) + ".example", About: "Words about it."})
			if err == nil && word != "" {
				err = r.Decide(ctx, dov, p.ID, word, "We looked.")
			}
			if err != nil {
				t.Fatal(err)
			}
			return p.ID
		}
		propose(ana, "Waits", "")
		propose(dov, "Another", "")
		refused, accepted := propose(ana, "Nothing", platform.Refused), propose(ana, "Gigharbour", platform.Accepted)
		if err := r.Erase(ctx, ana.Face); err != nil {
			t.Fatal(err)
		}
		left := map[platform.ID]string{}
		list, err := r.Platforms(ctx, dov)
		for _, p := range list {
			left[p.ID] = p.About
		}
		if err != nil || len(left) != 3 || left[refused] != "" || left[accepted] == "" || left["another"] == "" {
			t.Errorf("%v %v", left, err)
		}
	})
}

func FuzzParseDomain(f *testing.F) {
	for _, s := range []string{"gigharbour.example", "https://аррӏе.example/", "xn--80ak6aa92e.com", "a.b.c", "::1", "[::1]", "é.fr", "\xff.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		d, err := platform.ParseDomain(typed)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid {
				t.Fatalf("%q: %v", typed, err)
			}
			return
		}
		for i := range len(d.ASCII) {
			if c := d.ASCII[i]; c <= ' ' || c >= 0x7f || c >= 'A' && c <= 'Z' {
				t.Fatalf("%q became %q", typed, d.ASCII)
			}
		}
		again, err := platform.ParseDomain(d.ASCII)
		if err != nil || again != d {
			t.Fatalf("%q became %+v, and that %+v: %v", typed, d, again, err)
		}
	})
}
