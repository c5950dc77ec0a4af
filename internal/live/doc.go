// Package live tells pages that are open that there is something new for whoever is signed
// in there, in the moment it is there: by WebSocket, and where that does not come through,
// by a stream of HTTP or by server-sent events.
//
// It promises:
//   - What is told is a kind and nothing else; what it is, the page asks for. So nothing is
//     lost when a line is cut: a page that is connected again asks again.
//   - A line belongs to one signed-in browser and ends with it; once in a while it is asked
//     whether it is still signed in.
//   - Telling somebody who has no page open costs next to nothing.
//   - Who is connected is in memory only, and in no log or metric.
//
// It refuses to know what happened, accounts, and masks: pages of masks have another origin,
// which has no such address.
package live
