// Package blob keeps pictures as files in one directory.
//
// It promises:
//   - What is kept was decoded and written anew. Nothing of the upload survives
//     but its pixels: no place, no time, no camera, no colour profile, no
//     thumbnail, no comment, no byte after the end. A second program, which
//     shares nothing with the first, reads the bytes before they are kept and
//     refuses everything that is not on its short list (see Check).
//   - A name is random and carries neither time nor order; the file's time is
//     the epoch, and so is the directory's. What the file system notes beside
//     (the time of the inode) is beyond it.
//   - What PutImage returned nil for survives kill -9; a file is whole or absent.
//   - Sizes are read before pixels are, and the memory for decoding is one budget
//     for the whole program: a bomb is refused, a crowd waits.
//
// It refuses to know whose a picture is and where it is shown.
//
// Pictures whose colours need a profile look a little paler than at home. A
// profile can name its owner's camera, so it goes.
package blob
