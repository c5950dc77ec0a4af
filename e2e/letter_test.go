package e2e

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"time"
)

var letterCommands = map[string]command{
	"platform": {0, 0, false, foundPlatform},
	"letter":   {2, 3, false, writeLetter},
}

// platformKey signs the mails of the platform of stories.
var platformKey = ed25519.NewKeyFromSeed([]byte("a key that everybody may know, 32"[:32]))

// foundPlatform keeps the line of configuration that makes a hall know it.
func foundPlatform(s *scene, _ []string) error {
	public := base64.StdEncoding.EncodeToString(platformKey.Public().(ed25519.PublicKey))
	s.ts.Setenv("PLATFORM", `platforms = { "gigharbour.example" = ["s1 v=DKIM1; k=ed25519; p=`+public+`"] }`)
	return nil
}

// writeLetter writes a mail of the platform to somebody, or what somebody made of it.
func writeLetter(s *scene, a []string) error {
	to := "quiet.heron"
	if len(a) == 3 {
		to = a[2]
	}
	at, domain, ends := s.time(), "gigharbour.example", ""
	switch a[1] {
	case "forwarded":
		domain = "elsewhere.example"
	case "expired":
		at = at.Add(-72 * time.Hour)
		ends = fmt.Sprintf(" x=%d;", at.Add(time.Hour).Unix())
	}
	head := []string{"From: Gigharbour <no-reply@gigharbour.example>", "To: " + to + "@example.net", "Date: " + at.Format(time.RFC1123Z)}
	body := "A client would like to talk.\r\n"
	mail := signedLetter(domain, ends, at, head, body)
	switch a[1] {
	case "good", "forwarded", "expired":
	case "altered":
		mail = strings.Replace(mail, "would like", "would hate", 1)
	case "unsigned":
		mail = strings.Join(head, "\r\n") + "\r\n\r\n" + body
	default:
		return fmt.Errorf("a letter cannot be %q", a[1])
	}
	return os.WriteFile(s.ts.MkAbs(a[0]), []byte(mail), 0o600)
}

// signedLetter signs as RFC 6376 and RFC 8463 say, everything taken simply. The
// library that others use signs by the machine's clock.
func signedLetter(domain, ends string, at time.Time, head []string, body string) string {
	sum := sha256.Sum256([]byte(body))
	field := fmt.Sprintf("DKIM-Signature: v=1; a=ed25519-sha256; c=simple/simple; d=%s; s=s1; t=%d;%s h=From:To:Date; bh=%s; b=",
		domain, at.Unix(), ends, base64.StdEncoding.EncodeToString(sum[:]))
	signed := sha256.Sum256([]byte(strings.Join(head, "\r\n") + "\r\n" + field))
	field += base64.StdEncoding.EncodeToString(ed25519.Sign(platformKey, signed[:]))
	return strings.Join(append([]string{field}, head...), "\r\n") + "\r\n\r\n" + body
}
