package terraform

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf16"

	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
)

// MaxBytes is the size of the largest plan that is read: one of some thousand resources with their modules.
const MaxBytes = 64 << 20

// MaxChanges is the number of resources of the largest plan that is read: what may belong to any other is compared with all.
const MaxChanges = 20_000

// plain gives a text in UTF-8: some shells write UTF-16 when they redirect, and some put a mark before it.
func plain(name string, data []byte) ([]byte, error) {
	if len(data) > MaxBytes {
		return nil, fault.New(fault.Invalid, "%s: the plan has %d bytes: want %d at most; split the workspace", name, len(data), MaxBytes)
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:], nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return wide(data[2:], binary.LittleEndian), nil
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return wide(data[2:], binary.BigEndian), nil
	case len(data) > 1 && data[0] == '{' && data[1] == 0:
		return wide(data, binary.LittleEndian), nil
	case len(data) > 1 && data[0] == 0 && data[1] == '{':
		return wide(data, binary.BigEndian), nil
	}
	return data, nil
}

func wide(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// position is the line and column of a byte, from 1.
func position(data []byte, offset int) (line, col int) {
	before := data[:min(offset, len(data))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, len(before) - start + 1
}

// wrong is an error of the text, with its place; base is where the part begins that the error speaks of.
func wrong(name string, data []byte, base int, err error) error {
	offset := base
	if at, ok := errors.AsType[*rawjson.SyntaxError](err); ok {
		offset += at.Offset
	}
	line, col := position(data, offset)
	return fault.Wrap(fault.Invalid, err, "%s:%d:%d: this is no plan: write it with terraform show -json PLAN", name, line, col)
}
