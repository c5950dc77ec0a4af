// Package call is the room of calls: who calls whom now, on which of her devices it is
// answered, and how it ends.
//
// # What one can do
//
//	Begin                 call somebody one is connected with
//	Answer, End           answer on one device; decline, cancel or hang up
//	Seat                  which page of the caller's is the one that calls
//	Bring, Company        bring somebody into a call; who is in it
//	Get, Incoming         how a call stands; what rings for somebody
//	BeginByLink, BeginByBooking     a guest calls, by a link or at the minute she has booked
//	Rings, Reached        a page of hers rings; a device of hers was woken
//	Tick, Run             what is due: further devices, the end of ringing, forgetting
//	Forget, Held          what a face leaves; how much is kept of hers
//
// # Promises
//
//   - A call is a row that is compared and set: of several devices that answer at once one
//     has it, and the others are told that it was answered elsewhere. What is over stays over.
//   - It rings for 45 seconds. After eight in which no device rang, further ones are woken;
//     after fifteen in which none was reached, the caller is told so.
//   - Whoever calls somebody who is calling her is led into that call.
//   - A call has two people at least and twelve at most. Who leaves is let in no more, and the
//     others go on; where one would be alone it is over. Nobody is in two.
//   - Into a call nobody is brought whom somebody in it has blocked, or who has blocked one
//     there; it looks like devices that are off.
//   - Of a caller whom somebody has blocked nothing reaches her, and the caller sees what she
//     would see of somebody whose devices are all off.
//   - A minute after its end nothing is left of a call. How far it came on which devices is
//     in memory only. What each side keeps of it lies on her own devices, sealed.
//   - A call whose pages have all been silent for a minute and a half is over; of more than two
//     people, one whose page is silent so long is taken out.
//
// # It refuses to know
//
// What is said, the keys, accounts, masks, addresses, when anybody called before.
package call
