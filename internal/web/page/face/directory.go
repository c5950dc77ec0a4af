package facepage

import (
	"net/url"

	"guildhall/internal/face"
	"guildhall/internal/lang"
	"guildhall/internal/web/page/shell"
)

// DirectoryHref is the address of all who wish to be found.
const DirectoryHref = "/people"

// DirectoryPage is the people who wish to be found and have what is sought.
type DirectoryPage struct {
	Sought face.Sought
	Offers face.Offers
	Found  []face.Profile
	More   bool // there are more behind the last one
}

// next is the address of those behind the last one.
func (p DirectoryPage) next() string {
	q := url.Values{}
	for name, v := range map[string]string{"skill": p.Sought.Skill, "language": p.Sought.Language, "zone": p.Sought.Zone} {
		if v != "" {
			q.Set(name, v)
		}
	}
	q.Set("after", string(p.Found[len(p.Found)-1].Face.ID))
	return DirectoryHref + "?" + q.Encode()
}

func (p DirectoryPage) narrowed() bool {
	return p.Sought.Skill != "" || p.Sought.Language != "" || p.Sought.Zone != "" || p.Sought.After != ""
}

// offered are the choices of a field, before them "any".
func offered(l lang.Lang, offers []face.Offer, name func(string) string) []shell.Option {
	list := []shell.Option{{Label: l.T("page.directory.any")}}
	for _, o := range offers {
		list = append(list, shell.Option{Value: o.Value, Label: name(o.Value) + " (" + l.Number(o.N) + ")"})
	}
	return list
}

func itself(s string) string { return s }
