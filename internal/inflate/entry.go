package inflate

// An entry says what a code stands for, ready to use:
//
//	bits 0-7    how many bits the symbol uses: its code and the extra bits behind it
//	bits 8-11   how many of them are the code; in a pointer: the width of the table it leads to
//	bits 12-15  the flags
//	bits 16-31  one literal or two, the base of a length or distance, or where a pointer leads
type entry uint32

const (
	oneByte    entry = 1 << 12 // in a literal: bits 12 and 13 count its bytes
	again      entry = 1 << 12 // in a repetition of code lengths: of the one before, else of zero
	isPointer  entry = 1 << 12 // in a special: the code is longer than the table is wide and goes on in another
	endOfBlock entry = 1 << 13 // in a special
	isSpecial  entry = 1 << 14 // a pointer, the end of the block or, with no other flag, no code at all
	notLiteral entry = 1 << 15
	noCode           = notLiteral | isSpecial
	perBit     entry = 0x101 // what a bit of code adds
)

func (e entry) literal() bool { return e&notLiteral == 0 }
func (e entry) special() bool { return e&isSpecial != 0 }
func (e entry) pointer() bool { return e&(isSpecial|isPointer) == isSpecial|isPointer }
func (e entry) ends() bool    { return e&(isSpecial|endOfBlock) == isSpecial|endOfBlock }

// field is a number at its place in an entry.
func field(n, at int) entry { return entry(n) << at } //nolint:gosec // G115: it has 16 bits at most

// uses is how many bits the symbol uses.
func (e entry) uses() int { return int(e & 0xff) }

// bytes counts the bytes of a literal.
func (e entry) bytes() uint { return uint(e >> 12 & 3) }

// follow is where the code goes on that a pointer begins.
func (e entry) follow(b buffer) uint { return uint(e>>16) + uint(b.bits&(1<<(e>>8&15)-1)) }

const (
	maxCode     = 15  // bits of a code
	maxExtra    = 13  // bits behind the code of a distance; 5 behind that of a length
	litCodes    = 286 // symbols that a block may define; the fixed code has two more, which stand for nothing
	distCodes   = 30  // as litCodes
	lengthCodes = 19
)

// The alphabets of RFC 1951, section 3.2.5 and 3.2.7: entries for codes of no bits.
var (
	literals  = literalAlphabet()
	distances = distanceAlphabet()
	lengths   = lengthAlphabet()
)

func literalAlphabet() (all [litCodes + 2]entry) {
	for i := range entry(256) {
		all[i] = i<<16 | oneByte
	}
	all[256] = noCode | endOfBlock
	base := entry(3)
	for i := range entry(28) {
		extra := max(i>>2, 1) - 1
		all[257+i] = base<<16 | notLiteral | extra
		base += 1 << extra
	}
	all[285] = 258<<16 | notLiteral
	all[286], all[287] = noCode, noCode
	return all
}

func distanceAlphabet() (all [distCodes + 2]entry) {
	base := entry(1)
	for i := range entry(distCodes) {
		extra := max(i>>1, 1) - 1
		all[i] = base<<16 | notLiteral | extra
		base += 1 << extra
	}
	all[30], all[31] = noCode, noCode
	return all
}

// lengthAlphabet is that of the code in which the lengths of the other two are written: lengths, and how often to repeat one.
func lengthAlphabet() (all [lengthCodes]entry) {
	for i := range entry(16) {
		all[i] = i << 16
	}
	all[16] = 3<<16 | notLiteral | again | 2
	all[17] = 3<<16 | notLiteral | 3
	all[18] = 11<<16 | notLiteral | 7
	return all
}
