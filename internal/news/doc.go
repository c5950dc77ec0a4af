// Package news is the room of what people are told: an answer to their question, a
// reply to their post, a change in what they follow.
//
// # What one can do
//
//	Consumer                            tell, by the log of events, whom an event concerns
//	List                                what somebody is told, the newest first
//	Follow, Unfollow, Following, Follows    what lies outside the forum: platforms, questions, clauses, consultations
//	Spread                              the work of a job: tells many, a batch at a time
//	Keep                                the nightly work: what is old goes
//	Forget                              what a face leaves behind
//
// # Promises
//
//   - Each event tells a person once, whatever brings her to it: as asker and as
//     follower alike. What happens to one thing several times is one line with a count.
//   - What others ask about what one follows is one line for each thing followed, and is
//     listed beside one's own news, never instead of it: asking much drowns nobody.
//   - A line is written in the transaction that moves the cursor of the log: a crash
//     loses none and doubles none. More than 500 people are told by a job, 500 in a
//     transaction, each exactly once: nobody who writes waits for a long one.
//   - Nothing here says what anybody has read. A line goes when it is old, for all
//     alike, and when its owner leaves; what is new to her, her browser knows.
//   - Nobody is told of what she did herself.
//
// # It refuses to know
//
// What kinds of events mean (a function says whom they concern), titles and texts,
// masks, accounts.
package news
