package roster

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"jobzero/internal/fault"
)

// maxFile bounds a file, in bytes: a million people with long titles take less.
const maxFile = 256 << 20

// letters reads a text and brings it into UTF-8. Which form it has says its mark (BOM); without one, zeros in every second byte say that
// it is UTF-16, as spreadsheets write "Unicode text". Other forms cannot be told apart, so they are refused.
func letters(name string, r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "read %s", name)
	}
	if len(b) > maxFile {
		return nil, fault.New(fault.Invalid, "%s is longer than %d MiB: split it by source", name, maxFile>>20)
	}
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		b = b[3:]
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return wide(name, b[2:], binary.LittleEndian)
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return wide(name, b[2:], binary.BigEndian)
	case len(b) >= 4 && b[1] == 0 && b[3] == 0 && b[0] != 0:
		return wide(name, b, binary.LittleEndian)
	case len(b) >= 4 && b[0] == 0 && b[2] == 0 && b[1] != 0:
		return wide(name, b, binary.BigEndian)
	}
	if at := firstBroken(b); at >= 0 {
		return nil, fault.New(fault.Invalid, "%s:%d: the letters are not UTF-8: save the file as \"CSV UTF-8\"", name, 1+bytes.Count(b[:at], []byte("\n")))
	}
	if at := bytes.IndexByte(b, 0); at >= 0 {
		return nil, fault.New(fault.Invalid, "%s:%d: there is a byte 0: is it a text?", name, 1+bytes.Count(b[:at], []byte("\n")))
	}
	return b, nil
}

func wide(name string, b []byte, order binary.ByteOrder) ([]byte, error) {
	if len(b)%2 == 1 {
		return nil, fault.New(fault.Invalid, "%s: it is UTF-16 and ends in the middle of a letter: is it cut off?", name)
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	out := []byte(string(utf16.Decode(units)))
	if at := bytes.IndexByte(out, 0); at >= 0 {
		return nil, fault.New(fault.Invalid, "%s:%d: there is a letter 0: is it a text?", name, 1+bytes.Count(out[:at], []byte("\n")))
	}
	return out, nil
}

// firstBroken is where a text stops being UTF-8, -1 for nowhere.
func firstBroken(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}
