package correlate

import "encoding/binary"

// Everything that is kept is packed in one way: numbers as varints, texts behind their length. What stands in memory for a
// hit or a group is a piece of what stands in a snapshot.

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendList(b []byte, texts []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(texts)))
	for _, s := range texts {
		b = appendText(b, s)
	}
	return b
}

// cursor reads what was packed. From the first thing on that does not fit, it is broken and gives zeros.
type cursor struct {
	rest   string
	broken bool
}

func (c *cursor) fail() { c.rest, c.broken = "", true }

// number reads an unsigned varint in its shortest form.
func (c *cursor) number() uint64 {
	var x uint64
	for i := range min(len(c.rest), binary.MaxVarintLen64) {
		b := c.rest[i]
		if b >= 0x80 {
			x |= uint64(b&0x7f) << (7 * i)
			continue
		}
		if b == 0 && i > 0 || i == binary.MaxVarintLen64-1 && b > 1 {
			break
		}
		c.rest = c.rest[i+1:]
		return x | uint64(b)<<(7*i)
	}
	c.fail()
	return 0
}

// signed reads a varint that may be negative.
func (c *cursor) signed() int64 {
	x := c.number()
	return int64(x>>1) ^ -int64(x&1) // zigzag
}

// bytes reads n bytes as they are.
func (c *cursor) bytes(n uint64) string {
	if n > uint64(len(c.rest)) {
		c.fail()
		return ""
	}
	s := c.rest[:n]
	c.rest = c.rest[n:]
	return s
}

func (c *cursor) text() string { return c.bytes(c.number()) }

// count reads how many things follow, each of at least one byte, so that a wrong number cannot ask for much memory.
func (c *cursor) count() int {
	n := c.number()
	if n > uint64(len(c.rest)) {
		c.fail()
		return 0
	}
	return int(n) //nolint:gosec // not more than there are bytes
}

func (c *cursor) list() []string {
	n := c.count()
	var out []string
	for range n {
		out = append(out, c.text())
	}
	return out
}

// unpackList reads a list that was packed here.
func unpackList(s string) []string {
	c := cursor{rest: s}
	return c.list()
}
