package letter

// TestOnlyPrivate is the scalar of the key, for vectors.
func (k *Key) TestOnlyPrivate() []byte {
	b, err := k.private.Bytes()
	if err != nil {
		panic(err)
	}
	return b
}
