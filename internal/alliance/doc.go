// Package alliance is the room of those who know each other: connections, which no
// platform can take away.
//
// # What one can do
//
//	Ask, Withdraw               wish to be connected with somebody, with a few words
//	Accept, Decline             answer a wish; whoever is declined is not told
//	End                         be connected no more
//	Shut, Reopen                what a block does to a connection
//	Introduce, Meet, Pass       bring two of one's own together; each of them answers
//	Connections, Waiting        one's own: who, who asks, whom one has asked
//	Reaches                     whether somebody may write to or call somebody
//	KeepNote, Notes             what one notes for oneself, sealed in the browser
//	PutCard, SealedCard         a contact card on its way, sealed; TakeCardBack ends its link
//	Keep, Forget                the nightly work; what a face leaves behind
//
// # Promises
//
//   - A connection has two sides, and both have said yes: by asking, accepting, or
//     meeting at an introduction.
//   - Nobody sees whom somebody else knows, stewards included. Who introduces two says
//     to these two that she knows both.
//   - A no is told to nobody. It looks like a wish that nobody has looked at, and lapses
//     like one, after Lapse days. Withdrawing and wishing again does not wish anew.
//   - Whoever is blocked cannot tell by anything here: his side stays as it was, what he
//     asks waits, and nobody sees it.
//   - Notes are ciphertext of one length, and so are cards. Nothing here can read them, and
//     of a card nothing says whose it is; it is kept for thirty days.
//
// # It refuses to know
//
// Accounts, masks, what connected people say to each other, and since when they have
// been connected: only wishes have a day, since they lapse.
package alliance
