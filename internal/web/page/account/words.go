package accountpage

import (
	"context"
	"net/url"

	"guildhall/internal/lang"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

func viewerLink(ctx context.Context, key string) (before, words, after string) {
	return viewer.From(ctx).Lang.Link(key)
}

// The places that scripts fill in the sentences of say.
const (
	place = lang.Verbatim("{n}")
	word  = lang.Verbatim("{word}")
)

func escape(path string) string { return url.QueryEscape(path) }

func signedIn(ctx context.Context) bool { return viewer.From(ctx).SignedIn }

// backwards is the arrow that points to where one came from.
func backwards(ctx context.Context) string {
	if viewer.From(ctx).Lang.Dir() == "rtl" {
		return "→"
	}
	return "←"
}

// signInTitle names what the page is for: coming in, or showing a key once more.
func signInTitle(ctx context.Context) string {
	if signedIn(ctx) {
		return shell.T(ctx, "account.fresh.title")
	}
	return shell.T(ctx, "account.signin.title")
}

// zones are offered while one types; any IANA name is taken.
var zones = []string{
	"Africa/Abidjan", "Africa/Accra", "Africa/Algiers", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Khartoum",
	"Africa/Lagos", "Africa/Nairobi", "Africa/Tripoli", "Africa/Tunis",
	"America/Anchorage", "America/Argentina/Buenos_Aires", "America/Asuncion", "America/Bogota", "America/Caracas", "America/Chicago",
	"America/Costa_Rica", "America/Denver", "America/Guatemala", "America/Guayaquil", "America/Halifax", "America/Havana", "America/La_Paz",
	"America/Lima", "America/Los_Angeles", "America/Managua", "America/Mexico_City", "America/Montevideo", "America/New_York",
	"America/Panama", "America/Phoenix", "America/Puerto_Rico", "America/Santiago", "America/Santo_Domingo", "America/Sao_Paulo",
	"America/St_Johns", "America/Tegucigalpa", "America/Tijuana", "America/Toronto", "America/Vancouver",
	"Asia/Aden", "Asia/Amman", "Asia/Baghdad", "Asia/Bahrain", "Asia/Bangkok", "Asia/Beirut", "Asia/Colombo", "Asia/Damascus", "Asia/Dhaka",
	"Asia/Dubai", "Asia/Gaza", "Asia/Ho_Chi_Minh", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Kabul", "Asia/Karachi",
	"Asia/Kathmandu", "Asia/Kolkata", "Asia/Kuala_Lumpur", "Asia/Kuwait", "Asia/Manila", "Asia/Muscat", "Asia/Qatar", "Asia/Riyadh",
	"Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Taipei", "Asia/Tashkent", "Asia/Tbilisi", "Asia/Tehran", "Asia/Tokyo", "Asia/Yangon",
	"Atlantic/Azores", "Atlantic/Canary", "Atlantic/Reykjavik",
	"Australia/Adelaide", "Australia/Brisbane", "Australia/Perth", "Australia/Sydney",
	"Europe/Amsterdam", "Europe/Athens", "Europe/Belgrade", "Europe/Berlin", "Europe/Brussels", "Europe/Bucharest", "Europe/Budapest",
	"Europe/Copenhagen", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London",
	"Europe/Madrid", "Europe/Oslo", "Europe/Paris", "Europe/Prague", "Europe/Rome", "Europe/Sofia", "Europe/Stockholm", "Europe/Vienna",
	"Europe/Warsaw", "Europe/Zurich",
	"Pacific/Auckland", "Pacific/Honolulu", "UTC",
}

// deviceName is what the member called a browser, or that she did not.
func deviceName(ctx context.Context, d Device) string {
	if d.Label == "" {
		return shell.T(ctx, "account.devices.unnamed")
	}
	return d.Label
}
