package guardrail

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// The limits of AWS Organizations (docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html). One of the five
// policies that may be attached to a target is the one of AWS that allows everything.
const (
	maxPolicy = policy.MaxOrganisation
	MaxFiles  = 4
)

// File is one policy, ready to be attached.
type File struct {
	Name       string
	Text       []byte // as people read it
	Size       int    // characters, minified
	Statements []*Statement

	rules int // of Guard and Config
}

// pack puts statements into as few policies as they fit in, what is for the worst first. What does not fit is left out.
func pack(name string, all []*Statement, exempt []string, most int) (files []File, left []*Statement, err error) {
	list := named(merge(all))
	slices.SortStableFunc(list, func(a, b *Statement) int {
		return cmp.Or(cmp.Compare(b.Severity.Rank(), a.Severity.Rank()), cmp.Compare(a.Sid, b.Sid))
	})
	var bins [][]*Statement
	for _, s := range list {
		n, err := fits([]*Statement{s}, exempt)
		if err != nil {
			return nil, nil, err
		}
		if n > maxPolicy {
			return nil, nil, fault.New(fault.Invalid, "statement %s alone has %d characters, more than the %d of a policy: exempt fewer principals", s.Sid, n, maxPolicy)
		}
		placed := false
		for i := range bins {
			with := append(slices.Clone(bins[i]), s)
			if n, _ := fits(with, exempt); n <= maxPolicy {
				bins[i], placed = with, true
				break
			}
		}
		switch {
		case placed:
		case len(bins) < most:
			bins = append(bins, []*Statement{s})
		default:
			left = append(left, s)
		}
	}
	for i, b := range bins {
		f, err := fileOf(fmt.Sprintf("%s-%d.json", name, i+1), b, exempt)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, f)
	}
	return files, left, nil
}

// named gives every statement a Sid of its own.
func named(list []*Statement) []*Statement {
	used := map[string]int{}
	for _, s := range list {
		used[s.Sid]++
		if n := used[s.Sid]; n > 1 {
			s.Sid = fmt.Sprintf("%s%d", s.Sid, n)
		}
	}
	return list
}

// whole is a policy as it is written.
type whole struct {
	Version   string     `json:"Version"`
	Statement []document `json:"Statement"`
}

func texted(list []*Statement, exempt []string, indent string) ([]byte, error) {
	w := whole{Version: "2012-10-17"}
	for _, s := range list {
		w.Statement = append(w.Statement, s.written(exempt))
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(w); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a policy")
	}
	return []byte(b.String()), nil
}

// fits is how many characters a policy of the statements has.
func fits(list []*Statement, exempt []string) (int, error) {
	text, err := texted(list, exempt, "")
	return utf8.RuneCountInString(strings.TrimSpace(string(text))), err
}

func fileOf(name string, list []*Statement, exempt []string) (File, error) {
	text, err := texted(list, exempt, "  ")
	if err != nil {
		return File{}, err
	}
	n, err := fits(list, exempt)
	return File{Name: name, Text: text, Size: n, Statements: list}, err
}
