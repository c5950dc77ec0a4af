package app

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"

	"guildhall/internal/media"
	"guildhall/internal/web/answer"
)

// certificates gets and renews the certificates of the hall's domain, and keeps
// them in the data directory.
type certificates struct {
	magic  *certmagic.Config
	issuer *certmagic.ACMEIssuer
	domain string
	safe   string // the host of the safe origin
}

func newCertificates(dir string, c Config) *certificates {
	// certmagic's own log names whoever asks for a certificate; ours says only
	// how the getting went.
	silent := zap.NewNop()
	template := certmagic.Config{
		Storage: &certmagic.FileStorage{Path: filepath.Join(dir, "certificates")},
		Logger:  silent,
		OnEvent: certificateEvent,
	}
	var magic *certmagic.Config
	cache := certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return magic, nil },
		Logger:           silent,
	})
	magic = certmagic.New(cache, template)
	issuer := certmagic.NewACMEIssuer(magic, certmagic.ACMEIssuer{Email: c.CertificateMail, Agreed: true, Logger: silent})
	magic.Issuers = []certmagic.Issuer{issuer}
	return &certificates{magic: magic, issuer: issuer, domain: c.Domain, safe: "safe." + c.Domain}
}

// certificateEvent tells the operator how getting a certificate went.
func certificateEvent(_ context.Context, event string, data map[string]any) error {
	switch event {
	case "cert_obtained":
		slog.Info("certificate obtained", "place", data["identifier"])
	case "cert_failed":
		err, _ := data["error"].(error)
		slog.Error("certificate not obtained; trying again", "place", data["identifier"], "cause", withoutAddresses(err))
	}
	return nil
}

var networkAddress = regexp.MustCompile(`\d+\.\d+\.\d+\.\d+|([0-9a-fA-F]{0,4}:){2,}[0-9a-fA-F.]*`)

// withoutAddresses says what the authority said, which nobody could mend
// without reading it. No log of ours holds a network address, not even our own.
func withoutAddresses(err error) string {
	if err == nil {
		return ""
	}
	return networkAddress.ReplaceAllString(err.Error(), "…")
}

// listener answers TLS on ln, and leads to relay what is not for web servers.
func (c *certificates) listener(ln net.Listener, relay func(net.Conn)) net.Listener {
	conf := c.magic.TLSConfig()
	conf.MinVersion = tls.VersionTLS12
	// Masks get HTTP/1.1: one visit, one connection, which the hall closes.
	masks := conf.Clone()
	masks.NextProtos = append([]string{"http/1.1"}, conf.NextProtos...)
	conf.NextProtos = append([]string{"h2", "http/1.1"}, conf.NextProtos...)
	conf.GetConfigForClient = func(hi *tls.ClientHelloInfo) (*tls.Config, error) {
		if strings.EqualFold(hi.ServerName, c.safe) {
			return masks, nil
		}
		return nil, nil
	}
	return media.Split(ln, conf, relay)
}

// plainHandler is what port 80 answers: the certificate authority's questions,
// and to everybody else where the hall is.
func (c *certificates) plainHandler() http.Handler {
	return c.issuer.HTTPChallengeHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Use https.", http.StatusBadRequest)
			return
		}
		w.Header().Set("Connection", "close")
		http.Redirect(w, r, "https://"+c.domain+r.URL.RequestURI(), http.StatusPermanentRedirect)
	}))
}

// secureListener puts TLS before ln when the hall has a domain, and answers on
// port 80 beside it until ctx ends.
func (h *Hall) secureListener(ctx context.Context, ln net.Listener) (net.Listener, func(), error) {
	if h.Config.Domain == "" {
		return ln, func() {}, nil
	}
	c := newCertificates(h.Dir, h.Config)
	done := make(chan struct{})
	if host, port, _ := net.SplitHostPort(h.Config.Listen); port == "443" {
		plain, err := net.Listen("tcp", net.JoinHostPort(host, "80"))
		if err != nil {
			return nil, nil, fmt.Errorf("listen for the certificate authority: %w", err)
		}
		go func() {
			defer close(done)
			_ = answer.Serve(ctx, answer.Server(c.plainHandler()), plain, time.Second)
		}()
	} else {
		close(done)
	}
	if err := c.magic.ManageAsync(ctx, []string{c.domain, c.safe}); err != nil {
		return nil, nil, fmt.Errorf("certificates: %w", err)
	}
	return c.listener(ln, h.Media.Relay), func() { <-done }, nil
}
