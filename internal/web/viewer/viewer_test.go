package viewer_test

import (
	"context"
	"testing"
	"time"

	"guildhall/internal/lang"
	"guildhall/internal/web/viewer"
)

func TestFrom_nobodyIsAReader(t *testing.T) {
	t.Parallel()
	v := viewer.From(context.Background())
	if v.SignedIn || v.Location() != time.UTC || v.HallName() != lang.English.T("shell.hall") {
		t.Errorf("got %+v", v)
	}
	v.Hall = "Hall of Ana"
	if got := viewer.From(viewer.With(context.Background(), v)); got.HallName() != "Hall of Ana" {
		t.Errorf("got %q", got.HallName())
	}
}
