// Package message is the room of messages that only those who write to each other can
// read. It hands on what is sealed and opens nothing.
//
// # What one can do
//
//	Enrol, Stock, Dismiss     a device of somebody's: its keys, more of them, its end
//	Leaves, Draw, Gather      the devices of somebody, and a key package of each, given once
//	Commit                    changes who is in a conversation, or its keys: one at a time
//	Post                      hands a sealed text to the others' devices
//	Box, Receive              what waits for a device, and that it has it
//	Group, Leave, Enter       which devices a conversation has, and its epoch; going out of it,
//	                          and in again
//	PutPiece, GetPiece        files, sealed piece by piece; GotFile: a device has one
//	Disclose, Disclosed       one message, shown to the stewards; Settle: they have decided
//	Keep, Forget, Holdings    what is old goes; what a face leaves; what is kept of hers
//
// # Promises
//
//   - A key package is given out once; when none is left, the last resort is, which is
//     given again. Nobody empties another's stock: who may draw how often is the door's.
//   - Of two devices that change a conversation at once one is told that it is behind, and
//     has changed nothing. A text sealed under an older epoch is refused likewise, so each
//     device that was in the conversation then can read it.
//   - What is sent is kept until each device has it, for thirty days at most. What is sent
//     again under the same name is taken once.
//   - Whoever is not in a conversation sends nothing into it and is given nothing of it.
//   - Only whoever is connected with somebody begins to write to her. Of somebody she
//     has blocked nothing reaches her, and the other is not told.
//   - A conversation is of two, or a room of up to fifty, whose name is sealed. Whoever is
//     in a room brings in people she is connected with. Its keeper, who began it, takes
//     people out; whoever is in it, when she has left. Whoever is out hears nothing more.
//     Into a room with somebody she has blocked nobody is brought, and nobody is told.
//   - Whoever has left a room, or declined, hears nothing of it unless she says so herself, no
//     matter who brings her in.
//   - A file is kept until each device that may fetch it has it, for thirty days at most.
//   - A message is shown to the stewards only if its author has signed its words, and they
//     are shown nothing else of the conversation, not even which one it is. It goes with
//     their decision.
//   - Only what has the form of a sealed message is taken in, of its own conversation and
//     epoch, a text in steps of 256 bytes.
//
// # It refuses to know
//
// Texts that nobody reports, names of files, who of a conversation sent a text, when on a day, what
// anybody has read; accounts, masks, and which signed-in device a leaf belongs to.
package message
