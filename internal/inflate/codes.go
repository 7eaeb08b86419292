package inflate

// lengthOrder is the order in which the lengths of the code of code lengths are written.
var lengthOrder = [lengthCodes]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// worthPairing is how much source must be left for the pairing of literals to pay.
const worthPairing = 4 << 10

// readCodes reads the codes of a block of section 3.2.7 and makes their tables.
func (d *Decoder) readCodes() error {
	head, err := d.take(14)
	if err != nil {
		return err
	}
	lits, dists, lens := int(head&31)+257, int(head>>5&31)+1, int(head>>10&15)+4
	if lits > litCodes || dists > distCodes {
		return d.wrong("bad code lengths: %d literal and %d distance codes", lits, dists)
	}
	var own [lengthCodes]uint8
	for _, symbol := range lengthOrder[:lens] {
		n, err := d.take(3)
		if err != nil {
			return err
		}
		own[symbol] = uint8(n & 7)
	}
	if !d.code.build(d.lengths[:], lengthWidth, own[:], lengths[:]) {
		return d.wrong("bad code lengths: their own code is not complete")
	}
	if err := d.readLengths(d.lens[:lits+dists]); err != nil {
		return err
	}
	t := &d.tables
	if !d.code.build(t.lit[:], litWidth, d.lens[:lits], literals[:]) {
		return d.wrong("bad code lengths: the literal code is not complete")
	}
	if len(d.src)-d.pos >= worthPairing {
		d.code.pair(&t.lit)
	}
	if !d.code.build(t.dist[:], distWidth, d.lens[lits:lits+dists], distances[:]) {
		return d.wrong("bad code lengths: the distance code is not complete")
	}
	return nil
}

// readLengths reads the code lengths of both codes, which may be written as repetitions.
func (d *Decoder) readLengths(to []uint8) error {
	for i := 0; i < len(to); {
		e, err := d.symbol(d.lengths[:], lengthWidth)
		if err != nil {
			return err
		}
		v := d.bits.value(e)
		d.bits = d.bits.drop(e)
		if e.literal() {
			to[i] = uint8(v & maxCode)
			i++
			continue
		}
		var n uint8
		switch {
		case e&again != 0 && i == 0:
			return d.wrong("bad code lengths: nothing to repeat")
		case v > len(to)-i:
			return d.wrong("bad code lengths: %d more than there are codes", v-len(to)+i)
		case e&again != 0:
			n = to[i-1]
		}
		for end := i + v; i < end; i++ {
			to[i] = n
		}
	}
	return nil
}
