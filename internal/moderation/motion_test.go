package moderation_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/moderation"
)

const day = 24 * time.Hour

// hall is a room whose members are written down here; the rule that finds them
// among the posts is tested where the posts are.
type hall struct {
	*moderation.Room
	*clock
	founded time.Time
	members []moderation.Elector
}

func openHall(d *db.DB) *hall {
	h := &hall{clock: &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
	h.founded = h.at.Add(-400 * day)
	h.Room = moderation.New(moderation.Config{
		DB: d, Events: event.New(d), Now: h.now,
		Founded: func(context.Context) (time.Time, error) { return h.founded, nil },
		Electors: func(_ context.Context, s moderation.Seasoning, only face.ID) (es []moderation.Elector, _ error) {
			for _, m := range h.members {
				if !m.Since.After(s.First) && (only == "" || only == m.Face) {
					es = append(es, m)
				}
			}
			return es, nil
		},
	})
	return h
}

// join lets n members first speak so many days after the founding.
func (h *hall) join(name string, n, after int) (ids []face.ID) {
	for i := range n {
		id := face.ID(fmt.Sprint(name, i))
		h.members = append(h.members, moderation.Elector{Face: id, Since: h.founded.Add(time.Duration(after) * day)})
		ids = append(ids, id)
	}
	return ids
}

// try lets the first of these move a recall and the others support it, those in
// against oppose it, and tells the motion as it ended.
func (h *hall) try(t *testing.T, whom face.ID, voices, against []face.ID) moderation.Motion {
	t.Helper()
	ctx := context.Background()
	m, err := h.Move(ctx, voices[0], moderation.Recall, whom, "hides every critic")
	must(t, err)
	for _, id := range voices[1:] {
		must(t, h.Voice(ctx, id, m.ID, moderation.For))
	}
	for _, id := range against {
		must(t, h.Voice(ctx, id, m.ID, moderation.Against))
	}
	must(t, h.Tally(ctx))
	if is, _ := h.IsSteward(ctx, whom); !is {
		t.Error("members' voices were counted before the motion closed")
	}
	h.at = h.at.Add(15 * day)
	must(t, h.Tally(ctx))
	return h.one(t, m.ID)
}

func (h *hall) one(t *testing.T, id string) moderation.Motion {
	t.Helper()
	ms, err := h.Motions(context.Background(), "")
	must(t, err)
	for _, m := range ms {
		if m.ID == id {
			return m
		}
	}
	t.Fatal("the motion is gone")
	return moderation.Motion{}
}

func TestMove_whoMayAndOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		h := openHall(d)
		old := h.join("old", 8, 0)
		fresh := h.join("new", 1, 390)[0]
		seat(t, h.Room, "ana", "bo")
		if _, err := h.Move(ctx, "ana", moderation.Recall, "nobody", "long gone, they say"); !fault.Is(err, fault.NotFound) {
			t.Errorf("got %v", err)
		}
		if _, err := h.Move(ctx, fresh, moderation.Recall, "bo", "hides every critic"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a newcomer moved: %v", err)
		}
		if _, err := h.Move(ctx, old[0], "crown", "bo", "hides every critic"); !fault.Is(err, fault.Invalid) {
			t.Errorf("got %v", err)
		}
		m, err := h.Move(ctx, "ana", moderation.Recall, "bo", "hides every critic")
		must(t, err)
		if is, _ := h.IsSteward(ctx, "bo"); !is {
			t.Fatal("of two stewards one threw out the other alone")
		}
		if _, err := h.Move(ctx, "ana", moderation.Recall, "bo", "hides every critic"); !fault.Is(err, fault.Conflict) {
			t.Errorf("got %v", err)
		}
		for _, c := range []struct {
			by   face.ID
			side moderation.Side
			want fault.Kind
		}{{"bo", moderation.For, fault.Forbidden}, {fresh, moderation.For, fault.Forbidden}, {"", moderation.For, fault.SignIn}, {old[0], "maybe", fault.Invalid}} {
			if err := h.Voice(ctx, c.by, m.ID, c.side); !fault.Is(err, c.want) {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if err := h.Voice(ctx, old[0], "none", moderation.For); !fault.Is(err, fault.NotFound) {
			t.Errorf("got %v", err)
		}
		// A steward who is no elector has no voice among the members.
		if got := h.one(t, m.ID); got.Voices != 0 || got.Needed != 5 {
			t.Errorf("%+v", got)
		}
	})
}

func TestVoice_twoSidesAndAChangedMind(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		h := openHall(d)
		old := h.join("old", 12, 0)
		seat(t, h.Room, "bo")
		m := h.try(t, "bo", old[:6], old[6:])
		if m.Outcome != "lapsed" || m.Voices != 6 || m.Against != 6 {
			t.Errorf("six against six: %+v", m)
		}
		if err := h.Voice(ctx, old[0], m.ID, moderation.For); !fault.Is(err, fault.Conflict) {
			t.Errorf("got %v", err)
		}
		again, err := h.Move(ctx, old[0], moderation.Recall, "bo", "hides every critic")
		must(t, err)
		for _, id := range old[1:] {
			must(t, h.Voice(ctx, id, again.ID, moderation.Against))
		}
		for _, id := range old[1:7] {
			must(t, h.Voice(ctx, id, again.ID, moderation.For))
		}
		if ok, err := h.Pending(ctx); !ok || err != nil {
			t.Errorf("pending: %v, %v", ok, err)
		}
		h.at = h.at.Add(15 * day)
		if ok, _ := h.Pending(ctx); ok {
			t.Error("it is closed, and still asks for voices")
		}
		must(t, h.Tally(ctx))
		if m := h.one(t, again.ID); m.Outcome != "carried" || m.Voices != 7 || m.Against != 5 {
			t.Errorf("%+v", m)
		}
		if is, _ := h.IsSteward(ctx, "bo"); is {
			t.Error("bo still keeps the hall")
		}
	})
}

func TestMove_neededGrowsWithTheHall(t *testing.T) {
	t.Parallel()
	h := openHall(dbtest.Open(t, db.SQLite))
	var old []face.ID
	for month := range 10 {
		old = append(old, h.join(fmt.Sprint("m", month, "-"), 10, 28*month+1)...)
	}
	seat(t, h.Room, "bo")
	if m := h.try(t, "bo", old[:24], nil); m.Needed != 25 || m.Outcome != "lapsed" {
		t.Errorf("24 of 100: %+v", m)
	}
	if m := h.try(t, "bo", []face.ID{old[0], old[15], old[25], old[35], old[45]}, nil); m.Outcome != "lapsed" {
		t.Errorf("five in a hall of a hundred: %+v", m)
	}
	var all []face.ID
	for i := range 25 {
		all = append(all, old[i*4])
	}
	if m := h.try(t, "bo", all, nil); m.Outcome != "carried" {
		t.Errorf("25 of 100: %+v", m)
	}
}

// The attack: puppets that were made together, seasoned, and are many.
func TestMove_puppetsOfOneMonthCarryNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		honest  int
		puppets [][2]int // how many, first spoke so many days after the founding
		outcome string
	}{
		{"five in a small hall", 6, [][2]int{{5, 200}}, "lapsed"},
		{"three hundred of one month", 6, [][2]int{{300, 200}}, "lapsed"},
		{"three hundred of two months", 6, [][2]int{{150, 200}, {150, 240}}, "lapsed"},
		// What it does not stop, and the note says so: patience over three months
		// while nobody objects.
		{"of three months, unopposed", 6, [][2]int{{20, 200}, {20, 240}, {20, 280}}, "carried"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := openHall(dbtest.Open(t, db.SQLite))
			h.join("old", c.honest, 0)
			var puppets []face.ID
			for i, w := range c.puppets {
				puppets = append(puppets, h.join(fmt.Sprint("p", i, "-"), w[0], w[1])...)
			}
			seat(t, h.Room, "bo")
			if m := h.try(t, "bo", puppets, nil); m.Outcome != c.outcome {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestMove_aWaveInTheHallDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	h := openHall(dbtest.Open(t, db.SQLite))
	old := h.join("old", 12, 0)
	wave := h.join("wave", 300, 200)
	seat(t, h.Room, "bo")
	m := h.try(t, "bo", append(slices.Clone(old), wave[:100]...), nil)
	if m.Outcome != "carried" || m.Voices != 19 {
		t.Errorf("twelve founders count in full, the wave for half of that, rounded up: %+v", m)
	}
}

func TestMove_foundersBeyondTwentyAreAWave(t *testing.T) {
	t.Parallel()
	h := openHall(dbtest.Open(t, db.SQLite))
	old := h.join("old", 100, 0)
	seat(t, h.Room, "bo")
	if m := h.try(t, "bo", old, nil); m.Voices != 31 {
		t.Errorf("twenty, and half as many rounded up: %+v", m)
	}
}

func TestMove_recallByTwoOfThreeStewards(t *testing.T) {
	t.Parallel()
	h := openHall(dbtest.Open(t, db.SQLite))
	ctx := context.Background()
	seat(t, h.Room, "ana", "bo", "cleo")
	m, err := h.Move(ctx, "ana", moderation.Recall, "bo", "hides every critic")
	must(t, err)
	must(t, h.Voice(ctx, "cleo", m.ID, moderation.Against))
	if is, _ := h.IsSteward(ctx, "bo"); !is {
		t.Error("a voice against carried it")
	}
	must(t, h.Voice(ctx, "cleo", m.ID, moderation.For))
	if is, _ := h.IsSteward(ctx, "bo"); is {
		t.Error("two of the two others did not carry")
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		h := openHall(d)
		old := h.join("old", 8, 0)
		seat(t, h.Room, "bo")
		m, err := h.Move(ctx, old[0], moderation.Recall, "bo", "hides every critic")
		must(t, err)
		if err := h.Answer(ctx, old[1], m.ID, "I speak for bo"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("another answered: %v", err)
		}
		if err := h.Answer(ctx, "bo", m.ID, " "); !fault.Is(err, fault.Invalid) {
			t.Errorf("got %v", err)
		}
		must(t, h.Answer(ctx, "bo", m.ID, "They were adverts."))
		if got := h.one(t, m.ID); got.Answer != "They were adverts." {
			t.Errorf("%+v", got)
		}
		h.at = h.at.Add(15 * day)
		if err := h.Answer(ctx, "bo", m.ID, "And another thing"); !fault.Is(err, fault.Conflict) {
			t.Errorf("got %v", err)
		}
	})
}

func TestMove_succession(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		h := openHall(d)
		old := h.join("old", 8, 0)
		seat(t, h.Room, "ana")
		if _, err := h.Move(ctx, old[0], moderation.Succession, old[0], "ana does not answer"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a succession while a steward is there: %v", err)
		}
		h.at = h.at.Add(31 * day)
		if _, err := h.Move(ctx, "ana", moderation.Succession, "dov", "ana does not answer"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a steward without a member's voice moved a succession: %v", err)
		}
		m, err := h.Move(ctx, old[0], moderation.Succession, old[0], "ana does not answer")
		must(t, err)
		for _, id := range old[1:5] {
			must(t, h.Voice(ctx, id, m.ID, moderation.For))
		}
		h.at = h.at.Add(8 * day)
		must(t, h.Tally(ctx))
		if is, _ := h.IsSteward(ctx, old[0]); is {
			t.Fatal("no time was left for a sign of life")
		}
		h.at = h.at.Add(7 * day)
		must(t, h.Tally(ctx))
		if is, _ := h.IsSteward(ctx, old[0]); !is {
			t.Error("nobody was seated")
		}
	})
}

func TestMove_successionEndsWithASignOfLife(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := openHall(dbtest.Open(t, db.SQLite))
	old := h.join("old", 8, 0)
	seat(t, h.Room, "ana")
	h.at = h.at.Add(31 * day)
	m, err := h.Move(ctx, old[0], moderation.Succession, old[0], "ana does not answer")
	must(t, err)
	for _, id := range old[1:] {
		must(t, h.Voice(ctx, id, m.ID, moderation.For))
	}
	_, err = h.Decide(ctx, "ana", moderation.Hide, moderation.Target{Kind: "post", ID: "p"}, "I am here")
	must(t, err)
	h.at = h.at.Add(15 * day)
	must(t, h.Tally(ctx))
	if is, _ := h.IsSteward(ctx, old[0]); is || h.one(t, m.ID).Outcome != "lapsed" {
		t.Errorf("seated: %v, %+v", is, h.one(t, m.ID))
	}
}
