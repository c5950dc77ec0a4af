package event

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// Event is one thing that happened. Kinds are past tense, "forum.posted"; the
// list of each room is append-only.
type Event struct {
	Seq     int64
	Kind    string
	Subject string // id of the public thing it happened to
	Data    json.RawMessage
}

// Decode reads the event's data into v. Faults: Internal.
func (e Event) Decode(v any) error {
	if err := json.Unmarshal(e.Data, v); err != nil {
		return fmt.Errorf("event %s %d: %w", e.Kind, e.Seq, err)
	}
	return nil
}

// Consumer reads events in order. Handle runs in a write transaction together
// with the move of the consumer's cursor; it may be called again with the same
// batch after a crash or an error, and must have no effect outside the database.
type Consumer struct {
	Name   string
	Handle func(ctx context.Context, batch []Event) error
	Batch  int // at most so many events at once; 0 means 200
}

// Log is the hall's book of events. Make one per database with New.
type Log struct {
	db   *db.DB
	idle time.Duration

	mu   sync.Mutex
	wake []chan struct{}
}

// New makes the log of a database.
func New(d *db.DB) *Log { return &Log{db: d, idle: 2 * time.Second} }

// Append writes an event inside ctx's transaction; without one it is a bug.
// data must marshal to JSON. Append as the last step of a transaction: under
// PostgreSQL it makes appending transactions wait for one another.
func (l *Log) Append(ctx context.Context, kind, subject string, data any) (err error) {
	defer fault.Wrap(&err, "event.Append(%s)", kind)
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if !db.Writing(ctx) {
		return fmt.Errorf("an event needs the transaction of its fact")
	}
	var seq int64
	if _, err = l.db.Row(ctx, qNext, nil, &seq); err != nil {
		return err
	}
	if _, err = l.db.Exec(ctx, qAppend, seq, kind, subject, string(b)); err != nil {
		return err
	}
	db.AfterCommit(ctx, l.signal)
	return nil
}

func (l *Log) signal() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.wake {
		select {
		case c <- struct{}{}:
		default: // it is awake already
		}
	}
}

// Run serves the consumers until ctx ends. A consumer that fails is logged
// without its data and tried again; the others go on.
func (l *Log) Run(ctx context.Context, consumers ...Consumer) {
	var wg sync.WaitGroup
	for _, c := range consumers {
		wake := make(chan struct{}, 1)
		l.mu.Lock()
		l.wake = append(l.wake, wake)
		l.mu.Unlock()
		wg.Go(func() { l.serve(ctx, c, wake) })
	}
	wg.Wait()
}

func (l *Log) serve(ctx context.Context, c Consumer, wake <-chan struct{}) {
	for pause := l.idle; ctx.Err() == nil; {
		n, err := l.Step(ctx, c)
		if err != nil && ctx.Err() == nil {
			slog.Error("event consumer", "consumer", c.Name, "kind", fault.KindOf(err).String(), "ops", fault.From(err).Ops(), "cause", fault.Cause(err))
		}
		if n > 0 && err == nil {
			continue
		}
		// What fails is tried again ever less often: on a disk that is full the
		// complaints must not fill the log.
		if pause = min(2*pause, time.Minute); err == nil {
			pause = l.idle
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-wake:
		case <-t.C:
		}
		t.Stop()
	}
}

// Step lets a consumer handle the next batch and tells how many events it had.
func (l *Log) Step(ctx context.Context, c Consumer) (n int, err error) {
	defer fault.Wrap(&err, "event.Step(%s)", c.Name)
	limit := c.Batch
	if limit == 0 {
		limit = 200
	}
	// Look first without the writer: most wakes find nothing.
	var from int64
	if _, err = l.db.Row(ctx, qCursor, []any{c.Name}, &from); err != nil {
		return 0, err
	}
	if batch, err := l.after(ctx, from, 1); err != nil || len(batch) == 0 {
		return 0, err
	}
	err = l.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := l.db.Exec(ctx, qCursorMake, c.Name); err != nil {
			return err
		}
		if _, err := l.db.Row(ctx, qCursorLock, []any{c.Name}, &from); err != nil {
			return err
		}
		batch, err := l.after(ctx, from, limit)
		if err != nil || len(batch) == 0 {
			return err
		}
		n = len(batch)
		if err := c.Handle(ctx, batch); err != nil {
			return err
		}
		_, err = l.db.Exec(ctx, qCursorMove, c.Name, batch[len(batch)-1].Seq)
		return err
	})
	return n, err
}

// Drain lets a consumer handle everything there is now.
func (l *Log) Drain(ctx context.Context, c Consumer) error {
	for {
		n, err := l.Step(ctx, c)
		if err != nil || n == 0 {
			return err
		}
	}
}

// Skip moves a consumer past all that has happened, inside ctx's transaction: for
// one that has just read how things stand.
func (l *Log) Skip(ctx context.Context, consumer string) (err error) {
	defer fault.Wrap(&err, "event.Skip(%s)", consumer)
	var head, at int64
	if _, err = l.db.Exec(ctx, qCursorMake, consumer); err != nil {
		return err
	}
	// The cursor's lock comes first, as in Step.
	if _, err = l.db.Row(ctx, qCursorLock, []any{consumer}, &at); err != nil {
		return err
	}
	if _, err = l.db.Row(ctx, qHead, nil, &head); err != nil {
		return err
	}
	_, err = l.db.Exec(ctx, qCursorMove, consumer, head)
	return err
}

// Behind tells how many events a consumer has not handled yet.
func (l *Log) Behind(ctx context.Context, consumer string) (int64, error) {
	var head, at int64
	if _, err := l.db.Row(ctx, qHead, nil, &head); err != nil {
		return 0, err
	}
	_, err := l.db.Row(ctx, qCursor, []any{consumer}, &at)
	return head - at, err
}

func (l *Log) after(ctx context.Context, seq int64, limit int) (batch []Event, err error) {
	err = l.db.Rows(ctx, qAfter, func(scan func(...any) error) error {
		var e Event
		var data string
		if err := scan(&e.Seq, &e.Kind, &e.Subject, &data); err != nil {
			return err
		}
		e.Data = json.RawMessage(data)
		batch = append(batch, e)
		return nil
	}, seq, limit)
	return batch, err
}
