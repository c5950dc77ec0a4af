package main

import (
	"slices"
	"testing"
)

// TestBook_readsRowsOfTwo: of a row that names two the adversary knows both, by their
// places in it; and of one that names a conversation, all who have it.
func TestBook_readsRowsOfTwo(t *testing.T) {
	t.Parallel()
	b := newBook(truth{Suspects: []names{{Face: "face-ana", Handle: "Ana"}, {Face: "face-bo", Handle: "Bo"}, {Face: "face-cleo", Handle: "Cleo"}}})
	row := func(where string, words ...string) record { return record{Where: where, Words: words} }
	all := files{Records: []record{
		row("message_leaf", "leaf-of-ana", "face-ana"), row("message_leaf", "leaf-of-bo", "face-bo"),
		row("message_member", "talk-of-both", "leaf-of-ana"), row("message_member", "talk-of-both", "leaf-of-bo"),
		row("connection_ask", "face-bo", "face-cleo", "words"), row("message_leaf", "leaf-of-cleo", "face-cleo"),
		row("message_member", "room-of-all", "leaf-of-ana"), row("message_member", "room-of-all", "leaf-of-bo"), row("message_member", "room-of-all", "leaf-of-cleo"),
	}}
	b.accounts(all)
	b.pairs(all)
	for _, c := range []struct {
		r    record
		want []party
	}{
		{row("message_waiting", "leaf-of-bo", "talk-of-both"), []party{{1, ""}}},
		{row("message_item", "an-item", "talk-of-both"), []party{{0, " of two"}, {1, " of two"}}},
		{row("message_file", "a-file", "room-of-all"), []party{{0, " of few"}, {1, " of few"}, {2, " of few"}}},
		{row("connection_ask", "face-cleo", "face-ana"), []party{{2, " 1."}, {0, " 2."}}},
		{row("message_item", "an-item", "talk-of-others"), nil},
	} {
		if got := b.parties(c.r); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.r, got, c.want)
		}
	}
}

// TestGone_isNotWhatHasChanged: a row that says something else is new, and none is gone.
func TestGone_isNotWhatHasChanged(t *testing.T) {
	t.Parallel()
	at := func(n int64, words ...string) record { return record{"notice", words, []number{{"n", n}}} }
	of := func(rs ...record) map[string]record {
		m := map[string]record{}
		for _, r := range rs {
			m[r.text()] = r
		}
		return m
	}
	list := gone(of(at(1, "a", "x"), at(1, "b", "y")), of(at(2, "a", "x")))
	if len(list) != 1 || list[0].Words[0] != "b" {
		t.Errorf("gone: %v", list)
	}
}

// TestMoment_readsStepsOfALadder: a notice's next rung is counted in five minutes.
func TestMoment_readsStepsOfALadder(t *testing.T) {
	t.Parallel()
	if got, ok := moment(moments(100).Unix() / 300); !ok || got.from > 100 || got.to < 100 || got.to-got.from > 0.1 {
		t.Errorf("%+v %v", got, ok)
	}
}
