//go:build browser

package browser

import (
	"io"
	"net/http"
	"regexp"
	"testing"
)

// Names for pages whose addresses are made at random.
const (
	someArticle = "an article"
	someTalk    = "a discussion"
	someTopic   = "a topic"
	somePerson  = "a person"
	somePost    = "a post"
	someAsked   = "an open consultation"
	someResult  = "a closed consultation"
	someQuery   = "a question"
)

var lists = map[string]struct {
	list string
	link *regexp.Regexp
}{
	someArticle: {"/articles", regexp.MustCompile(`href="(/articles/[^"/]{10,}/[^"?#]+)"`)},
	someTalk:    {"/discussions", regexp.MustCompile(`href="(/discussions/[^"/]{10,}/[^"?#]+)"`)},
	someTopic:   {"/topics", regexp.MustCompile(`href="(/topics/[^"/]+)"`)},
	somePerson:  {"/discussions", regexp.MustCompile(`href="(/people/[^"/]+)"`)},
	someQuery:   {"/questions", regexp.MustCompile(`href="(/questions/01[^"/?]+)"`)},
	someAsked:   {"/consultations", regexp.MustCompile(`href="(/consultations/[^"/]{10,})"`)},
	someResult:  {"/consultations", regexp.MustCompile(`(?s)Over</h2>.*?href="(/consultations/[^"/]{10,})"`)},
}

var postLink = regexp.MustCompile(`href="(/posts/[^"/]+)"`)

// find gives the address of a page of that kind, or the path itself.
func (h *hall) find(t *testing.T, name string) string {
	t.Helper()
	if name == somePost {
		return h.first(t, h.find(t, someTalk), postLink)
	}
	k, ok := lists[name]
	if !ok {
		return name
	}
	return h.first(t, k.list, k.link)
}

// first gives the first link of that shape on a page.
func (h *hall) first(t *testing.T, path string, link *regexp.Regexp) string {
	t.Helper()
	a, err := http.Get(h.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	m := link.FindSubmatch(b)
	if m == nil {
		t.Fatalf("%s: %s has no link %s", path, a.Status, link)
	}
	return string(m[1])
}

// sight is a page to look at: where, and in which state it must be.
type sight struct {
	name, path string
	// act, when set, is done on the page before it is looked at.
	act func(p *visitor)
	// broken says that the page answers with an error on purpose.
	broken bool
}

func forReaders(h *hall, t *testing.T) []sight {
	talk, post := h.find(t, someTalk), h.find(t, somePost)
	return []sight{
		{name: "front", path: "/"},
		{name: "articles", path: "/articles"},
		{name: "article", path: h.find(t, someArticle)},
		{name: "discussions", path: "/discussions"},
		{name: "discussion", path: talk},
		{name: "topics", path: "/topics"},
		{name: "topic", path: h.find(t, someTopic)},
		{name: "person", path: h.find(t, somePerson)},
		{name: "consultations", path: "/consultations"},
		{name: "consultation", path: h.find(t, someAsked)},
		{name: "consultation-result", path: h.find(t, someResult)},
		{name: "consultation-statements", path: h.find(t, someResult) + "/statements"},
		{name: "questions", path: "/questions"},
		{name: "question", path: h.find(t, someQuery)},
		{name: "clock", path: "/clock"},
		{name: "platforms", path: "/platforms"},
		{name: "platform", path: "/platforms/gigharbour"},
		{name: "decisions", path: "/decisions"},
		{name: "stewards", path: "/stewards"},
		{name: "log", path: "/log"},
		{name: "report", path: "/report?kind=post&id=" + post[len("/posts/"):]},
		{name: "search", path: "/search?q=notice"},
		{name: "search-empty", path: "/search?q=zzyzx"},
		{name: "about", path: "/about"},
		{name: "stored", path: "/stored"},
		{name: "join", path: "/join"},
		{name: "join-words", path: "/join", act: func(p *visitor) {
			p.click(`document.querySelector('[data-do=phrase]')`, "make words")
			p.until("the words are there", `document.querySelector('[data-part=words]').checkVisibility()`)
		}},
		{name: "sign-in", path: "/sign-in"},
		{name: "sign-in-refused", path: "/sign-in", broken: true, act: refuse(`input[name=code]`)},
		{name: "offline", path: "/offline", act: func(p *visitor) {
			p.until("what is kept is listed", `document.querySelector('kept-pages').textContent`)
		}},
		{name: "missing", path: "/no/such/page", broken: true},
		{name: "missing-article", path: "/articles/nothing", broken: true},
	}
}

// refuse sends the form of a field as it is, past the browser's own checks, and
// waits until it comes back with what is wrong.
func refuse(field string) func(*visitor) {
	return func(p *visitor) {
		form := `document.querySelector(` + quote(field) + `).form`
		eval[bool](p, form+`.noValidate=true`)
		p.click(form+`.querySelector('button:not([type=button]):not([name])')`, "send")
		p.until("the form comes back", `document.querySelector('.errors')`)
	}
}

func forMembers(h *hall, t *testing.T) []sight {
	talk, post := h.find(t, someTalk), h.find(t, somePost)
	send := refuse(`main textarea, input[type=file]`)
	return []sight{
		{name: "discussion-inside", path: talk},
		{name: "article-inside", path: h.find(t, someArticle)},
		{name: "write", path: "/write"},
		{name: "write-refused", path: "/write", act: send, broken: true},
		{name: "begin", path: "/discussions/new"},
		{name: "begin-refused", path: "/discussions/new", act: send, broken: true},
		{name: "question-ask", path: "/questions/new"},
		{name: "question-ask-refused", path: "/questions/new", act: refuse(`#title`), broken: true},
		{name: "question-inside", path: h.find(t, someQuery)},
		{name: "questions-mine", path: "/questions/mine"},
		{name: "platform-new", path: "/platforms/new"},
		{name: "consultation-new", path: "/consultations/new"},
		{name: "consultation-new-refused", path: "/consultations/new", act: send, broken: true},
		{name: "consultation-inside", path: h.find(t, someAsked)},
		{name: "consultation-answers", path: h.find(t, someAsked) + "/statements"},
		{name: "reply", path: post + "/reply"},
		{name: "pictures", path: "/pictures"},
		{name: "pictures-refused", path: "/pictures", act: send, broken: true},
		{name: "following", path: "/following"},
		{name: "messages", path: "/messages", act: func(p *visitor) {
			p.until("the page knows that this browser holds no key", `document.querySelector('message-list').dataset.step==='closed'`)
		}},
		{name: "person-inside", path: h.find(t, somePerson)},
		{name: "connections", path: "/connections"},
		{name: "connection", path: "/people/quiet-heron/connection"},
		{name: "connection-ask", path: "/people/old-modem/connection"},
		{name: "account", path: "/account"},
		{name: "profile", path: "/account/profile"},
		{name: "look", path: "/account/look"},
		{name: "keys", path: "/account/keys"},
		{name: "blocked", path: "/account/blocked"},
		{name: "reach", path: "/account/reach"},
		{name: "stored-mine", path: "/account/stored"},
		{name: "export", path: "/account/take"},
		{name: "codes", path: "/account/codes"},
		{name: "leave", path: "/account/erasure"},
	}
}

func forStewards(h *hall, t *testing.T) []sight {
	talk, post := h.find(t, someTalk), h.find(t, somePost)
	id := idOf.FindStringSubmatch(talk)[1]
	return []sight{
		{name: "discussion-keeping", path: talk},
		{name: "moderation", path: "/moderation"},
		{name: "connections-asked", path: "/connections"},
		{name: "health", path: "/health"},
		{name: "health-calls", path: "/health/calls"},
		{name: "order", path: "/moderation/discussions/" + id},
		{name: "hide", path: "/moderation/hide?kind=post&id=" + post[len("/posts/"):]},
		{name: "question-keep", path: h.find(t, someQuery) + "/keep"},
		{name: "question-gather", path: "/discussions/" + id + "/questions"},
		{name: "summary", path: "/discussions/" + id + "/summary/edit"},
		{name: "stewards-inside", path: "/stewards"},
		{name: "decisions-inside", path: "/decisions"},
	}
}

var idOf = regexp.MustCompile(`/discussions/([^/?#]+)`)
