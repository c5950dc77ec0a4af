package alliance

import (
	"context"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/typed"
)

// answer is what one of two says to an introduction.
type answer int

const (
	nothing answer = iota
	yes
	no
)

// meeting is an introduction as it lies in the table.
type meeting struct {
	id               string
	by, one, other   face.ID
	words            string
	says, otherSays  answer
	faceBy           face.Face
	faceOne, faceTwo face.Face
}

func (m meeting) answer(of face.ID) answer {
	if of == m.one {
		return m.says
	}
	return m.otherSays
}

// show is the introduction as one of the three sees it; a no shows to nobody.
func (m meeting) show(to face.ID) Introduction {
	i := Introduction{ID: m.id, By: m.faceBy, One: m.faceOne, Other: m.faceTwo, Words: m.words, Said: m.answer(to) == yes}
	if to == m.other {
		i.One, i.Other = m.faceTwo, m.faceOne
	}
	return i
}

// Introduce suggests to two connections of one's own that they know each other. Faults:
// as MayIntroduce; Invalid on words; TooMany.
func (r *Room) Introduce(ctx context.Context, a Actor, one, other face.ID, words string) (err error) {
	defer fault.Wrap(&err, "alliance.Introduce")
	if err = MayConnect(a); err != nil {
		return err
	}
	if words, err = typed.Lines("words", words, 1, MaxWords); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		knows, err := r.holds(ctx, a.Face, one)
		if err != nil {
			return err
		}
		knowsOther, err := r.holds(ctx, a.Face, other)
		if err != nil {
			return err
		}
		if err := MayIntroduce(a, one, other, knows, knowsOther); err != nil {
			return err
		}
		if err := r.spareTx(ctx, a.Face); err != nil {
			return err
		}
		return r.introduceTx(ctx, a.Face, one, other, words)
	})
}

// introduceTx writes it, and tells the two. Who has blocked the other, or the one who
// introduces, has said no.
func (r *Room) introduceTx(ctx context.Context, by, one, other face.ID, words string) error {
	says := map[face.ID]answer{}
	for _, pair := range [][2]face.ID{{one, other}, {other, one}} {
		for _, whom := range []face.ID{pair[1], by} {
			blocked, err := r.Blocked(ctx, pair[0], whom)
			if err != nil {
				return err
			}
			if blocked {
				says[pair[0]] = no
			}
		}
	}
	_, err := r.DB.Exec(ctx, qIntroduce, newID(), string(by), string(one), string(other), words, r.today(), int(says[one]), int(says[other]))
	if err != nil {
		return err
	}
	for _, to := range []face.ID{one, other} {
		if says[to] == no {
			continue
		}
		if err := r.Events.Append(ctx, EventIntroduced, string(to), nil); err != nil {
			return err
		}
	}
	return nil
}

// Meet says yes to an introduction; when both have, they are connected. Faults: SignIn;
// NotFound; TooMany.
func (r *Room) Meet(ctx context.Context, a Actor, id string) (err error) {
	defer fault.Wrap(&err, "alliance.Meet")
	return r.saying(ctx, a, id, func(ctx context.Context, m meeting, to face.ID) error {
		if m.answer(to) != yes {
			return r.sayTx(ctx, m, a.Face, yes)
		}
		if err := r.joinTx(ctx, to, a.Face); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qDropIntroduction, m.id); err != nil {
			return err
		}
		return r.Events.Append(ctx, EventConnected, string(to), nil)
	})
}

// Pass says no to an introduction; nobody is told. Faults: SignIn; NotFound.
func (r *Room) Pass(ctx context.Context, a Actor, id string) (err error) {
	defer fault.Wrap(&err, "alliance.Pass")
	return r.saying(ctx, a, id, func(ctx context.Context, m meeting, _ face.ID) error { return r.sayTx(ctx, m, a.Face, no) })
}

// Unintroduce takes an introduction back. Faults: SignIn; NotFound.
func (r *Room) Unintroduce(ctx context.Context, a Actor, id string) (err error) {
	defer fault.Wrap(&err, "alliance.Unintroduce")
	if err = MayConnect(a); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := r.meeting(ctx, id)
		if err == nil && m.by != a.Face {
			err = noSuch()
		}
		if err != nil {
			return err
		}
		_, err = r.DB.Exec(ctx, qDropIntroduction, id)
		return err
	})
}

// saying lets one of the two answer, once no was not said; to is the other of them.
func (r *Room) saying(ctx context.Context, a Actor, id string, do func(ctx context.Context, m meeting, to face.ID) error) error {
	if err := MayConnect(a); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := r.meeting(ctx, id)
		if err != nil {
			return err
		}
		to := m.other
		if a.Face == m.other {
			to = m.one
		}
		if a.Face != m.one && a.Face != m.other || m.answer(a.Face) == no {
			return noSuch()
		}
		return do(ctx, m, to)
	})
}

func (r *Room) sayTx(ctx context.Context, m meeting, by face.ID, says answer) error {
	q := qSay
	if by == m.other {
		q = qOtherSays
	}
	_, err := r.DB.Exec(ctx, q, m.id, int(says))
	return err
}
