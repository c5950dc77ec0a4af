package message

import (
	"bytes"
	"context"
	"slices"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Config is what the room is given.
type Config struct {
	DB  *db.DB
	Now func() time.Time
	// Connected tells who may begin to write to whom.
	Connected Connected
	// Blocked tells of whom somebody wants to hear nothing; Shuns the same among more
	// than two, who need not be connected.
	Blocked, Shuns Blocked
	// Arrived is told, in the transaction, for whom a text has come; nil tells nobody.
	// Of a quiet one nobody is to be rung.
	Arrived func(ctx context.Context, to []face.ID, quiet bool) error
	// AllFiles is how many bytes of files may wait in the whole hall; 0: DefaultFiles.
	AllFiles int64
	// Secret is the hall's own: of it are made the ids of messages that are reported, which
	// would otherwise be a hash that anybody could try words on.
	Secret []byte
	// Events hears of warnings.
	Events *event.Log
}

// Room hands on the messages of one hall. Safe for concurrent use.
type Room struct {
	Config
	begun begun
}

// New makes the room.
func New(c Config) *Room {
	if c.AllFiles == 0 {
		c.AllFiles = DefaultFiles
	}
	if c.Arrived == nil {
		c.Arrived = func(context.Context, []face.ID, bool) error { return nil }
	}
	return &Room{Config: c}
}

// Enrol takes in a device. Enrolling it again changes nothing. Faults: SignIn; Invalid;
// Conflict when she has other keys already, or too many devices, or the name is taken.
func (r *Room) Enrol(ctx context.Context, by face.ID, e Enrolment) (err error) {
	defer fault.Wrap(&err, "message.Enrol")
	if err = MayWrite(by); err != nil {
		return err
	}
	if !ident.Valid(string(e.Leaf)) || len(e.Identity) < 32 || len(e.Identity) > 133 {
		return fault.New(fault.Invalid, "message.no_package")
	}
	for _, p := range append([][]byte{e.Last}, e.Packages...) {
		if err = checkPackage(p); err != nil {
			return err
		}
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.DB.Exec(ctx, qIdentityMake, string(by), e.Identity); err != nil {
			return err
		}
		identity, err := r.identity(ctx, by)
		if err != nil {
			return err
		}
		if !bytes.Equal(identity, e.Identity) {
			return fault.New(fault.Conflict, "message.other_identity")
		}
		l, err := r.leaf(ctx, e.Leaf)
		if err != nil || l.Face == by {
			return err
		}
		has, err := r.leaves(ctx, qLeavesOf, string(by))
		if err != nil {
			return err
		}
		if l.ID != "" || len(has) >= MaxLeaves {
			return fault.New(fault.Conflict, "message.many_leaves", MaxLeaves)
		}
		if _, err := r.DB.Exec(ctx, qLeafMake, string(e.Leaf), string(by), e.Last); err != nil {
			return err
		}
		return r.stockTx(ctx, e.Leaf, e.Packages)
	})
}

// Identity is the public key with which somebody signs the keys of her devices; nil when
// she has none yet. Faults: none but Unavailable.
func (r *Room) Identity(ctx context.Context, of face.ID) (key []byte, err error) {
	defer fault.Wrap(&err, "message.Identity")
	return r.identity(ctx, of)
}

func (r *Room) identity(ctx context.Context, of face.ID) (key []byte, err error) {
	_, err = r.DB.Row(ctx, qIdentity, []any{string(of)}, &key)
	return key, err
}

// Stock adds one-time packages of a device, up to MaxPackages. Faults: SignIn, NotFound,
// Invalid.
func (r *Room) Stock(ctx context.Context, by face.ID, id LeafID, packages [][]byte) (err error) {
	defer fault.Wrap(&err, "message.Stock")
	for _, p := range packages {
		if err = checkPackage(p); err != nil {
			return err
		}
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.mine(ctx, by, id); err != nil {
			return err
		}
		return r.stockTx(ctx, id, packages)
	})
}

func (r *Room) stockTx(ctx context.Context, id LeafID, packages [][]byte) error {
	var has int
	if _, err := r.DB.Row(ctx, qPackages, []any{string(id)}, &has); err != nil {
		return err
	}
	for _, p := range packages[:min(len(packages), max(0, MaxPackages-has))] {
		if _, err := r.DB.Exec(ctx, qPackageAdd, string(id), ident.Random(), p); err != nil {
			return err
		}
	}
	return nil
}

// Dismiss ends a device: nothing waits for it any more, and the others of its
// conversations are to leave it out. Faults: SignIn, NotFound.
func (r *Room) Dismiss(ctx context.Context, by face.ID, id LeafID) (err error) {
	defer fault.Wrap(&err, "message.Dismiss")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.mine(ctx, by, id); err != nil {
			return err
		}
		return r.dismissTx(ctx, id)
	})
}

// dismissTx leaves the device in its conversations until somebody's program has taken it
// out there; a conversation in which no device is left goes.
func (r *Room) dismissTx(ctx context.Context, id LeafID) error {
	awaited, err := r.ids(ctx, qAwaitedBy, string(id))
	if err != nil {
		return err
	}
	groups, err := r.ids(ctx, qGroupsOf, string(id))
	if err != nil {
		return err
	}
	for _, q := range []*db.Query{qGotAll, qPackagesDrop, qLeafDrop} {
		if _, err := r.DB.Exec(ctx, q, string(id)); err != nil {
			return err
		}
	}
	if err := r.each(ctx, qItemDrop, awaited); err != nil {
		return err
	}
	if err := r.notForTx(ctx, id); err != nil {
		return err
	}
	for _, g := range groups {
		if err := r.endTx(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// endTx forgets a conversation if nobody is left in it.
func (r *Room) endTx(ctx context.Context, group string) error {
	members, err := r.members(ctx, group)
	if err != nil || slices.ContainsFunc(members, func(l Leaf) bool { return l.Face != "" && !l.shut }) {
		return err
	}
	for _, l := range members {
		if _, err := r.DB.Exec(ctx, qMemberDrop, group, string(l.ID)); err != nil {
			return err
		}
	}
	for _, q := range []*db.Query{qGroupDrop, qOnceOf, qLeftOf} {
		if _, err := r.DB.Exec(ctx, q, group); err != nil {
			return err
		}
	}
	return nil
}

// Leaves lists the devices of somebody who may be written to. How many packages are
// left is told of one's own. Faults: SignIn, Forbidden.
func (r *Room) Leaves(ctx context.Context, by, of face.ID) (list []Leaf, err error) {
	defer fault.Wrap(&err, "message.Leaves")
	err = r.DB.View(ctx, func(ctx context.Context) error {
		if err := r.reach(ctx, by, of); err != nil {
			return err
		}
		list, err = r.leaves(ctx, qLeavesOf, string(of))
		return err
	})
	for i := range list {
		if by != of {
			list[i].Packages = 0
		}
	}
	return list, err
}

func (r *Room) reach(ctx context.Context, by, of face.ID) (err error) {
	connected := false
	if by != "" && by != of {
		if connected, err = r.Connected(ctx, by, of); err != nil {
			return err
		}
	}
	return MayReach(by, of, connected)
}

// Draw gives a key package for each of the devices named, and nobody the same again
// while there are others. Devices of others than of are left out. Faults: SignIn,
// Forbidden.
func (r *Room) Draw(ctx context.Context, by, of face.ID, which []LeafID) (list []Package, err error) {
	defer fault.Wrap(&err, "message.Draw")
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		list = nil
		if err := r.reach(ctx, by, of); err != nil {
			return err
		}
		leaves, err := r.leaves(ctx, qLeavesOf, string(of))
		for _, l := range leaves {
			if err == nil && slices.Contains(which, l.ID) {
				var p Package
				p, err = r.drawTx(ctx, l.ID)
				list = append(list, p)
			}
		}
		return err
	})
	return list, err
}

func (r *Room) drawTx(ctx context.Context, id LeafID) (Package, error) {
	p := Package{Leaf: id}
	found, err := r.DB.Row(ctx, qPackageTake, []any{string(id)}, &p.Body)
	if err == nil && !found {
		p.Last = true
		_, err = r.DB.Row(ctx, qLast, []any{string(id)}, &p.Body)
	}
	return p, err
}

func (r *Room) today() int64 { return int64(epoch.Day(r.Now())) }

const daysOfWeek = 7

// week is the day on which the week of today began: what was sent is remembered by it,
// so that the files do not say for months on which day two wrote to each other.
func (r *Room) week() int64 { return r.today() / daysOfWeek * daysOfWeek }

// Keep does the nightly work: what nobody has fetched for long goes. Faults: none but
// Unavailable.
func (r *Room) Keep(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "message.Keep")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		old, err := r.ids(ctx, qOld, r.today()-Days)
		if err != nil {
			return err
		}
		for _, q := range []*db.Query{qGotBy, qItemDrop} {
			if err := r.each(ctx, q, old); err != nil {
				return err
			}
		}
		if _, err = r.DB.Exec(ctx, qOnceOld, r.today()-Days-daysOfWeek); err != nil {
			return err
		}
		return r.oldFilesTx(ctx)
	})
}

// Forget takes away the devices of a face, and what waits for them. What she has sent
// stays on the devices of others. Faults: none but Unavailable.
func (r *Room) Forget(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "message.Forget")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		list, err := r.leaves(ctx, qLeavesOf, string(f))
		if err != nil {
			return err
		}
		for _, l := range list {
			if err := r.dismissTx(ctx, l.ID); err != nil {
				return err
			}
		}
		for _, q := range []*db.Query{qPersonDrop, qUnkeptAll, qDisclosedOf, qLeftBy} {
			if _, err := r.DB.Exec(ctx, q, string(f)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Holdings tells how much is kept of a face. Faults: none but Unavailable.
func (r *Room) Holdings(ctx context.Context, f face.ID) (h Holdings, err error) {
	defer fault.Wrap(&err, "message.Holdings")
	err = r.DB.View(ctx, func(ctx context.Context) error {
		list, err := r.leaves(ctx, qLeavesOf, string(f))
		if err != nil {
			return err
		}
		h = Holdings{}
		groups := map[string]bool{}
		for _, l := range list {
			h.Leaves, h.Packages = append(h.Leaves, l.ID), h.Packages+l.Packages
			in, err := r.ids(ctx, qGroupsOf, string(l.ID))
			if err != nil {
				return err
			}
			for _, g := range in {
				groups[g] = true
			}
			n := 0
			if _, err := r.DB.Row(ctx, qWaiting, []any{string(l.ID)}, &n); err != nil {
				return err
			}
			h.Waiting += n
			files, err := r.ids(ctx, qFilesFor, string(l.ID))
			if err != nil {
				return err
			}
			h.Files += len(files)
		}
		h.Conversations = len(groups)
		_, err = r.DB.Row(ctx, qLeftCount, []any{string(f)}, &h.Left)
		return err
	})
	return h, err
}
