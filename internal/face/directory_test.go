package face_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guildhall/internal/face"
)

// Who wishes it is found by each thing she says of herself, and by nothing else; who
// does not, or has left, is not there.
func TestDirectory(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		ana, bo, cleo := h.named("Ana"), h.named("Bo"), h.named("Cleo")
		save := func(f face.Face, p face.Profile) {
			t.Helper()
			_, err := h.SaveProfile(ctx, f.ID, p)
			h.ok(err)
		}
		voice := face.Profile{Skills: []string{"Voice Over", "Mixing"}, Languages: []string{"es-MX", "en"}, Zone: "America/Mexico_City", Listed: true}
		save(ana, voice)
		save(bo, face.Profile{Skills: []string{"mixing"}, Languages: []string{"es"}, Listed: true})
		save(cleo, face.Profile{Skills: []string{"Voice over"}, Zone: "Africa/Cairo"})
		h.touched = nil
		find := func(s face.Sought) (names []string) {
			t.Helper()
			s.Limit = 10
			list, err := h.Directory(ctx, s)
			h.ok(err)
			for _, p := range list {
				names = append(names, p.Face.Name)
			}
			slices.Sort(names)
			return names
		}
		for _, c := range []struct {
			s    face.Sought
			want []string
		}{
			{face.Sought{}, []string{"Ana", "Bo"}},
			{face.Sought{Skill: " voice  OVER"}, []string{"Ana"}},
			{face.Sought{Skill: "Mixing"}, []string{"Ana", "Bo"}},
			{face.Sought{Skill: "mix"}, nil},
			{face.Sought{Language: "es"}, []string{"Ana", "Bo"}},
			{face.Sought{Language: "es-AR"}, []string{"Ana", "Bo"}},
			{face.Sought{Language: "en", Skill: "mixing"}, []string{"Ana"}},
			{face.Sought{Zone: "America/Mexico_City"}, []string{"Ana"}},
			{face.Sought{Zone: "Africa/Cairo"}, nil},
		} {
			if diff := cmp.Diff(c.want, find(c.s)); diff != "" {
				t.Errorf("%+v: %s", c.s, diff)
			}
		}
		offers, err := h.Offers(ctx)
		h.ok(err)
		if diff := cmp.Diff(face.Offers{People: 2, Skills: []face.Offer{{"mixing", 2}, {"voice over", 1}},
			Languages: []face.Offer{{"es", 2}, {"en", 1}}, Zones: []face.Offer{{"America/Mexico_City", 1}}}, offers); diff != "" {
			t.Error(diff)
		}
		// Page by page everybody comes once.
		first, err := h.Directory(ctx, face.Sought{Limit: 1})
		h.ok(err)
		second, err := h.Directory(ctx, face.Sought{Limit: 1, After: first[0].Face.ID})
		h.ok(err)
		if len(first) != 1 || len(second) != 1 || first[0].Face.ID == second[0].Face.ID || !first[0].Listed {
			t.Errorf("%+v, then %+v", first, second)
		}
		voice.Listed = false
		save(ana, voice)
		if !slices.Contains(h.touched, face.AllListed) {
			t.Errorf("touched %v", h.touched)
		}
		h.ok(h.Retire(ctx, bo.ID))
		if got := find(face.Sought{}); got != nil {
			t.Errorf("still there: %v", got)
		}
	})
}
