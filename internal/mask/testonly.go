package mask

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"

	"guildhall/internal/safedb"
)

// TestOnlyRegister lets n new keys wait for the next batch, past the door and
// without passes, in one transaction, and gives the keys.
func (r *Room) TestOnlyRegister(ctx context.Context, space string, n int) ([]ed25519.PrivateKey, error) {
	keys := make([]ed25519.PrivateKey, n)
	return keys, r.DB.Write(ctx, func(tx *safedb.Tx) error {
		for i := range keys {
			pub, key, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				return err
			}
			at := named(space, pub)
			if err := r.put(tx, record{Kind: birth, Space: at.space, Mask: at.id, Key: pub}); err != nil {
				return err
			}
			keys[i] = key
		}
		return nil
	})
}
