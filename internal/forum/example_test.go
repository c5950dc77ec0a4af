package forum_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/forum"
)

// The room in ten lines: a face opens a discussion, another answers, a third
// reads.
func Example() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "hall")
	defer os.RemoveAll(dir)
	d, _ := db.Open(ctx, db.Config{Dir: dir})
	defer d.Close()
	_ = d.Migrate(ctx)
	events := event.New(d)
	faces := face.New(face.Config{DB: d, Events: events, Now: time.Now})
	room := forum.New(forum.Config{DB: d, Events: events, Faces: faces, Now: time.Now})

	ana, _ := faces.New(ctx, "Ana")
	bo, _ := faces.New(ctx, "Bo")
	question := forum.NewPost{Text: "Nobody *asked* us. Were you asked?"}
	talk, _ := room.Open(ctx, forum.Actor{Face: ana.ID}, forum.NewDiscussion{Title: "Who was asked?", First: question})
	_, _ = room.Reply(ctx, forum.Actor{Face: bo.ID}, talk.ID, forum.NewPost{Text: "No."})
	page, _ := room.Page(ctx, forum.Actor{}, talk.ID, 1)
	for _, p := range page.Posts {
		fmt.Printf("%d %s: %s", p.Seq, p.Author.Name, p.HTML)
	}
	// Output:
	// 1 Ana: <p dir="auto">Nobody <em>asked</em> us. Were you asked?</p>
	// 2 Bo: <p dir="auto">No.</p>
}
