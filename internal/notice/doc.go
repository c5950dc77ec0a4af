// Package notice is the room of what is carried to people's devices, so that they are
// told without looking.
//
// # What one can do
//
//	Subscribe, Leave, Remove, Place     devices: one for each signed-in browser, and their rungs
//	Add, Prove, Known, Stop             addresses: mail, ntfy, a program of hers; each is asked first
//	Settings, Save                      at once, digest or never; quiet hours; how long a rung has
//	Raise                               something happened that concerns these people
//	Climb, Deliver, Run                 light the rungs that are due; hand what is queued to push services
//	Acknowledge, Here                   a device has shown it, or a page that is open; or it was opened there
//	Checks                              once a week: are the browsers still there?
//	Call, Join, Hush                    somebody calls her now; it rings no more
//	Begin                               a meeting begins to which she has agreed
//	Ring, Devices                       ring all of one's devices now, and see how far that came
//	Keep, Forget, Held                  the nightly work; what a face leaves behind; what is stored of her
//
// # Promises
//
//   - Whatever is raised inside a transaction is there exactly when that transaction is.
//   - A notice climbs from rung to rung until a device acknowledges it, then it is deleted
//     with all that is known of its way. No rung of it is lit twice, and a program that was
//     killed between two rungs goes on.
//   - Several of one kind are one notice with a count, as long as nobody has seen it.
//   - Nothing is sent in the quiet hours of its receiver, by the clock of her zone, but what
//     she asked for at that moment (a trial, the question to an address), meetings to which she has agreed, and silent checks.
//   - An address gets one question and nothing else until somebody there has answered it. It
//     has a hand of its own: whatever dawdles there keeps no browser waiting.
//   - No table holds when anything was sent, shown or opened. What is known of a notice's
//     next rung is the five minutes in which it is due.
//   - A device that is gone, refuses or shows nothing any more is found, and its owner told.
//   - What a device is sent names no person and holds no word that somebody wrote.
//
// # It refuses to know
//
// What happened and to what, whose account a face is, masks, and when anybody was there:
// how often a device stayed silent is counted in memory only. One process at a time
// delivers.
package notice
