// Package platform is the room of the companies through which freelancers find
// work: a name, a domain, and who proposed it. What is said of a platform —
// questions, terms, consultations — lives in other rooms under its ID.
//
// # What one can do
//
//	Propose                 a member names a platform and its domain
//	Decide                  stewards accept or refuse it, with a reason; a later verdict counts
//	Correct, Uncorrect      stewards put name, domain or words right; one press undoes it
//	Corrections             what was put right
//	Platform, Platforms     one; all that the reader may see
//	Named                   the one that an article or a document names in words
//	Verdicts                what was decided of one, and why
//	ParseDomain             a domain as people type it; look-alikes refused
//
// # Promises
//
//   - A platform's address lasts, and is made of letters everybody can type.
//   - What was put right stands beside it, as it was before, with day and reason. Its
//     old name still leads to it, unless another platform is called so.
//   - Two platforms cannot be taken for each other: neither their names nor their
//     domains look alike. A domain that only pretends to be written in Latin
//     letters is refused; one with other letters is kept and shown in the form
//     machines use, and its page warns.
//   - What waits is seen by who proposed it and by stewards. What was refused is
//     in no list, and its page says why.
//
// # It refuses to know
//
// Accounts; who speaks for a platform; what is said about it.
package platform
