package inflate

import "sync"

// How many bits the first look-up takes, and how many entries a table has at most with those for longer codes: a test counts
// them out. For literals 10 and 11 bits are as fast, 12 are slower.
const (
	litWidth    = 10
	litSize     = 1332
	distWidth   = 8
	distSize    = 400
	lengthWidth = 7
)

// tables decode one block.
type tables struct {
	lit  [litSize]entry
	dist [distSize]entry
}

// fixed are the tables of section 3.2.6, made when they are needed first.
var fixed = sync.OnceValue(func() *tables {
	var lit [litCodes + 2]uint8
	for i := range lit {
		switch {
		case i < 144, i >= 280:
			lit[i] = 8
		case i < 256:
			lit[i] = 9
		default:
			lit[i] = 7
		}
	}
	var dist [distCodes + 2]uint8
	for i := range dist {
		dist[i] = 5
	}
	t, c := new(tables), new(code)
	c.build(t.lit[:], litWidth, lit[:], literals[:])
	c.build(t.dist[:], distWidth, dist[:], distances[:])
	return t
})

// code is a Huffman code on its way into a table.
type code struct {
	count  [maxCode + 1]int     // codes of a length
	sorted [litCodes + 2]uint16 // symbols in the order of their codes
	max    int                  // bits of the longest
}

// build makes the table of the code that has these lengths. It is false where they make no complete code. As zlib does, it lets
// pass a code of one symbol of one bit, and that of no symbol, which decodes nothing.
func (c *code) build(table []entry, width int, lens []uint8, alphabet []entry) bool {
	*c = code{}
	for _, n := range lens {
		c.count[n&maxCode]++
	}
	c.count[0] = 0
	var place [maxCode + 2]int
	space := 0 // taken, in units of the longest code
	for n := 1; n <= maxCode; n++ {
		place[n+1] = place[n] + c.count[n]
		if c.count[n] > 0 {
			space = space<<(n-c.max) + c.count[n]
			c.max = n
		}
	}
	for symbol, n := range lens {
		if n != 0 {
			c.sorted[place[n]] = uint16(symbol)
			place[n]++
		}
	}
	switch {
	case c.max > 0 && space == 1<<c.max:
		c.layOut(table, width, alphabet)
	case c.max == 0, c.max == 1: // two codes of one bit are complete, more are too many
		if c.count[1] > 1 {
			return false
		}
		for i := range table[:1<<width] {
			table[i] = noCode
			if c.max == 1 && i&1 == 0 {
				table[i] = alphabet[c.sorted[0]] + perBit
			}
		}
	default:
		return false
	}
	return true
}
