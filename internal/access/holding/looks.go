package holding

import (
	"bytes"
	"encoding/json"
)

// Looks reports whether the beginning of a text is that of one that Read reads and no estate: an answer about credentials or Identity
// Center, a credential report, or a resource as inventory reads it.
func Looks(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
	if bytes.HasPrefix(text, []byte("user,arn,")) {
		return true
	}
	in := json.NewDecoder(bytes.NewReader(text))
	if t, err := in.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	var a answer
	for depth, value := 0, false; ; {
		t, err := in.Token()
		if err != nil {
			return false
		}
		if d, ok := t.(json.Delim); ok {
			if d == '{' || d == '[' {
				depth++
			} else if depth--; depth < 0 {
				return false
			}
			value = false
			continue
		}
		if depth > 0 {
			continue
		}
		if key, ok := t.(string); ok && !value {
			if key == "Content" || key == "type" || a.member(key) != nil {
				return true
			}
			value = true
			continue
		}
		value = false
	}
}
