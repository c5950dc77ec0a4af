package face_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/face"
)

// The room in ten lines: somebody takes a name and another one later; both lead
// to her until she leaves, and nobody else may have either.
func Example() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "hall")
	defer os.RemoveAll(dir)
	d, _ := db.Open(ctx, db.Config{Dir: dir})
	defer d.Close()
	_ = d.Migrate(ctx)
	room := face.New(face.Config{DB: d, Events: event.New(d), Now: time.Now})

	ana, _ := room.New(ctx, "Quiet Heron")
	_, _ = room.Rename(ctx, ana.ID, "Loud Heron")
	_, _ = room.SaveProfile(ctx, ana.ID, face.Profile{About: "I *lay out* boards.", Skills: []string{"KiCad"}})
	found, _ := room.ByHandle(ctx, "quiet-heron")
	profile, _ := room.Profile(ctx, found.ID)
	fmt.Println(found.Name, profile.Skills)
	_ = room.Retire(ctx, ana.ID)
	gone, _ := room.Face(ctx, ana.ID)
	_, err := room.New(ctx, "Loud Heron")
	fmt.Printf("%q, taken: %t\n", gone.Name, err != nil)
	// Output:
	// Loud Heron [KiCad]
	// "", taken: true
}
