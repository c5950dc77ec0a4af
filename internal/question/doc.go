// Package question is the room of canonical questions and their public clock: a
// question is asked once, whoever asks it in whatever words, says who owes the
// answer, and counts the days until one comes.
//
// # What one can do
//
//	Nearest                     the questions most like a title being typed
//	Ask, Add                    open a question; add one's own case to one
//	Question, Questions, Counts one; a shelf by Filter; how many stand where
//	Askers                      the faces behind its cases, each once
//	Variants, Variant, Book     its cases, one of them, all that was written in its book
//	File, Undo                  stewards: a pause, an answer, a promise, a closure, a
//	                            correction, …; each taken back by another entry
//	Respond                     the platform itself: an answer, a promise, that it owes none
//	Withdraw, Second            and takes it back; what askers accepted, by two of its people
//	Delays, PaceOf              how long answers took
//	Judge, Judgements           askers: an answer answers it, in part, or not
//	Standing, Recuse            whether somebody asked, and when; who speaks for a platform
//	Merge, Split, Unmove        stewards: questions become one, or two; Moves
//	Gather                      stewards: posts of a discussion become cases, in bulk
//	Heard                       what became of the cases of a space's masks, the same for all
//	OfPosts                     which questions the posts of a discussion became
//	Hush, Unhush                stewards: hide with a reason, and show again
//	Reword, Restore, Revisions  stewards, and who asked it while it is hers alone: other words
//	Mine, Erase                 what a face asked and where it went; what it leaves behind
//
// # Promises
//
//   - A clock is arithmetic on UTC days (clock.go): it follows from the book alone.
//     The delay stays after a late answer; closing and reopening does not reset it;
//     what was wrong is corrected by an entry that everybody sees.
//   - An answer is judged by those who had asked before it came; whoever speaks or has
//     spoken for the platform neither judges nor is counted.
//   - Nothing in a book is changed or deleted: it is taken back by another entry.
//   - No case is lost: merging and splitting move cases, and are undone with
//     exactly those they moved. A person counts once, however often she asked.
//   - Each merge appends one event that names, once, every face whose case went.
//   - A case that is a post keeps no copy of its words: what happens to the post
//     happens here.
//   - A mask's case names no face and holds no moment but the steward's; its words stay in
//     its space, and nothing ties it to an account.
//   - A text with an e-mail address, a telephone number or a client's name is sent
//     back to be redacted (package guard).
//   - After a commit, Touch is told "questions", "question:ID" and "clock:PLATFORM".
//
// # It refuses to know
//
// Accounts; what a platform is called; discussions and the words of posts; who
// reads. That nobody is obliged by law to answer is for every page to say.
package question
