package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"

	"guildhall/internal/call"
	"guildhall/internal/media"
)

// MediaServer is what "guildhall media" runs; the program fills it in.
var MediaServer func(ctx context.Context, in io.Reader, out io.Writer) error

// mediaCommand is "guildhall media": the child process through which calls go.
type mediaCommand struct{}

// Run carries calls until its input ends.
func (mediaCommand) Run(ctx context.Context, s streams) error {
	if MediaServer == nil {
		return errors.New("this program carries no calls")
	}
	return MediaServer(ctx, s.in, s.out)
}

// MediaConfig is how calls are carried.
type MediaConfig struct {
	URL    string `toml:"url"`
	Key    string `toml:"key"`
	Secret string `toml:"secret"`
	IP     string `toml:"ip"`
	UDP    int    `toml:"udp"`
	TCP    int    `toml:"tcp"`
	TURN   int    `toml:"turn"`
}

func (m *MediaConfig) check() error {
	if (m.URL == "") != (m.Key == "") || (m.Key == "") != (m.Secret == "") {
		return fmt.Errorf("configuration: media.url, media.key and media.secret go together")
	}
	if u, err := url.Parse(m.URL); m.URL != "" && (err != nil || u.Scheme != "wss" && (u.Scheme != "ws" || u.Hostname() != "localhost") || u.Host == "") {
		return fmt.Errorf("configuration: media.url must be like wss://calls.example")
	}
	if m.IP != "" && net.ParseIP(m.IP) == nil {
		return fmt.Errorf("configuration: media.ip is an address such as 192.0.2.1")
	}
	for _, p := range []int{m.UDP, m.TCP, m.TURN} {
		if p < 0 || p > 65535 {
			return fmt.Errorf("configuration: media.udp, media.tcp and media.turn are ports")
		}
	}
	return nil
}

// Ports of calls, where the hall is open to others: a firewall must let them in.
const (
	callsUDP, callsTCP, callsTURN = 7882, 7881, 3478
)

// openMedia makes the server of calls; it starts when it is needed.
func (h *Hall) openMedia() {
	m := h.Config.Media
	c := media.Config{Key: m.Key, Secret: m.Secret, URL: m.URL, Now: h.Now,
		Going: func(ctx context.Context, room, seat string) (bool, error) {
			return h.Calls.Going(ctx, call.ID(room), seat)
		}}
	if m.URL == "" {
		// Made from the hall's secret: whoever is in a call stays in it when the hall starts again.
		c.Key, c.Secret = "hall", h.derived("media")
		c.Orders = media.Orders{IP: m.IP, UDP: m.UDP, TCP: m.TCP, TURN: m.TURN}
		if _, port, _ := net.SplitHostPort(h.Config.Listen); port == "443" {
			c.Orders.Domain = h.Config.Domain // browsers ask for the relay inside TLS there, and nowhere else
		}
		here := h.alone()
		if c.Orders.IP == "" {
			c.Orders.IP = ownAddress(here)
		}
		if !here {
			for _, p := range []struct {
				port  *int
				usual int
			}{{&c.Orders.UDP, callsUDP}, {&c.Orders.TCP, callsTCP}, {&c.Orders.TURN, callsTURN}} {
				if *p.port == 0 {
					*p.port = p.usual
				}
			}
		}
	}
	h.Media = media.New(c)
}

// derived is a secret for one use, in letters.
func (h *Hall) derived(use string) string {
	mac := hmac.New(sha256.New, h.secret)
	mac.Write([]byte("guildhall/" + use))
	return hex.EncodeToString(mac.Sum(nil))
}

// alone tells that only this machine comes to the hall.
func (h *Hall) alone() bool {
	u, err := url.Parse(h.Config.URL)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// ownAddress is this machine's as it knows itself, by which others come to it unless it
// stands behind a router. No packet is sent to find it.
func ownAddress(here bool) string {
	if here {
		return "127.0.0.1"
	}
	for _, far := range []string{"192.0.2.1:9", "[2001:db8::1]:9"} {
		if c, err := net.Dial("udp", far); err == nil {
			defer c.Close()
			return c.LocalAddr().(*net.UDPAddr).IP.String()
		}
	}
	return "127.0.0.1"
}

// callsElsewhere are the origins to which browsers speak when calls go through another's server.
func (h *Hall) callsElsewhere() []string {
	if h.Config.Media.URL == "" {
		return nil
	}
	u, err := url.Parse(h.Config.Media.URL) // check has seen that it is one
	if err != nil {
		return nil
	}
	return []string{u.Scheme + "://" + u.Host, strings.Replace(u.Scheme, "ws", "http", 1) + "://" + u.Host}
}
