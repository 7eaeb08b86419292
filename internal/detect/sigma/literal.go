package sigma

import (
	"bytes"
	"regexp/syntax"
)

// required gives the longest text that every match of a regular expression holds, nil when there is none of any use. To look
// for it first costs a hundredth of what the expression costs.
func required(expression string) []byte {
	re, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil
	}
	return []byte(longest(re.Simplify()))
}

func longest(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return string(re.Rune)
		}
	case syntax.OpCapture, syntax.OpPlus:
		return longest(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return longest(re.Sub[0])
		}
	case syntax.OpConcat:
		best := ""
		for _, s := range re.Sub {
			if l := longest(s); len(l) > len(best) {
				best = l
			}
		}
		return best
	default: // it matches more than one text
	}
	return ""
}

// may reports whether the text can match at all.
func (r regex) may(text []byte) bool { return len(r.needs) == 0 || bytes.Contains(text, r.needs) }
