package verdict

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
)

// Definition is a verdict as people write it.
type Definition struct {
	ID         string     `yaml:"id"`         // small letters, digits and hyphens
	Title      string     `yaml:"title"`      // what is believed, in a line
	Why        string     `yaml:"why"`        // for those who decide whether it may close anything
	When       Scope      `yaml:"when"`       // the findings that it is for
	If         string     `yaml:"if"`         // CEL, with the words of playbooks' conditions
	Verdict    Word       `yaml:"verdict"`    // expected, known-tool, waived, false, true or suspicious
	Confidence Confidence `yaml:"confidence"` // certain, likely or possible
	Close      bool       `yaml:"close"`      // software may close the finding by it
	// Remember is for how long the same call by the same principal on the same resource is taken for the same, without anything being read
	// again; not at all where it is zero.
	Remember time.Duration `yaml:"remember"`

	File      string `yaml:"-"`
	Text      string `yaml:"-"` // the document itself
	condition *book.Condition
}

// Scope says for which findings a verdict is. Each list that is not empty has to have a word or pattern that fits.
type Scope struct {
	Kinds        []finding.Kind `yaml:"kinds"`        // rule, baseline, expectation, imported …
	Rules        []string       `yaml:"rules"`        // IDs of rules, or globs of them; also of baselines
	Expectations []string       `yaml:"expectations"` // IDs of expectations, or globs of them
}

// Word is what is believed.
type Word string

// The words. The first two are reasons to doubt: where one of them applies, or nobody knows whether it does, nothing is closed.
const (
	True       Word = "true"
	Suspicious Word = "suspicious"
	Waived     Word = "waived"
	Expected   Word = "expected"
	KnownTool  Word = "known-tool"
	False      Word = "false"
)

// Words lists them in the order in which verdicts are asked.
func Words() []Word { return []Word{True, Suspicious, Waived, Expected, KnownTool, False} }

// Accuses reports whether it is a reason to doubt.
func (w Word) Accuses() bool { return w == True || w == Suspicious }

// Confidence is how surely something is believed.
type Confidence string

// The degrees.
const (
	Certain  Confidence = "certain"
	Likely   Confidence = "likely"
	Possible Confidence = "possible"
)

// Degrees lists them, the surest first.
func Degrees() []Confidence { return []Confidence{Certain, Likely, Possible} }

// Hash names the text, so that what was believed by another text counts no more.
func (d Definition) Hash() string {
	sum := sha256.Sum256([]byte(d.Text))
	return hex.EncodeToString(sum[:16])
}

// For reports whether the verdict is for a finding.
func (d Definition) For(f finding.Finding) bool {
	w := d.When
	if len(w.Kinds) > 0 && !slices.Contains(w.Kinds, f.Kind) {
		return false
	}
	switch {
	case len(w.Rules)+len(w.Expectations) == 0:
		return true
	case f.Kind == finding.Expectation:
		return fits(w.Expectations, f.By)
	default:
		return fits(w.Rules, f.By)
	}
}

func fits(patterns []string, id string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return Fits(p, id) })
}

// Fits reports whether an ID is one that a pattern names.
func Fits(pattern, id string) bool {
	ok, err := path.Match(pattern, id)
	return ok && err == nil
}

// Sort puts verdicts into the order in which they are asked: reasons to doubt first, then the surest, then by their IDs. The order of files
// says nothing, so that adding a file cannot make a doubt unheard.
func Sort(all []Definition) []Definition {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b Definition) int {
		return cmp.Or(slices.Index(Words(), a.Verdict)-slices.Index(Words(), b.Verdict),
			slices.Index(Degrees(), a.Confidence)-slices.Index(Degrees(), b.Confidence), cmp.Compare(a.ID, b.ID))
	})
	return out
}
