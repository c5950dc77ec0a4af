package moderation

import (
	"context"
	"slices"
	"sort"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/typed"
)

// Report tells the stewards about a thing. The same face reporting the same
// thing again replaces her open report. Of the moment only the day is kept.
// Faults: Invalid for an unknown cause or too many words.
func (r *Room) Report(ctx context.Context, by Actor, t Target, cause Cause, said string) (err error) {
	defer fault.Wrap(&err, "moderation.Report(%s %s)", t.Kind, t.ID)
	if !slices.Contains(Causes(), cause) {
		return fault.On("cause", fault.Invalid, "fault.choose")
	}
	least := 0
	if cause == Other {
		least = 5 // "other" alone tells a steward nothing
	}
	if said, err = typed.Lines("words", said, least, MaxWords); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if by.Face != "" {
			if _, err := r.DB.Exec(ctx, qReportReplace, t.Kind, t.ID, string(by.Face)); err != nil {
				return err
			}
		}
		_, err := r.DB.Exec(ctx, qReport, ident.Random(), t.Kind, t.ID, string(cause), said, string(by.Face), day(r.Now()))
		return err
	})
}

// Sent is a report as its sender sees it.
type Sent struct {
	Target  Target
	Cause   Cause
	Words   string // gone once the report is settled
	Day     time.Time
	Outcome string // "" while open, "right", "wrong"
}

// Reports lists what a face has reported, oldest first. Nobody else is told.
func (r *Room) Reports(ctx context.Context, by face.ID) (list []Sent, err error) {
	defer fault.Wrap(&err, "moderation.Reports")
	err = r.DB.Rows(ctx, qReportSent, func(scan func(...any) error) error {
		var s Sent
		var at int64
		if err := scan(&s.Target.Kind, &s.Target.ID, &s.Cause, &s.Words, &at, &s.Outcome); err != nil {
			return err
		}
		s.Day = dayTime(at)
		list = append(list, s)
		return nil
	}, string(by))
	return list, err
}

// open is an open report as the queue reads it.
type open struct {
	target Target
	cause  Cause
	words  string
	by     string
}

// Queue lists what is reported and not settled, worst first. At most 500
// reports are looked at.
func (r *Room) Queue(ctx context.Context) (queue []Reported, err error) {
	defer fault.Wrap(&err, "moderation.Queue")
	var all []open
	err = r.DB.View(ctx, func(ctx context.Context) error {
		err := r.DB.Rows(ctx, qReportOpen, func(scan func(...any) error) error {
			var o open
			if err := scan(&o.target.Kind, &o.target.ID, &o.cause, &o.words, &o.by); err != nil {
				return err
			}
			all = append(all, o)
			return nil
		})
		if err != nil {
			return err
		}
		queue, err = r.weigh(ctx, all)
		return err
	})
	return queue, err
}

// weigh gathers reports by thing and adds their harm up, each weighted by how
// often its sender was right before. Outsiders cannot be told apart, so together
// they weigh as the worst of theirs: one of them can be many.
func (r *Room) weigh(ctx context.Context, all []open) ([]Reported, error) {
	trust := map[string]float64{}
	at := map[Target]int{}
	var queue []Reported
	outside := map[Target]float64{}
	for _, o := range all { // members' first, then outsiders'; of each the newest days first
		w, known := trust[o.by]
		if !known {
			var err error
			if w, err = r.trust(ctx, o.by); err != nil {
				return nil, err
			}
			trust[o.by] = w
		}
		i, seen := at[o.target]
		if !seen {
			i = len(queue)
			at[o.target] = i
			queue = append(queue, Reported{Target: o.target})
		}
		q := &queue[i]
		q.Count++
		if harm := o.cause.harm() * w; o.by != "" {
			q.Harm += harm
		} else if more := harm - outside[o.target]; more > 0 {
			q.Harm += more
			outside[o.target] = harm
		}
		if !slices.Contains(q.Causes, o.cause) {
			q.Causes = append(q.Causes, o.cause)
		}
		if o.words != "" && len(q.Words) < 20 {
			q.Words = append(q.Words, o.words)
		}
	}
	for i := range queue {
		sort.SliceStable(queue[i].Causes, func(a, b int) bool { return queue[i].Causes[a].harm() > queue[i].Causes[b].harm() })
	}
	sort.SliceStable(queue, func(a, b int) bool { return queue[a].Harm > queue[b].Harm })
	return queue, nil
}

// trust is the share of somebody's settled reports that were right, with one
// right and one wrong added so that nobody begins at the ends. Outsiders and
// newcomers weigh a half.
func (r *Room) trust(ctx context.Context, by string) (float64, error) {
	if by == "" {
		return 0.5, nil
	}
	var right, wrong int64
	if _, err := r.DB.Row(ctx, qReportTrust, []any{by}, &right, &wrong); err != nil {
		return 0, err
	}
	return float64(right+1) / float64(right+wrong+2), nil
}

// Settle ends the reports about a thing: they were right, or not.
func (r *Room) Settle(ctx context.Context, t Target, right bool) (err error) {
	defer fault.Wrap(&err, "moderation.Settle(%s %s)", t.Kind, t.ID)
	outcome := "wrong"
	if right {
		outcome = "right"
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := r.DB.Exec(ctx, qReportSettle, t.Kind, t.ID, outcome)
		return err
	})
}
