package sigma

import (
	"bytes"
	"regexp/syntax"
	"unicode/utf8"
)

// The limits of a set of texts to look for: many short ones are no quicker to look for than the expression itself.
const (
	leastLiteral = 2
	mostLiterals = 32
)

// literals are texts in lower case of which every match of something holds one. Empty: nothing is known.
type literals [][]byte

// required gives the texts of which every match of a regular expression holds one, whatever the case; none when there are none
// of any use. To look for them first costs a hundredth of what the expression costs.
func required(expression string) literals {
	re, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil
	}
	all := literalsOf(re.Simplify())
	for _, text := range all {
		if len(text) < leastLiteral {
			return nil
		}
	}
	return all
}

func literalsOf(re *syntax.Regexp) literals {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if r >= utf8.RuneSelf {
				return nil // its other case may be of another length
			}
		}
		return literals{lower([]byte(string(re.Rune)))}
	case syntax.OpCapture, syntax.OpPlus:
		return literalsOf(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return literalsOf(re.Sub[0])
		}
	case syntax.OpConcat:
		var best literals
		for _, s := range re.Sub {
			if l := literalsOf(s); l.shortest() > best.shortest() || l.shortest() == best.shortest() && len(l) < len(best) {
				best = l
			}
		}
		return best
	case syntax.OpAlternate:
		var all literals
		for _, s := range re.Sub {
			l := literalsOf(s)
			if len(l) == 0 || len(all)+len(l) > mostLiterals {
				return nil
			}
			all = append(all, l...)
		}
		return all
	default: // it matches more than one text
	}
	return nil
}

// shortest is the length of the shortest text: the one that is found most easily by chance.
func (l literals) shortest() int {
	if len(l) == 0 {
		return 0
	}
	least := len(l[0])
	for _, text := range l {
		least = min(least, len(text))
	}
	return least
}

// may reports whether the text can match at all. Beyond ASCII an expression that ignores case knows more letters than lower
// case does (the long s), so there everything may.
func (r regex) may(v *view, l *leaf, text []byte) bool {
	if len(r.needs) == 0 || !ascii(text) {
		return true
	}
	low, _ := l.lower(v)
	for _, n := range r.needs {
		if bytes.Contains(low, n) {
			return true
		}
	}
	return false
}

func ascii(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
