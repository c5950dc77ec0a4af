package call_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"guildhall/internal/call"
	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
)

// The room in ten lines: Ana calls Bo, who answers on his phone and hangs up.
func TestRoom_inTenLines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, did := context.Background(), []string{}
		yes := func(context.Context, face.ID, face.ID) (bool, error) { return true, nil }
		no := func(context.Context, face.ID, face.ID) (bool, error) { return false, nil }
		calls := call.New(call.Config{DB: d, Now: time.Now, Connected: yes, Blocked: no, Tell: func(face.ID) {}, Close: func(call.ID) {}, Leave: func(call.ID, string) {},
			Ring: func(context.Context, face.ID, int) error { did = append(did, "all devices ring"); return nil },
			Hush: func(context.Context, face.ID) error { did = append(did, "they stop"); return nil }})
		c, err1 := calls.Begin(ctx, ana, bo)
		_, err0 := calls.Seat(ctx, ana, c.ID, "her page")
		_, err2 := calls.Answer(ctx, bo, c.ID, "the page on his phone")
		err3 := calls.End(ctx, bo, c.ID, false)
		c, _, err4 := calls.Get(ctx, ana, c.ID)
		did = append(did, string(c.State))
		if s := strings.Join(did, ", "); s != "all devices ring, they stop, ended" || err0 != nil || err1 != nil || err2 != nil || err3 != nil || err4 != nil {
			t.Error(s, err1, err2, err3, err4)
		}
	})
}
