package app

import (
	"context"
	"net/http"
	"testing"
	"time"
)

func TestTestOnlyMember_isSignedIn(t *testing.T) {
	t.Parallel()
	h, err := Open(context.Background(), t.TempDir(), defaults(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	cookie, err := h.TestOnlyMember(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r := &http.Request{Header: http.Header{"Cookie": {cookie}}}
	v, err := h.identify(context.Background(), r)
	if err != nil || !v.SignedIn || v.FaceID == "" {
		t.Errorf("%+v, %v", v, err)
	}
}
