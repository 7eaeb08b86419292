package verdict

import (
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
)

// Opinion is what is believed of a finding.
type Opinion struct {
	ID         string     `json:"id,omitempty"` // of the verdict that counts; empty: none applies
	Hash       string     `json:"hash,omitempty"`
	Title      string     `json:"title,omitempty"`
	Word       Word       `json:"verdict,omitempty"`
	Confidence Confidence `json:"confidence,omitempty"`
	Close      bool       `json:"close,omitempty"` // the verdict says so; see Closes
	Why        string     `json:"why,omitempty"`   // its condition, and what it came to
	Doubts     []string   `json:"doubts,omitempty"`
	Unknown    []string   `json:"unknown,omitempty"` // of the others, those of which nobody knows whether they apply
}

// Judge gives the first verdict that applies, of those in the order of Sort. A reason to doubt of which nobody knows whether it applies is
// a doubt; any other verdict of which that is so is passed over, and said.
func Judge(all []Definition, f finding.Finding, scene book.Scene) (o Opinion) {
	for _, d := range all {
		v, why := d.Applies(f, scene)
		switch {
		case v == expr.False:
		case v == expr.True:
			o.ID, o.Hash, o.Title, o.Word, o.Confidence, o.Close, o.Why = d.ID, d.Hash(), d.Title, d.Verdict, d.Confidence, d.Close, why
			return o
		case d.Verdict.Accuses():
			o.Doubts = append(o.Doubts, d.ID+": "+why)
		default:
			o.Unknown = append(o.Unknown, d.ID+": "+why)
		}
	}
	return o
}

// Applies asks one verdict about a finding; why says what the answer hangs on.
func (d Definition) Applies(f finding.Finding, scene book.Scene) (v expr.Verdict, why string) {
	if !d.For(f) || d.condition == nil {
		return expr.False, "it is not for this finding"
	}
	return d.condition.Holds(scene)
}

// Needs reports whether one of the verdicts for a finding asks about a variable, so that what nobody asks for need not be read.
func Needs(all []Definition, f finding.Finding, variable string) bool {
	return slices.ContainsFunc(all, func(d Definition) bool { return d.For(f) && d.condition != nil && d.condition.Mentions(variable) })
}

// Closes reports whether software may close a finding by the opinion. held says why it may not where the verdict would have it closed.
func (o Opinion) Closes(f finding.Finding) (closes bool, held string) {
	switch {
	case !o.Close || o.Word == "" || o.Word.Accuses() || o.Confidence != Certain && o.Confidence != Likely:
		return false, ""
	case len(o.Doubts) > 0:
		return false, "it is not known whether there is a reason to doubt: " + strings.Join(o.Doubts, "; ")
	case !Happened(f.Kind):
		return false, "it tells how something is, which a fresh read or a waiver settles"
	case f.LastSeen.After(f.Occurred) || f.Settled.IsZero() && f.Count > 1:
		return false, fmt.Sprintf("it was seen %d times, and only the first was looked at", f.Count)
	}
	return true, ""
}

// Words says the opinion in a line.
func (o Opinion) Words() string {
	if o.ID == "" {
		return "no verdict applies"
	}
	return fmt.Sprintf("%s (%s), by %s: %s", o.Word, o.Confidence, o.ID, o.Title)
}
