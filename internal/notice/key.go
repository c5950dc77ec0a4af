package notice

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// purpose is what a key is good for that an address is sent. Whoever runs a server on its
// way sees such keys: by the one that says “seen” nobody stops what goes there, and by no
// later one can it be shown to be hers.
type purpose string

const (
	toProve purpose = "prove"
	toSee   purpose = "see"
	toStop  purpose = "stop"
)

// keyFor is the key of an address for one purpose, made from its token, which never leaves.
func keyFor(device, token string, p purpose) string {
	h := hmac.New(sha256.New, []byte(token))
	h.Write([]byte("guildhall/notice/" + p))
	return device + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// holder finds the address that a key belongs to, if it is one for that purpose.
func (r *Room) holder(ctx context.Context, key string, p purpose) (device, f, health string, found bool, err error) {
	device, _, _ = strings.Cut(key, ".")
	token := ""
	found, err = r.DB.Row(ctx, qKey, []any{device}, &token, &f, &health)
	return device, f, health, found && hmac.Equal([]byte(keyFor(device, token, p)), []byte(key)), err
}
