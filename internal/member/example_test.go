package member_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/member"
	"guildhall/internal/member/key"
)

// The room in ten lines: somebody joins, a device of hers is let in, she is
// known by its cookie, and signing out everywhere ends that at once.
func Example() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "hall")
	defer os.RemoveAll(dir)
	d, _ := db.Open(ctx, db.Config{Dir: dir})
	defer d.Close()
	_ = d.Migrate(ctx)
	room := member.New(d, time.Now, key.NewSealer(make([]byte, 32), rand.Reader, time.Now))

	id, _ := room.Join(ctx, member.Joining{Face: "f1", CodeHash: "none", UserHandle: "u1", Lang: "es"})
	cookie, _ := room.SignIn(ctx, id, "telephone", "")
	session, _ := room.Resume(ctx, cookie)
	devices, _ := room.Devices(ctx, id)
	fmt.Println(session.Face, session.Lang, len(devices))
	_ = room.SignOutAll(ctx, id)
	_, err := room.Resume(ctx, cookie)
	fmt.Println("known still:", err == nil)
	// Output:
	// f1 es 1
	// known still: false
}
