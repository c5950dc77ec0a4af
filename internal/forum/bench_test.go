package forum_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/forum"
)

// crowd fills a hall with discussions of 50 posts of some 600 characters.
func crowd(b *testing.B, discussions int) (*forum.Room, forum.Actor, []forum.DiscussionID) {
	b.Helper()
	ctx := context.Background()
	d := dbtest.Open(b, db.SQLite)
	log := event.New(d)
	faces := face.New(face.Config{DB: d, Events: log, Now: time.Now})
	r := forum.New(forum.Config{DB: d, Events: log, Faces: faces, Now: time.Now})
	var who []face.ID
	for range 200 {
		name, err := faces.Draw(ctx)
		if err != nil {
			b.Fatal(err)
		}
		f, err := faces.New(ctx, name)
		if err != nil {
			b.Fatal(err)
		}
		who = append(who, f.ID)
	}
	dov := forum.Actor{Face: who[0], Steward: true}
	dice := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields(strings.Repeat("nobody asked us before the *change* and the calls never ring on any device we own ", 8))
	text := func(n int) string {
		dice.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		return fmt.Sprintf("%d %s.", n, strings.Join(words, " "))[:600]
	}
	var ids []forum.DiscussionID
	for len(ids) < discussions {
		err := d.Tx(ctx, func(ctx context.Context) error {
			for range min(20, discussions-len(ids)) {
				t, err := r.Open(ctx, dov, forum.NewDiscussion{Title: fmt.Sprintf("Discussion %d", len(ids)), Imported: true,
					First: forum.NewPost{Text: text(0), Face: who[dice.IntN(200)]}})
				if err != nil {
					return err
				}
				posts := make([]forum.NewPost, 49)
				for i := range posts {
					posts[i] = forum.NewPost{Text: text(i), Face: who[dice.IntN(200)]}
				}
				if _, err := r.AppendMany(ctx, dov, t.ID, posts); err != nil {
					return err
				}
				ids = append(ids, t.ID)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return r, dov, ids
}

// burnt reports the CPU time of an operation, all threads together: the clock on
// the wall says little on a machine that others use.
func burnt(b *testing.B) func() {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	return func() { b.ReportMetric(float64((used()-before).Microseconds())/float64(b.N), "cpu-µs/op") }
}

// BenchmarkPage reads pages of 50 posts, with faces, at random. Give
// -benchtime=… and see also BenchmarkAppendMany for how fast they are written.
func BenchmarkPage(b *testing.B) {
	for _, n := range []int{200, 10_000} {
		if n > 1000 && testing.Short() {
			continue
		}
		b.Run(fmt.Sprintf("discussions=%d", n), func(b *testing.B) {
			r, _, ids := crowd(b, n)
			ctx := context.Background()
			b.ReportAllocs()
			defer burnt(b)()
			for i := 0; b.Loop(); i++ {
				p, err := r.Page(ctx, forum.Actor{}, ids[i*7919%len(ids)], 1)
				if err != nil || len(p.Posts) != 50 {
					b.Fatal(len(p.Posts), err)
				}
			}
		})
	}
}

// BenchmarkAppendMany writes 50 posts at a time: one op is 50 posts.
func BenchmarkAppendMany(b *testing.B) {
	r, dov, ids := crowd(b, 1)
	posts := make([]forum.NewPost, 50)
	for i := range posts {
		posts[i].Text = fmt.Sprintf("%d %s", i, strings.Repeat("nobody asked us before the *change* ", 17))
	}
	defer burnt(b)()
	for b.Loop() {
		if _, err := r.AppendMany(context.Background(), dov, ids[0], posts); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReply posts durably, one by one.
func BenchmarkReply(b *testing.B) {
	r, dov, ids := crowd(b, 10)
	i := 0
	defer burnt(b)()
	for b.Loop() {
		i++
		text := fmt.Sprintf("%d %s", i, strings.Repeat("nobody asked us before the *change* ", 17))
		if _, err := r.Reply(context.Background(), dov, ids[i%len(ids)], forum.NewPost{Text: text}); err != nil {
			b.Fatal(err)
		}
	}
}
