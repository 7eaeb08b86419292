package report

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"

	"jobzero/internal/fault"
)

// Code is by what whoever said it follows a report: 128 random bits, shown once. Only its hash is kept. A guess has one chance in 2^128, so
// that no slower hash is needed.
type Code string

const (
	codeBytes = 16
	group     = 4 // letters between hyphens
)

var letters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding) // Crockford's, in which no two look alike

func newCode() Code {
	var b [codeBytes]byte
	_, _ = rand.Read(b[:]) // it never fails (crypto/rand since Go 1.24)
	var out []string
	for text := letters.EncodeToString(b[:]); text != ""; text = text[min(group, len(text)):] {
		out = append(out, text[:min(group, len(text))])
	}
	return Code(strings.Join(out, "-"))
}

// ParseCode reads one as people write it: with or without hyphens, in small letters, with O for 0 and I or L for 1.
func ParseCode(text string) (Code, error) {
	plain := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(text))
	b, err := letters.DecodeString(plain)
	if err != nil || len(b) != codeBytes {
		return "", fault.New(fault.Invalid, "this is no code of a report: want the 26 letters and digits that were shown when it was sent")
	}
	return Code(letters.EncodeToString(b)), nil
}

// hash is what is kept.
func (c Code) hash() string {
	sum := sha256.Sum256([]byte(strings.ReplaceAll(string(c), "-", "")))
	return hex.EncodeToString(sum[:])
}

// Hash is by what a report is found.
func (c Code) Hash() string { return c.hash() }
