package sigma

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"

	"jobzero/internal/doc"
)

// encode applies the encodings in the order in which they were written. Only base64offset makes more than one text.
func encode(v *doc.Node, encoders []string) ([]string, error) {
	if hasWildcard(v.Text) {
		return nil, v.Errorf("%q has a wildcard, which an encoding would hide: use a backslash if the character itself is meant", v.Text)
	}
	texts := []string{unquote(v.Text)}
	for _, e := range encoders {
		var next []string
		for _, t := range texts {
			next = append(next, encodeOne(t, e)...)
		}
		texts = next
	}
	for _, t := range texts {
		if t == "" {
			return nil, v.Errorf("%q is too short for its encoding", v.Text)
		}
	}
	return texts, nil
}

func encodeOne(text, encoder string) []string {
	switch encoder {
	case "base64":
		return []string{base64.StdEncoding.EncodeToString([]byte(text))}
	case "base64offset":
		return base64Offsets(text)
	case "utf16be":
		return []string{utf16Bytes(text, true)}
	case "utf16":
		return []string{"\xff\xfe" + utf16Bytes(text, false)}
	}
	return []string{utf16Bytes(text, false)} // wide and utf16le
}

// base64Offsets gives the parts of the encoded text that stay the same wherever the text begins in a longer one. Six bits
// make a character: with 0, 1 or 2 bytes in front, the first 0, 2 or 3 characters also depend on those bytes, and a last
// incomplete group depends on what follows.
func base64Offsets(text string) []string {
	var out []string
	for before, cut := range []int{0, 2, 3} {
		enc := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + text))
		end := (before + len(text)) * 8 / 6
		out = append(out, enc[min(cut, end):end])
	}
	return out
}

func utf16Bytes(text string, bigEndian bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		lo, hi := byte(u&0xff), byte(u>>8)
		if bigEndian {
			lo, hi = hi, lo
		}
		b.WriteByte(lo)
		b.WriteByte(hi)
	}
	return b.String()
}
