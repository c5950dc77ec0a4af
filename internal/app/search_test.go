package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/search"
)

// searched is a hall whose rooms are written to and searched.
type searched struct {
	*Hall
	t   *testing.T
	ctx context.Context
	ana forum.Actor
	dov forum.Actor // a steward
}

func eachSearched(t *testing.T, f func(s *searched)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			c := defaults()
			c.Database = dbtest.Config(t, e).URL
			at := time.Date(2026, 6, 3, 9, 0, 0, 0, time.UTC)
			s := &searched{t: t, ctx: context.Background()}
			var err error
			s.Hall, err = Open(s.ctx, t.TempDir(), c, func() time.Time { at = at.Add(time.Second); return at })
			s.ok(err)
			t.Cleanup(func() { s.Close() })
			for name, a := range map[string]*forum.Actor{"ana": &s.ana, "dov": &s.dov} {
				made, err := s.Faces.New(s.ctx, name)
				s.ok(err)
				a.Face = made.ID
			}
			s.dov.Steward = true
			f(s)
		})
	}
}

func (s *searched) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// find lets search read what happened and tells what it finds: kinds, and texts
// of titles or posts.
func (s *searched) find(q search.Query) string {
	s.t.Helper()
	for _, c := range s.consumers() {
		s.ok(s.Events.Drain(s.ctx, c))
	}
	return s.look(q)
}

func (s *searched) look(q search.Query) string {
	s.t.Helper()
	r, err := s.Search.Find(s.ctx, q)
	s.ok(err)
	var out []string
	for _, h := range r.Hits {
		pieces := h.Title
		if h.Kind == search.Post {
			pieces = h.Snippet
		}
		text := ""
		for _, p := range pieces {
			text += p.Text
		}
		out = append(out, strings.TrimSuffix(h.Kind.String(), "s")+" "+text)
	}
	if r.Count != len(r.Hits) {
		out = append(out, fmt.Sprint("but counts ", r.Count))
	}
	return strings.Join(out, "; ")
}

func (s *searched) want(q search.Query, want string) {
	s.t.Helper()
	if got := s.find(q); got != want {
		s.t.Errorf("%+v finds %q, want %q", q, got, want)
	}
}

func TestSearch_followsTheRooms(t *testing.T) {
	t.Parallel()
	eachSearched(t, func(s *searched) {
		heron := search.Query{Text: "heron", Newest: true}
		topic, err := s.Forum.AddTopic(s.ctx, s.dov, forum.NewTopic{Names: map[string]string{"en": "Birds"}})
		s.ok(err)
		a, err := s.Forum.Publish(s.ctx, s.ana, forum.NewArticle{Title: "A heron", Text: "stands **still**", Topics: []forum.TopicKey{topic.Key}})
		s.ok(err)
		d, err := s.Forum.Open(s.ctx, s.ana, forum.NewDiscussion{Title: "Heron or crane?", First: forum.NewPost{Text: "What is it?"}})
		s.ok(err)
		p, err := s.Forum.Reply(s.ctx, s.ana, d.ID, forum.NewPost{Text: "A heron, I say."})
		s.ok(err)
		q, err := s.Forum.Reply(s.ctx, s.ana, a.Discussion, forum.NewPost{Text: "Under the article: heron."})
		s.ok(err)
		s.want(heron, "post Under the article: heron.; post A heron, I say.; discussion Heron or crane?; article A heron")
		s.want(search.Query{Text: "heron", Topic: string(topic.Key), Newest: true}, "post Under the article: heron.; article A heron")

		s.ok(s.Forum.Hush(s.ctx, s.dov, p.ID.Thing(), "because"))
		if got := s.look(heron); strings.Contains(got, "I say") { // before its event
			s.t.Errorf("a hidden post is found: %s", got)
		}
		s.want(heron, "post Under the article: heron.; discussion Heron or crane?; article A heron")
		s.ok(s.Forum.Unhush(s.ctx, s.dov, p.ID.Thing()))
		s.ok(s.Forum.Hush(s.ctx, s.dov, a.ID.Thing(), "because"))
		s.want(heron, "post A heron, I say.; discussion Heron or crane?")
		s.ok(s.Forum.Unhush(s.ctx, s.dov, a.ID.Thing()))
		_, err = s.Forum.Edit(s.ctx, s.ana, q.ID, 1, "A crane.")
		s.ok(err)
		_, err = s.Forum.Retitle(s.ctx, s.ana, d.ID, 1, "Crane for sure", []forum.TopicKey{topic.Key})
		s.ok(err)
		s.want(heron, "post A heron, I say.; article A heron")
		s.want(search.Query{Text: "crane", Topic: string(topic.Key), Newest: true}, "post A crane.; discussion Crane for sure")

		into, err := s.Forum.AddTopic(s.ctx, s.dov, forum.NewTopic{Names: map[string]string{"en": "Animals"}})
		s.ok(err)
		s.ok(s.Forum.MergeTopic(s.ctx, s.dov, topic.Key, into.Key))
		s.want(search.Query{Text: "crane", Topic: string(into.Key), Newest: true}, "post A crane.; discussion Crane for sure")

		_, err = s.Faces.SaveProfile(s.ctx, s.ana.Face, face.Profile{Skills: []string{"Watching herons"}})
		s.ok(err)
		s.want(search.Query{Text: "herons"}, "people ana")

		before := s.find(heron)
		stale, err := s.Search.Stale(s.ctx)
		s.ok(err)
		if stale {
			s.t.Error("an index that has read all events is called stale")
		}
		s.ok(s.Search.Rebuild(s.ctx))
		if again := s.look(heron); again != before {
			s.t.Errorf("made anew: %q, was %q", again, before)
		}

		s.ok(s.Forum.Erase(s.ctx, s.ana.Face, true))
		s.ok(s.Faces.Retire(s.ctx, s.ana.Face))
		s.want(heron, "")
		s.want(search.Query{Text: "crane"}, "")
		s.want(search.Query{Text: "ana"}, "")
		s.ok(s.Search.Sweep(s.ctx))
	})
}

func TestSearch_manyAtOnceAndMoved(t *testing.T) {
	t.Parallel()
	eachSearched(t, func(s *searched) {
		d, err := s.Forum.Open(s.ctx, s.ana, forum.NewDiscussion{Title: "Talk", First: forum.NewPost{Text: "first"}})
		s.ok(err)
		var posts []forum.NewPost
		for i := range 70 {
			posts = append(posts, forum.NewPost{Text: fmt.Sprintf("seventy words%d", i), Face: s.ana.Face, At: time.Date(2021, 1, 1, 0, i/30, 0, 0, time.UTC)})
		}
		ids, err := s.Forum.AppendMany(s.ctx, s.dov, d.ID, posts)
		s.ok(err)
		s.find(search.Query{})
		if r, err := s.Search.Find(s.ctx, search.Query{Text: "seventy"}); err != nil || r.Count != 70 || r.Pages != 4 {
			s.t.Errorf("%d results on %d pages, %v", r.Count, r.Pages, err)
		}
		_, err = s.Forum.Split(s.ctx, s.dov, d.ID, ids[3:5], "A new talk", "because")
		s.ok(err)
		s.want(search.Query{Text: "\"new talk\""}, "discussion A new talk")
		s.want(search.Query{Text: `"words3"`}, "post seventy words3")
		if got := s.look(search.Query{Text: "words3"}); !strings.HasPrefix(got, "post seventy words3; ") {
			s.t.Errorf("the word itself comes not before those that begin with it: %s", got)
		}
		s.ok(s.Search.Rebuild(s.ctx))
		s.want(search.Query{Text: "\"new talk\""}, "discussion A new talk")
	})
}

// get asks the hall's web side for a page, without scripts or account.
func get(web http.Handler, path, accept string) (status int, page string) {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Language", accept)
	w := httptest.NewRecorder()
	web.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestSearch_page(t *testing.T) {
	t.Parallel()
	eachSearched(t, func(s *searched) {
		d, err := s.Forum.Open(s.ctx, s.ana, forum.NewDiscussion{Title: "Calls <that> ring", First: forum.NewPost{Text: "Nothing rang & nobody came."}})
		s.ok(err)
		var posts []forum.NewPost
		for i := range 25 {
			posts = append(posts, forum.NewPost{Text: fmt.Sprintf("A notification, number %d", i), Face: s.dov.Face})
		}
		_, err = s.Forum.AppendMany(s.ctx, s.dov, d.ID, posts)
		s.ok(err)
		s.find(search.Query{})
		web := s.Handler()
		for _, c := range []struct {
			path, accept string
			status       int
			has          string
		}{
			{"/search", "en", 200, "Words to look for"},
			{"/search?q=NOTHING+rang", "en", 200, "<mark>Nothing</mark> <mark>rang</mark> &amp; nobody"},
			{"/search?q=calls", "en", 200, "<mark>Calls</mark> &lt;that&gt; ring"},
			{"/search?q=notification", "en", 200, "25 results"},
			{"/search?q=notification", "en", 200, "/search?page=2&amp;q=notification"},
			{"/search?q=notification&page=2", "en", 200, "aria-current=\"page\""},
			{"/search?q=notification&page=3", "en", 404, ""},
			{"/search?q=notification&page=x", "en", 404, ""},
			{"/search?q=notifcation", "en", 200, "Did you mean:"},
			{"/search?q=notifcation", "es", 200, "Quizá buscabas:"},
			{"/search?q=notifcation", "ar", 200, "هل تقصد:"},
			{"/search?q=xyzzy&kind=people", "en", 200, "Nothing found"},
			{"/search?q=xyzzy&kind=people", "en", 200, "<details open>"},
			{"/search?q=notification&author=dov&since=2000-01-01&until=2999-01-01", "en", 200, "25 results"},
			{"/search?q=notification&author=dov&since=2000-01-01&until=x", "en", 200, "Please choose a day"},
			{"/search?author=ana&kind=posts", "ar", 200, "نتيجة واحدة"},
			{"/search?author=ana&kind=posts&sort=newest", "en", 200, "Narrowed down: Replies, ana and Newest first"},
			{"/search?q=%22%00%ff-%22&topic=%3Cb%3E", "en", 200, "&lt;b&gt;"},
		} {
			status, page := get(web, c.path, c.accept)
			if status != c.status || !strings.Contains(page, c.has) {
				s.t.Errorf("%s (%s): %d, without %q\n%s", c.path, c.accept, status, c.has, page)
			}
		}
	})
}
