// Package booking is the room of meetings that others book: rules, kinds, calendars
// elsewhere, bookings, and a list of those who wait.
//
// # What one can do
//
//	SetRules, Page              say when one can be met; see calendar.RulesHelp
//	AddKind, DropKind, Kinds    what for, how long, how much is kept free around it
//	AddFeed, DropFeed, Feeds    calendars elsewhere that say when one is busy
//	Offers                      free slots of a kind
//	Book                        take one: the secret it gives is the visitor's booking
//	Find, Move, Cancel, Accept  what the visitor does with it
//	Bookings, Confirm, MoveOwn, CancelOwn
//	                            what whoever is booked does
//	Wait, Leave                 wait for a slot that becomes free
//	Invitation, OwnAddress, OwnFeed
//	                            files for other calendars
//	Ring, Ringing, PutAway      the reminder, and the ring at the booked minute
//	SetLink, Answered           by which link one is called at meetings; a call was answered
//	Refresh, Keep, Forget       what jobs do; what a face leaves behind
//
// # Promises
//
//   - Of two visitors who take one slot at once, one gets it and the other is told. A
//     booking is written with a compare-and-set on its page's turn, and only if the slot
//     is still one that would be offered.
//   - Where it is unknown what else somebody has (a calendar that cannot be read, or was
//     not for hours), a booking is held until she says yes, and both are told.
//   - What becomes free is offered to whoever has waited longest, for a day each.
//   - The visitor needs no account and no address. Her secret is kept as a hash.
//   - A meeting that holds rings once at its minute, also over a restart; one that was moved
//     rings at its new minute. What began more than five minutes ago rings no more.
//   - Ten minutes after its start a meeting that is called by a link here, and was not, is
//     noted as not having taken place. Nobody is asked whose fault that is.
//   - Of calendars elsewhere only busy stretches are kept: no title, no place, no person.
//
// # It refuses to know
//
// Accounts, masks, and what a meeting was about. What is over goes after Kept.
package booking
