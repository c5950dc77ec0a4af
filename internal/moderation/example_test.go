package moderation_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/moderation"
)

// The room in ten lines: a steward is seated, somebody reports a post, the
// steward hides it with a reason that everybody can read, and takes it back.
func Example() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "hall")
	defer os.RemoveAll(dir)
	d, _ := db.Open(ctx, db.Config{Dir: dir})
	defer d.Close()
	_ = d.Migrate(ctx)
	room := moderation.New(moderation.Config{DB: d, Events: event.New(d), Now: time.Now})

	token, _ := room.Invite(ctx, "")
	_ = room.Accept(ctx, token, "dov")
	post := moderation.Target{Kind: "post", ID: "p1"}
	_ = room.Report(ctx, moderation.Actor{Face: "ana"}, post, moderation.Spam, "an advert")
	queue, _ := room.Queue(ctx)
	fmt.Println(queue[0].Target.ID, queue[0].Causes, queue[0].Words)
	hidden, _ := room.Decide(ctx, "dov", moderation.Hide, post, "an advert")
	_ = room.Settle(ctx, post, true)
	_, _ = room.Reverse(ctx, "dov", hidden.ID, "it was none")
	decisions, _ := room.About(ctx, post)
	for _, x := range decisions {
		fmt.Println(x.Deed, x.Reason)
	}
	// Output:
	// p1 [spam] [an advert]
	// show it was none
	// hide an advert
}
