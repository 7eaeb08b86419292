package sigma

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/doc"
)

// element is the field of a line about the element of an array itself.
const element = "."

// leg is the way up to a quantifier, or behind the last one.
type leg struct {
	path       Path
	quantifier Quantifier // empty for the last leg
}

// readLegs cuts a field such as rules[any].ports[0] at its quantifiers. There is always a last leg without one; its path is
// empty where nothing stands behind the last quantifier.
func readLegs(field string) ([]leg, error) {
	if field == element {
		return []leg{{}}, nil
	}
	name, rest, bracket := cutBracket(field)
	if name == "" && bracket {
		return nil, fmt.Errorf("%s has no name before its bracket: write the name of the array", field)
	}
	var legs []leg
	now := leg{path: keys(name)}
	for bracket {
		word, behind, closed := strings.Cut(rest, "]")
		n, err := strconv.Atoi(word)
		switch q := Quantifier(word); {
		case !closed:
			return nil, fmt.Errorf(`a bracket in %s is not closed: write %s[any], or \[ for a bracket in a name`, field, name)
		case err == nil:
			now.path = append(now.path, Step{Index: n, Array: true})
		case slices.Contains([]Quantifier{AnyElement, AllElements, AllOrEmpty, NoElement}, q):
			now.quantifier = q
			legs, now = append(legs, now), leg{}
		default:
			return nil, fmt.Errorf(`[%s] in %s: use [any], [all], [all_or_empty], [none] or a number such as [0] or [-1]; write \[ for a bracket in a name`, word, field)
		}
		var next string
		if next, rest, bracket = cutBracket(behind); next != "" {
			if !strings.HasPrefix(next, ".") {
				return nil, fmt.Errorf("%s: put a dot behind [%s]", field, word)
			}
			now.path = append(now.path, keys(next[1:])...)
		}
	}
	return append(legs, now), nil
}

// cutBracket cuts at the first opening bracket that has no backslash before it.
func cutBracket(s string) (before, behind string, found bool) {
	for i := range len(s) {
		if s[i] == '[' && (i == 0 || s[i-1] != '\\') {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// keys are the steps of a name with dots.
func keys(name string) Path {
	var out Path
	for key := range strings.SplitSeq(name, ".") {
		if strings.Contains(key, `\`) {
			key = strings.NewReplacer(`\[`, "[", `\]`, "]").Replace(key)
		}
		out = append(out, Step{Key: key})
	}
	return out
}

// String is the path as a rule writes it; a lone dot when there is no step.
func (p Path) String() string {
	if len(p) == 0 {
		return element
	}
	var b strings.Builder
	for i, s := range p {
		switch {
		case s.Array:
			b.WriteString("[" + strconv.Itoa(s.Index) + "]")
		case i > 0:
			b.WriteString("." + escapeBrackets(s.Key))
		default:
			b.WriteString(escapeBrackets(s.Key))
		}
	}
	return b.String()
}

func escapeBrackets(key string) string {
	if !strings.ContainsAny(key, "[]") {
		return key
	}
	return strings.NewReplacer("[", `\[`, "]", `\]`).Replace(key)
}

// onePlace refuses a field that is not at one place: a number in brackets is, a quantifier is not.
func onePlace(field string, at *doc.Node) error {
	legs, err := readLegs(field)
	if err != nil {
		return at.Errorf("%v", err)
	}
	if len(legs) != 1 || len(legs[0].path) == 0 {
		return at.Errorf("%s has no single place in an event: name one field, with [0] or another number at most", field)
	}
	return nil
}
