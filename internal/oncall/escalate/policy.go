package escalate

import (
	"slices"
	"time"

	"jobzero/internal/finding"
)

// Policy is the content of one escalation.yaml. It is immutable once parsed.
type Policy struct {
	Rota  string              `yaml:"rota" json:"rota,omitempty"`   // whose seats primary and secondary are; empty: the first
	Group Group               `yaml:"group" json:"group"`           // what becomes one page
	Quiet Quiet               `yaml:"quiet" json:"quiet"`           // when lines that can wait wait
	Seats map[string][]string `yaml:"seats" json:"seats,omitempty"` // names of seats to people
	Lines []Line              `yaml:"lines" json:"lines"`           // the first that matches a ticket counts

	File string `yaml:"-" json:"file"` // where it is written
}

// Group says when a ticket joins a page that is there. It joins when it shares the account, the principal or the rule.
type Group struct {
	Within  Span `yaml:"within" json:"within"`   // after the last one that joined
	Longest Span `yaml:"longest" json:"longest"` // after the page was opened: what goes on for ever is asked about again
}

// Line is what is done about some tickets.
type Line struct {
	Name        string             `yaml:"name" json:"name"`
	Severities  []finding.Severity `yaml:"severities" json:"severities"`
	Kinds       []finding.Kind     `yaml:"kinds" json:"kinds,omitempty"`             // of findings of the ticket; empty: any
	Acknowledge []Level            `yaml:"acknowledge" json:"acknowledge,omitempty"` // until somebody says that they have it; empty: nobody is told
	Fix         Fix                `yaml:"fix" json:"fix"`
	Quiet       bool               `yaml:"quiet" json:"quiet"`   // it waits for the morning of whom it is for
	Snooze      Span               `yaml:"snooze" json:"snooze"` // the longest; 0: it cannot be snoozed
}

// Level is who is asked, and how long they have before the next level is.
type Level struct {
	Ask    []string `yaml:"ask" json:"ask"`
	Within Span     `yaml:"within" json:"within"`
}

// Fix is how long the ticket may be open, and who is told when it is open for longer, whether somebody has acknowledged it or not.
type Fix struct {
	Within Span    `yaml:"within" json:"within"` // 0: no clock
	Levels []Level `yaml:"levels" json:"levels,omitempty"`
}

// Tells reports whether anybody is ever told by the line.
func (l Line) Tells() bool { return len(l.Acknowledge) > 0 || len(l.Fix.Levels) > 0 }

// LineFor is the first line that matches, false when there is none.
func (p Policy) LineFor(s finding.Severity, kinds []finding.Kind) (Line, bool) {
	at := slices.IndexFunc(p.Lines, func(l Line) bool { return l.matches(s, kinds) })
	if at < 0 {
		return Line{}, false
	}
	return p.Lines[at], true
}

func (l Line) matches(s finding.Severity, kinds []finding.Kind) bool {
	if !slices.Contains(l.Severities, s) {
		return false
	}
	return len(l.Kinds) == 0 || slices.ContainsFunc(kinds, func(k finding.Kind) bool { return slices.Contains(l.Kinds, k) })
}

// FixFor is how long a ticket may be open, 0 when there is no clock for it.
func (p Policy) FixFor(s finding.Severity, kinds []finding.Kind) time.Duration {
	l, _ := p.LineFor(s, kinds)
	return l.Fix.Within.Of()
}

// Soonest is the shortest time that any ticket has until it must be fixed, 0 when none has a clock.
func (p Policy) Soonest() time.Duration {
	var least time.Duration
	for _, l := range p.Lines {
		if l.Fix.Within > 0 && len(l.Fix.Levels) > 0 && (least == 0 || l.Fix.Within.Of() < least) {
			least = l.Fix.Within.Of()
		}
	}
	return least
}
