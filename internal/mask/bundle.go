package mask

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"slices"
	"sync"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
	"guildhall/internal/mask/wire"
	"guildhall/internal/safedb"
)

// digestDays is how far back the digest reaches: the days in which 72 ticks lie.
const digestDays = 3

// Bundle is everything a space shows, as clients read it.
type Bundle struct {
	V       int               `json:"v"`
	Space   Shown             `json:"space"`
	Tick    int               `json:"tick"`
	Masks   []Speaker         `json:"masks"`   // who speaks in it
	Threads []Thread          `json:"threads"` // the one with the newest post first
	Digest  []Answered        `json:"digest"`
	Cases   []json.RawMessage `json:"cases"`
}

// Shown is what a space says of itself.
type Shown struct {
	Space
	Speaking bool `json:"speaking"` // whether there are masks enough to write
}

// Speaker is a mask in a bundle.
type Speaker struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Picture wire.Bytes `json:"picture"`
	Until   int        `json:"until"` // the last day of its name
	State   string     `json:"state,omitempty"`
}

// Thread is a first post and its answers.
type Thread struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Posts []Post `json:"posts"` // by day, answers after what they answer
}

// Post is one text. Its state is empty when it is shown.
type Post struct {
	ID          string        `json:"id"`
	Mask        string        `json:"mask"`
	Day         int           `json:"day"`
	Reply       string        `json:"reply,omitempty"`
	Lang        string        `json:"lang,omitempty"`
	HTML        markdown.HTML `json:"html"`
	State       string        `json:"state,omitempty"`
	Recommended int           `json:"recommended,omitempty"`

	thread, title string
	depth         int
}

// Answered says that a post answers a mask.
type Answered struct {
	Post string `json:"post"`
	To   string `json:"to"`
}

// bundle is one on the shelf; whoever comes first makes it.
type bundle struct {
	once   sync.Once
	packed []byte
	err    error
}

// Bundle gives what a space shows, packed with gzip: the same bytes for everybody
// within a tick, also when the program was restarted meanwhile. It is read-only.
func (r *Room) Bundle(ctx context.Context, space string) (packed []byte, err error) {
	defer fault.Wrap(&err, "mask.Bundle")
	s, err := r.space(ctx, space)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	b := r.shelf[space]
	if b == nil {
		b = &bundle{}
		r.shelf[space] = b
	}
	r.mu.Unlock()
	b.once.Do(func() { b.packed, b.err = r.pack(context.WithoutCancel(ctx), s) })
	if b.err != nil { // the next one tries again
		r.mu.Lock()
		if r.shelf[space] == b {
			delete(r.shelf, space)
		}
		r.mu.Unlock()
	}
	return b.packed, b.err
}

// pack makes a bundle.
func (r *Room) pack(ctx context.Context, s Space) ([]byte, error) {
	b := Bundle{V: wire.Version, Space: Shown{Space: s}, Tick: int(r.tick.Load()), Cases: []json.RawMessage{}}
	var posts []Post
	err := r.DB.Read(ctx, func(tx *safedb.Tx) (err error) {
		if b.Space.Speaking, err = isSpeaking(tx, s.ID); err != nil {
			return err
		}
		if b.Masks, err = speakers(tx, s.ID); err != nil {
			return err
		}
		posts, err = postsOf(tx, s.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	b.Threads = threads(posts)
	b.Digest = digest(posts, epoch.DayOfTick(b.Tick)-digestDays)
	text, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // no name and no time in it
	_, err = z.Write(text)
	err = cmp.Or(err, z.Close())
	return out.Bytes(), err
}

func speakers(tx *safedb.Tx, space string) ([]Speaker, error) {
	list := []Speaker{}
	return list, tx.Rows(qSpeakers, func(scan func(...any) error) error {
		m, err := scanMask(scan)
		picture := wire.Picture(m.Key)
		s := Speaker{ID: m.ID, Name: wire.Name(m.Key), Picture: picture[:], Until: Until(m.Epoch)}
		if m.State == Banned {
			s.State = "banned"
		}
		list = append(list, s)
		return err
	}, space)
}

func postsOf(tx *safedb.Tx, space string) (posts []Post, err error) {
	return posts, tx.Rows(qPosts, func(scan func(...any) error) error {
		var p Post
		var html string
		var state int
		err := scan(&p.thread, &p.ID, &p.Mask, &p.Day, &p.Reply, &p.title, &p.Lang, &html, &state, &p.Recommended)
		p.HTML = markdown.HTML(html)
		switch state {
		case postDeleted:
			p.State = "deleted"
		case postHidden:
			p.State, p.HTML, p.title = "hidden", "", ""
		}
		posts = append(posts, p)
		return err
	}, space)
}

// threads orders posts by what the rows say and nothing else: day, depth, id.
func threads(posts []Post) []Thread {
	byID := make(map[string]*Post, len(posts))
	for i := range posts {
		byID[posts[i].ID] = &posts[i]
	}
	for i := range posts {
		p := &posts[i]
		for q := byID[p.Reply]; q != nil && p.depth < len(posts); q = byID[q.Reply] {
			p.depth++
		}
		if p.ID == p.thread {
			p.depth = -1
		}
	}
	slices.SortFunc(posts, func(x, y Post) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.depth, y.depth), cmp.Compare(x.ID, y.ID))
	})
	list, at := []Thread{}, map[string]int{}
	for _, p := range posts {
		i, ok := at[p.thread]
		if !ok {
			i = len(list)
			at[p.thread] = i
			list = append(list, Thread{ID: p.thread})
		}
		if p.ID == p.thread {
			list[i].Title = p.title
		}
		list[i].Posts = append(list[i].Posts, p)
	}
	newest := func(t Thread) int { return t.Posts[len(t.Posts)-1].Day }
	slices.SortStableFunc(list, func(x, y Thread) int { return cmp.Or(cmp.Compare(newest(y), newest(x)), cmp.Compare(x.ID, y.ID)) })
	return list
}

// digest lists the posts since a day that answer somebody.
func digest(posts []Post, since int) []Answered {
	by := make(map[string]string, len(posts))
	for _, p := range posts {
		by[p.ID] = p.Mask
	}
	list := []Answered{}
	for _, p := range posts {
		answered := cmp.Or(p.Reply, p.thread)
		if to := by[answered]; p.Day >= since && answered != p.ID && to != "" && to != p.Mask {
			list = append(list, Answered{p.ID, to})
		}
	}
	slices.SortFunc(list, func(x, y Answered) int { return cmp.Compare(x.Post, y.Post) })
	return list
}
