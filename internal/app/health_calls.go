package app

import (
	"net/netip"

	healthpage "guildhall/internal/web/page/health"
)

// carrying tells how calls are carried, for the steward's page.
func (h *Hall) carrying() healthpage.Calls {
	told := h.Media.Told()
	return healthpage.Calls{
		Far: h.Media.Address(), Runs: h.Media.Runs(), Here: h.alone(), TLS: told.Domain != "",
		IP: told.IP, Private: private(told.IP), UDP: told.UDP, TCP: told.TCP, Relay: told.TURN,
	}
}

// shared is where carriers put many customers behind one address (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

// private tells that nobody outside comes to an address.
func private(address string) bool {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || shared.Contains(a)
}
