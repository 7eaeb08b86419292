package provider

import (
	"strings"
	"unicode"

	"jobzero/internal/resource/schema"
)

// maxAkin bounds how deep the members of a property are looked at; types name themselves.
const maxAkin = 4

// meant reports whether an attribute that the table does not know could set a property, or something in it: by a word that
// their names share, or because the property takes settings of any name.
func meant(attribute string, p schema.Member) bool {
	return akin(attribute, p.Name) || inside(attribute, p.Value, maxAkin)
}

func inside(attribute string, v *schema.Value, depth int) bool {
	shape := objectOf(v)
	if shape == nil || depth == 0 {
		return v != nil && (v.Kind == schema.JSON || v.Kind == schema.Map)
	}
	var key, value bool
	for _, m := range shape.Properties {
		key, value = key || m.Name == "Key" || m.Name == "Name", value || m.Name == "Value"
		if akin(attribute, m.Name) || inside(attribute, m.Value, depth-1) {
			return true
		}
	}
	return key && value
}

// akin reports whether an attribute and a property share a word, or the beginning of one, so that the one could be the other:
// kms_key_arn and KmsKeyId, encrypted and EncryptionConfiguration.
func akin(attribute, property string) bool {
	for _, a := range wordsOf(attribute) {
		for _, b := range wordsOf(property) {
			if a == b || len(a) >= stem && len(b) >= stem && a[:stem] == b[:stem] {
				return true
			}
		}
	}
	return short(wordsOf(attribute), wordsOf(property)) || short(wordsOf(property), wordsOf(attribute))
}

// short reports whether one name begins with the first letters of the other: ttl and TimeToLive, server_side_encryption and SSE.
func short(long, name []string) bool {
	var b strings.Builder
	for _, w := range long {
		b.WriteString(w[:1])
		if b.Len() > 2 && b.String() == name[0] {
			return true
		}
	}
	return false
}

const stem = 4 // letters that two words begin with which may mean the same

// wordsOf are the words of a name in either spelling, in small letters: DBSubnetGroupName is db, subnet, group and name.
func wordsOf(name string) (out []string) {
	letters := []rune(name)
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	for i, r := range letters {
		switch {
		case r == '_' || r == '.' || r == '-':
			end()
			continue
		case unicode.IsUpper(r):
			lower := i > 0 && !unicode.IsUpper(letters[i-1])
			last := i > 0 && i+1 < len(letters) && unicode.IsLower(letters[i+1])
			if lower || last {
				end()
			}
		}
		word.WriteRune(unicode.ToLower(r))
	}
	end()
	return out
}
