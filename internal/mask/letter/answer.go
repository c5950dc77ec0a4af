package letter

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"net/http"

	"guildhall/internal/fault"
)

// answered is how long what an answer seals is, in bytes.
const answered = 16_384

// AnswerSize is the length of every answer in bytes: nonce, sealed, tag.
const AnswerSize = 12 + answered + 16

// SealAnswer closes what the hall would have answered to a visit: a status of HTTP and
// the JSON of the results or of the refusal. What does not fit says so instead.
func SealAnswer(secret []byte, status int, said []byte) ([]byte, error) {
	if len(said) > answered-8 {
		status, said = http.StatusRequestEntityTooLarge, tooLong
	}
	plain := make([]byte, 8, answered)
	binary.BigEndian.PutUint32(plain, uint32(4+len(said)))
	binary.BigEndian.PutUint32(plain[4:], uint32(status))
	plain = append(plain, said...)
	g, err := gcm(secret)
	if err != nil {
		return nil, err
	}
	return g.Seal(nil, nil, plain[:answered], nil), nil
}

var tooLong, _ = json.Marshal(map[string]string{"error": "letter.long", "message": ""})

// OpenAnswer opens an answer. Faults: Invalid for one that was not sealed with the
// secret: the hall could not open the letter, or somebody changed it on the way.
func OpenAnswer(secret, answer []byte) (status int, said []byte, err error) {
	g, err := gcm(secret)
	if err != nil {
		return 0, nil, err
	}
	if len(answer) != AnswerSize {
		return 0, nil, errNoAnswer
	}
	plain, err := g.Open(nil, nil, answer, nil)
	if err != nil {
		return 0, nil, errNoAnswer
	}
	n := binary.BigEndian.Uint32(plain)
	if n < 4 || n > answered-4 || len(bytes.Trim(plain[4+n:], "\x00")) > 0 {
		return 0, nil, errNoAnswer
	}
	return int(binary.BigEndian.Uint32(plain[4:])), plain[8 : 4+n], nil
}

var errNoAnswer = fault.New(fault.Invalid, "letter.unanswered")

// Noise is what a letter that cannot be opened is answered with.
func Noise() []byte {
	b := make([]byte, AnswerSize)
	_, _ = rand.Read(b) // never fails
	return b
}

func gcm(secret []byte) (cipher.AEAD, error) {
	if len(secret) != SecretSize {
		return nil, errNoAnswer
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
