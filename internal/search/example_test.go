package search_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/search"
)

func Example() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "search")
	defer os.RemoveAll(dir)
	d, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer d.Close()
	_ = d.Migrate(ctx)

	// The rooms that are searched are behind three functions.
	texts := []search.Document{
		{Ref: search.Ref{Kind: search.Post, ID: "p1"}, Text: "Five devices, and none of them rang.", At: time.Unix(1, 0), Shown: true},
		{Ref: search.Ref{Kind: search.Post, ID: "p2"}, Text: "¿Y quién llamó?", At: time.Unix(2, 0), Shown: true},
	}
	all := func(context.Context, string, int) ([]search.Document, string, error) { return texts, "", nil }
	log := event.New(d)
	room := search.New(search.Config{
		DB: d, Events: log, Faces: face.New(face.Config{DB: d, Events: log, Now: time.Now}), Now: time.Now,
		Source: search.Source{
			All:       all,
			Documents: func(context.Context, []search.Ref) ([]search.Document, error) { return texts, nil },
		},
	})
	if err := room.Rebuild(ctx); err != nil {
		fmt.Println(err)
		return
	}
	for _, words := range []string{"devices rang", "QUIEN llamo", "devises"} {
		r, _ := room.Find(ctx, search.Query{Text: words})
		for _, hit := range r.Hits {
			fmt.Println(r.Count, hit.ID, hit.Snippet)
		}
		fmt.Println(r.Meant)
	}
	// Output:
	// 1 p1 [{Five  false} {devices true} {, and none of them  false} {rang true} {. false}]
	//
	// 1 p2 [{¿Y  false} {quién true} {  false} {llamó true} {? false}]
	//
	// devices
}
