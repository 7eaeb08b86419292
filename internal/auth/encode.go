package auth

import (
	"encoding/base64"
	"strings"
)

func to64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func from64(s string) (string, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return string(b), err
}

// plainWord is what strangers say, short and without what would disturb a log or a page.
func plainWord(s string) string {
	const longest = 100
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest])
	}
	return s
}
