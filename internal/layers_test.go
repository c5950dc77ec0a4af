package internal_test

import (
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowed lists, for each package, the packages of the house it may import,
// with the reason. Imports only go down; rooms of one rank never meet; doors
// never meet; only app sees everyone. A package that is not listed fails.
var allowed = map[string]map[string]string{
	"internal/fault": {},
	"internal/ident": {"internal/fault": "a bad handle has a sentence"},
	"internal/lang":  {"internal/fault": "a fault is said in a language"},
	"internal/db":    {"internal/fault": "a full disk has a sentence"},
	"internal/db/dbtest": {
		"internal/db": "it opens databases for tests",
	},
	"internal/event": {
		"internal/db": "written in the transaction of the fact", "internal/fault": "vocabulary of failure",
	},
	"internal/job": {
		"internal/db": "the queue is a table", "internal/fault": "useless work dies at once",
	},
	"internal/markdown": {"internal/fault": "too long, too deep"},
	"internal/typed":    {"internal/fault": "what is refused has a sentence"},
	"internal/guard":    {"internal/fault": "what is refused has a sentence"},
	"internal/blob":     {"internal/fault": "refused pictures have a sentence", "internal/ident": "random names"},
	"internal/fetch":    {"internal/fault": "refused addresses have a sentence", "internal/db": "refuses inside a transaction"},
	"internal/ledger":   {"internal/fault": "vocabulary of failure", "internal/epoch": "no key out of its epoch", "internal/db": "refuses inside a transaction"},
	"internal/push":     {"internal/fault": "vocabulary of failure", "internal/db": "refuses inside a transaction", "internal/fetch": "addresses are judged as there"},
	"internal/mail":     {"internal/fault": "vocabulary of failure", "internal/db": "refuses inside a transaction", "internal/ident": "random message ids"},

	"internal/caldav": {"internal/fault": "vocabulary of failure", "internal/db": "refuses inside a transaction", "internal/fetch": "addresses are judged as there"},
	"internal/live":   {},
	"internal/media":  {},
	"internal/media/server": {
		"internal/media": "what it is told, and what it answers",
	},
	"internal/epoch":      {},
	"internal/safedb":     {"internal/fault": "a full disk has a sentence", "internal/epoch": "files carry the time of the tick"},
	"internal/pass/token": {"internal/fault": "refused keys and passes have a sentence"},
	"internal/card":       {},
	"internal/calendar":   {},
	"internal/proof":      {"internal/fault": "refused mails have a sentence"},
	"internal/mask": {
		"internal/fault": "vocabulary of failure", "internal/lang": "refused acts have a sentence", "internal/markdown": "posts render",
		"internal/epoch": "ticks, batches, epochs", "internal/safedb": "its tables", "internal/pass/token": "passes are checked", "internal/mask/wire": "visits",
		"internal/typed": "titles are one line",
	},
	"internal/mask/letter": {"internal/fault": "refused letters have a sentence", "internal/mask/wire": "what is sealed is a visit"},
	"internal/letterbox": {
		"internal/fault": "refusals have a sentence", "internal/lang": "in the reader's language", "internal/mask/letter": "lengths, deliveries",
		"internal/web/quota": "who comes too often, in memory",
	},
	"internal/mask/wire": {"internal/fault": "refused visits have a sentence", "internal/pass/token": "passes in visits, encodings"},

	"internal/face": {
		"internal/fault": "vocabulary of failure", "internal/ident": "ids, handles", "internal/db": "its tables",
		"internal/event": "what happened", "internal/markdown": "what a person says of herself", "internal/lang": "languages of a profile",
		"internal/typed": "names and skills are one line",
	},
	"internal/member": {
		"internal/fault": "vocabulary of failure", "internal/ident": "ids", "internal/db": "its tables",
		"internal/event": "what happened", "internal/job": "erasure later", "internal/member/key": "formats of keys",
		"internal/epoch": "joining and vouching are kept by epoch",
	},
	"internal/pass": {
		"internal/fault": "vocabulary of failure", "internal/db": "its tables", "internal/epoch": "which epoch is running", "internal/pass/token": "what is signed",
	},
	"internal/member/key": {"internal/fault": "vocabulary of failure"},
	"internal/mask/client": {
		"internal/fault": "vocabulary of failure", "internal/epoch": "the calendar", "internal/pass/token": "passes", "internal/mask/wire": "visits", "internal/mask/letter": "visits that go sealed",
		"internal/member/key": "devices have names", "internal/member/key/owner": "the owner's own keys", "internal/ledger": "the log is checked before a key is used",
	},
	"internal/member/key/owner": {"internal/fault": "vocabulary of failure"},
	"internal/forum":            typing(aboveFace("articles and discussions")),
	"internal/moderation":       typing(aboveFace("reports and decisions")),
	"internal/search":           aboveFace("what can be found"),
	"internal/space": {
		"internal/fault": "vocabulary of failure", "internal/ident": "addresses from names", "internal/lang": "languages of a space", "internal/db": "its tables",
		"internal/markdown": "house rules render", "internal/face": "who sits", "internal/epoch": "seats are counted by epoch",
		"internal/typed": "names, reasons, rules",
	},
	"internal/platform": {
		"internal/fault": "vocabulary of failure", "internal/ident": "addresses from names, names that look alike", "internal/db": "its tables",
		"internal/event": "what happened", "internal/face": "who proposed it",
		"internal/typed": "names, reasons",
	},
	"internal/question": func() map[string]string {
		m := aboveFace("questions and their clock")
		m["internal/epoch"] = "clocks count days"
		m["internal/typed"] = "titles and reasons"
		m["internal/guard"] = "what should not be read by everybody"
		delete(m, "internal/job")
		return m
	}(),
	"internal/representative": {
		"internal/fault": "vocabulary of failure", "internal/ident": "keys and ids drawn by chance", "internal/db": "its tables", "internal/face": "who acts for a platform",
		"internal/guard": "roles are read by everybody",
		"internal/typed": "roles are one line",
	},
	"internal/reply": {
		"internal/fault": "vocabulary of failure", "internal/ident": "ids", "internal/db": "its tables", "internal/markdown": "replies render", "internal/face": "who put right",
		"internal/guard": "what asks people who they are",
		"internal/typed": "reasons are one line",
	},
	"internal/consultation/opinion": {},
	"internal/consultation/bundle": {
		"internal/consultation/opinion": "the result is worked out", "internal/ledger": "the proof that it stands in the log",
	},
	"internal/consultation": {
		"internal/fault": "vocabulary of failure", "internal/ident": "ids", "internal/lang": "languages of a consultation", "internal/db": "its tables",
		"internal/job": "it closes by itself", "internal/markdown": "what it says of itself renders", "internal/face": "who keeps it", "internal/epoch": "days, and who is new",
		"internal/consultation/bundle": "what is published", "internal/consultation/opinion": "answers", "internal/event": "what happened",
		"internal/guard": "a platform must not ask who people are",
		"internal/typed": "statements are one line",
	},
	"internal/news": {
		"internal/fault": "vocabulary of failure", "internal/db": "its tables", "internal/event": "what happened", "internal/face": "who is told", "internal/epoch": "days",
		"internal/job": "many are told later",
	},
	"internal/alliance": {
		"internal/fault": "vocabulary of failure", "internal/ident": "ids drawn by chance", "internal/db": "its tables", "internal/event": "what happened",
		"internal/face": "who knows whom", "internal/epoch": "wishes lapse by days", "internal/typed": "words that go with a wish",
	},
	"internal/booking": {
		"internal/fault": "vocabulary of failure", "internal/ident": "secrets and ids drawn by chance", "internal/db": "its tables", "internal/event": "what happened",
		"internal/face": "who is booked", "internal/fetch": "pages are calendars", "internal/calendar": "busy times, rules, files", "internal/typed": "names are one line",
	},
	"internal/message": {
		"internal/fault": "vocabulary of failure", "internal/ident": "random ids", "internal/db": "its tables", "internal/face": "whose devices they are", "internal/epoch": "days",
		"internal/event": "somebody was warned",
	},
	"internal/call": {
		"internal/typed": "names of guests", "internal/fault": "vocabulary of failure", "internal/ident": "ids drawn by chance", "internal/db": "its tables", "internal/face": "who calls whom",
	},
	"internal/notice": {
		"internal/fault": "vocabulary of failure", "internal/ident": "ids and tokens drawn by chance", "internal/lang": "what a device shows is in its reader's language", "internal/db": "its tables",
		"internal/event": "a device is lost", "internal/face": "who is told", "internal/push": "what devices are sent",
	},
	"internal/consultation/polis": {"internal/consultation/opinion": "what it reads is votes"},

	"internal/terms": {
		"internal/fault": "vocabulary of failure", "internal/ident": "ids, addresses from names", "internal/db": "its tables", "internal/event": "what happened",
		"internal/fetch": "pages of platforms", "internal/face": "which steward said what is watched", "internal/terms/clause": "clauses and their differences", "internal/terms/watch": "what lasts",
		"internal/typed": "clauses have names of one line",
	},
	"internal/terms/clause": {"internal/fault": "texts that are too long have a sentence"},
	"internal/terms/watch":  {"internal/terms/clause": "versions are compared clause by clause"},
	"internal/babble":       {},
	"internal/demo":         {"internal/fault": "vocabulary of failure", "internal/lang": "languages of the story", "internal/markdown": "the story renders"},

	"internal/movein": {
		"internal/fault": "vocabulary of failure", "internal/markdown": "what the hall can show", "internal/db": "what was moved in already",
		"internal/ident": "names folded", "internal/lang": "languages of topics", "internal/face": "imported authors",
		"internal/forum": "articles and comments are written through it", "internal/blob": "pictures",
	},

	"internal/web/source":      {},
	"internal/web/source/pack": {},
	"internal/web/quota":       {"internal/fault": "too many has a sentence"},
	"internal/web/asset":       {"internal/fault": "vocabulary of failure"},
	"internal/web/asset/press": {"internal/web/asset": "icons are drawn from the mark"},
	"internal/web/viewer":      {"internal/lang": "the reader's language", "internal/face": "as whom one speaks"},
	"internal/web": door("the open hall's pages", "internal/pass", "internal/web/page/forum", "internal/web/page/face", "internal/web/page/moderation", "internal/web/page/search", "internal/web/page/health", "internal/ledger", "internal/web/page/ledger", "internal/web/page/space", "internal/mask", "internal/web/page/order", "internal/web/page/open", "internal/platform", "internal/web/page/platform", "internal/terms", "internal/web/page/terms",
		"internal/consultation/bundle", "internal/consultation/opinion", "internal/web/page/consultation", "internal/question", "internal/web/page/question", "internal/representative", "internal/reply", "internal/alliance", "internal/web/page/alliance", "internal/message", "internal/web/page/message", "internal/booking", "internal/calendar", "internal/web/page/booking", "internal/call", "internal/web/page/call"),
	"internal/web/account": door("settings, the only pages that see a member", "internal/consultation/opinion", "internal/member", "internal/member/key", "internal/pass", "internal/pass/token", "internal/epoch", "internal/web/page/account", "internal/notice", "internal/push", "internal/platform", "internal/proof", "internal/question", "internal/representative", "internal/alliance", "internal/message", "internal/booking", "internal/call"),
	"internal/web/safe": {
		"internal/fault": "refusals have a sentence", "internal/lang": "in the reader's language", "internal/mask": "visits and bundles",
		"internal/mask/wire": "the frame of a visit", "internal/mask/letter": "visits that come sealed", "internal/web/quota": "who visits too often",
		"internal/epoch": "on which day a letter was done",
	},
	"internal/web/answer": {
		"internal/fault": "failures become pages", "internal/lang": "pages have a language", "internal/db": "the once key is a row; what is touched after a commit",
		"internal/ident": "once keys", "internal/job": "once keys are swept", "internal/web/viewer": "who reads", "internal/web/quota": "who asks too often",
		"internal/web/asset": "links to assets", "internal/web/page/shell": "failures look like pages",
	},
}

// aboveFace is what a room of rank 2 may import.
func aboveFace(why string) map[string]string {
	return map[string]string{
		"internal/fault": why, "internal/ident": why, "internal/lang": why, "internal/db": why, "internal/event": why,
		"internal/job": why, "internal/markdown": why, "internal/face": why,
	}
}

// typing is for rooms that read short fields.
func typing(m map[string]string) map[string]string {
	m["internal/typed"] = "titles, reasons"
	return m
}

// door is what a door may import beside its pages: rooms and the one place that
// answers. Only web/account gets internal/member on top.
func door(why string, more ...string) map[string]string {
	m := aboveFace(why)
	for _, p := range append(more, "internal/blob", "internal/forum", "internal/moderation", "internal/search", "internal/space", "internal/consultation", "internal/news", "internal/epoch",
		"internal/web/answer", "internal/web/asset", "internal/web/page/shell", "internal/web/page/trusted", "internal/web/quota", "internal/web/source", "internal/web/viewer") {
		m[p] = why
	}
	return m
}

// page is what a package of templates may import: types to show, never rules.
func page(why string) map[string]string {
	return map[string]string{
		"internal/lang": why, "internal/markdown": why, "internal/face": why, "internal/web/viewer": why,
		"internal/web/asset": why, "internal/web/page/shell": why, "internal/web/page/trusted": why, "internal/fault": why,
		"internal/forum": why, "internal/moderation": why, "internal/search": why, "internal/space": why, "internal/ident": why, "internal/ledger": why, "internal/epoch": why, "internal/mask": why, "internal/platform": why, "internal/question": why, "internal/representative": why, "internal/reply": why, "internal/terms": why, "internal/terms/clause": why,
		"internal/news": why, "internal/alliance": why, "internal/booking": why, "internal/calendar": why, "internal/notice": why, "internal/call": why, "internal/consultation": why, "internal/consultation/bundle": why, "internal/consultation/opinion": why,
		"internal/web/page/platform": why, // where a platform is found
		"internal/web/page/forum":    why, // the parts that show a text or a name stand there
		"internal/web/page/call":     why, // what rings at a meeting, and calls from its page, stands there
	}
}

// theWall: who may see accounts. Everyone else sees a face. The client of masks is
// no part of the hall: it runs at its owner's and makes her own keys.
var theWall = []string{"internal/web/account", "internal/app", "internal/member", "internal/mask/client"}

type listed struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Standard", "guildhall/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var ps []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return ps
		} else if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
}

func house(path string) (string, bool) { return strings.CutPrefix(path, "guildhall/") }

func TestLayers_importsGoDown(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name, _ := house(p.ImportPath)
		if name == "internal" || strings.HasPrefix(name, "cmd/") || strings.HasPrefix(name, "internal/app") ||
			strings.HasPrefix(name, "e2e") || strings.HasPrefix(name, "bench") || name == "retaliation" {
			continue // the tests themselves, and those who see everyone
		}
		may, known := allowed[name]
		if strings.HasPrefix(name, "internal/web/page/") {
			may, known = page("a page shows it"), true
		}
		if !known {
			t.Errorf("%s stands nowhere in the table of layers: add it, with reasons", name)
			continue
		}
		for _, i := range p.Imports {
			if to, ours := house(i); ours && may[to] == "" {
				t.Errorf("%s must not import %s", name, to)
			}
		}
	}
}

func TestLayers_theWall(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name, _ := house(p.ImportPath)
		for _, i := range p.Imports {
			to, ours := house(i)
			if !ours || (to != "internal/member" && !strings.HasPrefix(to, "internal/member/")) {
				continue
			}
			behind := func(w string) bool { return name == w || strings.HasPrefix(name, w+"/") }
			if !slices.ContainsFunc(theWall, behind) {
				t.Errorf("%s sees accounts: only %v may import %s", name, theWall, to)
			}
		}
	}
}

// Only these know a driver, raw HTML or the way out to the web.
func TestLayers_oneRoomKnows(t *testing.T) {
	t.Parallel()
	keepers := map[string][]string{
		"modernc.org/libc":                      {"internal/db"},
		"modernc.org/sqlite":                    {"internal/db", "internal/safedb", "retaliation"}, // an adversary reads the files with what he likes
		"github.com/jackc/pgx/v5":               {"internal/db"},
		"github.com/jackc/pgx/v5/stdlib":        {"internal/db"},
		"github.com/wneessen/go-mail":           {"internal/mail"},
		"github.com/SherClockHolmes/webpush-go": {"internal/push"},
		"github.com/emersion/go-webdav":         {"internal/caldav"},
		"github.com/emersion/go-webdav/caldav":  {"internal/caldav"},
		"github.com/emersion/go-ical":           {"internal/caldav"},
		"github.com/pressly/goose/v3":           {"internal/db"},
		"github.com/yuin/goldmark":              {"internal/markdown", "internal/movein"}, // movein reads what other programs call Markdown
		"github.com/caddyserver/certmagic":      {"internal/app"},
		"guildhall/internal/media/server":       {"cmd/guildhall"}, // half of the program: whatever imports it builds slowly
		"golang.org/x/mod/sumdb/note":           {"internal/ledger"},
		"golang.org/x/mod/sumdb/tlog":           {"internal/ledger"},
	}
	for _, p := range packages(t) {
		name, _ := house(p.ImportPath)
		for _, i := range p.Imports {
			if who, kept := keepers[i]; kept && !slices.Contains(who, name) {
				t.Errorf("%s imports %s, which only %v may", name, i, who)
			}
		}
	}
}
