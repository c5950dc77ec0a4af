package mask

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/safedb"
)

// digestDays is how far back the digest reaches: the days in which 72 ticks lie.
const digestDays = 3

// heardDays is for how long a space tells what became of questions that its masks ask.
const heardDays = 56

// said is a post with what its thread needs of it.
type said struct {
	wire.Said
	thread, title string
	depth         int
}

// bundle is one on the shelf; whoever comes first makes it.
type bundle struct {
	once   sync.Once
	packed []byte
	err    error
}

// Bundle gives what a space shows, packed with gzip: the same bytes for everybody
// within a tick, also when the program was restarted meanwhile; a moderator's
// decision shows at once. It is read-only.
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
	b := wire.Bundle{
		Space: wire.Space{ID: s.ID, Name: s.Name, Pace: string(s.Pace), State: "small"},
		Tick:  int(r.tick.Load()), Masks: []wire.Mask{},
	}
	today := epoch.DayOfTick(b.Tick)
	var posts []said
	var err error
	if r.Window != nil {
		if b.Window, err = r.Window(ctx, s.ID); err != nil {
			return nil, err
		}
	}
	if b.Asked, err = r.asks(ctx, s.ID); err != nil {
		return nil, err
	}
	if r.Heard != nil { // as it stood when the tick began, also for who makes it anew later
		if b.Heard, err = r.Heard(ctx, s.ID, today-heardDays, epoch.StartOfTick(b.Tick)); err != nil {
			return nil, err
		}
	}
	err = r.DB.Read(ctx, func(tx *safedb.Tx) (err error) {
		open := false
		if open, b.Space.Masks, err = standing(tx, s.ID); err != nil {
			return err
		}
		if open {
			b.Space.State = "open"
		}
		if b.Cases, err = cases(tx, s.ID, today); err != nil {
			return err
		}
		if b.Masks, err = speakers(tx, s.ID, today); err != nil {
			return err
		}
		posts, err = postsOf(tx, s.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	b.Threads = threads(posts)
	b.Digest = digest(posts, today-digestDays)
	return b.Pack()
}

func speakers(tx *safedb.Tx, space string, today int) ([]wire.Mask, error) {
	list := []wire.Mask{}
	return list, tx.Rows(qSpeakers, func(scan func(...any) error) error {
		m, err := scanMask(scan)
		w := wire.Mask{ID: m.ID, Key: m.Key, Name: wire.Name(m.Key), Epoch: m.Epoch}
		switch {
		case m.State == Banned:
			w.State = "banned"
		case m.MutedUntil >= today:
			w.State = "muted"
		case today > Until(m.Epoch): // not when it renewed: who renews on which day is nobody's business
			w.State = "old"
		}
		list = append(list, w)
		return err
	}, space)
}

func postsOf(tx *safedb.Tx, space string) (posts []said, err error) {
	reasons := map[string]string{}
	err = tx.Rows(qReasons, func(scan func(...any) error) error {
		var post, reason string
		err := scan(&post, &reason)
		reasons[post] = reason
		return err
	}, space)
	if err != nil {
		return nil, err
	}
	return posts, tx.Rows(qPosts, func(scan func(...any) error) error {
		var p said
		var state int
		err := scan(&p.thread, &p.ID, &p.Mask, &p.Day, &p.Reply, &p.title, &p.Lang, &p.HTML, &state, &p.Recommended)
		switch state {
		case postDeleted:
			p.State = "deleted"
		case postHidden, postRemoved:
			p.State, p.HTML, p.title, p.Reason = "hidden", "", "", reasons[p.ID]
		case postHeld, postRefused:
			return err
		}
		posts = append(posts, p)
		return err
	}, space)
}

// threads orders posts by what the rows say and nothing else: day, depth, id.
func threads(posts []said) []wire.Thread {
	byID := make(map[string]*said, len(posts))
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
	slices.SortFunc(posts, func(x, y said) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.depth, y.depth), cmp.Compare(x.ID, y.ID))
	})
	list, at := []wire.Thread{}, map[string]int{}
	for _, p := range posts {
		i, ok := at[p.thread]
		if !ok {
			i = len(list)
			at[p.thread] = i
			list = append(list, wire.Thread{ID: p.thread})
		}
		if p.ID == p.thread {
			list[i].Title = p.title
		}
		list[i].Posts = append(list[i].Posts, p.Said)
	}
	newest := func(t wire.Thread) int { return t.Posts[len(t.Posts)-1].Day }
	slices.SortStableFunc(list, func(x, y wire.Thread) int {
		return cmp.Or(cmp.Compare(newest(y), newest(x)), cmp.Compare(x.ID, y.ID))
	})
	return list
}

// digest lists the posts since a day that answer somebody.
func digest(posts []said, since int) []wire.Reply {
	by := make(map[string]string, len(posts))
	for _, p := range posts {
		by[p.ID] = p.Mask
	}
	list := []wire.Reply{}
	for _, p := range posts {
		answered := cmp.Or(p.Reply, p.thread)
		if to := by[answered]; p.Day >= since && answered != p.ID && to != "" && to != p.Mask {
			list = append(list, wire.Reply{Post: p.ID, To: to})
		}
	}
	slices.SortFunc(list, func(x, y wire.Reply) int { return cmp.Compare(x.Post, y.Post) })
	return list
}
