package fetch

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Why a way is closed. The sentences for people are in fail.go.
var (
	errAddress   = errors.New("not an address that may be fetched")
	errClosed    = errors.New("the address lies in a closed network")
	errRedirects = errors.New("too many redirects")
	errElsewhere = errors.New("the address leads to another host")
)

// special are the parts of the world's addresses that are not public. Of IPv6
// only 2000::/3 is public at all, which leaves out local, multicast and
// NAT64 addresses by itself.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

var publicIPv6 = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) (out []netip.Prefix) {
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// public tells whether anybody on the net may reach ip. An IPv4 address in the
// clothes of IPv6 is judged as the IPv4 address it is.
func public(ip netip.Addr) bool {
	if !ip.IsValid() || ip.Zone() != "" {
		return false
	}
	ip = ip.Unmap()
	if ip.Is6() && !publicIPv6.Contains(ip) {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// Closed tells whether a host that is written as an address, or as this very machine, lies
// in a closed network. What a name leads to is judged when it is dialled.
func Closed(host string) bool {
	host = strings.ToLower(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && !public(ip)
}

// mayDial judges an address the moment before a connection to it is opened.
func (c *Client) mayDial(network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return errAddress
	}
	if !c.mayPort(to.Port()) {
		return errAddress
	}
	ip := to.Addr().Unmap()
	if public(to.Addr()) || slices.ContainsFunc(c.allow, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return nil
	}
	return errClosed
}

func (c *Client) mayPort(port uint16) bool {
	return c.anyPort || port == 80 || port == 443 || slices.Contains(c.ports, port)
}

// mayVisit judges the text of an address, the first one and each redirect's.
func (c *Client) mayVisit(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return errAddress
	}
	if u.Port() == "" {
		return nil
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil || !c.mayPort(uint16(port)) {
		return errAddress
	}
	return nil
}
