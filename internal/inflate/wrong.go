package inflate

import (
	"fmt"

	"jobzero/internal/fault"
)

// wrong says what is wrong with the source, and at which byte.
func (d *Decoder) wrong(format string, args ...any) error {
	return fault.New(fault.Invalid, "broken gzip at byte %d: %s", d.at(), fmt.Sprintf(format, args...))
}

func (d *Decoder) truncated() error {
	return fault.New(fault.Invalid, "broken gzip at byte %d: it is truncated", len(d.src))
}

func (d *Decoder) noSuchCode() error { return d.wrong("a code that stands for nothing") }

func (d *Decoder) tooFarBack(distance int) error {
	return d.wrong("a repetition from %d bytes back, where %d are written", distance, d.n)
}
