package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
)

// Config is guildhall.toml. Every key is optional, and each has an environment
// variable of the same name in capitals with GUILDHALL_ before it. A value
// that begins with "file:" is read from that file, so that secrets need not
// stand in the configuration. docs/OPERATING.md is made from these comments.
type Config struct {
	// Where the hall listens, as host:port. Port 0 lets the system choose.
	// Default: localhost:8080
	Listen string `toml:"listen"`
	// The hall's public domain. When it is set the hall answers on ports 80 and
	// 443 with certificates that it gets and renews by itself.
	Domain string `toml:"domain"`
	// The address under which readers reach the hall, when a proxy stands before
	// it: https://hall.example. Default: made from domain or listen.
	URL string `toml:"url"`
	// Networks of reverse proxies, as 10.0.0.0/8, whose X-Forwarded-For is
	// believed when quotas are counted (in memory only; addresses are never
	// stored). Default: none
	TrustedProxies []string `toml:"trusted_proxies"`
	// postgres://… when the hall has outgrown its SQLite file. Default: the file
	// hall.db in the data directory.
	Database string `toml:"database"`
	// The name over the door. Default: Guildhall
	Name string `toml:"name"`
	// Where Prometheus may read metrics, as host:port. Never the public address.
	// Default: off
	Metrics string `toml:"metrics"`
	// How many megabytes of rendered pages are kept in memory. Default: 32
	CacheMB int `toml:"cache_mb"`
	// How many first posts of a newcomer wait for a steward's eye. Default: 0
	FirstPostsHeld int `toml:"first_posts_held"`
	// How many links a newcomer's post may hold. Default: 2
	NewcomerLinks int `toml:"newcomer_links"`
	// Mail server for letters to the operator, and to those who wish to be told of
	// news by mail: smtp://user:password@host:587. Default: none
	Mail string `toml:"mail"`
	// Sender of these letters. Default: none
	MailFrom string `toml:"mail_from"`
	// Who gets a letter when something needs a hand: jobs given up, disk nearly
	// full. Default: nobody
	OperatorMail string `toml:"operator_mail"`
	// Address given to the certificate authority, for warnings. Default: none
	CertificateMail string `toml:"certificate_mail"`
	// The hall's sentence on the front page and for search engines.
	// Default: the one in the reader's language.
	About string `toml:"about"`
	// Platforms whose mails stand for one vouch: a domain and the keys with which
	// it signs (DKIM), as "selector record". Without keys the DNS is asked.
	// { "platform.example" = [] } Default: none
	Platforms map[string][]string `toml:"platforms"`
	// Where masks of careful spaces hand in what they write, so that whoever watches
	// this hall does not see when: the address of a guildhall letterbox that somebody
	// else runs, who shares nothing with you, as https://letters.example. Default: none
	Letterbox string `toml:"letterbox"`
	// The name server that is asked instead of this machine's, as host:port: for what
	// platforms publish, their mails' keys, and the way to their pages. Default: none
	Resolver string `toml:"resolver"`
	// Calls. By themselves they go through a child process of the hall: media.ip is
	// the public address that browsers are told (default: this machine's own), media.udp,
	// media.tcp and media.turn its ports (default: 7882, 7881, 3478; any, where the hall
	// is for this machine only). With media.url (wss://calls.example), media.key and
	// media.secret they go through a LiveKit server or cluster elsewhere. Default: none
	Media MediaConfig `toml:"media"`
	// How many megabytes of sealed files of messages may wait to be fetched, in all.
	// Default: 4096
	MessageFilesMB int `toml:"message_files_mb"`
	// debug, info, warn or error. Default: info
	Log string `toml:"log"`

	hasty bool // see db.Config
}

func defaults() Config {
	return Config{Listen: "localhost:8080", CacheMB: 32, NewcomerLinks: 2, MessageFilesMB: 4096, Log: "info"}
}

// readConfig reads the file (when path is empty: guildhall.toml in dir, if
// there is one) and then the environment over it. Every mistake is one
// sentence that names the key.
func readConfig(path, dir string, environ []string) (Config, error) {
	c := defaults()
	optional := path == ""
	if optional {
		path = filepath.Join(dir, "guildhall.toml")
	}
	meta, err := toml.DecodeFile(path, &c)
	switch {
	case errors.Is(err, fs.ErrNotExist) && optional:
	case err != nil:
		return c, fmt.Errorf("configuration %s: %w", path, err)
	case len(meta.Undecoded()) > 0:
		return c, fmt.Errorf("configuration %s: there is no key %q", path, meta.Undecoded()[0].String())
	}
	if err := c.fromEnvironment(environ); err != nil {
		return c, err
	}
	for _, secret := range []*string{&c.Database, &c.Mail, &c.Media.Secret} {
		if err := fromFile(secret); err != nil {
			return c, err
		}
	}
	return c, c.check()
}

// fromEnvironment takes GUILDHALL_<KEY> as if it stood in the file.
func (c *Config) fromEnvironment(environ []string) error {
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		k, ours := strings.CutPrefix(name, "GUILDHALL_")
		if !ours || k == "DATA" || k == "DATA_DIR" { // test data; the flag of place
			continue
		}
		k = strings.ToLower(k)
		if rest, ok := strings.CutPrefix(k, "media_"); ok {
			k = "media." + rest
		}
		line := k + " = " + value // numbers and lists as they are
		if meta, err := toml.Decode(line, c); err != nil || len(meta.Undecoded()) > 0 {
			meta, err = toml.Decode(k+" = "+quoted(value), c)
			if err != nil {
				return fmt.Errorf("environment %s: %w", name, err)
			}
			if len(meta.Undecoded()) > 0 {
				return fmt.Errorf("environment %s: there is no key %q", name, k)
			}
		}
	}
	return nil
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

func fromFile(secret *string) error {
	path, ok := strings.CutPrefix(*secret, "file:")
	if !ok {
		return nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	*secret = strings.TrimSpace(string(b))
	return nil
}

func (c *Config) check() error {
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" {
			return fmt.Errorf("configuration: url must be like https://hall.example, without a path")
		}
		c.URL = u.Scheme + "://" + u.Host
	}
	if c.Database != "" && !strings.HasPrefix(c.Database, "postgres://") && !strings.HasPrefix(c.Database, "postgresql://") {
		return fmt.Errorf("configuration: database must begin with postgres://")
	}
	if c.CacheMB < 0 || c.FirstPostsHeld < 0 || c.NewcomerLinks < 0 || c.MessageFilesMB < 0 {
		return fmt.Errorf("configuration: cache_mb, first_posts_held, newcomer_links and message_files_mb cannot be negative")
	}
	for _, p := range c.TrustedProxies {
		if _, err := netip.ParsePrefix(p); err != nil {
			return fmt.Errorf("configuration: trusted_proxies: %q is not a network such as 10.0.0.0/8", p)
		}
	}
	if err := c.checkLetterbox(); err != nil {
		return err
	}
	if host, port, err := net.SplitHostPort(c.Resolver); c.Resolver != "" && (err != nil || host == "" || port == "") {
		return fmt.Errorf("configuration: resolver must be like 192.0.2.1:53")
	}
	if (c.Mail == "") != (c.MailFrom == "") {
		return fmt.Errorf("configuration: mail and mail_from go together")
	}
	if err := c.Media.check(); err != nil {
		return err
	}
	return c.checkPlatforms()
}

// checkLetterbox wants an origin that browsers may speak to from the hall's pages, and
// another machine's: a letterbox of one's own hides nothing.
func (c *Config) checkLetterbox() error {
	if c.Letterbox == "" {
		return nil
	}
	u, err := url.Parse(c.Letterbox)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost") {
		return fmt.Errorf("configuration: letterbox must be like https://letters.example, without a path")
	}
	c.Letterbox = u.Scheme + "://" + strings.ToLower(u.Host)
	if hall, err := url.Parse(c.URL); err == nil && hall.Hostname() == u.Hostname() && u.Hostname() != "localhost" || c.Domain != "" && c.Domain == u.Hostname() {
		return fmt.Errorf("configuration: letterbox must be on somebody else's machine")
	}
	return nil
}

func (c *Config) checkPlatforms() error {
	for domain, keys := range c.Platforms {
		if domain != strings.ToLower(domain) || !strings.Contains(domain, ".") || strings.ContainsAny(domain, " /@:") {
			return fmt.Errorf("configuration: platforms: %q is not a domain such as platform.example", domain)
		}
		for _, k := range keys {
			if selector, record, ok := strings.Cut(k, " "); !ok || selector == "" || !strings.Contains(record, "p=") {
				return fmt.Errorf("configuration: platforms: a key of %s must be like \"s1 v=DKIM1; k=rsa; p=…\"", domain)
			}
		}
	}
	return nil
}

// proxies are the networks of trusted proxies; check has seen that they are some.
func (c *Config) proxies() []netip.Prefix {
	ps := make([]netip.Prefix, len(c.TrustedProxies))
	for i, p := range c.TrustedProxies {
		ps[i] = netip.MustParsePrefix(p)
	}
	return ps
}
