package inflate

// block reads one block of section 3.2.3 and says whether it is the last.
func (d *Decoder) block() (last bool, err error) {
	head, err := d.take(3)
	if err != nil {
		return false, err
	}
	switch kind := head >> 1; kind {
	case 0:
		err = d.stored()
	case 1:
		err = d.packed(fixed())
	case 2:
		if err = d.readCodes(); err == nil {
			err = d.packed(&d.tables)
		}
	default:
		err = d.wrong("there is no block type %d", kind)
	}
	return head&1 == 1, err
}

// stored copies a block that is not compressed.
func (d *Decoder) stored() error {
	d.align()
	size, err := d.uint16()
	if err != nil {
		return err
	}
	check, err := d.uint16()
	if err != nil {
		return err
	}
	if size != ^check {
		return d.wrong("a stored block's length is %04x, its complement %04x", size, check)
	}
	block := d.src[d.pos:min(d.pos+int(size), len(d.src))]
	if err := d.grow(len(block)); err != nil {
		return err
	}
	copy(d.out[d.n:], block)
	d.n += len(block)
	d.pos += len(block) // if that is not all of it, whatever is read next finds the end
	return nil
}

// packed decodes a compressed block: in a rush, and symbol by symbol where there is no slack for that.
func (d *Decoder) packed(t *tables) error {
	for {
		switch d.rush(t) {
		case ended:
			return nil
		case noSuchCode:
			return d.noSuchCode()
		case tooFarBack:
			return d.tooFarBack(d.distance)
		case noSlack:
		}
		if ended, err := d.step(t); ended || err != nil {
			return err
		}
	}
}
