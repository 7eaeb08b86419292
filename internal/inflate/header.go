package inflate

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// The flags of RFC 1952, section 2.3.1, that say what else is in the header.
const (
	withCRC     = 1 << 1
	withExtra   = 1 << 2
	withName    = 1 << 3
	withComment = 1 << 4
)

// header reads a member's header.
func (d *Decoder) header() error {
	start := d.pos
	h := d.src[start:]
	switch {
	case len(h) == 0:
		return d.wrong("it is empty")
	case !bytes.HasPrefix([]byte{0x1f, 0x8b, 8}, h[:min(len(h), 3)]):
		if start > 0 {
			return d.wrong("what follows the last member is neither a member nor zeros")
		}
		return d.wrong("it does not begin as gzip does")
	case len(h) < 10:
		return d.truncated()
	}
	flags := h[3]
	d.pos += 10
	if flags&withExtra != 0 {
		size, err := d.uint16()
		if err != nil {
			return err
		}
		if len(d.src)-d.pos < int(size) {
			return d.truncated()
		}
		d.pos += int(size)
	}
	for _, with := range []byte{withName, withComment} {
		if flags&with != 0 {
			size := bytes.IndexByte(d.src[d.pos:], 0)
			if size < 0 {
				return d.truncated()
			}
			d.pos += size + 1
		}
	}
	if flags&withCRC != 0 {
		crc := uint16(crc32.ChecksumIEEE(d.src[start:d.pos]) & 0xffff)
		said, err := d.uint16()
		if err != nil {
			return err
		}
		if said != crc {
			return d.wrong("the header's CRC is %04x, it says %04x", crc, said)
		}
	}
	return nil
}

// uint16 reads a number that begins at a byte.
func (d *Decoder) uint16() (uint16, error) {
	if len(d.src)-d.pos < 2 {
		return 0, d.truncated()
	}
	d.pos += 2
	return binary.LittleEndian.Uint16(d.src[d.pos-2:]), nil
}
