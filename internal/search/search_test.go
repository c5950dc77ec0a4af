package search_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/search"
)

func TestFind_language(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for id, text := range map[string]string{
			"en1": "The client pays within thirty days, they said. It’s Ana’s e-mail.",
			"en2": "They pay when they like; thirty clients have said so.",
			"es1": "La información llegó tarde: nadie nos preguntó por el año.",
			"ar1": "هَذِهِ القَاعَة مفتوحة للجميع وأحمد فيها",
			"ar2": "الى متى ننتظر؟ مـــكالمة رقم ٢٠٢٠",
			"ja1": "東京で会いましょう",
			"hi1": "नमस्ते दुनिया",
		} {
			h.put(search.Document{Ref: search.Ref{Kind: search.Post, ID: id}, Text: text})
		}
		h.index()
		for query, want := range map[string]string{
			"client": "en1 en2", "thirty days": "en1", "THIRTY": "en1 en2", "\"thirty days\"": "en1", "\"days thirty\"": "",
			"thirty -days": "en2", "thirty -\"pays within\"": "en2", "ana": "en1", "it": "en1", "it's": "en1", "e-mail": "en1", "\"e mail": "en1",
			"informacion": "es1", "INFORMACIÓN llego": "es1", "ano": "es1",
			"قاعه": "ar1", "القاعة": "ar1", "احمد": "", "وأحمد": "ar1", "إلى": "ar2", "مكالمة 2020": "ar2",
			"東京": "ja1", "नमस्ते": "hi1", "infor": "es1", "thir": "en1 en2", "thir days": "", "-thirty days": "", "-thirty -said": "ar1 ar2 es1 hi1 ja1",
			"": "", "\"": "", "-": "", "-\"": "", "nobody": "", "!!!": "", "' OR 1 --": "",
		} {
			got := strings.Fields(h.ids(query))
			slices.Sort(got)
			if strings.Join(got, " ") != want {
				t.Errorf("%s: found %q, want %q", query, got, want)
			}
		}
	})
}

func TestFind_order(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		old := h.put(search.Document{Ref: search.Ref{Kind: search.Article, ID: "title"}, Title: "The pay gap", Text: "Nothing.", At: noon.AddDate(-5, 0, 0)})
		both := h.put(search.Document{Ref: search.Ref{Kind: search.Article, ID: "apart"}, Title: "Gap in a week of pay", Text: "Nothing.", At: noon.AddDate(-5, 0, 0)})
		row := h.post("about the pay gap again")
		later := h.post("a gap here and pay there")
		latest := h.post("a gap here and no pay there either")
		h.index()
		want := strings.Join([]string{old.ID, both.ID, row.ID, latest.ID, later.ID}, " ")
		if got := h.ids("pay gap"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		want = strings.Join([]string{latest.ID, later.ID, row.ID}, " ")
		if got := idsOf(h.find(search.Query{Text: "pay gap", Newest: true, Kind: search.Post})); got != want {
			t.Errorf("newest: got %s, want %s", got, want)
		}
	})
}

func TestFind_filters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		bo, err := h.faces.New(context.Background(), "Bo the Second")
		if err != nil {
			t.Fatal(err)
		}
		h.put(search.Document{Ref: search.Ref{Kind: search.Article, ID: "a"}, Title: "Calls", Text: "calls that ring", Lang: "en-GB", Topics: []string{"chief-executive", "calls"}, At: noon.AddDate(-1, 0, 0)})
		h.put(search.Document{Ref: search.Ref{Kind: search.Discussion, ID: "b"}, Title: "Calls and more", Lang: "es", Topics: []string{"calls"}, At: noon})
		h.put(search.Document{Ref: search.Ref{Kind: search.Post, ID: "c"}, Text: "calls", Lang: "es", Topics: []string{"calls"}, Author: bo.ID, At: noon.Add(time.Hour)})
		h.put(search.Document{Ref: search.Ref{Kind: search.Person, ID: "d"}, Title: "Calls Person", Author: bo.ID, At: noon.Add(2 * time.Hour)})
		h.index()
		for want, q := range map[string]search.Query{
			"a":       {Text: "calls", Kind: search.Article},
			"d":       {Text: "calls", Kind: search.Person},
			"c b":     {Text: "calls", Lang: "es", Newest: true},
			"a ":      {Text: "calls", Topic: "chief-executive"},
			"d c":     {Author: "bo-the-second"},
			"c":       {Text: "calls", Author: "Bo The Second", Kind: search.Post},
			"":        {Text: "calls", Author: "nobody"},
			"c b a":   {Text: "calls", Topic: "calls", Newest: true},
			"d c b":   {Text: "calls", Since: noon, Newest: true},
			"b a":     {Text: "calls", Until: noon.Add(time.Second), Newest: true},
			"b":       {Text: "-ring", Since: noon, Until: noon.Add(time.Minute)},
			"d c b a": {Text: "calls", Newest: true, Page: -4},
		} {
			if got := idsOf(h.find(q)); got != strings.TrimSpace(want) {
				t.Errorf("%+v: got %q, want %q", q, got, want)
			}
		}
		if r := h.find(search.Query{Text: "calls", Kind: search.Person}); r.Hits[0].Author.Name != "Bo the Second" {
			t.Errorf("the author is %+v", r.Hits[0].Author)
		}
	})
}

func TestFind_pages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for i := range 1130 {
			h.put(search.Document{Ref: search.Ref{Kind: search.Post}, Text: fmt.Sprintf("common word and number%d", i), At: noon.AddDate(-1, 0, 0)})
		}
		h.put(search.Document{Ref: search.Ref{Kind: search.Article, ID: "old"}, Title: "A common word", At: noon.AddDate(-9, 0, 0)})
		h.index()
		r := h.find(search.Query{Text: "common word"})
		if !r.Estimate || r.Count != 1100 || r.Pages != 50 || len(r.Hits) != 20 || r.Hits[0].ID != "old" {
			t.Errorf("%d results, estimate %v, %d pages, first %s", r.Count, r.Estimate, r.Pages, r.Hits[0].ID)
		}
		if last := h.find(search.Query{Text: "common word", Page: 50}); len(last.Hits) != 20 {
			t.Errorf("the last page has %d", len(last.Hits))
		}
		if beyond := h.find(search.Query{Text: "common word", Page: 51}); len(beyond.Hits) != 0 || beyond.Pages != 50 {
			t.Errorf("a page beyond has %d", len(beyond.Hits))
		}
		if r := h.find(search.Query{Text: "number77"}); r.Estimate || r.Count != 11 {
			t.Errorf("77, and 770 to 779: %d", r.Count)
		}
	})
}

func TestFind_goneAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ref := h.post("a secret heron")
		other := h.post("another heron")
		h.index()
		doc := h.shelf.docs[ref]
		doc.Shown = false
		h.shelf.docs[ref] = doc
		if got := h.ids("heron"); got != other.ID { // before the event is read
			t.Errorf("got %s", got)
		}
		h.tell(search.Change{Refs: []search.Ref{ref}})
		h.index()
		if r := h.find(search.Query{Text: "heron"}); r.Count != 1 {
			t.Errorf("still counts %d", r.Count)
		}
		if r := h.find(search.Query{Text: "secrat"}); r.Meant != "" {
			t.Errorf("suggests %q, which nobody may see", r.Meant)
		}
		doc.Shown = true
		h.shelf.docs[ref] = doc
		h.tell(search.Change{Authors: []face.ID{h.ana.ID}, Refs: []search.Ref{ref}})
		h.index()
		if r := h.find(search.Query{Text: "secret heron"}); r.Count != 1 {
			t.Errorf("is not back: %d", r.Count)
		}
	})
}

func TestFind_everythingOf(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for i := range 5 {
			h.put(search.Document{Ref: search.Ref{Kind: search.Post}, Topics: []string{fmt.Sprint("t", i%2)}, Text: "heron"})
		}
		h.index()
		var docs []search.Document
		for ref, doc := range h.shelf.docs {
			doc.Topics = []string{"birds"}
			h.shelf.docs[ref] = doc
			doc.Text = "crane"
			docs = append(docs, doc)
		}
		h.tell(search.Change{Topics: []string{"t0"}})
		h.index()
		if r := h.find(search.Query{Topic: "birds"}); r.Count != 3 {
			t.Errorf("%d texts of a topic were read anew", r.Count)
		}
		docs[0].Shown = false
		h.tell(search.Change{Docs: docs[:3]})
		h.index()
		if r := h.find(search.Query{Text: "crane"}); r.Count != 2 {
			t.Errorf("%d texts handed over were taken", r.Count)
		}
		for ref, doc := range h.shelf.docs {
			doc.Shown = false
			h.shelf.docs[ref] = doc
		}
		h.tell(search.Change{Authors: []face.ID{h.ana.ID}})
		h.index()
		if r := h.find(search.Query{Kind: search.Post}); r.Count != 0 {
			t.Errorf("%d texts of an erased author are left", r.Count)
		}
	})
}

// However the events are cut into batches, and made anew from scratch, the index
// is the same.
func TestConsumer_anyPortions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		var refs []search.Ref
		for i := range 40 {
			refs = append(refs, h.post(fmt.Sprintf("word%d word%d shared", i%7, i%5)))
			switch {
			case i%6 == 5: // edited
				doc := h.shelf.docs[refs[i-3]]
				doc.Text = "edited shared"
				h.shelf.docs[doc.Ref] = doc
				h.tell(search.Change{Refs: []search.Ref{doc.Ref}})
			case i%9 == 8: // gone
				delete(h.shelf.docs, refs[i-4])
				h.tell(search.Change{Refs: []search.Ref{refs[i-4]}})
			}
		}
		picture := func() string {
			var b strings.Builder
			for _, q := range []string{"shared", "edited", "word1", "word1 word2", "word3 -edited", "-edited"} {
				fmt.Fprintln(&b, q, h.ids(q))
			}
			return b.String()
		}
		want := ""
		for _, size := range []int{1, 3, 7, 100} {
			c := h.room.Consumer()
			c.Name, c.Batch = fmt.Sprint("by", size), size
			for _, q := range []string{"first", "again"} {
				if err := h.log.Drain(context.Background(), c); err != nil {
					t.Fatal(err)
				}
				got := picture()
				if want == "" {
					want = got
				}
				if got != want {
					t.Errorf("portions of %d, %s:\n%swant\n%s", size, q, got, want)
				}
			}
		}
		if err := h.room.Rebuild(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := picture(); got != want {
			t.Errorf("made anew:\n%swant\n%s", got, want)
		}
		if stale, err := h.room.Stale(context.Background()); stale || err != nil {
			t.Errorf("stale %v %v", stale, err)
		}
	})
}

// What is handled between the reading of a portion and its writing is newer, and
// stays.
func TestRebuild_overtaken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for range 7 {
			h.post("words of yesterday")
		}
		edited, gone := h.post("words of yesterday"), h.post("words of yesterday")
		h.index()
		portions := 0
		h.shelf.read = func() {
			if portions++; portions != 3 { // these two are in the third
				return
			}
			h.shelf.mu.Lock()
			doc := h.shelf.docs[edited]
			doc.Text = "words of today"
			h.shelf.docs[edited] = doc
			delete(h.shelf.docs, gone)
			h.shelf.mu.Unlock()
			h.tell(search.Change{Refs: []search.Ref{edited, gone}})
			h.index()
		}
		if err := h.room.Rebuild(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := h.ids("today"); got != edited.ID {
			t.Errorf("today: %q, want %q", got, edited.ID)
		}
		if got := len(strings.Fields(h.ids("yesterday"))); got != 7 {
			t.Errorf("yesterday: %d, want 7", got)
		}
	})
}

func TestFind_meant(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for range 5 {
			h.post("The notifications of the platform never ring. La información llegó. في القاعة مكالمة")
		}
		h.index()
		for query, want := range map[string]string{
			"notificatoins":           "notifications",
			"the notifcations":        "the notifications",
			"\"platfrom never\" rung": "\"platform never\" ring",
			"infromación":             "información",
			"informasion llegó":       "información llegó",
			"مكلمة":                   "مكالمة",
			"notifications":           "",
			"xyzzy":                   "",
			"12345":                   "",
		} {
			if got := h.find(search.Query{Text: query}).Meant; got != want {
				t.Errorf("%s: meant %q, want %q", query, got, want)
			}
		}
	})
}

func TestSweep(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		h := open(t, d)
		var refs []search.Ref
		for i := range 30 {
			refs = append(refs, h.post(fmt.Sprintf("heron unique%dword and more", i)))
		}
		h.index()
		for _, ref := range refs[1:] {
			delete(h.shelf.docs, ref)
		}
		h.tell(search.Change{Refs: refs})
		h.index()
		if err := h.room.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if n := search.Terms(t, h.room); n != 5 { // the kind, heron, unique0word, and, more
			t.Errorf("%d words are left", n)
		}
		if got := h.ids("heron"); got != refs[0].ID {
			t.Errorf("found %s", got)
		}
		if err := h.room.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestHit_marks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		filler := strings.Repeat("Nothing to see in these words. ", 20)
		h.put(search.Document{Ref: search.Ref{Kind: search.Article, ID: "a"}, Title: "The Herón’s day", Text: filler + "Only here the HERON\n rises, before the day ends. " + filler})
		h.index()
		hit := h.find(search.Query{Text: "heron day"}).Hits[0]
		if got := texts(hit.Title); got != "The [Herón’s] [day]" {
			t.Errorf("title %s", got)
		}
		got := texts(hit.Snippet)
		if !strings.Contains(got, "Only here the [HERON] rises, before the [day] ends.") || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || len(got) > 320 {
			t.Errorf("snippet %s", got)
		}
	})
}
