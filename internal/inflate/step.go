package inflate

// step decodes one symbol with an eye on both ends, and says whether the block ends with it.
func (d *Decoder) step(t *tables) (ended bool, err error) {
	e, err := d.symbol(t.lit[:], litWidth)
	if err != nil {
		return false, err
	}
	length := d.bits.value(e)
	d.bits = d.bits.drop(e)
	if e.ends() {
		return true, nil
	}
	if e.literal() {
		return false, d.write(e)
	}
	e, err = d.symbol(t.dist[:], distWidth)
	if err != nil {
		return false, err
	}
	distance := d.bits.value(e)
	d.bits = d.bits.drop(e)
	if distance > d.n {
		return false, d.tooFarBack(distance)
	}
	if err := d.grow(length); err != nil {
		return false, err
	}
	for end := d.n + length; d.n < end; d.n++ {
		d.out[d.n] = d.out[d.n-distance]
	}
	return false, nil
}

// symbol finds the next symbol, which is there with all its bits, and leaves it in the buffer.
func (d *Decoder) symbol(table []entry, width int) (entry, error) {
	if d.bits.count() < maxCode+maxExtra {
		d.fill()
	}
	e := table[d.bits.bits&(1<<width-1)]
	if e.pointer() && d.bits.count() >= width {
		d.bits = d.bits.drop(e)
		e = table[e.follow(d.bits)]
	}
	switch there := d.bits.count(); {
	case e.uses() <= there && (!e.special() || e.ends()):
		return e, nil
	case there < maxCode+maxExtra: // fill has found the end
		return 0, d.truncated()
	}
	return 0, d.noSuchCode()
}

// write writes one literal or two.
func (d *Decoder) write(e entry) error {
	for range e.bytes() {
		if err := d.grow(1); err != nil {
			return err
		}
		d.out[d.n] = byte(e >> 16)
		d.n++
		e >>= 8
	}
	return nil
}
