package agreement

import (
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/check"
	"jobzero/internal/fault"
)

// Mapped is what one control of others is to us.
type Mapped struct {
	IDs   []string // of expectations: one that fails is a fail, and none a pass
	Types []string // of resources that count, where an expectation judges more than the control does; none: all
	Says  string   // a word by which a fail of ours tells which of several settings it is about: one that does not say it is a pass here; empty: any
	By    string   // the property by which another resource names the labelled one and answers for it; empty: the label is about what holds the property
	Whole bool     // resources that the labels name are not compared one by one, only whether there are any
	Why   string   // why there is no expectation, when there is none
}

func (m Mapped) about(x *check.Result) bool {
	return slices.Contains(m.IDs, x.Expectation.ID) && (len(m.Types) == 0 || slices.Contains(m.Types, string(x.Resource.Type)))
}

// Mapping is a text CORPUS.txt.
type Mapping struct {
	Agreement, Coverage float64 // floors in per cent
	Controls            map[string]Mapped
	Order               []string // names of controls as they stand
}

// grounds are the only ones on which a control is left out: docs/adr/0017-what-counts-as-covered.md.
var grounds = []string{"gone", "cost", "style", "contrary", "name", "none"}

// ReadMapping reads lines "CONTROL [whole] [by=PROPERTY] [says=WORD] [AWS::Type…] expectation…", "CONTROL - GROUND: why there is none",
// and for the floors "floor agreement N" and "floor coverage N". Lines that are empty or begin with # do not count. Errors are
// fault.Invalid and name file and line.
func ReadMapping(file, text string) (*Mapping, error) {
	m := &Mapping{Agreement: -1, Coverage: -1, Controls: map[string]Mapped{}}
	for i, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if err := m.line(words); err != nil {
			return nil, fault.New(fault.Invalid, "%s:%d: %v", file, i+1, err)
		}
	}
	if m.Agreement < 0 || m.Coverage < 0 {
		return nil, fault.New(fault.Invalid, "%s:1: want the lines floor agreement N and floor coverage N", file)
	}
	return m, nil
}

func (m *Mapping) line(words []string) error {
	name, rest := words[0], words[1:]
	if name == "floor" {
		return m.floor(rest)
	}
	if _, twice := m.Controls[name]; twice {
		return fault.New(fault.Invalid, "%s is mapped twice", name)
	}
	var x Mapped
	if len(rest) > 0 && rest[0] == "-" {
		x.Why = strings.Join(rest[1:], " ")
		ground, why, ok := strings.Cut(x.Why, ": ")
		if !ok || why == "" || !slices.Contains(grounds, ground) {
			return fault.New(fault.Invalid, "say why there is no expectation for %s: one of %s, a colon, and why", name, strings.Join(grounds, ", "))
		}
	} else {
		for _, w := range rest {
			switch {
			case w == "whole":
				x.Whole = true
			case strings.HasPrefix(w, "by="):
				x.By = strings.TrimPrefix(w, "by=")
			case strings.HasPrefix(w, "says="):
				x.Says = strings.TrimPrefix(w, "says=")
			case strings.Contains(w, "::"):
				x.Types = append(x.Types, w)
			default:
				x.IDs = append(x.IDs, w)
			}
		}
		if len(x.IDs) == 0 {
			return fault.New(fault.Invalid, "name an expectation for %s, or - and why there is none", name)
		}
	}
	m.Controls[name] = x
	m.Order = append(m.Order, name)
	return nil
}

func (m *Mapping) floor(words []string) error {
	if len(words) == 2 {
		n, err := strconv.ParseFloat(words[1], 64)
		switch {
		case err != nil || n < 0 || n > 100:
		case words[0] == "agreement":
			m.Agreement = n
			return nil
		case words[0] == "coverage":
			m.Coverage = n
			return nil
		}
	}
	return fault.New(fault.Invalid, "want floor agreement N or floor coverage N, in per cent")
}

// Reasons say why our answer is not that of a label, by the key of the case.
type Reasons struct {
	why  map[string]string
	used map[string]bool
}

// kinds are what a disagreement comes from: docs/adr/0017-what-counts-as-covered.md.
var kinds = []string{"refused", "open", "differs", "short"}

// ReadReasons reads lines "case | KIND: why". Lines that are empty or begin with # do not count. Errors are fault.Invalid and name file
// and line.
func ReadReasons(file, text string) (*Reasons, error) {
	r := &Reasons{why: map[string]string{}, used: map[string]bool{}}
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, why, ok := strings.Cut(line, "|")
		key, why = strings.TrimSpace(key), strings.TrimSpace(why)
		kind, words, told := strings.Cut(why, ": ")
		switch _, twice := r.why[key]; {
		case !ok || key == "" || !told || words == "" || !slices.Contains(kinds, kind):
			return nil, fault.New(fault.Invalid, "%s:%d: want case | one of %s, a colon, and why", file, i+1, strings.Join(kinds, ", "))
		case twice:
			return nil, fault.New(fault.Invalid, "%s:%d: %s stands twice", file, i+1, key)
		}
		r.why[key] = why
	}
	return r, nil
}

// Of is the reason for a case, empty when there is none.
func (r *Reasons) Of(key string) string {
	r.used[key] = true
	return r.why[key]
}

// Unused are the keys that excuse nothing, sorted.
func (r *Reasons) Unused() (out []string) {
	for key := range r.why {
		if !r.used[key] {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}
