package mask

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/safedb"
)

// Tick does what is due when the clock has passed into another tick since the last
// time; done tells whether it has. Otherwise it only blurs the times of the files,
// so it is called all the time. A hall that was down lets out
// everything that became due meanwhile together. What a crash leaves undone the
// next call does.
func (r *Room) Tick(ctx context.Context) (done bool, err error) {
	switch {
	case int64(epoch.Tick(r.Now())) != r.tick.Load() || !r.begun.Load():
		return true, r.TestOnlyTick(ctx)
	case r.rough.Load(): // a moderator decided; nothing else is moved before its hour
		return true, r.smooth(ctx)
	}
	return false, r.DB.Blur()
}

// smooth writes the file anew without a trace of what changed in it, and lets the
// public log have what was decided.
func (r *Room) smooth(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "mask.Tick")
	if err := r.level(ctx); err != nil {
		return err
	}
	return r.logDecisions(ctx)
}

// Rest files what was noted of rights and renewals, once the hall stops, and smooths
// what has changed since the file was. A machine that is shut down loses the key of the
// box, and with these notes it would lose that nobody may have a second mask.
func (r *Room) Rest(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "mask.Rest")
	noted := 0
	err = r.DB.Read(ctx, func(*safedb.Tx) error { noted = len(r.pool.served) + len(r.pool.renewals); return nil })
	if err != nil || noted == 0 && !r.rough.Load() {
		return err
	}
	if err := r.fileServed(ctx, func(*record) bool { return true }); err != nil {
		return err
	}
	err = r.DB.Write(ctx, func(tx *safedb.Tx) error { return r.pool.fileRenewals(tx, math.MaxInt) })
	if err != nil {
		return err
	}
	return r.smooth(ctx)
}

// level writes the file anew; what changes meanwhile is smoothed the next time.
func (r *Room) level(ctx context.Context) error {
	r.rough.Store(false)
	err := r.DB.Smooth(ctx)
	if err != nil {
		r.rough.Store(true)
	}
	return err
}

// TestOnlyTick does the current tick, also when it was done before.
func (r *Room) TestOnlyTick(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "mask.Tick")
	now := epoch.Tick(r.Now())
	beacon, err := r.Beacon(ctx)
	if err != nil {
		return err
	}
	if err = r.handOver(ctx, func(rec *record) bool { return rec.Due <= now }); err != nil {
		return err
	}
	if err = r.fileServed(ctx, func(rec *record) bool { return rec.Due <= now }); err != nil {
		return err
	}
	if err = r.DB.Write(ctx, func(tx *safedb.Tx) error { return r.release(tx, now, beacon) }); err != nil {
		return err
	}
	if err = r.level(ctx); err != nil {
		return err
	}
	r.tick.Store(int64(now))
	r.begun.Store(true)
	r.mu.Lock()
	clear(r.spaces)
	clear(r.shelf)
	clear(r.seen)
	clear(r.looked)
	r.mu.Unlock()
	spaces, err := r.Spaces(ctx)
	for _, s := range spaces {
		r.tell(s)
	}
	if err != nil {
		return err
	}
	if err := r.logDecisions(ctx); err != nil {
		return err
	}
	if err := r.logEndings(ctx); err != nil {
		return err
	}
	return r.count(ctx, now)
}

// release moves what is due from the pool to the tables, in one transaction: all of
// it, or after a crash nothing.
func (r *Room) release(tx *safedb.Tx, now int, beacon []byte) error {
	for _, step := range []func(*safedb.Tx, int) error{r.showPosts, r.wipe, r.countRecommends, r.spend, r.fileReports, r.forget, r.lapse, lapseProposals, r.fileVerdicts, r.fileAppeals, r.pool.fileRenewals, r.fileAdmitted} {
		if err := step(tx, now); err != nil {
			return err
		}
	}
	if err := r.seatJurors(tx, now, beacon); err != nil {
		return err
	}
	batch, err := r.bear(tx, now)
	if err != nil {
		return err
	}
	if err := r.stand(tx, now, batch); err != nil {
		return err
	}
	if batch {
		if _, err := tx.Exec(qRenewing, epoch.WeekOfDay(epoch.DayOfTick(now))-1); err != nil {
			return err
		}
	}
	return r.pool.box.Settle(tx)
}

// bear makes masks of the registrations of each space, when a week has begun since
// the last time and they are enough; else they wait for the next one. batch tells
// whether a week has begun.
func (r *Room) bear(tx *safedb.Tx, now int) (batch bool, err error) {
	day := epoch.DayOfTick(now)
	week := epoch.WeekOfDay(day)
	last, err := fact(tx, factBatch)
	if err != nil || last >= week {
		return false, err
	}
	if _, err = tx.Exec(qFactSet, factBatch, week); err != nil {
		return false, err
	}
	if last == 0 { // a new hall begins to count now
		_, err = tx.Exec(qFactSet, factCounted, week)
		return false, err
	}
	bySpace := map[string][]*record{}
	for at, rec := range r.pool.births {
		if r.pool.waiting[at.space] >= fewestBorn {
			bySpace[at.space] = append(bySpace[at.space], rec)
		}
	}
	for space, recs := range bySpace {
		if err := makeMasks(tx, recs, epoch.OfDay(day)); err != nil {
			return false, err
		}
		if _, err := tx.Exec(qTotalAdd, space, epoch.OfDay(day), 0, len(recs)); err != nil {
			return false, err
		}
		if err := r.pool.drop(tx, recs...); err != nil {
			return false, err
		}
	}
	return true, nil
}

// makeMasks writes many rows with few statements, in the order of their keys, which
// spares the pages from being written many times.
func makeMasks(tx *safedb.Tx, recs []*record, born int) error {
	slices.SortFunc(recs, func(x, y *record) int { return strings.Compare(x.Mask, y.Mask) })
	for some := range slices.Chunk(recs, 200) {
		args := make([]any, 0, 4*len(some))
		for _, rec := range some {
			args = append(args, rec.Space, rec.Mask, rec.Key, born)
		}
		query := qMaskMake + qMaskRow + strings.Repeat(", "+qMaskRow, len(some)-1)
		if _, err := tx.Exec(query, args...); err != nil {
			return err
		}
	}
	return nil
}

// showPosts lets posts out whose tick has come.
func (r *Room) showPosts(tx *safedb.Tx, now int) error {
	day := epoch.DayOfTick(now)
	var out []*record
	for _, rec := range r.pool.posts {
		if rec.Words.Due > now {
			continue
		}
		out = append(out, rec)
		if err := r.showPost(tx, rec, day); err != nil {
			return err
		}
	}
	return r.pool.drop(tx, out...)
}

// showPost lets one out, or holds it for a moderator.
func (r *Room) showPost(tx *safedb.Tx, rec *record, day int) error {
	state := postShown
	_, hold, err := brakes(tx, rec.Space)
	if err != nil {
		return err
	}
	if hold {
		m, _, err := maskAt(tx, place{rec.Space, rec.Mask})
		if err != nil {
			return err
		}
		if m.LastDay == 0 {
			state = postHeld
		}
	}
	w := rec.Words
	if _, err := tx.Exec(qPostMake, rec.Space, w.Thread, rec.Post, rec.Mask, day, w.Reply, w.Title, w.Lang, w.HTML, state); err != nil {
		return err
	}
	if state == postShown {
		_, err := tx.Exec(qSpeaker, rec.Space, rec.Mask, day)
		return err
	}
	if _, err := tx.Exec(qHoldPost, rec.Space, rec.Post, rec.Mask); err != nil {
		return err
	}
	return recount(tx, place{rec.Space, rec.Mask})
}

// wipe takes the words of deleted posts away whose tick has come.
func (r *Room) wipe(tx *safedb.Tx, now int) error {
	var done []*record
	for at, rec := range r.pool.deletions {
		if rec.Due > now {
			continue
		}
		done = append(done, rec)
		if err := wipeOne(tx, at); err != nil {
			return err
		}
	}
	return r.pool.drop(tx, done...)
}

// wipeOne takes the words of a post away; one that was held is held no more.
func wipeOne(tx *safedb.Tx, at place) error {
	p, _, err := postAt(tx, at)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(qUnhold, at.space, at.id); err != nil {
		return err
	}
	if _, err := tx.Exec(qPostWipe, at.space, at.id); err != nil {
		return err
	}
	return recount(tx, place{at.space, p.mask})
}

// praise is what a mask's recommendation of a post is known by. The key is not in the
// file, which so does not tell how often a mask recommends; when it is lost, a mask
// could recommend a post once more.
func (r *Room) praise(space, post, mask string) string {
	return r.DB.Box().Mark("recommendation", space, post, mask)
}

// countRecommends counts those whose tick has come.
func (r *Room) countRecommends(tx *safedb.Tx, now int) error {
	changed := map[place]bool{}
	var counted []*record
	for _, rec := range r.pool.recommends {
		if rec.Due > now {
			continue
		}
		counted = append(counted, rec)
		query := qUnrecom
		if rec.On {
			query = qRecommend
		}
		if _, err := tx.Exec(query, rec.Space, rec.Post, r.praise(rec.Space, rec.Post, rec.Mask)); err != nil {
			return err
		}
		changed[place{rec.Space, rec.Post}] = true
	}
	for at := range changed {
		if _, err := tx.Exec(qRecount, at.space, at.id); err != nil {
			return err
		}
	}
	return r.pool.drop(tx, counted...)
}

// spend files the read passes that were used, and forgets those of ended epochs,
// which open nothing any more.
func (r *Room) spend(tx *safedb.Tx, now int) error {
	for _, rec := range r.pool.readings {
		if _, err := tx.Exec(qSpend, rec.Space, rec.Epoch, rec.Pass, rec.Day); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(qSpentPurge, epoch.OfTick(now)-1); err != nil { // a visit's day may be yesterday's
		return err
	}
	return r.pool.drop(tx, slices.Collect(maps.Values(r.pool.readings))...)
}

// stand finds the spaces with enough active masks, and at a batch counts them.
func (r *Room) stand(tx *safedb.Tx, now int, batch bool) error {
	oldest := epoch.OfDay(epoch.DayOfTick(now) - epoch.DaysOfWeek) // whose masks may still post
	active := map[string]int{}
	err := tx.Rows(qStandings, func(scan func(...any) error) error {
		var space string
		err := scan(&space)
		active[space] = 0
		return err
	})
	if err != nil {
		return err
	}
	err = tx.Rows(qActive, func(scan func(...any) error) error {
		var space string
		var n int
		err := scan(&space, &n)
		active[space] = n
		return err
	}, oldest)
	if err != nil {
		return err
	}
	renewed, err := r.pool.renewedSince(tx, oldest)
	if err != nil {
		return err
	}
	for space, n := range active {
		n -= renewed[space]
		_, shown, err := standing(tx, space)
		if err != nil {
			return err
		}
		if batch {
			shown = n
		}
		speaking := 0
		if n >= enough {
			speaking = 1
		}
		if _, err := tx.Exec(qStandingSet, space, shown, speaking); err != nil {
			return err
		}
	}
	return nil
}

// count enters the totals of the week that ended in the public log, once; outside
// the transaction, because what is in the log stays there.
func (r *Room) count(ctx context.Context, now int) error {
	day := epoch.DayOfTick(now)
	week, last := epoch.WeekOfDay(day), 0
	err := r.DB.Read(ctx, func(tx *safedb.Tx) (err error) { last, err = fact(tx, factCounted); return err })
	if err != nil || last >= week {
		return err
	}
	spaces, err := r.Spaces(ctx)
	if err != nil {
		return err
	}
	for _, space := range spaces {
		for e := epoch.OfDay(epoch.FirstDayOfWeek(week) - 1); e <= epoch.OfDay(day); e++ {
			if err := r.countOne(ctx, Counts{Space: space, Epoch: e, Day: day}); err != nil {
				return err
			}
		}
	}
	return r.DB.Write(ctx, func(tx *safedb.Tx) error { _, err := tx.Exec(qFactSet, factCounted, week); return err })
}

func (r *Room) countOne(ctx context.Context, c Counts) (err error) {
	err = r.DB.Read(ctx, func(tx *safedb.Tx) error {
		if _, err := tx.Row(qServedMany, []any{c.Space, c.Epoch}, &c.Seats); err != nil {
			return err
		}
		_, err := tx.Row(qTotal, []any{c.Space, c.Epoch}, &c.Renewals, &c.Masks)
		return err
	})
	if err != nil || c.Seats+c.Renewals+c.Masks == 0 {
		return err
	}
	return r.Log(ctx, c)
}
