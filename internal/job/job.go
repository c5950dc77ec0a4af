package job

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// MaxAttempts is how often a job is tried before it becomes a dead letter.
const MaxAttempts = 8

// Job is one piece of work as its handler sees it.
type Job struct {
	ID      string
	Kind    string
	Payload json.RawMessage
	Attempt int // 1 on the first try
}

// Decode reads the payload into v. Faults: Internal.
func (j Job) Decode(v any) error {
	if err := json.Unmarshal(j.Payload, v); err != nil {
		return fmt.Errorf("job %s: %w", j.Kind, err)
	}
	return nil
}

// Handler does one job. Its context ends when the lease is lost. An Invalid or
// NotFound fault means that trying again is useless: the job dies at once.
type Handler func(ctx context.Context, j Job) error

// Queue is the hall's queue. Make one per database with New, register kinds
// with Handle and Every, then Run.
type Queue struct {
	db    *db.DB
	now   func() time.Time
	lease time.Duration

	mu       sync.Mutex
	handlers map[string]Handler
	every    map[string]time.Duration
	apart    string // kinds, as in ",a,b,"
	wake     [2]chan struct{}
}

// The two workers of a queue.
const (
	inner = 0
	apart = 1
)

// New makes the queue of a database; now is the clock.
func New(d *db.DB, now func() time.Time) *Queue {
	return &Queue{db: d, now: now, lease: time.Minute, handlers: map[string]Handler{},
		every: map[string]time.Duration{}, apart: ",", wake: [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)}}
}

// Apart says that jobs of these kinds wait for the world outside: a worker of their own
// does them, so that they hold up nothing of the hall's. Before Run only.
func (q *Queue) Apart(kinds ...string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.apart += strings.Join(kinds, ",") + ","
}

// Handle says who does jobs of a kind. Before Run only.
func (q *Queue) Handle(kind string, h Handler) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.handlers[kind] = h
}

// Every lets a kind run once in each period, whichever process is up. Missed
// periods are not made up for. Before Run only.
func (q *Queue) Every(period time.Duration, kind string, h Handler) {
	q.Handle(kind, h)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.every[kind] = period
}

// Add puts a job into the queue inside ctx's transaction. A key, when given,
// is unique among waiting jobs of the kind: adding it again changes nothing.
func (q *Queue) Add(ctx context.Context, kind, key string, payload any, runAt time.Time) (err error) {
	defer fault.Wrap(&err, "job.Add(%s)", kind)
	b, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	id := strings.ToLower(rand.Text())
	if key == "" {
		key = id
	}
	_, err = q.db.Exec(ctx, qAdd, id, kind, kind+"/"+key, string(b), db.Micros(runAt))
	db.AfterCommit(ctx, q.signal)
	return err
}

func (q *Queue) signal() {
	for _, w := range q.wake {
		select {
		case w <- struct{}{}:
		default: // it is awake already
		}
	}
}

// Step does the next due job, if there is one, and tells whether there was.
// Those done apart come last.
func (q *Queue) Step(ctx context.Context) (did bool, err error) {
	if did, err = q.step(ctx, inner); did || err != nil {
		return did, err
	}
	return q.step(ctx, apart)
}

// step does the next due job of a worker's.
func (q *Queue) step(ctx context.Context, lane int) (did bool, err error) {
	defer fault.Wrap(&err, "job.Step")
	if err = q.enrol(ctx); err != nil {
		return false, err
	}
	j, found, err := q.claim(ctx, lane)
	if err != nil || !found {
		return false, err
	}
	return true, q.settle(ctx, j, q.do(ctx, j))
}

// enrol adds the repeated kinds whose period has begun.
func (q *Queue) enrol(ctx context.Context) error {
	now := q.now()
	q.mu.Lock()
	due := map[string]time.Duration{}
	for kind, period := range q.every {
		due[kind] = period
	}
	q.mu.Unlock()
	for kind, period := range due {
		slot := now.UnixMicro() / period.Microseconds()
		var last int64
		if found, err := q.db.Row(ctx, qSlot, []any{kind}, &last); err != nil {
			return err
		} else if found && (last == slot || last == slot+1) {
			// done; or the clock was set back a little. One that was set back
			// further must not stop all repeated work until it has come round.
			continue
		}
		err := q.db.Tx(ctx, func(ctx context.Context) error {
			n, err := q.db.Exec(ctx, qSlotTake, kind, slot)
			if err != nil || n == 0 {
				return err
			}
			return q.Add(ctx, kind, "scheduled", nil, now)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (q *Queue) claim(ctx context.Context, lane int) (j Job, found bool, err error) {
	now := q.now()
	q.mu.Lock()
	kinds := q.apart
	q.mu.Unlock()
	// Look first without the writer: most looks find nothing.
	var one int
	if found, err = q.db.Row(ctx, qDue, []any{db.Micros(now), kinds, lane}, &one); err != nil || !found {
		return j, false, err
	}
	var payload string
	err = q.db.Tx(ctx, func(ctx context.Context) error {
		found, err = q.db.Row(ctx, qClaim, []any{db.Micros(now), db.Micros(now.Add(q.lease)), kinds, lane}, &j.ID, &j.Kind, &payload, &j.Attempt)
		return err
	})
	j.Payload = json.RawMessage(payload)
	return j, found, err
}

// do runs the handler while renewing the lease.
func (q *Queue) do(ctx context.Context, j Job) (err error) {
	q.mu.Lock()
	h := q.handlers[j.Kind]
	q.mu.Unlock()
	if h == nil {
		return fault.New(fault.Unavailable, "fault.unavailable").Because(fmt.Errorf("nobody does %s", j.Kind))
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { q.renew(ctx, cancel, j) })
	defer wg.Wait()
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job %s panicked: %v", j.Kind, p)
		}
	}()
	return h(ctx, j)
}

func (q *Queue) renew(ctx context.Context, lost context.CancelFunc, j Job) {
	t := time.NewTicker(q.lease / 3)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		var n int64
		err := q.db.Tx(ctx, func(ctx context.Context) (err error) {
			n, err = q.db.Exec(ctx, qRenew, j.ID, j.Attempt, db.Micros(q.now().Add(q.lease)))
			return err
		})
		if err == nil && n == 0 {
			lost()
			return
		}
	}
}

// settle ends the attempt: done, later, or dead.
func (q *Queue) settle(ctx context.Context, j Job, result error) error {
	// The shutdown of the hall must not undo what was done.
	ctx = context.WithoutCancel(ctx)
	err := q.db.Tx(ctx, func(ctx context.Context) error {
		if result == nil {
			_, err := q.db.Exec(ctx, qDone, j.ID, j.Attempt)
			return err
		}
		useless := fault.Is(result, fault.Invalid) || fault.Is(result, fault.NotFound)
		if j.Attempt >= MaxAttempts || useless {
			if _, err := q.db.Exec(ctx, qBury, j.ID, j.Attempt, db.Micros(q.now())); err != nil {
				return err
			}
			_, err := q.db.Exec(ctx, qDone, j.ID, j.Attempt)
			return err
		}
		_, err := q.db.Exec(ctx, qLater, j.ID, j.Attempt, db.Micros(q.now().Add(backoff(j.Attempt))))
		return err
	})
	if err != nil {
		return err
	}
	return result
}

// backoff doubles from 10 s to an hour, with a quarter of jitter so that what
// failed together does not come back together.
func backoff(attempt int) time.Duration {
	d := min(10*time.Second<<min(attempt-1, 10), time.Hour)
	return d + mathrand.N(d/4)
}

// Counts tells how many jobs wait and how many have died.
func (q *Queue) Counts(ctx context.Context) (waiting, dead int64, err error) {
	if _, err = q.db.Row(ctx, qWaiting, nil, &waiting); err != nil {
		return 0, 0, err
	}
	_, err = q.db.Row(ctx, qDead, nil, &dead)
	return waiting, dead, err
}
