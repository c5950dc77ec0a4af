package movein

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// said is one comment while its thread is made out.
type said struct {
	Comment
	id, above string // wp:comment_id and wp:comment_parent
	done      bool
}

// comments reads what was said about one item: approved comments of people,
// each after the one it answers, otherwise in the order of their dates. An
// answer to a comment that was left out answers what that one answered.
func (c *conversion) comments() []Comment {
	above := map[string]string{} // of left out ones too
	kept := map[string]*said{}
	var all []*said
	for n, e := range c.raw.says {
		s := &said{id: e.get("wp:comment_id"), above: e.get("wp:comment_parent")}
		if _, twice := above[s.id]; !twice {
			above[s.id] = s.above
		}
		if why := c.said(s, e, kept[s.id]); why != "" {
			c.wxr.skipComment(c.title, e, why)
			continue
		}
		s.Key = c.wxr.commentKey(c.raw.key+"#comment-"+first(s.id, "n"+strconv.Itoa(n)), n)
		if kept[s.id] == nil && s.id != "" {
			kept[s.id] = s
		}
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b *said) int { return cmp.Or(a.Published.Compare(b.Published), byNumber(a.id, b.id)) })
	return thread(all, kept, above)
}

// said fills s from e, and tells why it is not wanted.
func (c *conversion) said(s *said, e element, twin *said) string {
	if why := unwanted(e); why != "" {
		return why
	}
	s.Author = personName(plain(e.get("wp:comment_author")))
	s.Published = dated(e.get("wp:comment_date_gmt"))
	if s.Published.IsZero() {
		s.Published = dated(e.get("wp:comment_date"))
	}
	s.Text = c.comment(e.get("wp:comment_content")).markdown(nowhere)
	switch {
	case s.Text == "":
		return "it holds no words"
	case twin != nil && twin.Author == s.Author && twin.Text == s.Text:
		return "the file holds it twice"
	}
	return ""
}

// unwanted tells why a comment is not one that people said and the blog showed.
func unwanted(e element) string {
	switch t := e.get("wp:comment_type"); t {
	case "", "comment":
	case "pingback", "trackback":
		return "it is a " + t + ", sent by a program"
	default:
		return "it is of the type " + strconv.Quote(t)
	}
	switch a := e.get("wp:comment_approved"); a {
	case "1", "approve", "approved":
		return ""
	case "0", "hold":
		return "it was never approved"
	case "spam":
		return "it was marked as spam"
	case "trash", "post-trashed":
		return "it was thrown away"
	default:
		return "whether it was approved is not known"
	}
}

// commentKey keeps keys apart when a file gives a number twice.
func (w *wxr) commentKey(key string, n int) string {
	if w.keys[key] {
		key += "-" + strconv.Itoa(n)
	}
	w.keys[key] = true
	return key
}

func (w *wxr) skipComment(title string, e element, why string) {
	who := personName(plain(e.get("wp:comment_author")))
	w.blog.skip("comment", fmt.Sprintf("number %s by %s on “%s”", e.get("wp:comment_id"), who, title), why)
}

func (w *wxr) skipComments(r *raw, why string) {
	for _, e := range r.says {
		own := why
		if bad := unwanted(e); bad != "" {
			own = bad
		}
		w.skipComment(w.called(r), e, own)
	}
}

func byNumber(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// thread orders comments, given by date, so that each follows what it answers.
// A circle is opened: one of its comments answers the article.
func thread(all []*said, kept map[string]*said, above map[string]string) []Comment {
	out := make([]Comment, 0, len(all))
	depth := map[string]int{}
	for _, s := range all {
		var chain []*said
		for at := s; at != nil && !at.done; {
			at.done = true
			chain = append(chain, at)
			at = answered(at, kept, above)
		}
		for i, at := range slices.Backward(chain) {
			var up *said
			if i+1 < len(chain) {
				up = chain[i+1]
			} else if p := answered(at, kept, above); p != nil && !slices.Contains(chain, p) {
				up = p
			}
			if up != nil {
				at.Parent, at.Depth = up.Key, depth[up.Key]+1
			}
			depth[at.Key] = at.Depth
			out = append(out, at.Comment)
		}
	}
	return out
}

// answered finds the nearest kept comment above s, and shortens the way to it
// for the next to come.
func answered(s *said, kept map[string]*said, above map[string]string) *said {
	var way []string
	seen := map[string]bool{}
	id := s.above
	for id != "" && id != "0" && kept[id] == nil && !seen[id] {
		seen[id] = true
		way = append(way, id)
		id = above[id]
	}
	if seen[id] {
		id = ""
	}
	for _, w := range way {
		above[w] = id
	}
	if p := kept[id]; p != s {
		return p
	}
	return nil
}
