// Package safedb opens safe.db, the file in which everything of the safe spaces
// lies, apart from the hall's database and under either engine a SQLite file of
// its own.
//
// It promises that the bytes on the disk tell no order and no time:
//
//   - the log of writes is emptied into the file after every transaction, so no
//     earlier state and no order of writing outlives the commit;
//   - deleted rows are overwritten, and Smooth, called at every tick, writes the
//     whole file anew in the order of its (random) keys;
//   - what arrives between two ticks goes into the Box, whose cells exist already,
//     have one size and are taken at random: where a record lies says nothing of
//     when it came, nor whether it is the newest;
//   - the Box is sealed under a key that lies in no file of the disk (KeyOf), and
//     sealed anew at every tick: copies of the file, however many a day, tell what
//     came out, and not what waits;
//   - the files carry the time of the tick and no finer one;
//   - what Write returned nil for survives kill -9 and, but for what lies in the Box,
//     a loss of power: the key is in memory only, so whatever waits is lost then, and
//     clients send it again.
//
// One connection serves everybody in turn: reads are short, since the pages of a
// space are kept in memory. It refuses to know what any table means. With package
// db it is the only one that names a driver.
package safedb
