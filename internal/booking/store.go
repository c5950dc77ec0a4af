package booking

import (
	"context"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/calendar"
	"guildhall/internal/db"
	"guildhall/internal/face"
)

const (
	bookingColumns = `SELECT b.id, b.face_id, b.kind_id, b.title, b.start_at, b.end_at, b.before_minutes, b.after_minutes, b.visitor, b.state, b.until_at, b.version,
		COALESCE(c.by_visitor, -1), COALESCE(g.told, ''), COALESCE(g.outcome, '') FROM booking b LEFT JOIN booking_cancellation c ON c.booking_id = b.id
		LEFT JOIN booking_ring g ON g.booking_id = b.id AND g.start_at = b.start_at `
	kindColumns = `SELECT id, face_id, name, length, step, before_minutes, after_minutes FROM booking_kind `
	feedColumns = `SELECT id, face_id, address, login, word, busy, known_at, unknown_at, why, line FROM booking_feed `
	waitColumns = `SELECT id, face_id, kind_id, from_day, to_day, visitor, link_key FROM booking_wait `
)

var (
	qPage     = db.SQL("booking.page", `SELECT rules, turn, call_link FROM booking_page WHERE face_id = $1`)
	qSetRules = db.SQL("booking.setRules", `INSERT INTO booking_page (face_id, rules, turn, own_key, call_link) VALUES ($1, $2, 0, '', '')
		ON CONFLICT (face_id) DO UPDATE SET rules = excluded.rules`)
	qTurn    = db.SQL("booking.turn", `UPDATE booking_page SET turn = turn + 1 WHERE face_id = $1 AND turn = $2`)
	qSetOwn  = db.SQL("booking.setOwn", `UPDATE booking_page SET own_key = $2 WHERE face_id = $1`)
	qOwnedBy = db.SQL("booking.ownedBy", `SELECT face_id FROM booking_page WHERE own_key = $1 AND own_key <> ''`)

	qAddKind  = db.SQL("booking.addKind", `INSERT INTO booking_kind (id, face_id, name, length, step, before_minutes, after_minutes) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qDropKind = db.SQL("booking.dropKind", `DELETE FROM booking_kind WHERE id = $1 AND face_id = $2`)
	qKind     = db.SQL("booking.kind", kindColumns+`WHERE id = $1 AND face_id = $2`)
	qKinds    = db.SQL("booking.kinds", kindColumns+`WHERE face_id = $1 ORDER BY length, name, id`)

	qAddFeed   = db.SQL("booking.addFeed", `INSERT INTO booking_feed (id, face_id, address, login, word, busy, known_at, unknown_at, why, line) VALUES ($1, $2, $3, $4, $5, '', 0, $6, '', 0)`)
	qDropFeed  = db.SQL("booking.dropFeed", `DELETE FROM booking_feed WHERE id = $1 AND face_id = $2`)
	qFeeds     = db.SQL("booking.feeds", feedColumns+`WHERE face_id = $1 ORDER BY id`)
	qDueFeeds  = db.SQL("booking.dueFeeds", feedColumns+`WHERE id > $1 ORDER BY id LIMIT 20`)
	qFeedRead  = db.SQL("booking.feedRead", `UPDATE booking_feed SET busy = $2, known_at = $3, unknown_at = 0, why = '', line = 0 WHERE id = $1`)
	qFeedFails = db.SQL("booking.feedFails", `UPDATE booking_feed SET unknown_at = CASE WHEN unknown_at = 0 THEN $2 ELSE unknown_at END, why = $3, line = $4 WHERE id = $1`)

	qBook = db.SQL("booking.book", `INSERT INTO booking (id, face_id, kind_id, title, start_at, end_at, before_minutes, after_minutes, visitor, link_key, state, until_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)`)
	qFind     = db.SQL("booking.find", bookingColumns+`WHERE b.link_key = $1`)
	qOne      = db.SQL("booking.one", bookingColumns+`WHERE b.id = $1`)
	qBetween  = db.SQL("booking.between", bookingColumns+`WHERE b.face_id = $1 AND b.start_at < $3 AND b.end_at > $2 ORDER BY b.start_at, COALESCE(c.by_visitor, -1), b.id`)
	qMove     = db.SQL("booking.move", `UPDATE booking SET start_at = $2, end_at = $3, state = $4, until_at = 0, version = version + 1 WHERE id = $1`)
	qState    = db.SQL("booking.state", `UPDATE booking SET state = $2, until_at = 0, version = version + 1 WHERE id = $1`)
	qCancel   = db.SQL("booking.cancel", `INSERT INTO booking_cancellation (booking_id, by_visitor) VALUES ($1, $2)`)
	qLapsed   = db.SQL("booking.lapsed", bookingColumns+`WHERE b.until_at > 0 AND b.until_at < $1 AND c.booking_id IS NULL ORDER BY b.until_at LIMIT 100`)
	qOver     = db.SQL("booking.over", `DELETE FROM booking WHERE end_at < $1`)
	qOverWait = db.SQL("booking.overWait", `DELETE FROM booking_wait WHERE to_day < $1`)
	qOrphans  = db.SQL("booking.orphans", `DELETE FROM booking_cancellation WHERE NOT EXISTS (SELECT 1 FROM booking WHERE booking.id = booking_id)`)

	qWait = db.SQL("booking.wait", `INSERT INTO booking_wait (id, face_id, kind_id, place, from_day, to_day, visitor, link_key)
		SELECT $1, $2, $3, COALESCE(MAX(place), 0) + 1, $4, $5, $6, $7 FROM booking_wait WHERE face_id = $2`)
	qWaiting = db.SQL("booking.waiting", `SELECT 1 FROM booking_wait WHERE link_key = $1`)
	qWaits   = db.SQL("booking.waits", waitColumns+`WHERE face_id = $1 ORDER BY place, id`)
	qLeave   = db.SQL("booking.leave", `DELETE FROM booking_wait WHERE link_key = $1`)
	qForgets = []*db.Query{
		db.SQL("booking.forgetPage", `DELETE FROM booking_page WHERE face_id = $1`), db.SQL("booking.forgetKinds", `DELETE FROM booking_kind WHERE face_id = $1`),
		db.SQL("booking.forgetFeeds", `DELETE FROM booking_feed WHERE face_id = $1`), qForgetWaits,
	}
	qForgetWaits = db.SQL("booking.forgetWaits", `DELETE FROM booking_wait WHERE face_id = $1`)
	qForgetOver  = db.SQL("booking.forgetOver", `DELETE FROM booking WHERE face_id = $1 AND end_at <= $2`)
	// What is to come stays until it is over, cancelled and without anybody: who wished to
	// come finds that by her link.
	qCancelAll = db.SQL("booking.cancelAll", `INSERT INTO booking_cancellation (booking_id, by_visitor)
		SELECT id, 0 FROM booking WHERE face_id = $1 AND NOT EXISTS (SELECT 1 FROM booking_cancellation c WHERE c.booking_id = booking.id)`)
	qNobodys = db.SQL("booking.nobodys", `UPDATE booking SET face_id = '', kind_id = '', title = '', visitor = '', until_at = 0, version = version + 1 WHERE face_id = $1`)
)

// micros is a time as it is stored; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// moment is micros back.
func moment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

func (r *Room) page(ctx context.Context, f face.ID) (Page, error) {
	p := Page{Face: f}
	found, err := r.DB.Row(ctx, qPage, []any{string(f)}, &p.Text, &p.turn, &p.Link)
	if err == nil && !found {
		err = noSuch()
	}
	if err != nil {
		return p, err
	}
	p.Rules, err = calendar.ReadRules([]byte(p.Text))
	return p, err
}

func (r *Room) kinds(ctx context.Context, q *db.Query, args ...any) (list []Kind, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var k Kind
		var n [4]int64
		err := scan(&k.ID, &k.Face, &k.Name, &n[0], &n[1], &n[2], &n[3])
		for i, d := range []*time.Duration{&k.Length, &k.Step, &k.Before, &k.After} {
			*d = time.Duration(n[i]) * time.Minute
		}
		list = append(list, k)
		return err
	}, args...)
	return list, err
}

func (r *Room) kind(ctx context.Context, f face.ID, id string) (Kind, error) {
	list, err := r.kinds(ctx, qKind, id, string(f))
	if err == nil && len(list) == 0 {
		err = noSuch()
	}
	if err != nil {
		return Kind{}, err
	}
	return list[0], nil
}

func (r *Room) feeds(ctx context.Context, q *db.Query, arg string) (list []Feed, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var f Feed
		var busy string
		var known, unknown int64
		err := scan(&f.ID, &f.Face, &f.Address, &f.Login, &f.word, &busy, &known, &unknown, &f.Why, &f.Line)
		f.Known, f.Unknown, f.busy = moment(known), moment(unknown), unpacked(busy)
		list = append(list, f)
		return err
	}, arg)
	return list, err
}

func (r *Room) bookings(ctx context.Context, q *db.Query, args ...any) (list []Booking, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var b Booking
		var start, end, before, after, until int64
		var by int
		err := scan(&b.ID, &b.Face, &b.Kind, &b.Title, &start, &end, &before, &after, &b.Visitor, &b.State, &until, &b.Version, &by, &b.Told, &b.Outcome)
		b.Start, b.End, b.Until = moment(start), moment(end), moment(until)
		b.before, b.after = time.Duration(before)*time.Minute, time.Duration(after)*time.Minute
		if by >= 0 {
			b.State, b.ByVisitor = Cancelled, by == 1
			b.Version++
		}
		list = append(list, b)
		return err
	}, args...)
	return list, err
}

func (r *Room) booking(ctx context.Context, q *db.Query, arg string) (Booking, error) {
	list, err := r.bookings(ctx, q, arg)
	if err == nil && len(list) == 0 {
		err = noSuch()
	}
	if err != nil {
		return Booking{}, err
	}
	return list[0], nil
}

// waiting is a visitor who waits.
type waiting struct {
	id       string
	face     face.ID
	kind     string
	from, to int64
	visitor  string
	key      string
}

func (r *Room) waits(ctx context.Context, f face.ID) (list []waiting, err error) {
	err = r.DB.Rows(ctx, qWaits, func(scan func(...any) error) error {
		var w waiting
		err := scan(&w.id, &w.face, &w.kind, &w.from, &w.to, &w.visitor, &w.key)
		list = append(list, w)
		return err
	}, string(f))
	return list, err
}

// packed writes busy stretches as text: begin and length in seconds.
func packed(all []calendar.Interval) string {
	var b strings.Builder
	for _, i := range all {
		b.WriteString(strconv.FormatInt(i.Start.Unix(), 36) + "+" + strconv.FormatInt(int64(i.End.Sub(i.Start)/time.Second), 36) + " ")
	}
	return b.String()
}

// unpacked reads them.
func unpacked(s string) (all []calendar.Interval) {
	for f := range strings.FieldsSeq(s) {
		a, b, _ := strings.Cut(f, "+")
		start, err1 := strconv.ParseInt(a, 36, 64)
		long, err2 := strconv.ParseInt(b, 36, 64)
		if err1 == nil && err2 == nil {
			t := time.Unix(start, 0).UTC()
			all = append(all, calendar.Interval{Start: t, End: t.Add(time.Duration(long) * time.Second)})
		}
	}
	return all
}
