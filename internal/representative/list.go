package representative

import (
	"context"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Acting is the mandate under which somebody may act for a platform now. Faults:
// SignIn; Forbidden with the reason why not.
func (r *Room) Acting(ctx context.Context, a Actor, platform string) (m Mandate, err error) {
	defer fault.Wrap(&err, "representative.Acting(%s)", platform)
	if err = MayClaim(a); err != nil {
		return m, err
	}
	list, err := r.rows(ctx, qLive, string(a.Face), platform)
	if err != nil {
		return m, err
	}
	for _, x := range list {
		if m.ID == "" || m.Fallen { // of two, the one of the domain that is its own now
			m = x
		}
	}
	if m.Fallen {
		return Mandate{}, fault.New(fault.Forbidden, "representative.no_platform")
	}
	if err = MayAct(a, m, r.Now()); err != nil {
		return Mandate{}, err
	}
	return m, nil
}

// Acts is Acting where a page only wants to know: the zero Mandate means no.
// Faults: none but Unavailable.
func (r *Room) Acts(ctx context.Context, a Actor, platform string) (Mandate, error) {
	if a.Face == "" || platform == "" {
		return Mandate{}, nil
	}
	m, err := r.Acting(ctx, a, platform)
	if fault.Is(err, fault.Forbidden) {
		return Mandate{}, nil
	}
	return m, err
}

// OfPlatform lists those who act or have acted for a platform, the first one first;
// of claims that were never proven, only the reader's own. Faults: none but Unavailable.
func (r *Room) OfPlatform(ctx context.Context, a Actor, platform string) (list []Mandate, err error) {
	defer fault.Wrap(&err, "representative.OfPlatform(%s)", platform)
	all, err := r.rows(ctx, qOfPlatform, platform)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if !m.First.IsZero() || mine(a, m) {
			list = append(list, veiled(a, m))
		}
	}
	return list, r.fill(ctx, list)
}

// OfFace lists the reader's own mandates. Faults: SignIn.
func (r *Room) OfFace(ctx context.Context, a Actor) (list []Mandate, err error) {
	defer fault.Wrap(&err, "representative.OfFace")
	if err = MayClaim(a); err != nil {
		return nil, err
	}
	return r.rows(ctx, qOfFace, string(a.Face))
}

// Mandates are those under which things were said, by their ids, as the reader sees
// them. One that is not there is left out. Faults: none but Unavailable.
func (r *Room) Mandates(ctx context.Context, a Actor, ids ...ID) (m map[ID]Mandate, err error) {
	defer fault.Wrap(&err, "representative.Mandates")
	m = map[ID]Mandate{}
	for _, id := range ids {
		if _, seen := m[id]; seen || id == "" {
			continue
		}
		x, err := r.Mandate(ctx, a, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		m[id] = x
	}
	return m, nil
}

// Badges are the mandates that a profile shows: those that are proven now and whose
// holder wishes it. Faults: none but Unavailable.
func (r *Room) Badges(ctx context.Context, f face.ID) (list []Mandate, err error) {
	defer fault.Wrap(&err, "representative.Badges")
	all, err := r.rows(ctx, qOfFace, string(f))
	now := r.Now()
	for _, m := range all {
		if m.Badged && m.State(now) == Proven {
			list = append(list, veiled(Actor{}, m))
		}
	}
	return list, err
}

func (r *Room) fill(ctx context.Context, list []Mandate) error {
	var people []*face.Face
	for i := range list {
		if list[i].Face.ID != "" {
			people = append(people, &list[i].Face)
		}
	}
	return r.Faces.Fill(ctx, people...)
}

func mine(a Actor, m Mandate) bool { return a.Face != "" && a.Face == m.Face.ID }

// veiled leaves out of a mandate what only its holder may see.
func veiled(a Actor, m Mandate) Mandate {
	if s := m.Suspension; s != nil && !a.Steward {
		m.Suspension = &Suspension{At: s.At, Reason: s.Reason, EndReason: s.EndReason}
	}
	if mine(a, m) {
		return m
	}
	m.Text, m.DNSFault, m.FileFault, m.madeDay = "", "", "", 0
	if !m.Named {
		m.Face = face.Face{}
	}
	return m
}
