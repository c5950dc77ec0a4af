package letterbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/mask/letter"
)

// A period is a day that begins at 03:00 UTC, when few are awake in Europe; periods
// are counted as days are.
const periodBegins = 3 * time.Hour

func periodOf(t time.Time) int {
	const day = 24 * 60 * 60
	s := t.Add(-periodBegins).Unix()
	return int((s - (s%day+day)%day) / day)
}

// How long the hall is left alone after it did not take letters.
const (
	firstPause = time.Minute
	mostPause  = time.Hour
)

// readPeriod finds out up to when letters were collected. A new box begins today.
func (b *Box) readPeriod() error {
	s, err := os.ReadFile(filepath.Join(b.Dir, periodFile))
	if errors.Is(err, fs.ErrNotExist) {
		return b.keepPeriod(periodOf(b.Now()))
	}
	if err == nil {
		b.period, err = strconv.Atoi(strings.TrimSpace(string(s)))
	}
	return err
}

func (b *Box) keepPeriod(n int) error {
	if err := write(b.Dir, periodFile, []byte(strconv.Itoa(n)+"\n")); err != nil {
		return err
	}
	b.period = n
	return nil
}

// Step does what is due: at the beginning of a period it sets apart what waits then and
// drops what is too old; and it brings what was set apart, as long as the hall takes
// it. Call it every second; it says when it brought something, or failed. Faults:
// Unavailable when the hall is not reached or does not take letters now.
func (b *Box) Step(ctx context.Context) (brought int, err error) {
	defer fault.Wrap(&err, "letterbox.Step")
	b.bringing.Lock()
	defer b.bringing.Unlock()
	now := b.Now()
	if n := periodOf(now); n > b.period {
		if err := errors.Join(b.collect(n), b.drop(n)); err != nil {
			return 0, err
		}
		b.retry, b.pause = time.Time{}, 0
	}
	if now.Before(b.retry) {
		return 0, nil
	}
	for ctx.Err() == nil {
		ids := b.due()
		if len(ids) == 0 {
			break
		}
		ids = ids[:min(len(ids), letter.Together)]
		if err := b.bring(ctx, ids); err != nil {
			b.pause = min(max(2*b.pause, firstPause), mostPause)
			b.retry = now.Add(b.pause)
			return brought, err
		}
		brought += len(ids)
	}
	b.pause = 0
	return brought, nil
}

// collect sets apart what waits; what comes later is of the next period. When it does
// not come to its end, the rest is collected by the next call.
func (b *Box) collect(n int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	to := entry{stage: leaving, period: n}
	if err := os.MkdirAll(b.place(to), 0o700); err != nil {
		return full(err)
	}
	for id, e := range b.letters {
		if e.stage != waiting {
			continue
		}
		if err := os.Rename(filepath.Join(b.place(e), id), filepath.Join(b.place(to), id)); err != nil {
			return full(err)
		}
		b.note(id, entry{leaving, n, e.size})
	}
	for _, dir := range []string{b.place(to), filepath.Join(b.Dir, outDir), filepath.Join(b.Dir, inDir)} {
		if err := settle(dir); err != nil {
			return err
		}
	}
	return b.keepPeriod(n)
}

// drop deletes what is too old, and the empty directories of periods.
func (b *Box) drop(now int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var errs []error
	for id, e := range b.letters {
		if e.stage != waiting && e.period < now-keptDays {
			errs = append(errs, b.remove(id, e))
		}
	}
	for _, s := range []stage{leaving, answered} {
		periods, err := os.ReadDir(filepath.Join(b.Dir, s.dir()))
		errs = append(errs, err)
		for _, p := range periods {
			if n, err := strconv.Atoi(p.Name()); err == nil && n < now {
				_ = os.Remove(filepath.Join(b.Dir, s.dir(), p.Name())) // only when it is empty
			}
		}
	}
	return errors.Join(errs...)
}

// due lists what is to be brought, in an order drawn anew.
func (b *Box) due() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	ids := slices.Sorted(maps.Keys(b.letters))
	ids = slices.DeleteFunc(ids, func(id string) bool { return b.letters[id].stage != leaving })
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids
}

// bring brings some letters to the hall, and keeps the answers.
func (b *Box) bring(ctx context.Context, ids []string) error {
	list, err := b.read(ids)
	if err != nil {
		return err
	}
	answers, err := b.send(ctx, letter.Join(list))
	if err != nil {
		return err
	}
	if len(answers) != len(ids) {
		return fault.New(fault.Unavailable, "client.status", http.StatusOK).Because(fmt.Errorf("%d letters and %d answers", len(ids), len(answers)))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, id := range ids {
		if err := b.keep(id, answers[i]); err != nil {
			return err
		}
	}
	return nil
}

func (b *Box) read(ids []string) (list [][]byte, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list = make([][]byte, len(ids))
	for i, id := range ids {
		if list[i], err = os.ReadFile(filepath.Join(b.place(b.letters[id]), id)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// keep puts an answer in the place of its letter.
func (b *Box) keep(id string, answer []byte) error {
	had := b.letters[id]
	e := entry{answered, b.period, int64(len(answer))}
	if err := os.MkdirAll(b.place(e), 0o700); err != nil {
		return full(err)
	}
	if err := write(b.place(e), id, answer); err != nil {
		return err
	}
	if err := b.remove(id, had); err != nil {
		return err
	}
	b.note(id, e)
	return settle(filepath.Join(b.Dir, answerDir))
}

// send makes one request of a delivery.
func (b *Box) send(ctx context.Context, body []byte) ([][]byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, b.Deliveries, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "application/octet-stream")
	r, err := b.Client.Do(q)
	if err != nil {
		return nil, away(err)
	}
	defer r.Body.Close()
	said, err := io.ReadAll(io.LimitReader(r.Body, letter.MaxAnswers+1))
	if err != nil {
		return nil, away(err)
	}
	if r.StatusCode != http.StatusOK {
		return nil, fault.New(fault.Unavailable, "client.status", r.StatusCode).Because(fmt.Errorf("the hall answered %d", r.StatusCode))
	}
	answers, err := letter.SplitAnswers(said)
	if err != nil {
		return nil, away(err)
	}
	return answers, nil
}

func away(err error) error { return fault.New(fault.Unavailable, "client.unreachable").Because(err) }
