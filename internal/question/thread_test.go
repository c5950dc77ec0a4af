package question_test

import (
	"fmt"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/question"
)

// thread is a discussion of 1,027 posts as one of 2020 was: few things are asked, each
// in many words, and between the questions people talk. asks holds for each post
// which of the things it asks; a few ask two at once, and many nothing.
type thread struct {
	posts []question.Said
	asks  [][]int
}

const (
	longThread = 1027
	things     = 31 // asked in the thread
	pageOf     = 50 // posts on one page of a discussion
)

func newThread(h *hall, faces []face.ID) (t thread) {
	began := h.at.Add(-30 * 24 * time.Hour)
	for i := range longThread {
		t.posts = append(t.posts, question.Said{Post: fmt.Sprintf("post%04d", i), Face: faces[i*i%len(faces)], At: began.Add(time.Duration(i) * 37 * time.Minute)})
		var asks []int
		if i%5 != 4 { // every fifth only talks
			asks = append(asks, (i*7+i/pageOf)%things)
		}
		if i%41 == 3 {
			asks = append(asks, (i*7+i/pageOf+11)%things)
		}
		t.asks = append(t.asks, asks)
	}
	return t
}

// A steward goes through a thread of 1,027 posts page by page, as the form for it does.
// She does not always see that a thing has been asked before, and merges what is double.
// In the end there are at most forty questions, and each post that asks something is a case
// of just what it asks, also after moves were taken back and done again.
func TestGather_aLongThread(t *testing.T) {
	each(t, func(h *hall) {
		faces := []face.ID{h.ana.Face, h.bo.Face, h.cleo.Face}
		th := newThread(h, faces)
		opened := map[int][]question.ID{} // by thing, the ones asked twice too
		for from := 0; from < longThread; from += pageOf {
			to := min(from+pageOf, longThread)
			for thing := range things {
				var chosen []question.Said
				for i := from; i < to; i++ {
					for _, a := range th.asks[i] {
						if a == thing {
							chosen = append(chosen, th.posts[i])
						}
					}
				}
				if len(chosen) == 0 {
					continue
				}
				qs := opened[thing]
				if overlooked := from == 10*pageOf && thing%3 == 0; len(qs) == 0 || overlooked {
					q, made, err := h.AskFrom(h.ctx, h.dov, question.Asking{Title: fmt.Sprintf("What about thing number %d, said %d times?", thing, len(qs)+1),
						Lang: "en", Platform: "gigharbour", Owes: question.ByPlatform}, chosen)
					if h.ok(err); made != len(chosen) {
						t.Fatalf("thing %d: %d of %d posts", thing, made, len(chosen))
					}
					opened[thing] = append(qs, q.ID)
					continue
				}
				_, err := h.Gather(h.ctx, h.dov, qs[len(qs)-1], chosen)
				h.ok(err)
			}
		}
		stands := map[int]question.ID{}
		for thing, qs := range opened {
			stands[thing] = qs[0]
			for _, double := range qs[1:] {
				id, err := h.Merge(h.ctx, h.dov, double, qs[0], "The same thing is asked.")
				h.ok(err)
				if thing%2 == 0 { // a doubt, and back
					_, err = h.Unmove(h.ctx, h.dov, id, "Was it the same?")
					h.ok(err)
					_, err = h.Merge(h.ctx, h.dov, double, qs[0], "It was the same.")
					h.ok(err)
				}
			}
		}
		th.holds(h, stands)
	})
}

// holds wants every case where it belongs, once, and nothing else.
func (th thread) holds(h *hall, stands map[int]question.ID) {
	h.t.Helper()
	open, err := h.Questions(h.ctx, question.Filter{Shelf: question.OpenShelf, Limit: 500})
	if h.ok(err); len(open) > 40 || len(open) != things {
		h.t.Errorf("%d questions", len(open))
	}
	missing, people := 0, map[face.ID]bool{}
	for thing, id := range stands {
		there, n := map[string]int{}, 0
		var after question.VariantID
		for {
			vs, next, err := h.Variants(h.ctx, h.nobody, id, after)
			h.ok(err)
			for _, v := range vs {
				there[v.Post]++
				people[v.Asker.ID] = true
				n++
			}
			if after = next; next == "" {
				break
			}
		}
		want := 0
		for i, asks := range th.asks {
			for _, a := range asks {
				if a != thing {
					continue
				}
				want++
				if there[th.posts[i].Post] != 1 {
					missing++
				}
			}
		}
		q, _ := h.clock(id)
		if n != want || q.Variants != want || q.Faces > len(people) {
			h.t.Errorf("thing %d: %d cases shown, %d counted, %d asked it", thing, n, q.Variants, want)
		}
	}
	if missing > 0 {
		h.t.Errorf("%d variants are lost", missing)
	}
	var ids []string
	cases := 0
	for i, p := range th.posts {
		ids = append(ids, p.Post)
		cases += len(th.asks[i])
	}
	places, err := h.OfPosts(h.ctx, ids)
	if h.ok(err); len(places) != cases {
		h.t.Errorf("posts lead to %d questions, want %d", len(places), cases)
	}
	h.t.Logf("%d posts, %d cases, %d questions", len(th.posts), cases, len(open))
}
