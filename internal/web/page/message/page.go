package messagepage

import (
	"context"

	"github.com/a-h/templ"

	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// owner says to the script whose page it is, and in which language.
func owner(ctx context.Context) templ.Attributes {
	v := viewer.From(ctx)
	return templ.Attributes{"face": v.FaceID, "handle": v.Handle}
}

func talkTitle(ctx context.Context, p TalkPage) string {
	if p.With.ID != "" {
		return shell.T(ctx, "message.with", p.With.Name)
	}
	return shell.T(ctx, "message.one")
}
