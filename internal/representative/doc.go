// Package representative is the room of those who act for a platform: who they are
// by role, and whether the platform still says so itself.
//
// # What one can do
//
//	Claim                  a member says that she acts for a platform, in a role
//	Check, CheckDue        looks whether the platform says so too: on a press, and daily
//	Show, End              whether her profile is shown; that she acts for it no more
//	Suspend                a steward ends at once that anything is said in a role
//	Lift, Dismiss          a second steward lifts that, or ends the role for good
//	Moved                  a platform's domain is another one now
//	Acting                 the mandate under which somebody may act now
//	OfPlatform, OfFace     who acts or acted for a platform; one's own
//	Mandates, Badges       those that stand under what was said; those a profile shows
//	Erase                  what a face leaves behind
//
// # Promises
//
//   - A mandate counts only while the platform says so where nobody else can: in the
//     DNS of its domain, or in a file on it. The text to be published names the hall
//     and the platform and a key drawn for this one person, and not her.
//   - A proof is good for 72 hours after the text was found. Nobody acts on an older one.
//   - A proof is of a domain: when stewards put right which one is the platform's, what was
//     proven on another counts no more, and counts again if that is taken back.
//   - One steward can suspend, none alone can end or lift.
//   - Whose mandate it is is shown only where she wishes it; not to stewards either.
//     A claim that was never proven is shown to nobody but her, and forgotten after
//     30 days.
//   - Nothing outside is asked inside a transaction. What strangers answer is compared
//     with the text and kept nowhere.
//
// # It refuses to know
//
// Accounts; what a platform is called; what is said in its name.
package representative
