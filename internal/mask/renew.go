package mask

import (
	"crypto/sha256"
	"encoding/binary"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/safedb"
)

// request is the hash by which a request for a right is known again.
func request(a wire.Act) []byte {
	h := sha256.Sum256(append(binary.BigEndian.AppendUint32(nil, uint32(a.Epoch)), a.Blinded...))
	return h[:]
}

// renew notes that a mask asked for its next right; sign answers it afterwards. The
// same request is answered for ever, another one never. The note lies in the box until
// the next batch tick, or until the hall stops in order, so that copies of the file
// tell the week and not the night in which somebody was there to renew.
func (d *deed) renew(a wire.Act, _ *wire.Result) error {
	if err := d.asMask(); err != nil {
		return err
	}
	m, hash := d.who.mask, request(a)
	if m.State == Renewed {
		if string(m.Asked) != string(hash) {
			return fault.New(fault.Conflict, "mask.renew.other")
		}
		return nil
	}
	void, err := fact(d.tx, factVoid)
	if err != nil {
		return err
	}
	if err := MayRenew(m, a.Epoch, void, d.room.pool.written[d.who.place], d.day); err != nil {
		return err
	}
	due := epoch.NextBatchTick(epoch.Tick(d.room.Now()))
	err = d.room.put(d.tx, record{Kind: renewal, Space: m.Space, Mask: m.ID, Epoch: a.Epoch, Hash: hash, Due: due})
	d.room.pool.renewed(&d.who.mask)
	return err
}

// renewed says of a mask as it stands in its row what was noted of it since.
func (p *pool) renewed(m *Mask) {
	rec := p.renewals[place{m.Space, m.ID}]
	if rec == nil {
		return
	}
	m.State, m.Renewed, m.Asked = max(m.State, Renewed), rec.Epoch, rec.Hash
}

// fileRenewals writes those whose tick has come into the rows of their masks, all
// together.
func (p *pool) fileRenewals(tx *safedb.Tx, now int) error {
	var out []*record
	for at, rec := range p.renewals {
		if rec.Due > now {
			continue
		}
		out = append(out, rec)
		if _, err := tx.Exec(qRenewed, at.space, at.id, rec.Epoch, rec.Hash); err != nil {
			return err
		}
		if _, err := tx.Exec(qTotalAdd, at.space, rec.Epoch, 1, 0); err != nil {
			return err
		}
	}
	return p.drop(tx, out...)
}

// renewedSince counts the masks of each space that would be active by their rows, and
// that have renewed since; of those that were born in an epoch or later.
func (p *pool) renewedSince(tx *safedb.Tx, oldest int) (many map[string]int, err error) {
	many = map[string]int{}
	for at := range p.renewals {
		m, found, err := maskAt(tx, at)
		if err != nil {
			return nil, err
		}
		if found && m.State == Active && m.Epoch >= oldest {
			many[at.space]++
		}
	}
	return many, nil
}
