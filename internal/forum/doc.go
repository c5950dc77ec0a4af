// Package forum is the room of articles and discussions, and the example that
// other rooms imitate: subject files, may.go (who may), store*.go (all SQL),
// tests beside the code on both engines, example_test.go (the room in ten lines).
//
// # What one can do
//
// Whoever reads or acts is an Actor; the zero Actor is an anonymous reader.
// Reading:
//
//	Article, Articles, Related           one; newest first by Filter; others with true reasons
//	Discussion, Discussions              one; most recently active first by Filter
//	Page                                 50 posts of a discussion by page number
//	Post, Place, FirstAfter              one post; where it stands; jump to a date
//	Posts                                newest posts: of the hall, a topic, a discussion, a face
//	Topics, Topic, TopicsOf              all with counts; one; those of a text
//	Revisions, Revision, Diff            history of a post, an article, a summary, a discussion's title
//	Quote                                a post as the beginning of an answer
//	Follows, Following, Recommended      what the actor follows and has recommended
//	Mine, Recommendations                what the actor has here, for her export
//	Moves, Held                          history of splits and merges; what waits for a steward
//	Document, Documents, DocumentsIn     plain texts for search
//	Heading, Headings                    titles of discussions, for search
//
// Writing:
//
//	Publish, Open, Reply                 an article, a discussion with its first post, a post
//	Edit, EditArticle, Retitle           each makes a revision; Restore undoes with one more
//	Summarise                            stewards: the living summary, with revisions as well
//	Restate, RestateOf, OpenRestates     what two sides say, ending in a proposal; CameOf: a next step
//	Recommend, Withdraw, Follow, Unfollow
//	Hush, Unhush, Close, Reopen          stewards, with a reason; each undone by the other
//	Release, Refuse                      stewards: what was held
//	Split, Merge, Unmove                 stewards: posts change discussions; both keep the history
//	AddTopic, MergeTopic                 stewards
//	AppendMany                           many posts at once: imports, fill
//	Erase                                what a face leaves behind
//	Bind                                 full pages become quick to read; nothing else changes
//
// # Promises
//
//   - An address lasts. A post keeps its id and, in its discussion, its number:
//     page n holds numbers (n-1)*50+1 to n*50 for ever. What is hidden, erased or
//     moved leaves a stub in its place.
//   - Nothing written is lost: editing adds a revision; an edit made on an older
//     revision is refused with a Clash that carries the newer text; undo adds a
//     revision equal to an earlier one.
//   - A text is rendered once, when it is written, and a hidden one leaves the
//     room only towards its author and stewards.
//   - A page of 50 posts is one row, or one range of a clustered table; its authors
//     come from memory, and its counts stand in the rows. No bound page holds
//     what a post does not say any more.
//   - A restate goes on ending in a proposal, and one of which something came cannot
//     be changed any more.
//   - After a commit, Touch is told the names of the things whose pages changed:
//     "front", "article:ID", "discussion:ID", "topic:KEY", "face:ID", and "topics"
//     when a topic is added or merged. Names of faces are package face's to tell.
//   - Each change appends an event in the same transaction (event.go). Events
//     carry ids, never texts.
//
// # It refuses to know
//
// Accounts, sessions, addresses; who reads, and how far; how many reports there
// were and what was decided about whom (moderation calls Hush, Close, Split in its
// own transaction); HTML pages. Recommendations keep no time.
package forum
