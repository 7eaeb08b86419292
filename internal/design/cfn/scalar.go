package cfn

import (
	"strconv"
	"strings"

	"jobzero/internal/resource/schema"
)

// single reports whether a value is an element that stands where a list of such is wanted.
func single(v *val, of *schema.Value) bool {
	switch of.Kind {
	case schema.Object, schema.Tag, schema.Map:
		return v.kind == dict
	case schema.Text, schema.Integer, schema.Number:
		return v.kind == text || v.kind == number
	default:
		return false
	}
}

// among chooses, of several kinds, the one that a value looks like.
func among(v *val, all []*schema.Value) *schema.Value {
	best, score := all[0], -1
	for _, one := range all {
		if n := fits(v, one); n > score {
			best, score = one, n
		}
	}
	return best
}

// fits says how well a value looks like a kind.
func fits(v *val, one *schema.Value) int {
	switch one.Kind {
	case schema.JSON:
		return map[kind]int{dict: 2, hole: 2, text: 3, list: 1}[v.kind]
	case schema.Object:
		if v.kind != dict {
			return 0
		}
		n := 3
		for _, key := range v.keys {
			if _, ok := one.Shape.Member(key); ok {
				n++
			} else {
				n--
			}
		}
		return n
	case schema.Tag, schema.Map:
		return map[kind]int{dict: 3}[v.kind]
	case schema.List:
		return map[kind]int{list: 3}[v.kind]
	case schema.Bool:
		if v.kind == truth || v.text == "true" || v.text == "false" {
			return 3
		}
		return 0
	case schema.Integer, schema.Number:
		if _, err := strconv.ParseFloat(v.text, 64); err == nil && (v.kind == number || v.kind == text) {
			return 3
		}
		return 0
	default:
		return map[kind]int{text: 2, number: 1, truth: 1, hole: 1}[v.kind]
	}
}

// scalar gives a text, number or truth as the kind that is wanted.
func (s *settler) scalar(v *val, wanted *schema.Value, at *step) any {
	kind := schema.Kind(0)
	if wanted != nil {
		kind = wanted.Kind
	}
	switch kind {
	case schema.Text, schema.Time:
		return v.text
	case schema.Bool:
		if b, ok := truths[strings.ToLower(v.text)]; ok {
			return b
		}
	case schema.Integer, schema.Number:
		if n := numeric(v.text); n != nil {
			if _, whole := n.(int64); whole || kind == schema.Number {
				return n
			}
		}
	case schema.List, schema.Object, schema.Map:
		if v.text == "" || strings.EqualFold(v.text, "none") {
			s.problem(v, at, strconv.Quote(v.text)+" stands where "+words(wanted)+" is wanted: it is read as nothing")
			return gap{}
		}
	case 0:
		return plainScalar(v)
	default:
	}
	s.problem(v, at, strconv.Quote(short(v.text))+" stands where "+words(wanted)+" is wanted")
	return plainScalar(v)
}

// truths are the words for true and false: YAML 1.1, which CloudFormation reads, has more than JSON.
var truths = map[string]bool{"true": true, "yes": true, "on": true, "false": false, "no": false, "off": false}

func plainScalar(v *val) any {
	switch v.kind {
	case truth:
		return v.text == "true"
	case number:
		if n := numeric(v.text); n != nil && (len(v.text) < 2 || v.text[0] != '0' || v.text[1] == '.') {
			return n // a number that begins with 0, such as an account, is a text
		}
	default:
	}
	return v.text
}

// numeric is an int64 for a whole number, a float64 for another, nil for what is none.
func numeric(s string) any {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return i
	}
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil || f != f || f > 1e300 || f < -1e300:
		return nil
	case f == float64(int64(f)) && f < 1<<53 && f > -(1<<53):
		return int64(f)
	}
	return f
}

func short(s string) string {
	const most = 60
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// words is a kind for a person.
func words(v *schema.Value) string {
	switch v.Kind {
	case schema.Text:
		return "a text"
	case schema.Integer:
		return "a whole number"
	case schema.Number:
		return "a number"
	case schema.Bool:
		return "true or false"
	case schema.Time:
		return "a time"
	case schema.List:
		return "a list"
	case schema.Tag:
		return "a tag"
	default:
		return "a map"
	}
}
