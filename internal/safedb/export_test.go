package safedb

// PartsOf tells of how many parts the record is that a cell holds; 0 for an
// empty one, −1 for one that cannot be opened.
func PartsOf(d *DB, cell []byte) int {
	plain := d.box.seal.open(cell)
	if plain == nil {
		return -1
	}
	_, _, parts, _ := head(plain)
	return parts
}
