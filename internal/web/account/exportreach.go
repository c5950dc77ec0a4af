package account

import (
	"context"

	"guildhall/internal/face"
	"guildhall/internal/member"
	"guildhall/internal/notice"
	accountpage "guildhall/internal/web/page/account"
)

// reached is how she is told of news. What would let others wake her devices is left out.
type reached struct {
	Zone     string                      `json:"zone"`
	Quiet    [2]int                      `json:"quiet_minutes"` // from, to
	DigestAt int                         `json:"digest_minute"`
	Wait     int                         `json:"minutes_a_rung"`
	Until    notice.State                `json:"until"`
	Words    bool                        `json:"says_the_sort"`
	Checks   bool                        `json:"weekly_check"`
	Modes    map[notice.Kind]notice.Mode `json:"not_at_once"`
	Devices  []reachedDevice             `json:"devices"`
	Waiting  map[notice.Kind]int         `json:"on_their_way"`
}

type reachedDevice struct {
	Way     notice.Way    `json:"way"`
	Service string        `json:"push_service,omitempty"`
	Address string        `json:"address,omitempty"`
	Rung    int           `json:"rung"`
	State   notice.Health `json:"state"`
}

func (d *Door) exportReach(ctx context.Context, s member.Session, x *exported) error {
	id := face.ID(s.Face)
	w, err := d.Notices.Settings(ctx, id, s.Zone)
	if err != nil {
		return err
	}
	devices, err := d.Notices.Devices(ctx, id)
	if err != nil {
		return err
	}
	waiting, err := d.Notices.Held(ctx, id)
	x.Reached = reached{w.Zone, [2]int{w.QuietFrom, w.QuietTo}, w.DigestAt, w.Wait, w.Until, w.Words, w.Checks, w.Modes, nil, map[notice.Kind]int{}}
	for _, v := range devices {
		x.Reached.Devices = append(x.Reached.Devices, reachedDevice{v.Way, v.Service, v.Address, v.Rung, v.Health})
	}
	for _, v := range waiting {
		x.Reached.Waiting[v.Kind] = v.N
	}
	return err
}

// reachRows are what is stored of how she is reached.
func (d *Door) reachRows(ctx context.Context, s member.Session) ([]accountpage.Table, error) {
	id := face.ID(s.Face)
	devices, err := d.Notices.Devices(ctx, id)
	if err != nil {
		return nil, err
	}
	waiting, err := d.Notices.Held(ctx, id)
	t := accountpage.Table{Title: "notice.title"}
	for _, v := range devices {
		if v.Way == notice.Push {
			t.Add("notice.stored.device", v.Service)
		} else {
			t.Add("notice.stored.address", v.Address)
		}
	}
	for _, v := range waiting {
		t.Add("notice.stored.waiting", sayer(ctx).Number(v.N))
	}
	return []accountpage.Table{t}, err
}
