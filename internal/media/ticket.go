package media

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"
)

// grant is what a ticket allows, in the words of LiveKit.
type grant struct {
	Room      string `json:"room"`
	Join      bool   `json:"roomJoin,omitempty"`
	Create    bool   `json:"roomCreate,omitempty"`
	Admin     bool   `json:"roomAdmin,omitempty"`
	Publish   *bool  `json:"canPublish,omitempty"`
	Subscribe *bool  `json:"canSubscribe,omitempty"`
	Data      *bool  `json:"canPublishData,omitempty"`
}

type claims struct {
	Key     string `json:"iss"`
	Subject string `json:"sub,omitempty"`
	From    int64  `json:"nbf"`
	Until   int64  `json:"exp"`
	Video   grant  `json:"video"`
}

const (
	// ticketLasts is how long a ticket lets in. Whoever is in stays in: the server itself
	// gives her a new one.
	ticketLasts = 10 * time.Minute
	clocksApart = time.Minute
)

// Ticket lets seat, one device, into a call. Both are numbers drawn by chance.
func (s *Server) Ticket(call, seat string) string {
	yes := true
	return s.sign(claims{Subject: seat, Video: grant{Room: call, Join: true, Publish: &yes, Subscribe: &yes, Data: &yes}})
}

// sign writes a token (RFC 7519, HS256).
func (s *Server) sign(c claims) string {
	now := s.config.Now()
	c.Key, c.From = s.config.Key, now.Add(-clocksApart).Unix()
	if c.Until == 0 {
		c.Until = now.Add(ticketLasts).Unix()
	}
	body, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and numbers
	}
	const head = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" // {"alg":"HS256","typ":"JWT"}
	text := head + "." + base64.RawURLEncoding.EncodeToString(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(s.mac(text))
}

func (s *Server) mac(text string) []byte {
	mac := hmac.New(sha256.New, []byte(s.config.Secret))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
