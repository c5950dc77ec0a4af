package face_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

var ctx = context.Background()

type hall struct {
	*face.Room
	t       *testing.T
	db      *db.DB
	mu      sync.Mutex
	touched []string
}

func each(t *testing.T, f func(t *testing.T, h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newHall(t, d)) })
}

func newHall(t *testing.T, d *db.DB) *hall {
	h := &hall{t: t, db: d}
	now := func() time.Time { return time.Date(2020, 6, 26, 9, 0, 0, 0, time.UTC) }
	h.Room = face.New(face.Config{DB: d, Events: event.New(d), Now: now, Host: "hall.test",
		Platform: func(_ context.Context, key string) (bool, error) { return key == ident.Fold("Gigharbour"), nil },
		Touch: func(things ...string) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.touched = append(h.touched, things...)
		}})
	return h
}

func (h *hall) named(name string) face.Face {
	h.t.Helper()
	f, err := h.New(ctx, name)
	h.ok(err)
	return f
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) refused(err error, kind fault.Kind, field, key string) {
	h.t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Field != field || f.Key != key {
		h.t.Errorf("got %v on %q; want %v %s on %q", err, fault.From(err).Field, kind, key, field)
	}
}

func TestNew(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		f := h.named("  Quiet  Heron")
		if f.Name != "Quiet Heron" || f.Handle != "quiet-heron" || f.Kind != face.Open || f.Since != 2020 {
			t.Errorf("got %+v", f)
		}
		for _, name := range []string{"quiet heron", "QUIET-HERON", "Quiеt Heron", "Quiet Herón"} {
			_, err := h.New(ctx, name)
			if fault.KindOf(err) != fault.Conflict && fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q was given away: %v", name, err)
			}
		}
		_, err := h.New(ctx, "")
		h.refused(err, fault.Invalid, "name", "ident.name.empty")
		for _, handle := range []string{"quiet-heron", "Quiet Heron", "QUIETHERON"} {
			if got, err := h.ByHandle(ctx, handle); err != nil || got != f {
				t.Errorf("%s: got %+v %v", handle, got, err)
			}
		}
		for _, handle := range []string{"", "nobody-here", strings.Repeat("x", 10_000), "@", "#"} {
			_, err := h.ByHandle(ctx, handle)
			h.refused(err, fault.NotFound, "", "face.none")
		}
	})
}

// The moment of joining is nobody's business: two who join at once, or in turn,
// have ids that tell nothing of it.
func TestNew_theIDTellsNoMoment(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		var ids []string
		for i := range 12 {
			ids = append(ids, string(h.named(fmt.Sprint("Ana ", i)).ID))
		}
		if slices.IsSorted(ids) || ids[0][:6] == ids[1][:6] {
			t.Errorf("ids in the order of joining, or of one moment: %v", ids)
		}
	})
}

func TestNew_oneOfTwo(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		made := 0
		for range 8 {
			wg.Go(func() {
				_, err := h.New(ctx, "Quiet Heron")
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					made++
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made != 1 {
			t.Errorf("%d faces have one name", made)
		}
	})
}

// Nobody is called as a platform is, nor so that one could take her for it.
func TestNew_notAsAPlatform(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana, err := h.New(t.Context(), "Quiet Heron")
		h.ok(err)
		for _, name := range []string{"Gigharbour", "GIGHARBOUR", "Gig-Harbour", "gig harbour", "Gigharb0ur", "G1gharbour"} {
			_, err := h.New(t.Context(), name)
			h.refused(err, fault.Conflict, "name", "face.name.platform")
			_, err = h.Rename(t.Context(), ana.ID, name)
			h.refused(err, fault.Conflict, "name", "face.name.platform")
		}
		_, err = h.New(t.Context(), "Harbour Pilot")
		h.ok(err)
	})
}

func TestRename(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		f, other := h.named("Ana"), h.named("Bo")
		if faces, err := h.Faces(ctx, []face.ID{f.ID, f.ID, other.ID, "", "none"}); err != nil || len(faces) != 2 || faces[f.ID].Name != "Ana" {
			t.Fatalf("got %+v %v", faces, err)
		}
		filled, unknown, empty := face.Face{ID: other.ID}, face.Face{ID: "none"}, face.Face{}
		if err := h.Fill(ctx, &filled, &unknown, &empty); err != nil || filled != other || unknown.Name != "" || empty.ID != "" {
			t.Errorf("got %+v, %+v, %+v, %v", filled, unknown, empty, err)
		}
		g, err := h.Rename(ctx, f.ID, "Anabel")
		h.ok(err)
		if keys, err := h.Names(ctx, f.ID); err != nil || len(keys) != 2 || !slices.Contains(keys, "ana") {
			t.Errorf("got %v %v", keys, err)
		}
		if g.Name != "Anabel" || g.Handle != "anabel" || g.ID != f.ID {
			t.Errorf("got %+v", g)
		}
		if faces, err := h.Faces(ctx, []face.ID{f.ID}); err != nil || faces[f.ID].Name != "Anabel" {
			t.Errorf("memory says %+v, %v", faces, err)
		}
		if !slices.Contains(h.touched, "face:"+string(f.ID)) || !slices.Contains(h.touched, "faces") {
			t.Errorf("touched %v", h.touched)
		}
		if got, err := h.ByHandle(ctx, "ana"); err != nil || got.Handle != "anabel" {
			t.Errorf("the old name leads to %+v, %v", got, err)
		}
		_, err = h.Rename(ctx, other.ID, "Ana")
		h.refused(err, fault.Conflict, "name", "face.name.taken")
		if g, err = h.Rename(ctx, f.ID, "Ana"); err != nil || g.Name != "Ana" {
			t.Errorf("her own old name: %+v %v", g, err)
		}
		_, err = h.Rename(ctx, "none", "Cleo")
		h.refused(err, fault.NotFound, "", "face.none")
		for i := range 8 {
			_, err = h.Rename(ctx, f.ID, fmt.Sprintf("Cleo %d", i))
			h.ok(err)
		}
		_, err = h.Rename(ctx, f.ID, "One more")
		h.refused(err, fault.TooMany, "name", "face.name.many")
	})
}

// A reader inside a transaction sees its own changes; nobody else does, and
// nothing stays in memory when it is rolled back.
func TestFaces_rolledBack(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		f := h.named("Ana")
		err := h.db.Tx(ctx, func(ctx context.Context) error {
			if _, err := h.Rename(ctx, f.ID, "Bo"); err != nil {
				return err
			}
			if got, err := h.Face(ctx, f.ID); err != nil || got.Name != "Bo" {
				t.Errorf("inside: %+v %v", got, err)
			}
			return fault.New(fault.Invalid, "fault.invalid")
		})
		h.refused(err, fault.Invalid, "", "fault.invalid")
		if got, err := h.Face(ctx, f.ID); err != nil || got.Name != "Ana" {
			t.Errorf("got %+v %v", got, err)
		}
	})
}

func TestProfile(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		f := h.named("Ana")
		if p, err := h.Profile(ctx, f.ID); err != nil || p.Face != f || p.About != "" || p.Skills != nil {
			t.Errorf("got %+v %v", p, err)
		}
		p, err := h.SaveProfile(ctx, f.ID, face.Profile{
			About: "I *sing*. <script>", Skills: []string{" Voice  over ", "", "voice over", "Mixing"}, Languages: []string{"EN", "es-mx", "en"},
			Zone: "Africa/Cairo", Links: []string{"https://ana.example/x y", ""},
		})
		h.ok(err)
		again, err := h.Profile(ctx, f.ID)
		h.ok(err)
		if !slices.Equal(h.touched, []string{"face:" + string(f.ID)}) {
			t.Errorf("a profile that names nobody anew touched %v", h.touched)
		}
		for _, p := range []face.Profile{p, again} {
			if !slices.Equal(p.Skills, []string{"Voice over", "Mixing"}) || !slices.Equal(p.Languages, []string{"en", "es-MX"}) ||
				p.Zone != "Africa/Cairo" || !slices.Equal(p.Links, []string{"https://ana.example/x%20y"}) || p.Face != f ||
				!strings.Contains(string(p.AboutHTML), "<em>sing</em>") || strings.Contains(string(p.AboutHTML), "<script") {
				t.Errorf("got %+v", p)
			}
		}
		for key, c := range map[string]struct {
			field string
			p     face.Profile
		}{
			"markdown.too_long":     {"about", face.Profile{About: strings.Repeat("a", face.MaxAbout+1)}},
			"face.skill.long":       {"skills", face.Profile{Skills: []string{strings.Repeat("s", 41)}}},
			"face.skills.many":      {"skills", face.Profile{Skills: many("skill %d", 21)}},
			"face.language.unknown": {"languages", face.Profile{Languages: []string{"klingonese language"}}},
			"face.languages.many":   {"languages", face.Profile{Languages: strings.Fields("en es ar fr de it pt nl sv da fi")}},
			"face.zone.unknown":     {"zone", face.Profile{Zone: "Mars/Olympus"}},
			"face.link.broken":      {"links", face.Profile{Links: []string{"javascript:alert(1)"}}},
			"face.links.many":       {"links", face.Profile{Links: many("https://x%d.example", 9)}},
		} {
			_, err := h.SaveProfile(ctx, f.ID, c.p)
			h.refused(err, fault.Invalid, c.field, key)
		}
		for _, link := range []string{"https://", "ftp://x.example", "https://a:b@x.example", "//x.example", "x", "https://x.example/\u202e"} {
			_, err := h.SaveProfile(ctx, f.ID, face.Profile{Links: []string{link}})
			h.refused(err, fault.Invalid, "links", "face.link.broken")
		}
		for _, zone := range []string{"Local", "../etc/passwd"} {
			_, err := h.SaveProfile(ctx, f.ID, face.Profile{Zone: zone})
			h.refused(err, fault.Invalid, "zone", "face.zone.unknown")
		}
		_, err = h.Profile(ctx, "none")
		h.refused(err, fault.NotFound, "", "face.none")
	})
}

func many(format string, n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf(format, i))
	}
	return list
}

func TestSetPicture(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		f := h.named("Ana")
		h.ok(h.SetPicture(ctx, f.ID, "01abc.webp"))
		if got, err := h.Face(ctx, f.ID); err != nil || got.Picture != "01abc.webp" {
			t.Errorf("got %+v %v", got, err)
		}
		_, err := h.SaveProfile(ctx, f.ID, face.Profile{About: "Me: ![me](/blob/02abc.webp)"})
		h.ok(err)
		for blob, want := range map[string]bool{"01abc.webp": true, "02abc.webp": true, "03abc.webp": false} {
			if shown, err := h.ShowsPicture(ctx, blob); err != nil || shown != want {
				t.Errorf("%s: %v %v", blob, shown, err)
			}
		}
		for _, blob := range []string{"../x", "a b", `"`, strings.Repeat("x", 101)} {
			h.refused(h.SetPicture(ctx, f.ID, blob), fault.Invalid, "picture", "face.picture")
		}
		h.ok(h.SetPicture(ctx, f.ID, ""))
		if got, err := h.Face(ctx, f.ID); err != nil || got.Picture != "" {
			t.Errorf("got %+v %v", got, err)
		}
	})
}

func TestRetire(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		f := h.named("Ana")
		_, err := h.Rename(ctx, f.ID, "Anabel")
		h.ok(err)
		_, err = h.SaveProfile(ctx, f.ID, face.Profile{About: "me"})
		h.ok(err)
		h.ok(h.Retire(ctx, f.ID))
		h.ok(h.Retire(ctx, f.ID))
		if got, err := h.Face(ctx, f.ID); err != nil || got != (face.Face{ID: f.ID, Kind: face.Former}) {
			t.Errorf("got %+v %v", got, err)
		}
		if p, err := h.Profile(ctx, f.ID); err != nil || p.About != "" || p.AboutHTML != "" {
			t.Errorf("got %+v %v", p, err)
		}
		for _, name := range []string{"Ana", "Anabel"} {
			_, err := h.ByHandle(ctx, name)
			h.refused(err, fault.NotFound, "", "face.none")
			_, err = h.New(ctx, name)
			h.refused(err, fault.Conflict, "name", "face.name.taken")
		}
		_, err = h.SaveProfile(ctx, f.ID, face.Profile{About: "again"})
		h.refused(err, fault.NotFound, "", "face.none")
		h.refused(h.Retire(ctx, "none"), fault.NotFound, "", "face.none")
	})
}

func TestImported(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		a, err := h.Imported(ctx, "blog.example", " Ana\u202e\n")
		h.ok(err)
		again, err := h.Imported(ctx, "blog.example", "Ana")
		h.ok(err)
		elsewhere, err := h.Imported(ctx, "other.example", "Ana")
		h.ok(err)
		if a != again || a.ID == elsewhere.ID || a.Name != "Ana" || a.Handle != "" || a.Kind != face.Imported {
			t.Errorf("got %+v, %+v, %+v", a, again, elsewhere)
		}
		h.named("Ana") // an imported author keeps nobody from her name
		_, err = h.Imported(ctx, "blog.example", strings.Repeat("x", 81))
		h.refused(err, fault.Invalid, "name", "fault.too_long")
		_, err = h.Rename(ctx, a.ID, "Bo")
		h.refused(err, fault.NotFound, "", "face.none")
	})
}

func TestOpenAfter(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		a, b, c := h.named("Ana"), h.named("Bo"), h.named("Cleo")
		h.ok(h.Retire(ctx, b.ID))
		first, err := h.OpenAfter(ctx, "", 1)
		h.ok(err)
		rest, err := h.OpenAfter(ctx, first[0], 10)
		h.ok(err)
		want := []face.ID{a.ID, c.ID} // ids are random: which of them is first is not known
		slices.Sort(want)
		if !slices.Equal(first, want[:1]) || !slices.Equal(rest, want[1:]) {
			t.Errorf("got %v and %v", first, rest)
		}
	})
}

func TestDraw(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		for range 20 {
			name, err := h.Draw(ctx)
			h.ok(err)
			h.named(name)
		}
	})
}
