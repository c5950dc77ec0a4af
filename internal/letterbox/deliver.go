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

// lots is with how many deliveries a letter may go: the next, the one after, and so on,
// each as likely. docs/decisions/0047-a-letter-goes-by-lot.md says why.
const lots = 3

// lot draws the delivery of a letter that comes now. The caller holds the lock.
func (b *Box) lot() int { return max(b.period, periodOf(b.Now())) + 1 + rand.IntN(lots) }

// How long the hall is left alone after it did not take letters.
const (
	firstPause = time.Minute
	mostPause  = time.Hour
)

// readPeriod finds out which delivery was the last. A new box begins today.
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

// Step does what is due: at the beginning of a period it drops what is too old; and it
// brings what was drawn for this period or an earlier one, as long as the hall takes it.
// Call it every second; it says when it brought something, or failed. Faults:
// Unavailable when the hall is not reached or does not take letters now.
func (b *Box) Step(ctx context.Context) (brought int, err error) {
	defer fault.Wrap(&err, "letterbox.Step")
	b.bringing.Lock()
	defer b.bringing.Unlock()
	now := b.Now()
	begun, err := b.turn(periodOf(now))
	if err != nil {
		return 0, err
	}
	if begun {
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

// turn begins a period, unless it has begun: what was drawn for it is due from now on,
// and nothing can be drawn for it any more.
func (b *Box) turn(n int) (begun bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n <= b.period {
		return false, nil
	}
	b.space.release(n)
	return true, errors.Join(b.keepPeriod(n), b.drop(n))
}

// drop deletes what is too old, and the empty directories of periods. The caller holds
// the lock.
func (b *Box) drop(now int) error {
	var errs []error
	before := func(period int, too func(entry) bool) {
		for id, e := range b.letters {
			if e.period < period && too(e) {
				errs = append(errs, b.remove(id, e))
			}
		}
	}
	before(now-keptDays, func(entry) bool { return true })
	for p := now - keptDays + 1; b.space.crowded() && p < now; p++ {
		before(p, func(e entry) bool { return e.answered })
	}
	for _, dir := range []string{letterDir, answerDir} {
		periods, err := os.ReadDir(filepath.Join(b.Dir, dir))
		errs = append(errs, err)
		for _, p := range periods {
			if n, err := strconv.Atoi(p.Name()); err == nil && n < now {
				_ = os.Remove(filepath.Join(b.Dir, dir, p.Name())) // only when it is empty
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
	ids = slices.DeleteFunc(ids, func(id string) bool { e := b.letters[id]; return e.answered || e.period > b.period })
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
	e := entry{true, b.period, int64(len(answer))}
	if err := b.makePlace(e); err != nil {
		return err
	}
	if err := write(b.place(e), id, answer); err != nil {
		return err
	}
	if err := b.remove(id, had); err != nil {
		return err
	}
	b.note(id, e)
	return nil
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
