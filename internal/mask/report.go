package mask

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"sort"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/safedb"
)

// Cause says what a report complains of. Append-only.
type Cause string

// The causes, gravest first.
const (
	Person     Cause = "person"     // gives somebody away
	Defamation Cause = "defamation" // only in notices of outsiders
	Insult     Cause = "insult"
	Spam       Cause = "spam"
	Other      Cause = "other"
)

// harm orders the queue: a name that is out cannot be called back, an advert can.
var harm = map[Cause]float64{Person: 16, Defamation: 12, Insult: 6, Spam: 2, Other: 1}

const (
	// mostReports is how many open reports one reporter may have.
	mostReports = 10
	// mostHarm is how many times the harm of its gravest cause a thing weighs at
	// most, however many report it.
	mostHarm = 3
	// mostWords is how many reports' words a moderator reads at once.
	mostWords = 20
)

// How reports were settled, as stored.
const (
	right = 1
	wrong = 2
)

// report tells the moderators of a post; it lies in the box until a tick or until a
// moderator looks.
func (d *deed) report(a wire.Act, _ *wire.Result) error {
	at := place{d.who.space, a.ID}
	p, found, err := postAt(d.tx, at)
	if err != nil {
		return err
	}
	if !found || p.state != postShown && p.state != postHidden {
		return fault.New(fault.NotFound, "mask.post.nowhere")
	}
	who, err := d.room.reporter(d.tx, d.who.space, d.visit.Key, epoch.OfDay(d.day))
	if err != nil {
		return err
	}
	settled := 0
	if _, err := d.tx.Row(qReportSettled, []any{d.who.space, a.ID, who}, &settled); err != nil || settled > 0 {
		return err // a moderator has answered it: said again it must not delay anything
	}
	open, before := 0, d.room.pool.orders[orderKey(reported, at, string(who))]
	if _, err := d.tx.Row(qReportsBy, []any{d.who.space, who}, &open); err != nil {
		return err
	}
	for _, rec := range d.room.pool.orders {
		if rec.Kind == reported && rec != before && rec.Space == d.who.space && string(rec.Hash) == string(who) {
			open++
		}
	}
	if err := MayReport(d.who.known || d.who.reads, d.who.id, p.mask, Cause(a.Kind), open); err != nil {
		return err
	}
	if before != nil {
		if err := d.room.pool.drop(d.tx, before); err != nil {
			return err
		}
	}
	return d.room.put(d.tx, record{Kind: reported, Space: at.space, Post: at.id, Mask: p.mask, Hash: who, Cause: a.Kind, Text: a.Text, On: d.who.known})
}

// reporter is the keyed hash by which one reporter is known again within the epoch.
func (r *Room) reporter(tx *safedb.Tx, space string, key []byte, e int) ([]byte, error) {
	secret, err := secretOf(tx, e)
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(space + "\x00"))
	m.Write(key)
	return m.Sum(nil)[:16], err
}

// secretOf gives an epoch's key, and makes it when there is none.
func secretOf(tx *safedb.Tx, e int) (key []byte, err error) {
	found, err := tx.Row(qSecret, []any{e}, &key)
	if err != nil || found {
		return key, err
	}
	key = make([]byte, 32)
	_, _ = rand.Read(key)
	_, err = tx.Exec(qSecretMake, e, key)
	return key, err
}

// fileReports moves reports from the box to their table.
func (r *Room) fileReports(tx *safedb.Tx, _ int) error {
	var out []*record
	for _, rec := range r.pool.orders {
		if rec.Kind != reported {
			continue
		}
		out = append(out, rec)
		_, err := tx.Exec(qReport, rec.Space, rec.Post, rec.Hash, rec.Mask, rec.Cause, rec.Text, epoch.OfDay(r.day()), number(rec.On))
		if err != nil {
			return err
		}
	}
	if err := r.pool.drop(tx, out...); err != nil {
		return err
	}
	for _, rec := range out {
		if err := recount(tx, place{rec.Space, rec.Mask}); err != nil {
			return err
		}
	}
	return nil
}

// forget ends what is known of reporters of ended epochs: their key goes, their
// settled reports go, and the open ones cannot be told apart any more.
func (r *Room) forget(tx *safedb.Tx, now int) error {
	running := epoch.OfTick(now)
	if _, err := secretOf(tx, running); err != nil {
		return err
	}
	for _, query := range []string{qSecretWipe, qReportWipe, qReportBlur} {
		if _, err := tx.Exec(query, running); err != nil {
			return err
		}
	}
	return nil
}

// settleAfter ends the open reports about a post once a deed about it went well.
func settleAfter(tx *safedb.Tx, at place, outcome int, err error) error {
	if err != nil {
		return err
	}
	if at.id == "" { // notices that name no post: only those that were shown
		_, err = tx.Exec(qSettleSome, at.space, outcome, mostWords)
		return err
	}
	_, err = tx.Exec(qSettle, at.space, at.id, outcome)
	return err
}

// Thing is a post in the queue, with all a moderator may know of it: of its author
// the name and the age, and nothing that leads anywhere else.
type Thing struct {
	Post   string // "" for a notice that names none
	Mask   string
	Name   string // of the mask, in the words of wire.Name
	Age    int    // in epochs
	Title  string
	HTML   string
	State  string // "shown", "hidden", "held"
	Count  int
	Causes []Cause // gravest first
	Words  []string
	Harm   float64 // what the queue is ordered by
	Review int     // day by which a hasty hiding is looked at; 0
}

// Queue lists what was reported and is open, and what is held, worst first; words
// and texts are read one at a time by Look.
func (r *Room) Queue(ctx context.Context, space string) (list []Thing, err error) {
	defer fault.Wrap(&err, "mask.Queue")
	return list, r.DB.Write(ctx, func(tx *safedb.Tx) error {
		if err := r.fileReports(tx, 0); err != nil {
			return err
		}
		list, err = queue(tx, space)
		return err
	})
}

// filed is a report as the queue reads it.
type filed struct {
	post, mask, who, words string
	cause                  Cause
	known                  bool
}

func queue(tx *safedb.Tx, space string) ([]Thing, error) {
	var all []filed
	err := tx.Rows(qReportsOpen, func(scan func(...any) error) error {
		var f filed
		var who []byte
		known := 0
		err := scan(&f.post, &f.mask, &who, &f.cause, &f.words, &known)
		f.who, f.known = string(who), known == 1
		all = append(all, f)
		return err
	}, space)
	if err != nil {
		return nil, err
	}
	list, err := weigh(tx, space, all)
	if err != nil {
		return nil, err
	}
	err = tx.Rows(qHeldList, func(scan func(...any) error) error {
		t := Thing{State: "held"}
		err := scan(&t.Post, &t.Mask)
		list = append(list, t)
		return err
	}, space)
	sort.SliceStable(list, func(a, b int) bool {
		x, y := list[a], list[b]
		if x.Harm != y.Harm {
			return x.Harm > y.Harm
		}
		return x.Count > y.Count
	})
	return list, err
}

// weigh gathers reports by post. A mask's weighs by how often it was right in this
// epoch; readers and outsiders, who can be one person many times, weigh together as
// the worst of theirs.
func weigh(tx *safedb.Tx, space string, all []filed) ([]Thing, error) {
	at, unknown, list := map[string]int{}, map[string]float64{}, []Thing{}
	for _, f := range all {
		weight := 0.5
		if f.known {
			var good, bad int
			if _, err := tx.Row(qTrust, []any{space, []byte(f.who)}, &good, &bad); err != nil {
				return nil, err
			}
			weight = float64(good+1) / float64(good+bad+2)
		}
		i, seen := at[f.post]
		if !seen {
			i = len(list)
			at[f.post] = i
			list = append(list, Thing{Post: f.post, Mask: f.mask})
		}
		t, h := &list[i], harm[f.cause]*weight
		t.Count++
		if f.known {
			t.Harm += h
		} else if more := h - unknown[f.post]; more > 0 {
			t.Harm, unknown[f.post] = t.Harm+more, h
		}
		if !slices.Contains(t.Causes, f.cause) {
			t.Causes = append(t.Causes, f.cause)
		}
		if f.words != "" && len(t.Words) < mostWords {
			t.Words = append(t.Words, f.words)
		}
	}
	for i := range list {
		t := &list[i]
		sort.SliceStable(t.Causes, func(a, b int) bool { return harm[t.Causes[a]] > harm[t.Causes[b]] })
		t.Harm = min(t.Harm, mostHarm*harm[t.Causes[0]])
	}
	return list, nil
}

// Look opens one thing of the queue for a moderator, and counts that she did.
// Faults: NotFound.
func (r *Room) Look(ctx context.Context, by Moderator, space, post string) (t Thing, err error) {
	defer fault.Wrap(&err, "mask.Look")
	return t, r.DB.Write(ctx, func(tx *safedb.Tx) error {
		if err := r.fileReports(tx, 0); err != nil {
			return err
		}
		list, err := queue(tx, space)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(t Thing) bool { return t.Post == post })
		if i < 0 {
			return fault.New(fault.NotFound, "mask.order.no_post")
		}
		t = list[i]
		if t.Post != "" {
			if err := r.describe(tx, space, &t); err != nil {
				return err
			}
		}
		_, err = tx.Exec(qOpened, by.ID, space, epoch.OfDay(r.day()))
		return err
	})
}

// describe adds text and author.
func (r *Room) describe(tx *safedb.Tx, space string, t *Thing) error {
	state := 0
	if _, err := tx.Row(qPostText, []any{space, t.Post}, &t.Title, &t.HTML, &state); err != nil {
		return err
	}
	t.State = stateWords[state]
	m, found, err := maskAt(tx, place{space, t.Mask})
	if found {
		t.Name, t.Age = wire.Name(m.Key), age(m, r.day())
	}
	if err != nil {
		return err
	}
	_, err = tx.Row(qHasty, []any{space, t.Post}, &t.Review)
	return err
}

// Opened is how many texts somebody opened in a space in an epoch.
type Opened struct {
	By    string
	Epoch int
	Texts int
}

// Opened tells how much each moderator looked at; the others can see who looks at
// more than she decides.
func (r *Room) Opened(ctx context.Context, space string) (list []Opened, err error) {
	defer fault.Wrap(&err, "mask.Opened")
	return list, r.DB.Read(ctx, func(tx *safedb.Tx) error {
		return tx.Rows(qOpenedList, func(scan func(...any) error) error {
			var o Opened
			err := scan(&o.By, &o.Epoch, &o.Texts)
			list = append(list, o)
			return err
		}, space)
	})
}
