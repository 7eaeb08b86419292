package policy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Pattern is a text in which * stands for any text and ? for any letter, with variables such as ${aws:username}.
type Pattern struct {
	text  string
	atoms []atom
	vars  bool
	exact bool // it is no more than its text
}

// atom is a piece of a pattern.
type atom struct {
	kind atomKind
	text string // of a piece of text: itself; of a variable: its key
	or   string // of a variable: what it is when the key is absent
	has  bool   // of a variable: it has such a default
}

type atomKind uint8

const (
	plain atomKind = iota
	star
	letter
	variable
)

// String is the pattern as it was written.
func (p *Pattern) String() string { return p.text }

// any reports whether it matches every text.
func (p *Pattern) any() bool { return len(p.atoms) == 1 && p.atoms[0].kind == star }

// newPattern reads a pattern. Variables are read in policies of version 2012-10-17 only, wildcards where globs is set.
func newPattern(text string, globs, vars bool) *Pattern {
	p := &Pattern{text: text}
	for rest := text; rest != ""; {
		next := strings.IndexAny(rest, "*?$")
		if next < 0 {
			p.add(atom{text: rest})
			break
		}
		if next > 0 {
			p.add(atom{text: rest[:next]})
			rest = rest[next:]
		}
		switch {
		case rest[0] == '*' && globs:
			if n := len(p.atoms); n == 0 || p.atoms[n-1].kind != star {
				p.atoms = append(p.atoms, atom{kind: star})
			}
		case rest[0] == '?' && globs:
			p.atoms = append(p.atoms, atom{kind: letter})
		case rest[0] == '$' && vars && strings.HasPrefix(rest, "${"):
			if a, n := readVariable(rest); n > 0 {
				p.vars = p.vars || a.kind == variable
				p.add(a)
				rest = rest[n:]
				continue
			}
			p.add(atom{text: rest[:1]})
		default:
			p.add(atom{text: rest[:1]})
		}
		rest = rest[1:]
	}
	p.exact = len(p.atoms) == 1 && p.atoms[0].kind == plain && p.atoms[0].text == text
	return p
}

// add joins neighbouring pieces of text.
func (p *Pattern) add(a atom) {
	if n := len(p.atoms); a.kind == plain && n > 0 && p.atoms[n-1].kind == plain {
		p.atoms[n-1].text += a.text
		return
	}
	p.atoms = append(p.atoms, a)
}

// readVariable reads ${key}, ${key, 'default'} and the escapes ${*}, ${?} and ${$}; zero bytes when it is none of these.
func readVariable(text string) (atom, int) {
	end := strings.IndexByte(text, '}')
	if end < 0 {
		return atom{}, 0
	}
	inner := text[2:end]
	switch inner {
	case "*", "?", "$":
		return atom{text: inner}, end + 1
	case "":
		return atom{}, 0
	}
	key, rest, has := strings.Cut(inner, ",")
	a := atom{kind: variable, text: strings.ToLower(strings.TrimSpace(key)), has: has}
	if has {
		a.or = strings.Trim(strings.TrimSpace(rest), "'")
	}
	return a, end + 1
}

// Hole stands in a policy for a resource that is not known: nothing is sure to match it, and nothing not to.
const Hole = "${" + holeKey + "}"

const holeKey = "jobzero:not-known"

// resolved gives the atoms with variables replaced. Yes: they are; No: a variable is absent, so that nothing matches; Maybe: one
// is not known, and its key is given.
func (p *Pattern) resolved(c Context) ([]atom, Truth, string) {
	if !p.vars {
		return p.atoms, Yes, ""
	}
	out := make([]atom, 0, len(p.atoms))
	for _, a := range p.atoms {
		if a.kind == variable {
			if a.text == holeKey {
				return nil, Maybe, a.text
			}
			v := c.Value(a.text)
			switch {
			case v.State == Unknown || v.Perhaps || v.More:
				return nil, Maybe, a.text
			case v.State == Present && len(v.Texts) == 1:
				a = atom{text: v.Texts[0]}
			case v.State == Absent && a.has:
				a = atom{text: a.or}
			default:
				return nil, No, ""
			}
		}
		out = append(out, a)
	}
	return out, Yes, ""
}

// In is the pattern with what its variables are in a call. Maybe: one is not known, and its key is given; No: one is absent, so that the
// pattern matches nothing.
func (p *Pattern) In(c Context) (text string, t Truth, key string) {
	atoms, t, key := p.resolved(c)
	if t != Yes {
		return p.text, t, key
	}
	var out strings.Builder
	for _, a := range atoms {
		switch a.kind {
		case star:
			out.WriteByte('*')
		case letter:
			out.WriteByte('?')
		case plain, variable:
			out.WriteString(a.text)
		}
	}
	return out.String(), Yes, ""
}

// may reports whether a text matches whatever the variables turn out to be: one that is not known may be any text.
func (p *Pattern) may(text string) bool {
	var open []atom
	for _, a := range p.atoms {
		if a.kind == variable {
			a = atom{kind: star}
		}
		if n := len(open); a.kind != star || n == 0 || open[n-1].kind != star {
			open = append(open, a)
		}
	}
	return glob(open, text)
}

// glob matches a text with atoms that have no variables.
func glob(atoms []atom, s string) bool {
	next, back, from := 0, -1, 0 // the atom; that behind the last star; where the star's text ends
	at := 0
	for {
		if next < len(atoms) {
			switch a := atoms[next]; a.kind {
			case star:
				if next == len(atoms)-1 {
					return true
				}
				next++
				back, from = next, at
				continue
			case letter:
				if _, n := utf8.DecodeRuneInString(s[at:]); n > 0 {
					at += n
					next++
					continue
				}
			case plain, variable:
				if strings.HasPrefix(s[at:], a.text) {
					at += len(a.text)
					next++
					continue
				}
			}
		} else if at == len(s) {
			return true
		}
		if back < 0 || from >= len(s) {
			return false
		}
		_, n := utf8.DecodeRuneInString(s[from:])
		from += n
		if a := atoms[back]; a.kind == plain { // the star takes all up to where this text stands next
			i := strings.Index(s[from:], a.text)
			if i < 0 {
				return false
			}
			from += i
		}
		next, at = back, from
	}
}

// begins says whether the texts that begin with s match: Yes all of them, No none.
func begins(atoms []atom, s string) Truth {
	if len(atoms) > 0 && atoms[len(atoms)-1].kind == star && glob(atoms, s) {
		return Yes
	}
	if reaches(atoms, s) {
		return Maybe
	}
	return No
}

// beginsARN is begins for an ARN of which what is not known lies in the last part: what stands before it is compared part by part.
func beginsARN(atoms []atom, arn string) Truth {
	parts := strings.SplitN(arn, ":", 6)
	wanted := splitAtoms(atoms)
	if len(parts) != 6 || len(wanted) != 6 {
		return begins(atoms, arn)
	}
	for i := range 5 {
		if !glob(wanted[i], parts[i]) {
			return No
		}
	}
	return begins(wanted[5], parts[5])
}

// reaches reports whether the atoms can take all of s and perhaps more behind it.
func reaches(atoms []atom, s string) bool {
	open := []int{0} // offsets in s that the atoms so far may end at
	for _, a := range atoms {
		var next []int
		switch a.kind {
		case star:
			return true
		case letter:
			for _, at := range open {
				_, n := utf8.DecodeRuneInString(s[at:])
				if n == 0 {
					return true
				}
				next = append(next, at+n)
			}
		case plain, variable:
			for _, at := range open {
				rest := s[at:]
				if strings.HasPrefix(a.text, rest) {
					return true
				}
				if strings.HasPrefix(rest, a.text) {
					next = append(next, at+len(a.text))
				}
			}
		}
		if open = next; len(open) == 0 {
			return false
		}
	}
	return slices.Contains(open, len(s))
}

// Like reports whether a text is like a pattern of * and ?.
func Like(pattern, text string) bool { return glob(newPattern(pattern, true, false).atoms, text) }
