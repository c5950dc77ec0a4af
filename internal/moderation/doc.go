// Package moderation keeps the open hall civil: reports, decisions everybody
// can read, stewards who can be recalled and succeeded, blocks, and a light
// hand against spam.
//
// It promises: every deed of a steward is a decision with a reason in a public
// list, and can be undone, which is a decision too; reports are ordered by the
// harm they speak of, weighted by how often their sender was right; nobody is a
// steward for ever: others can recall one, and members can seat a new one when
// all have vanished. How many voices that takes grows with the hall, and those
// who came together count for a third at most.
//
// It refuses to know accounts, and what the texts of other rooms say: it names
// their things by kind and id, and the door does both deeds in one transaction.
// Who decided is shown to stewards only, who reported to nobody.
//
// The main methods: Report, Queue, Settle; Decide, Reverse, Decisions; Invite,
// Accept, Appoint, Stewards, IsSteward; Move, Voice, Answer, Motions; Block, Unblock,
// Blocked; Weigh, WeighChange.
package moderation
