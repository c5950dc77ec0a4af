package forum

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
	"guildhall/internal/typed"
)

// A restate is what keeps a debate from circling (Dynamo, CHI 2015): a post that says
// what two sides say, and ends in something that can be done.

// Restate is what makes a post a restate.
type Restate struct {
	Post     PostID
	Of       []Quoted // the posts it restates, at least two, by at least two people
	Proposal string   // its last paragraph, plain
	Due      time.Time
	Came     []Thing // what came of it; empty while it waits for a next step
}

// Quoted is a post that a restate is about, where it stands now.
type Quoted struct {
	Post PostID
	Seq  int
}

// NewRestate is a restate to be written.
type NewRestate struct {
	Text     string // Markdown: what the sides say
	Proposal string // one paragraph, which becomes the last one
	Of       []int  // the numbers of the posts in their discussion
	Due      time.Time
	Held     string // key of the reason why it waits for a steward; empty: it does not
}

// The limits of restates: of the proposal in characters, of the posts, of the days
// until something should come of it.
const (
	MinProposal, MaxProposal = 12, 200
	MinRestated, MaxRestated = 2, 8
	MaxDueDays               = 92
)

var (
	qRestateMake  = db.SQL("forum.restateMake", `INSERT INTO forum_restate (post_id, of_posts, proposal, due_at) VALUES ($1, $2, $3, $4)`)
	qRestated     = db.SQL("forum.restated", `UPDATE forum_discussion SET restated = 1 WHERE id = $1`)
	qRestatedInto = db.SQL("forum.restatedInto", `UPDATE forum_discussion SET restated = 1 WHERE id = $1
		AND EXISTS (SELECT 1 FROM forum_restate r JOIN forum_post p ON p.id = r.post_id WHERE p.discussion_id = $1)`)
	qRestateEdit = db.SQL("forum.restateEdit", `UPDATE forum_restate SET proposal = $2 WHERE post_id = $1`)
	qRestateOne  = db.SQL("forum.restateOne", `SELECT post_id, of_posts, proposal, due_at FROM forum_restate WHERE post_id = $1`)
	qRestates    = db.SQL("forum.restates", `SELECT r.post_id, r.of_posts, r.proposal, r.due_at FROM forum_post p JOIN forum_restate r ON r.post_id = p.id
		WHERE p.discussion_id = $1 AND p.seq BETWEEN $2 AND $3 AND p.state = 0`)
	qRestatesOpen = db.SQL("forum.restatesOpen", `SELECT r.post_id, r.of_posts, r.proposal, r.due_at FROM forum_restate r JOIN forum_post p ON p.id = r.post_id
		JOIN forum_discussion d ON d.id = p.discussion_id
		WHERE p.state = 0 AND d.listed = 1 AND NOT EXISTS (SELECT 1 FROM forum_outcome o WHERE o.post_id = r.post_id) ORDER BY r.due_at, r.post_id LIMIT $1`)
	qRestateErase = db.SQL("forum.eraseRestates", `DELETE FROM forum_restate WHERE post_id IN (SELECT id FROM forum_post WHERE face_id = $1)`)
	qOutcomeMake  = db.SQL("forum.outcomeMake", `INSERT INTO forum_outcome (post_id, kind, thing_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	qOutcomes     = db.SQL("forum.outcomes", `SELECT kind, thing_id FROM forum_outcome WHERE post_id = $1 ORDER BY kind, thing_id`)
	qOutcomeErase = db.SQL("forum.eraseOutcomes", `DELETE FROM forum_outcome WHERE post_id IN (SELECT id FROM forum_post WHERE face_id = $1)`)
)

// Restate adds a restate to a discussion; everybody who may answer there may. Faults:
// as Reply, and Invalid on "of", "proposal" and "due".
func (r *Room) Restate(ctx context.Context, by Actor, id DiscussionID, n NewRestate) (p Post, err error) {
	defer fault.Wrap(&err, "forum.Restate(%s)", id)
	if err = MayWrite(by); err != nil {
		return Post{}, err
	}
	x := Restate{Due: n.Due.UTC().Truncate(24 * time.Hour)}
	if x.Proposal, err = proposal(n.Proposal); err != nil {
		return Post{}, err
	}
	if today := r.moment().Truncate(24 * time.Hour); !x.Due.After(today) || x.Due.After(today.AddDate(0, 0, MaxDueDays)) {
		return Post{}, fault.On("due", fault.Invalid, "forum.restate.due", MaxDueDays)
	}
	if strings.TrimSpace(n.Text) == "" {
		return Post{}, fault.On("text", fault.Invalid, "fault.empty")
	}
	w, err := r.draft(by, NewPost{Text: strings.TrimRight(n.Text, " \t\r\n") + "\n\n" + x.Proposal, Held: n.Held})
	if err != nil {
		return Post{}, err
	}
	if _, ok := lastParagraph(w.rendered); !ok {
		return Post{}, fault.On("proposal", fault.Invalid, "forum.restate.paragraph")
	}
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		d, err := r.discussionTx(ctx, by, id)
		if err != nil {
			return err
		}
		if err := MayReply(by, d); err != nil {
			return err
		}
		if x.Of, err = r.sidesTx(ctx, id, n.Of); err != nil {
			return err
		}
		if p, err = r.postTx(ctx, d, w); err != nil {
			return err
		}
		x.Post = p.ID
		return r.restateTx(ctx, id, x)
	})
	if err != nil {
		return Post{}, err
	}
	return p, r.named(ctx, &p.Author)
}

func (r *Room) restateTx(ctx context.Context, in DiscussionID, x Restate) error {
	ids := make([]string, len(x.Of))
	for i, q := range x.Of {
		ids[i] = string(q.Post)
	}
	if _, err := r.db.Exec(ctx, qRestateMake, string(x.Post), strings.Join(ids, " "), x.Proposal, db.Micros(x.Due)); err != nil {
		return err
	}
	_, err := r.db.Exec(ctx, qRestated, string(in))
	return err
}

// sidesTx finds the posts that a restate is about: shown ones, not all by one person.
func (r *Room) sidesTx(ctx context.Context, in DiscussionID, seqs []int) (of []Quoted, err error) {
	people, seen := map[face.ID]bool{}, map[int]bool{}
	for _, n := range seqs {
		if seen[n] {
			continue
		}
		seen[n] = true
		ps, err := r.pageRows(ctx, in, n, n)
		if err != nil {
			return nil, err
		}
		if len(ps) != 1 || ps[0].State != Shown {
			return nil, fault.On("of", fault.Invalid, "forum.restate.none", n)
		}
		people[ps[0].Author.ID] = true
		of = append(of, Quoted{ps[0].ID, n})
	}
	switch {
	case len(of) < MinRestated || len(of) > MaxRestated:
		return nil, fault.On("of", fault.Invalid, "forum.restate.how_many", MinRestated, MaxRestated)
	case len(people) < 2:
		return nil, fault.On("of", fault.Invalid, "forum.restate.one_side")
	}
	return of, nil
}

// proposal makes a proposal one plain line.
func proposal(s string) (string, error) {
	s, err := typed.Line("proposal", s, 0, MaxProposal)
	if err == nil && s == "" {
		err = fault.On("proposal", fault.Invalid, "fault.empty")
	} else if err == nil && utf8.RuneCountInString(s) < MinProposal {
		err = fault.On("proposal", fault.Invalid, "fault.too_short", MinProposal)
	}
	return s, err
}

// lastParagraph gives the plain words of a text's last block; ok is false when that is
// no paragraph of its own, but a list, a quote or a heading.
func lastParagraph(t markdown.Text) (plain string, ok bool) {
	_, tail := SplitProposal(t.HTML)
	plain = strings.TrimSpace(t.Plain)
	plain = strings.TrimSpace(plain[strings.LastIndexByte(plain, '\n')+1:])
	return plain, tail != "" && plain != ""
}

// paragraph is how package markdown begins one.
const paragraph = `<p dir="auto">`

// SplitProposal parts the HTML of a restate into what comes before its last paragraph,
// and that. proposal is empty when the last block is no paragraph of its own.
func SplitProposal(h markdown.HTML) (before, proposal markdown.HTML) {
	s := strings.TrimRight(string(h), "\n")
	at := strings.LastIndex(s, paragraph)
	if at < 0 || strings.Index(s[at:], "</p>") != len(s)-at-len("</p>") {
		return h, ""
	}
	return markdown.HTML(s[:at]), markdown.HTML(s[at:])
}

// rewordTx keeps the proposal of a post that is changed: a restate goes on ending in
// one, and one of which something came says the same for good.
func (r *Room) rewordTx(ctx context.Context, id PostID, t markdown.Text) error {
	x, found, err := r.restateRow(ctx, id)
	if err != nil || !found {
		return err
	}
	plain, ok := lastParagraph(t)
	if n := utf8.RuneCountInString(plain); !ok || n < MinProposal || n > MaxProposal {
		return fault.On("text", fault.Invalid, "forum.restate.ends", MinProposal, MaxProposal)
	}
	if plain == x.Proposal {
		return nil
	}
	if len(x.Came) > 0 {
		return fault.On("text", fault.Conflict, "forum.restate.settled", x.Proposal)
	}
	_, err = r.db.Exec(ctx, qRestateEdit, string(id), plain)
	return err
}

// RestateOf reads what makes a post a restate. Faults: NotFound, also for a post that
// is none, or is not shown.
func (r *Room) RestateOf(ctx context.Context, a Actor, id PostID) (x Restate, err error) {
	defer fault.Wrap(&err, "forum.RestateOf(%s)", id)
	p, err := r.postTxMay(ctx, a, id)
	if err != nil {
		return Restate{}, err
	}
	x, found, err := r.restateRow(ctx, id)
	if err == nil && (!found || p.State != Shown) {
		err = fault.New(fault.NotFound, "forum.restate.no_such")
	}
	return x, err
}

// OpenRestates lists restates of which nothing has come yet, the first due first; at
// most n.
func (r *Room) OpenRestates(ctx context.Context, n int) (list []Restate, err error) {
	defer fault.Wrap(&err, "forum.OpenRestates")
	return r.restateRows(ctx, qRestatesOpen, n)
}

// CameOf writes down what came of a restate's proposal; twice is once. Faults:
// NotFound.
func (r *Room) CameOf(ctx context.Context, id PostID, t Thing) (err error) {
	defer fault.Wrap(&err, "forum.CameOf(%s)", id)
	return r.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.RestateOf(ctx, Actor{}, id); err != nil {
			return err
		}
		at, _, err := r.place(ctx, id)
		if err != nil {
			return err
		}
		d, _, err := r.discussionRow(ctx, at.Discussion)
		if err != nil {
			return err
		}
		r.touchedDiscussion(ctx, d)
		r.touched(ctx, "restates")
		_, err = r.db.Exec(ctx, qOutcomeMake, string(id), string(t.Kind), t.ID)
		return err
	})
}

// pageRestates are the restates among the posts of a page.
func (r *Room) pageRestates(ctx context.Context, d Discussion, n int) (m map[PostID]Restate, err error) {
	if !d.restated {
		return nil, nil
	}
	list, err := r.restateRows(ctx, qRestates, string(d.ID), (n-1)*PageSize+1, n*PageSize)
	m = make(map[PostID]Restate, len(list))
	for _, x := range list {
		m[x.Post] = x
	}
	return m, err
}

func (r *Room) restateRow(ctx context.Context, id PostID) (x Restate, found bool, err error) {
	list, err := r.restateRows(ctx, qRestateOne, string(id))
	if err != nil || len(list) == 0 {
		return Restate{}, false, err
	}
	return list[0], true, nil
}

func (r *Room) restateRows(ctx context.Context, q *db.Query, args ...any) (list []Restate, err error) {
	err = r.db.Rows(ctx, q, func(scan func(...any) error) error {
		var x Restate
		var of string
		var due int64
		err := scan(&x.Post, &of, &x.Proposal, &due)
		x.Due = db.Time(due)
		for _, id := range strings.Fields(of) {
			x.Of = append(x.Of, Quoted{Post: PostID(id)})
		}
		list = append(list, x)
		return err
	}, args...)
	for i := range list {
		if err != nil {
			return nil, err
		}
		err = r.restateMore(ctx, &list[i])
	}
	return list, err
}

// restateMore adds where the posts stand now, and what came of it.
func (r *Room) restateMore(ctx context.Context, x *Restate) error {
	for i := range x.Of {
		at, _, err := r.place(ctx, x.Of[i].Post)
		if err != nil {
			return err
		}
		x.Of[i].Seq = at.Seq
	}
	return r.db.Rows(ctx, qOutcomes, func(scan func(...any) error) error {
		var t Thing
		err := scan(&t.Kind, &t.ID)
		x.Came = append(x.Came, t)
		return err
	}, string(x.Post))
}
