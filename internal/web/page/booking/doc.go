// Package bookingpage shows when somebody can be met, and what is booked.
//
// It promises that every moment is shown by two clocks where they differ: by that of
// whoever looks and by that of whoever is booked; with the day of the week; and that all of
// it works without scripts and without an account.
package bookingpage
