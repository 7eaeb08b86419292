package inflate

import "math/bits"

// layOut fills the table of a complete code. Codes are counted up in reversed bits, as the source has them. With every bit that
// codes get longer, what is filled is doubled, until it is as wide as the table.
func (c *code) layOut(table []entry, width int, alphabet []entry) {
	at, next, filled := 0, 0, 1
	for n := 1; n <= width; n++ {
		copy(table[filled:2*filled], table[:filled])
		filled *= 2
		for range c.count[n] {
			table[at] = alphabet[c.sorted[next]] + field(n, 0)*perBit
			next++
			at = after(at, n)
		}
	}
	if c.max > width {
		c.layOutLong(table, width, alphabet, at, next)
	}
}

// layOutLong goes on with the codes that are longer than the table is wide. Those that begin alike share a table behind it, just
// wide enough for the longest of them.
func (c *code) layOutLong(table []entry, width int, alphabet []entry, at, next int) {
	prefix, start, end := -1, 0, 1<<width
	for n := width + 1; n <= c.max; n++ {
		for done := range c.count[n] {
			if at&(1<<width-1) != prefix {
				prefix, start = at&(1<<width-1), end
				more := n - width
				for space := c.count[n] - done; space < 1<<more; {
					more++
					space = space<<1 + c.count[width+more]
				}
				end = start + 1<<more
				table[prefix] = noCode | isPointer | field(start, 16) | field(more, 8) | field(width, 0)
			}
			e := alphabet[c.sorted[next]] + field(n-width, 0)*perBit
			for i := start + at>>width; i < end; i += 1 << (n - width) {
				table[i] = e
			}
			next++
			at = after(at, n)
		}
	}
}

// after is the code of n bits after this one, in reversed bits; after the last it is 0.
func after(at, n int) int {
	lowest := bits.Len(uint(at^(1<<n-1))) - 1 // the last zero in reading order: the highest
	if lowest < 0 {
		return 0
	}
	return at&(1<<lowest-1) | 1<<lowest
}

// pair joins two literals in one entry wherever the codes of both fit into one look-up.
func (c *code) pair(lit *[litSize]entry) {
	type short struct {
		code, length int
		literal      entry
	}
	var all [256]short
	found, at, next := 0, 0, 0
	for n := 1; n < litWidth; n++ {
		for range c.count[n] {
			if symbol := c.sorted[next]; symbol < 256 {
				all[found] = short{at, n, entry(symbol)}
				found++
			}
			next++
			at = after(at, n)
		}
	}
	for _, a := range all[:found] {
		for _, b := range all[:found] {
			uses := a.length + b.length
			if uses > litWidth {
				break // no later one is shorter
			}
			e := a.literal<<16 | b.literal<<24 | 2*oneByte | field(uses, 0)
			for i := a.code | b.code<<a.length; i < 1<<litWidth; i += 1 << uses {
				lit[i] = e
			}
		}
	}
}
