package alliancepage

import (
	"time"

	"guildhall/internal/alliance"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	forumpage "guildhall/internal/web/page/forum"
	"guildhall/internal/web/page/shell"
)

// ListHref is the address of all connections of the reader.
const ListHref = "/connections"

// Href is the address of what stands between the reader and somebody.
func Href(f face.Face) string { return forumpage.FaceHref(f) + "/connection" }

func introductionHref(id string) string { return "/introductions/" + id }

func day(n int) time.Time { return epoch.StartOfDay(n) }

// ListPage is all that one reader knows and that waits for her.
type ListPage struct {
	Connections []face.Face
	Waiting     alliance.Waiting
}

// BetweenPage is what stands between the reader and somebody.
type BetweenPage struct {
	Face   face.Face
	Holds  bool          // they are connected
	Asking bool          // the reader's wish waits
	Asked  *alliance.Ask // the other's wish waits for the reader
	Others []face.Face   // to whom the reader can introduce her
	Sealed string        // what she has noted, which only her browser can read

	Words string // typed
	Other face.ID
	Once  string
	Error error
}

func choices(faces []face.Face) []shell.Option {
	list := make([]shell.Option, 0, len(faces))
	for _, f := range faces {
		list = append(list, shell.Option{Value: string(f.ID), Label: f.Name})
	}
	return list
}

// scripts are those of the page: only beside a connection can something be noted.
func scripts(p BetweenPage) []string {
	if !p.Holds {
		return nil
	}
	return []string{"connection.js"}
}
