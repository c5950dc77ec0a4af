package bookingpage

import "guildhall/internal/booking"

// toldKey is what is said of a meeting after its minute to whoever is booked; "" is nothing.
func toldKey(b booking.Booking) string {
	switch {
	case b.State != booking.Firm:
		return ""
	case b.Outcome == booking.Unmet:
		return "booking.unmet"
	case b.Outcome == booking.Met:
		return "booking.met"
	case b.Told == booking.Late:
		return "booking.late"
	case b.Told == booking.Rung || b.Told == booking.Seen:
		return "booking.began"
	}
	return ""
}

// moveKey names choosing another time; of what has not taken place, anew.
func moveKey(b booking.Booking) string {
	if b.Outcome == booking.Unmet {
		return "booking.anew"
	}
	return "booking.move"
}
