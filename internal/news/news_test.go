package news_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/epoch"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/job"
	"guildhall/internal/news"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "news.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

const ana, bo, cleo = face.ID("ana"), face.ID("bo"), face.ID("cleo")

// hall is one room on one database; what an event means stands in says, by kind.
type hall struct {
	*news.Room
	t    *testing.T
	ctx  context.Context
	log  *event.Log
	at   time.Time
	says map[string][]news.Telling
	jobs *job.Queue
}

func each(t *testing.T, f func(h *hall)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &hall{t: t, ctx: context.Background(), log: event.New(d), at: time.Date(2020, 5, 28, 10, 35, 0, 0, time.UTC), says: map[string][]news.Telling{}}
		h.jobs = job.New(d, func() time.Time { return h.at })
		h.Room = &news.Room{DB: d, Jobs: h.jobs, Now: func() time.Time { return h.at }}
		f(h)
	})
}

func (h *hall) ok(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// happens appends an event and lets the room read it.
func (h *hall) happens(kind string) {
	h.t.Helper()
	h.ok(h.DB.Tx(h.ctx, func(ctx context.Context) error { return h.log.Append(ctx, kind, "", nil) }))
	h.ok(h.log.Drain(h.ctx, h.consumer()))
}

func (h *hall) consumer() event.Consumer {
	return h.Consumer(func(_ context.Context, e event.Event) ([]news.Telling, error) { return h.says[e.Kind], nil })
}

func (h *hall) told(f face.ID, want ...news.News) {
	h.t.Helper()
	list, err := h.List(h.ctx, f)
	h.ok(err)
	if d := cmp.Diff(want, list); d != "" {
		h.t.Errorf("%s was told otherwise (-want +got):\n%s", f, d)
	}
}

var (
	rates = news.Thing{Kind: news.Question, ID: "rates"}
	gig   = news.Thing{Kind: news.Platform, ID: "gigharbour"}
)

func TestConsumer_onceWhateverBringsHer(t *testing.T) {
	each(t, func(h *hall) {
		h.ok(h.Follow(h.ctx, ana, rates))
		h.ok(h.Follow(h.ctx, ana, gig))
		h.ok(h.Follow(h.ctx, bo, gig))
		h.ok(h.Follow(h.ctx, cleo, gig))
		h.says["answered"] = []news.Telling{{Kind: news.Answered, Thing: rates, To: []face.ID{ana, ana, cleo}, Followers: []news.Thing{rates, gig}, Except: cleo}}
		h.happens("answered")
		day := epoch.Day(h.at)
		one := news.News{Kind: news.Answered, Thing: rates, N: 1, Day: day}
		h.told(ana, one)
		h.told(bo, one)
		h.told(cleo)

		h.at = h.at.AddDate(0, 0, 1)
		h.says["asked"] = []news.Telling{{Kind: news.Asked, Thing: rates, Followers: []news.Thing{gig}}}
		h.happens("asked")
		h.happens("answered")
		h.happens("nothing to anybody")
		two := news.News{Kind: news.Answered, Thing: rates, N: 2, Day: day + 1}
		h.told(ana, two, news.News{Kind: news.Asked, Thing: rates, N: 1, Day: day + 1})
	})
}

// However much is asked about what ana follows, what concerns her own is listed.
func TestList_whatOthersAskDisplacesNothing(t *testing.T) {
	each(t, func(h *hall) {
		h.says["answered"] = []news.Telling{{Kind: news.Answered, Thing: rates, To: []face.ID{ana}}}
		h.happens("answered")
		for i := range 300 {
			kind := []news.Kind{news.Asked, news.Consulted}[i%2]
			h.says["asked"] = []news.Telling{{Kind: kind, Thing: news.Thing{Kind: news.Question, ID: fmt.Sprint(i)}, To: []face.ID{ana}}}
			h.happens("asked")
		}
		list, err := h.List(h.ctx, ana)
		h.ok(err)
		if len(list) != 51 || list[0].Thing.ID != "299" || list[50].Kind != news.Answered {
			t.Errorf("%d lines: %+v", len(list), list)
		}
	})
}

func TestConsumer_aFailureTellsNobodyTwice(t *testing.T) {
	each(t, func(h *hall) {
		h.says["a"] = []news.Telling{{Kind: news.Closed, Thing: rates, To: []face.ID{ana}}}
		h.ok(h.DB.Tx(h.ctx, func(ctx context.Context) error {
			return errors.Join(h.log.Append(ctx, "a", "", nil), h.log.Append(ctx, "b", "", nil))
		}))
		broken := errors.New("broken")
		failing := h.Consumer(func(_ context.Context, e event.Event) ([]news.Telling, error) {
			if e.Kind == "b" {
				return nil, broken
			}
			return h.says[e.Kind], nil
		})
		if err := h.log.Drain(h.ctx, failing); !errors.Is(err, broken) {
			t.Fatalf("it went well: %v", err)
		}
		h.told(ana)
		h.ok(h.log.Drain(h.ctx, h.consumer()))
		h.told(ana, news.News{Kind: news.Closed, Thing: rates, N: 1, Day: epoch.Day(h.at)})
	})
}

func TestKeep_whatIsOldGoesForAllAlike(t *testing.T) {
	each(t, func(h *hall) {
		h.says["a"] = []news.Telling{{Kind: news.Closed, Thing: rates, To: []face.ID{ana, bo}}}
		h.happens("a")
		day := epoch.Day(h.at)
		h.at = h.at.AddDate(0, 0, news.KeptDays)
		h.ok(h.Keep(h.ctx))
		h.told(ana, news.News{Kind: news.Closed, Thing: rates, N: 1, Day: day})
		h.at = h.at.AddDate(0, 0, 1)
		h.ok(h.Keep(h.ctx))
		h.told(ana)
		h.told(bo)
	})
}

func TestFollow(t *testing.T) {
	each(t, func(h *hall) {
		h.ok(h.Follow(h.ctx, ana, gig))
		h.ok(h.Follow(h.ctx, ana, gig))
		h.ok(h.Follow(h.ctx, ana, rates))
		h.follows(ana, gig, rates)
		yes, err := h.Following(h.ctx, ana, gig)
		if h.ok(err); !yes {
			t.Error("she does not follow it")
		}
		if yes, err = h.Following(h.ctx, bo, gig); err != nil || yes {
			t.Errorf("bo follows it: %v", err)
		}
		h.ok(h.Unfollow(h.ctx, ana, gig))
		h.ok(h.Unfollow(h.ctx, ana, gig))
		h.follows(ana, rates)
		if err := h.Follow(h.ctx, "", gig); !fault.Is(err, fault.SignIn) {
			t.Errorf("nobody follows: %v", err)
		}
		if err := h.Follow(h.ctx, ana, news.Thing{Kind: "post", ID: "p"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a post is followed: %v", err)
		}
		for i := range 999 {
			h.ok(h.Follow(h.ctx, ana, news.Thing{Kind: news.Clause, ID: fmt.Sprint(i)}))
		}
		if err := h.Follow(h.ctx, ana, gig); !fault.Is(err, fault.TooMany) {
			t.Errorf("more than a thousand: %v", err)
		}
	})
}

func (h *hall) follows(f face.ID, want ...news.Thing) {
	h.t.Helper()
	list, err := h.Follows(h.ctx, f)
	h.ok(err)
	if d := cmp.Diff(want, list); d != "" {
		h.t.Errorf("%s follows something else (-want +got):\n%s", f, d)
	}
}

func TestForget(t *testing.T) {
	each(t, func(h *hall) {
		h.says["a"] = []news.Telling{{Kind: news.Closed, Thing: rates, To: []face.ID{ana, bo}}}
		h.ok(h.Follow(h.ctx, ana, gig))
		h.ok(h.Follow(h.ctx, bo, gig))
		h.happens("a")
		h.ok(h.Forget(h.ctx, ana))
		h.told(ana)
		h.follows(ana)
		h.told(bo, news.News{Kind: news.Closed, Thing: rates, N: 1, Day: epoch.Day(h.at)})
		h.follows(bo, gig)
		if _, err := h.List(h.ctx, ""); !fault.Is(err, fault.SignIn) {
			t.Errorf("nobody is told something: %v", err)
		}
	})
}

// Whoever is told is carried it in the same transaction, once for each line and event,
// and nobody who knew already.
func TestConsumer_carries(t *testing.T) {
	each(t, func(h *hall) {
		var carried []string
		h.Carry = func(ctx context.Context, k news.Kind, to []face.ID) error {
			if !db.InTx(ctx) {
				t.Error("outside the transaction")
			}
			carried = append(carried, fmt.Sprint(k, to))
			return nil
		}
		h.ok(h.Follow(h.ctx, ana, gig))
		h.ok(h.Follow(h.ctx, bo, gig))
		h.says["answered"] = []news.Telling{{Kind: news.Answered, Thing: rates, To: []face.ID{ana}, Followers: []news.Thing{gig}}}
		h.happens("answered")
		if d := cmp.Diff([]string{"answered[ana]", "answered[bo]"}, carried); d != "" {
			t.Error(d)
		}
	})
}
