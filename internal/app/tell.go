package app

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/demo"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/markdown"
	"guildhall/internal/moderation"
)

// storyClock stands where the story is, so that the rooms date what they do.
type storyClock struct{ at atomic.Int64 } // nanoseconds since 1970

func (c *storyClock) now() time.Time  { return time.Unix(0, c.at.Load()).UTC() }
func (c *storyClock) set(t time.Time) { c.at.Store(t.UnixNano()) }

// teller writes a story through the rooms as if it happened: each scene at its
// moment, by whoever plays in it.
type teller struct {
	hall  *Hall
	story *demo.Hall
	clock storyClock

	scenes      []scene
	faces       map[string]face.Face // by the story's handle
	articles    map[string]forum.Article
	discussions map[string]*talk
	decisions   []moderation.Decision // as in the story; the zero one while not played
	praises     []praise
}

// praise is how often a thing is recommended. Recommendations keep no time, so
// they come last, when everybody is there.
type praise struct {
	thing  forum.Thing
	author string
	times  int
}

// scene is one thing that happens in the story.
type scene struct {
	at   time.Time
	play func(ctx context.Context) error
}

// talk is a discussion of the story as it stands in the hall.
type talk struct {
	forum.Discussion
	posts []forum.PostID
}

func newTeller(story *demo.Hall) *teller {
	t := &teller{
		story: story, faces: map[string]face.Face{}, articles: map[string]forum.Article{},
		discussions: map[string]*talk{}, decisions: make([]moderation.Decision, len(story.Decisions)),
	}
	t.clock.set(story.Articles[0].At)
	return t
}

// settled is how long before their first word members have joined.
const settled = 72 * time.Hour

// tell plays all scenes in the order of their moments.
func (t *teller) tell(ctx context.Context) error {
	t.cast()
	for _, a := range t.story.Articles {
		t.at(a.At, func(ctx context.Context) error { return t.publish(ctx, a) })
	}
	for _, d := range t.story.Discussions {
		t.discuss(d)
	}
	for i, d := range t.story.Decisions {
		t.at(d.At, func(ctx context.Context) error { return t.decide(ctx, i, d) })
	}
	for _, r := range t.story.Reports {
		t.at(r.At, func(ctx context.Context) error { return t.report(ctx, r) })
	}
	t.askAll()
	t.watchTerms()
	slices.SortStableFunc(t.scenes, func(a, b scene) int { return a.at.Compare(b.at) })
	for len(t.scenes) > 0 {
		s := t.scenes[0]
		t.scenes = t.scenes[1:]
		t.clock.set(s.at)
		if err := s.play(ctx); err != nil {
			return err
		}
	}
	for i, p := range t.praises {
		if err := t.recommend(ctx, p, i); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) at(when time.Time, play func(ctx context.Context) error) {
	t.scenes = append(t.scenes, scene{when, play})
}

// afterwards adds a scene while the story is being told.
func (t *teller) afterwards(when time.Time, play func(ctx context.Context) error) {
	i, _ := slices.BinarySearchFunc(t.scenes, when, func(s scene, at time.Time) int {
		if s.at.After(at) {
			return 1
		}
		return -1
	})
	t.scenes = slices.Insert(t.scenes, i, scene{when, play})
}

// founder is the story's first steward.
func (t *teller) founder() string {
	for _, m := range t.story.Members {
		if m.Steward {
			return m.Handle
		}
	}
	return ""
}

// cast lets the members join, each before her first word, and the founder
// before everybody.
func (t *teller) cast() {
	first := map[string]time.Time{}
	open := t.story.Articles[0].At
	meet := func(handle string, at time.Time) {
		if old, ok := first[handle]; !ok || at.Before(old) {
			first[handle] = at
		}
		if at.Before(open) {
			open = at
		}
	}
	for _, a := range t.story.Articles {
		meet(a.Author, a.At)
	}
	for _, d := range t.story.Discussions {
		for _, p := range d.Posts {
			meet(p.Author, p.At)
		}
	}
	founder := t.founder()
	meet(founder, open.Add(-settled))
	for _, m := range t.story.Members {
		at, ok := first[m.Handle]
		if !ok {
			at = open
		}
		t.at(at.Add(-settled), func(ctx context.Context) error { return t.enter(ctx, m) })
		if m.Steward {
			seated := at.Add(-settled)
			if !m.StewardSince.IsZero() {
				seated = m.StewardSince
			}
			t.at(seated, func(ctx context.Context) error { return t.seat(ctx, m.Handle, founder) })
		}
	}
	t.at(open, t.openTopics)
	t.at(open.Add(spacesAfter), t.openSpaces)
}

func (t *teller) enter(ctx context.Context, m demo.Member) error {
	f, err := t.hall.Faces.New(ctx, m.Name)
	if err != nil {
		return fmt.Errorf("member %s: %w", m.Handle, err)
	}
	p, err := t.hall.Faces.SaveProfile(ctx, f.ID, face.Profile{
		About: m.About, Skills: m.Skills, Languages: m.Languages, Zone: m.Zone, Links: m.Links, Listed: true,
	})
	t.faces[m.Handle] = p.Face
	return err
}

func (t *teller) seat(ctx context.Context, handle, founder string) error {
	by := t.faces[founder].ID
	if handle == founder {
		by = ""
	}
	return t.hall.Moderation.Appoint(ctx, by, t.faces[handle].ID)
}

func (t *teller) openTopics(ctx context.Context) error {
	for _, o := range t.story.Topics {
		_, err := t.hall.Forum.AddTopic(ctx, t.steward(t.founder()), forum.NewTopic{
			Key: forum.TopicKey(o.Key), Names: o.Name, About: o.About,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) member(handle string) forum.Actor { return forum.Actor{Face: t.faces[handle].ID} }

func (t *teller) steward(handle string) forum.Actor {
	return forum.Actor{Face: t.faces[handle].ID, Steward: true}
}

func topicKeys(keys []string) []forum.TopicKey {
	out := make([]forum.TopicKey, len(keys))
	for i, k := range keys {
		out[i] = forum.TopicKey(k)
	}
	return out
}

// text turns the story's inner links into addresses. What is told only later
// has none yet: there the reader is sent to the list.
func (t *teller) text(markdown string) string {
	return demo.Link(markdown, func(kind, key string) string {
		if a, ok := t.articles[key]; ok && kind == "article" {
			return "/articles/" + string(a.ID) + "/" + a.Slug
		}
		if d, ok := t.discussions[key]; ok && kind == "discussion" {
			return "/discussions/" + string(d.ID) + "/" + d.Slug
		}
		return "/" + kind + "s"
	})
}

func (t *teller) publish(ctx context.Context, a demo.Article) error {
	text := t.text(a.Markdown)
	if a.Image != "" {
		picture, err := demo.Picture(a.Image)
		if err != nil {
			return err
		}
		kept, err := t.hall.Pictures.PutImage(ctx, bytes.NewReader(picture), blob.Limits{})
		if err != nil {
			return err
		}
		text = "![" + a.ImageAlt + "](" + markdown.BlobPath + kept.Name + ")\n\n" + text
	}
	made, err := t.hall.Forum.Publish(ctx, t.member(a.Author), forum.NewArticle{
		Title: a.Title, Lang: a.Lang, Topics: topicKeys(a.Topics), Platform: a.Platform, Text: text,
	})
	if err != nil {
		return fmt.Errorf("article %s: %w", a.Slug, err)
	}
	t.articles[a.Slug] = made
	t.praise(made.ID.Thing(), a.Author, a.Recommends)
	return nil
}

// discuss sets the scenes of one discussion.
func (t *teller) discuss(d demo.Discussion) {
	for _, p := range d.Posts {
		t.at(p.At, func(ctx context.Context) error {
			if err := t.say(ctx, d, p); err != nil {
				return fmt.Errorf("discussion %s, post %d: %w", d.Key, p.Number, err)
			}
			return nil
		})
	}
	if d.Summary != nil {
		t.at(d.Summary.At, func(ctx context.Context) error { return t.summarise(ctx, d) })
	}
	decided := slices.ContainsFunc(t.story.Decisions, func(c demo.Decision) bool {
		return c.Discussion == d.Key && c.Act == demo.Lock
	})
	if d.Lock != nil && !decided {
		t.at(d.Lock.At, func(ctx context.Context) error {
			return t.lock(ctx, t.discussions[d.Key].ID, d.Lock.Author, d.Lock.Markdown)
		})
	}
}

func (t *teller) say(ctx context.Context, d demo.Discussion, p demo.Post) error {
	in := t.discussions[d.Key]
	n := forum.NewPost{Text: t.text(p.Markdown)}
	if p.Held {
		n.Held = "moderation.held.newcomer"
	}
	if p.QuoteOf > 0 {
		n.ReplyTo = in.posts[p.QuoteOf-1]
		quoted := t.faces[d.Posts[p.QuoteOf-1].Author]
		n.Text = t.text(p.Quoting(quoted.Name, "/posts/"+string(n.ReplyTo)))
	}
	if in == nil && d.Under == "" {
		made, err := t.hall.Forum.Open(ctx, t.member(p.Author), forum.NewDiscussion{
			Title: d.Title, Lang: d.Lang, Topics: topicKeys(d.Topics), First: n,
		})
		if err != nil {
			return err
		}
		t.discussions[d.Key] = &talk{made, []forum.PostID{made.LastPost}}
		t.praise(made.LastPost.Thing(), p.Author, p.Recommends)
		return nil
	}
	if in == nil {
		a := t.articles[d.Under]
		in = &talk{Discussion: forum.Discussion{ID: a.Discussion, Slug: a.Slug}}
		t.discussions[d.Key] = in
	}
	made, err := t.hall.Forum.Reply(ctx, t.member(p.Author), in.ID, n)
	if err != nil {
		return err
	}
	in.posts = append(in.posts, made.ID)
	t.praise(made.ID.Thing(), p.Author, p.Recommends)
	return nil
}

func (t *teller) praise(thing forum.Thing, author string, times int) {
	t.praises = append(t.praises, praise{thing, author, times})
}

// recommend lets members recommend a thing: always the same ones, and not its
// author.
func (t *teller) recommend(ctx context.Context, p praise, number int) error {
	members := t.story.Members
	for _, i := range rand.New(rand.NewPCG(1, uint64(number))).Perm(len(members)) {
		if p.times == 0 {
			return nil
		}
		if members[i].Handle == p.author {
			continue
		}
		_, err := t.hall.Forum.Recommend(ctx, t.member(members[i].Handle), p.thing)
		if fault.Is(err, fault.NotFound) {
			return nil // hidden since
		}
		if err != nil {
			return err
		}
		p.times--
	}
	return nil
}

func (t *teller) summarise(ctx context.Context, d demo.Discussion) error {
	in := t.discussions[d.Key]
	text := demo.LinkPosts(t.text(d.Summary.Markdown), func(n int) string { return "/posts/" + string(in.posts[n-1]) })
	_, err := t.hall.Forum.Summarise(ctx, t.steward(d.Summary.Author), in.ID, 0, text)
	return err
}

func (t *teller) lock(ctx context.Context, id forum.DiscussionID, by, reason string) error {
	if err := t.hall.Forum.Close(ctx, t.steward(by), id, strings.TrimSpace(reason)); err != nil {
		return err
	}
	_, err := t.hall.Moderation.Decide(ctx, t.faces[by].ID, moderation.Lock, target(id.Thing()), reason)
	return err
}
