package key

// SetWorkKey sets the key of work as docs/accounts-vectors.json gives it.
func SetWorkKey(w *Work, key []byte) { w.key = key }

// Flood adds n spent answers to what the price follows.
func Flood(w *Work, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bitsNow()
	w.level += float64(n)
}

// Occupy takes one place of the gate, as a caller who is hashing does.
func Occupy(g *Gate) (release func()) {
	g.queue <- struct{}{}
	g.places <- struct{}{}
	return func() { <-g.places; <-g.queue }
}
