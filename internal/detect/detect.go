package detect

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/finding"
)

// Engine judges records. It is safe for concurrent use, keeps nothing between records and gives its matches in a fixed order.
type Engine interface {
	Detect(r *event.Record) []Match
}

// Rule is what a rule says about itself.
type Rule struct {
	ID             string
	Name           string
	Title          string
	Status         string // experimental, test, stable … as written
	Level          finding.Severity
	Description    string
	Author         string
	References     []string
	Tags           []string // such as attack.t1530
	FalsePositives []string
	LogSource      LogSource
	Logs           []event.Log // that the log source means here: no record of another log can match
	Subject        Subject
	Answer         Answer
	File           string // file:line:column of the rule's first line
	// Idle says why the rule can never match here, such as a log source that jobzero does not read; empty when it can.
	Idle string
}

// Answer is what is to be done about a rule's findings, in the custom attribute jobzero of the rule: the playbook that settles
// them, or what a person looks at first.
type Answer struct {
	Playbook string // the id of a playbook
	Person   string // one or two sentences
}

// LogSource is the log that a rule is about, in Sigma's words.
type LogSource struct {
	Category string
	Product  string
	Service  string
}

// String is the log source in one line.
func (l LogSource) String() string {
	var parts []string
	for _, p := range [][2]string{{"category", l.Category}, {"product", l.Product}, {"service", l.Service}} {
		if p[1] != "" {
			parts = append(parts, p[0]+" "+p[1])
		}
	}
	return strings.Join(parts, ", ")
}

// Match says that a rule fired on an event, and why.
type Match struct {
	Rule *Rule
	Why  []Reason // the searches that matched
}

// Reason is what became of one named search of a rule.
type Reason struct {
	Search  string `json:"name"`
	Matched bool   `json:"matched"`
	Tests   []Test `json:"lines"`
}

// Test is what became of one line of a search.
type Test struct {
	Field   string `json:"field"` // with its modifiers, as written
	Want    string `json:"want"`  // the rule's values
	Got     string `json:"got"`   // the event's values, shortened; "nothing" when the field is absent
	Matched bool   `json:"matched"`
}

// String is the test in one line.
func (t Test) String() string {
	verdict := "does not match"
	if t.Matched {
		verdict = "matches"
	}
	return t.Field + " = " + t.Got + " " + verdict + " " + t.Want
}

// String is the reason in one line: the tests that decided it.
func (r Reason) String() string {
	var parts []string
	for _, t := range r.Tests {
		if t.Matched == r.Matched {
			parts = append(parts, t.String())
		}
	}
	verdict := " did not match"
	if r.Matched {
		verdict = " matched"
	}
	if len(parts) == 0 {
		return r.Search + verdict
	}
	return r.Search + verdict + ": " + strings.Join(parts, "; ")
}

// Explain is reasons as one text, a reason a line.
func Explain(reasons []Reason) string {
	lines := make([]string, len(reasons))
	for i, r := range reasons {
		lines[i] = r.String()
	}
	return strings.Join(lines, "\n")
}
