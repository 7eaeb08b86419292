package finding

import "jobzero/internal/fault"

// Severity is how bad it is; its words are Sigma's levels.
type Severity string

// The severities, mildest first.
const (
	Informational Severity = "informational"
	Low           Severity = "low"
	Medium        Severity = "medium"
	High          Severity = "high"
	Critical      Severity = "critical"
)

// Severities lists all of them, mildest first.
func Severities() []Severity { return []Severity{Informational, Low, Medium, High, Critical} }

// Rank orders severities: 1 for informational to 5 for critical, 0 for a word that is none.
func (s Severity) Rank() int {
	for i, v := range Severities() {
		if s == v {
			return i + 1
		}
	}
	return 0
}

// ParseSeverity reads one of the five words.
func ParseSeverity(word string) (Severity, error) {
	if s := Severity(word); s.Rank() > 0 {
		return s, nil
	}
	return "", fault.New(fault.Invalid, "severity %q: use informational, low, medium, high or critical", word)
}
