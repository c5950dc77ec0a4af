package answer

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"guildhall/internal/fault"
)

func TestFormerly_leadsReadersOfOldAddressesOn(t *testing.T) {
	t.Parallel()
	m := hall(func(c *Config) {
		c.Formerly = func(_ context.Context, address string) (string, error) {
			switch address {
			case "/2019/03/pay/?from=feed", "/?p=12", "/topics/gone", "//%ce%b5/":
				return "/articles/1", nil
			case "/broken":
				return "", errors.New("no database")
			case "/away":
				return "https://elsewhere.example/", nil
			}
			return "", nil
		}
	})
	m.Handle("GET /{$}", func(w *Writer, r *Request) error { return w.Show(http.StatusOK, text("front")) })
	m.Handle("GET /topics/{key}", func(w *Writer, r *Request) error { return fault.New(fault.NotFound, "fault.not_found") })
	for address, want := range map[string]int{
		"/2019/03/pay/?from=feed": http.StatusMovedPermanently, "/?p=12": http.StatusMovedPermanently, "/topics/gone": http.StatusMovedPermanently,
		"http://hall.example//%ce%b5/": http.StatusMovedPermanently, "/": http.StatusOK, "/?q=1": http.StatusOK, "/nowhere": http.StatusNotFound, "/topics/none": http.StatusNotFound,
		"/broken": http.StatusNotFound, "/away": http.StatusNotFound,
	} {
		got := get(m, address)
		if got.Code != want || want == http.StatusMovedPermanently && got.Header().Get("Location") != "/articles/1" {
			t.Errorf("%s: %d to %q, want %d", address, got.Code, got.Header().Get("Location"), want)
		}
	}
	if got := post(m, "/2019/03/pay/?from=feed", nil); got.Code == http.StatusMovedPermanently {
		t.Error("what is written was sent elsewhere")
	}
}
