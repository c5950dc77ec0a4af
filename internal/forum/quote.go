package forum

import (
	"context"
	"strings"

	"guildhall/internal/fault"
)

// Quote gives a post as Markdown to begin an answer with: a block quote whose
// first line names the author and links back. What the post itself quotes is
// left out. nobody is how an author without a name is called. Faults: NotFound.
func (r *Room) Quote(ctx context.Context, a Actor, id PostID, nobody string) (text string, err error) {
	defer fault.Wrap(&err, "forum.Quote(%s)", id)
	v, err := r.Revision(ctx, a, id.Thing(), 0)
	if err != nil {
		return "", err
	}
	name := v.By.Name
	if name == "" {
		name = nobody
	}
	return quote(name, id, v.Source), nil
}

// bare takes the signs away that would end a link's text.
var bare = strings.NewReplacer("[", "", "]", "", "\\", "", "\n", " ", "`", "", "<", "", "*", "", "_", "")

func quote(name string, id PostID, source string) string {
	var b strings.Builder
	b.WriteString("> [" + bare.Replace(name) + "](/posts/" + string(id) + "):\n>\n")
	empty := true
	for l := range strings.SplitSeq(strings.TrimSpace(source), "\n") {
		l = strings.TrimRight(l, " \t\r")
		if strings.HasPrefix(strings.TrimLeft(l, " "), ">") || l == "" && empty {
			continue
		}
		empty = l == ""
		if l == "" {
			b.WriteString(">\n")
		} else {
			b.WriteString("> " + l + "\n")
		}
	}
	b.WriteByte('\n')
	return b.String()
}
