package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestStorm_asksEachQuestionOnce(t *testing.T) {
	t.Parallel()
	var asked [500]atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var i int
		fmt.Sscanf(r.URL.Path, "/%d", &i)
		asked[i].Add(1)
		body := strings.Repeat("x", i)
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		fmt.Fprint(w, body)
	}))
	defer s.Close()
	addr := s.Listener.Addr().String()
	l, err := storm(addr, 7, len(asked), 200, func(i int) ask { return asking("GET", fmt.Sprint("/", i), "") })
	if err != nil || len(l.waits) != len(asked) {
		t.Fatalf("%d answers, %v", len(l.waits), err)
	}
	for i := range asked {
		if n := asked[i].Load(); n != 1 {
			t.Errorf("question %d was asked %d times", i, n)
		}
	}
	if l.quantile(0.5) > l.quantile(0.99) || l.perSecond() <= 0 {
		t.Errorf("median %v, p99 %v, %v a second", l.quantile(0.5), l.quantile(0.99), l.perSecond())
	}
	if _, err := storm(addr, 2, 2, 404, func(int) ask { return asking("GET", "/1", "") }); err == nil {
		t.Error("a wrong status went unnoticed")
	}
}

func TestClient_readsOneAnswerAfterAnother(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Etag", `"tag"`)
		switch {
		case r.Header.Get("If-None-Match") != "":
			w.WriteHeader(http.StatusNotModified)
		case r.Method == http.MethodPost:
			w.Header().Set("Content-Length", "4")
			fmt.Fprint(w, r.PostFormValue("text"))
		default:
			http.Redirect(w, r, "/elsewhere", http.StatusSeeOther)
		}
	}))
	defer s.Close()
	c, err := dial(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.conn.Close()
	for range 2 {
		if r, err := c.do(asking("GET", "/", "", "If-None-Match: x")); err != nil || r.status != 304 || r.value("Etag") != `"tag"` {
			t.Errorf("304: %+v %v", r, err)
		}
		if r, err := c.do(asking("POST", "/", "text=four")); err != nil || r.status != 200 || string(r.body) != "four" {
			t.Errorf("POST: %+v %v", r, err)
		}
		if r, err := c.do(asking("GET", "/", "")); err != nil || r.status != 303 || r.value("Location") != "/elsewhere" {
			t.Errorf("303: %+v %v", r, err)
		}
	}
}
