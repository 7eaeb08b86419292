package rawjson

// indexBlocks is index for whole blocks of 64 bytes, by the registers of 16 bytes that every amd64 has.
//
//go:noescape
func indexBlocks(b *byte, blocks int, quotes, odd *uint64)

func index(b []byte, quotes, odd []uint64) {
	if n := len(b) / 64; n > 0 {
		indexBlocks(&b[0], n, &quotes[0], &odd[0])
		b, quotes, odd = b[n*64:], quotes[n:], odd[n:]
	}
	indexGo(b, quotes, odd)
}
