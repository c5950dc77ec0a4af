// Package face keeps the public side of whoever speaks: open profiles, what is
// left of former members, and the authors of imported texts.
//
//	New(ctx, name)              a new open profile under a name
//	Face, ByHandle, Faces       reads, from memory nearly always
//	Profile, SaveProfile        what a person says of herself
//	Rename, SetPicture          the old name stays hers and leads to the new one
//	Directory, Offers           who wishes to be found, and by what
//	Retire                      name and profile go; "former member" stays
//	Imported(ctx, source, name) the author of imported texts
//
// It promises: no two open profiles have names that a person could take for each
// other, now or after a change; a face read by Faces costs no query when it was
// read before; what Retire erased is nowhere in the tables.
//
// It refuses to know accounts: nothing here tells who stands behind a face, when
// she was here last, or what else is hers. Whoever makes a face keeps its id.
package face
