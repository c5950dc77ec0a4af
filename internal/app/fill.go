package app

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"guildhall/internal/babble"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/ident"
	"guildhall/internal/member"
)

// fillCommand is "guildhall fill".
type fillCommand struct {
	place
	Members     int    `default:"1000" help:"How many members."`
	Discussions int    `default:"1000" help:"How many discussions; one in twenty belongs to an article."`
	Posts       int    `default:"50000" help:"How many posts; at least 49 more than discussions."`
	Seed        uint64 `default:"1" help:"The same seed gives the same texts."`
}

// The made-up discussions lie in these years, oldest first.
var (
	fillFrom = time.Date(2020, 6, 26, 8, 0, 0, 0, time.UTC)
	fillTo   = time.Date(2026, 6, 26, 8, 0, 0, 0, time.UTC)
)

// Run fills the hall, and prints the path of a page that shows 50 posts.
func (c fillCommand) Run(ctx context.Context, s streams) error {
	if c.Members < 2 || c.Discussions < 1 || c.Posts < c.Discussions+forum.PageSize-1 {
		return errors.New("fill: at least 2 members, 1 discussion, and 49 posts more than discussions")
	}
	conf, err := c.place.config(s, "")
	if err != nil {
		return err
	}
	release, err := takeHall(c.Data)
	if err != nil {
		return err
	}
	defer release()
	conf.hasty = true
	clock := &storyClock{}
	clock.set(fillFrom)
	h, err := Open(ctx, c.Data, conf, clock.now)
	if err != nil {
		return err
	}
	defer h.Close()
	if topics, err := h.Forum.Topics(ctx); err != nil || len(topics) > 0 {
		return errors.Join(err, errors.New("fill: the hall is not empty"))
	}
	debug.SetGCPercent(400) // memory is not what filling is short of
	begun := time.Now()
	f := &filler{hall: h, fillCommand: c}
	if err := f.people(ctx); err != nil {
		return err
	}
	if err := f.talk(ctx); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%d posts in %s\n", c.Posts, time.Since(begun).Round(time.Millisecond))
	if err := errors.Join(h.Forum.Bind(ctx), h.freshIndex(ctx)); err != nil {
		return err
	}
	took := time.Since(begun)
	fmt.Fprintf(s.err, "%s with the index: %.0f posts a second\n", took.Round(time.Millisecond), float64(c.Posts)/took.Seconds())
	fmt.Fprintf(s.out, "/discussions/%s/%s\n", f.full.ID, f.full.Slug)
	return nil
}

// filler fills one hall.
type filler struct {
	fillCommand
	hall   *Hall
	faces  []face.ID
	topics []forum.TopicKey
	full   forum.Discussion // one with 50 posts or more
}

// people makes the members, the first of them a steward, and the topics.
func (f *filler) people(ctx context.Context) error {
	random := rand.NewChaCha8([32]byte(slices.Concat([]byte(strconv.FormatUint(f.Seed+1e9, 10)), make([]byte, 32))[:32]))
	w := babble.New(f.Seed, 1<<63)
	return f.hall.DB.Tx(ctx, func(ctx context.Context) error {
		f.faces, f.topics = nil, nil
		taken := map[string]bool{}
		for i := range f.Members {
			name := ident.TwoWordName(random)
			if taken[name] {
				name += " " + strconv.Itoa(i)
			}
			taken[name] = true
			if err := f.join(ctx, name, w); err != nil {
				return err
			}
		}
		if err := f.hall.Moderation.Appoint(ctx, "", f.faces[0]); err != nil {
			return err
		}
		for range 20 {
			if err := f.addTopic(ctx, capitalised(w.Word())+" "+w.Word(), w.Title()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *filler) join(ctx context.Context, name string, w *babble.Writer) error {
	who, err := f.hall.Faces.New(ctx, name)
	if err != nil {
		return err
	}
	f.faces = append(f.faces, who.ID)
	if w.IntN(3) == 0 {
		p := face.Profile{About: w.Title() + ".", Skills: []string{w.Word(), w.Word()}, Languages: []string{"en"}}
		if _, err := f.hall.Faces.SaveProfile(ctx, who.ID, p); err != nil {
			return err
		}
	}
	_, err = f.hall.Members.Join(ctx, member.Joining{ // nobody has a key to it
		Face: string(who.ID), CodeHash: "none", UserHandle: ident.Random(), Lang: "en", Zone: "UTC",
	})
	return err
}

func (f *filler) addTopic(ctx context.Context, name, about string) error {
	t, err := f.hall.Forum.AddTopic(ctx, f.keeper(), forum.NewTopic{
		Names: map[string]string{"en": name}, About: map[string]string{"en": about + "."},
	})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	f.topics = append(f.topics, t.Key)
	return err
}

func (f *filler) keeper() forum.Actor { return forum.Actor{Face: f.faces[0], Steward: true} }

// talk writes all discussions, many at a time: while one is stored, texts of
// others are made and rendered, and those that wait share a commit.
func (f *filler) talk(ctx context.Context) error {
	sizes := sizes(f.Discussions, f.Posts, f.Seed)
	workers := 8 * runtime.NumCPU()
	made := make([]forum.Discussion, workers)
	g, ctx := errgroup.WithContext(ctx)
	for n := range workers {
		g.Go(func() error {
			for i := n; i < len(sizes); i += workers {
				d, err := f.discuss(ctx, i, sizes[i])
				if err != nil {
					return err
				}
				if i == 0 {
					made[n] = d
				}
			}
			return nil
		})
	}
	err := g.Wait()
	f.full = made[0]
	return err
}

// sizes shares the posts out: few discussions are long and most are short. The
// first has a full page.
func sizes(discussions, posts int, seed uint64) []int {
	r := rand.New(rand.NewPCG(seed, 1<<62))
	shares, total := make([]float64, discussions), 0.0
	for i := range shares {
		shares[i] = min(math.Pow(1-r.Float64(), -0.7), 200)
		total += shares[i]
	}
	out, left := make([]int, discussions), posts-discussions
	for i := range out {
		out[i] = 1 + int(shares[i]/total*float64(posts-discussions))
		left -= out[i] - 1
	}
	out[0] += left
	for i := discussions - 1; i > 0 && out[0] < forum.PageSize; i-- { // small halls
		give := min(out[i]-1, forum.PageSize-out[0])
		out[i], out[0] = out[i]-give, out[0]+give
	}
	return out
}

// discuss writes one discussion with n posts.
func (f *filler) discuss(ctx context.Context, number, n int) (d forum.Discussion, err error) {
	w := babble.New(f.Seed, uint64(number))
	at := fillFrom.Add(fillTo.Sub(fillFrom) / time.Duration(f.Discussions) * time.Duration(number))
	clock := &storyClock{}
	clock.set(at)
	room := forum.New(forum.Config{DB: f.hall.DB, Events: f.hall.Events, Faces: f.hall.Faces, Now: clock.now, Host: f.hall.host()})
	posts := f.posts(w, n, at)
	topics := []forum.TopicKey{f.topics[w.IntN(len(f.topics))], f.topics[w.IntN(len(f.topics))]}
	by := forum.Actor{Face: posts[0].Face}
	if number%20 == 19 {
		a, err := room.Publish(ctx, by, forum.NewArticle{Title: w.Title(), Topics: topics, Platform: capitalised(w.Word()), Text: w.Article()})
		if err != nil {
			return d, err
		}
		_, err = room.AppendMany(ctx, f.keeper(), a.Discussion, posts)
		return d, err
	}
	d, err = room.Open(ctx, by, forum.NewDiscussion{Title: w.Title(), Topics: topics, First: posts[0]})
	if err != nil || n == 1 {
		return d, err
	}
	_, err = room.AppendMany(ctx, f.keeper(), d.ID, posts[1:])
	return d, err
}

// posts writes the texts of a discussion. Some few speak much, as everywhere.
func (f *filler) posts(w *babble.Writer, n int, at time.Time) []forum.NewPost {
	posts := make([]forum.NewPost, n)
	circle := 2 + w.IntN(min(len(f.faces)-1, 40))
	first := w.IntN(len(f.faces))
	for i := range posts {
		who := int(w.Float() * w.Float() * float64(circle))
		posts[i] = forum.NewPost{Text: w.Post(), Face: f.faces[(first+who)%len(f.faces)], At: at}
		if i > 1 && w.IntN(3) == 0 {
			posts[i].Answers = 1 + w.IntN(i-1)
		}
		at = at.Add(time.Duration(1+w.IntN(180)) * time.Minute)
	}
	return posts
}

func capitalised(s string) string { return string(s[0]&^0x20) + s[1:] }
