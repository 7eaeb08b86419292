package org

import (
	"slices"
	"time"

	"jobzero/internal/resource"
)

// Waiver is one approved statement that some expectations need not be met somewhere, for some time. Each list that is not empty
// has to have a pattern that fits; what is not known of a resource fits no pattern.
type Waiver struct {
	Expectations []string          `yaml:"expectations"` // IDs or globs of them
	Resources    []string          `yaml:"resources"`    // globs of IDs, of ARNs, or of names in a template or plan
	Types        []string          `yaml:"types"`        // globs of resource types
	Accounts     []string          `yaml:"accounts"`     // account IDs or names, or globs of them
	Units        []string          `yaml:"units"`        // units, with those below them
	Environments []string          `yaml:"environments"`
	Tags         map[string]string `yaml:"tags"`  // of the resource: key to a glob of its value
	Files        []string          `yaml:"files"` // globs of the paths of templates and plans; never fits what is live

	Reason     string `yaml:"reason"`
	Ticket     string `yaml:"ticket"` // where it was discussed, in anybody's words
	Owner      string `yaml:"owner"`  // team or person who lives with the risk
	ApprovedBy string `yaml:"approved_by"`
	Expires    Day    `yaml:"expires"` // the last day on which it counts

	place string
}

// String names the waiver for people.
func (w Waiver) String() string { return "the waiver at " + w.place }

// Place is where it is written, as file:line:column.
func (w Waiver) Place() string { return w.place }

// Live reports whether the waiver has not expired.
func (w Waiver) Live(now time.Time) bool { return now.Before(w.Expires.End()) }

// Waivable is what may be waived for: a resource that exists or that a text asks for.
type Waivable struct {
	resource.Ref
	ARN  string
	Name string // in the text
	File string // of the text; empty for what is live
	Tags map[string]string
}

// Waivers is the content of one waivers.yaml. It is immutable once parsed and safe for concurrent use. Nil waives nothing.
type Waivers struct {
	all []Waiver
	org *Org
}

// In gives the waivers with the organisation that says of accounts what they are; with nil only their IDs are known.
func (w *Waivers) In(o *Org) *Waivers {
	if w == nil {
		return nil
	}
	return &Waivers{w.all, o}
}

// All gives every waiver, in the order of the file.
func (w *Waivers) All() []Waiver {
	if w == nil {
		return nil
	}
	return slices.Clone(w.all)
}

// Expired gives the waivers that no longer count: each wants its owner to renew it, or to meet what is expected.
func (w *Waivers) Expired(now time.Time) []Waiver {
	return slices.DeleteFunc(w.All(), func(x Waiver) bool { return x.Live(now) })
}

// Of finds the waiver for an expectation about something: one that counts today, or else the one that has lapsed last.
func (w *Waivers) Of(expectation string, about Waivable, now time.Time) (found Waiver, ok bool) {
	if w == nil {
		return Waiver{}, false
	}
	for _, x := range w.all {
		if !x.covers(expectation, about, w.org) {
			continue
		}
		if x.Live(now) {
			return x, true
		}
		if !ok || x.Expires.End().After(found.Expires.End()) {
			found, ok = x, true
		}
	}
	return found, ok
}

func (w Waiver) covers(expectation string, x Waivable, o *Org) bool {
	a, _ := o.Account(x.Account)
	if !anyOf(w.Expectations, expectation) || !fits(w.Types, string(x.Type)) || !fits(w.Resources, x.ID, x.ARN, x.Name) ||
		!fits(w.Files, x.File) || !fits(w.Accounts, x.Account, a.Name) || !fits(w.Environments, a.Environment) ||
		!fits(w.Units, o.UnitsOf(x.Account)...) {
		return false
	}
	for key, value := range w.Tags {
		if have, ok := x.Tags[key]; !ok || !glob(value, have) {
			return false
		}
	}
	return true
}

// fits reports whether a list has no patterns, or one that fits one of the words.
func fits(patterns []string, words ...string) bool {
	return len(patterns) == 0 || anyOf(patterns, words...)
}

// anyOf reports whether a pattern fits a word. An empty word is one that is not known.
func anyOf(patterns []string, words ...string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return word != "" && glob(p, word) })
	})
}
