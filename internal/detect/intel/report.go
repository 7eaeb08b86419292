package intel

import (
	"fmt"
	"time"

	"jobzero/internal/fault"
)

// The limits of one reading.
const (
	maxErrors = 100     // are kept; all are counted
	maxItem   = 4 << 20 // bytes of one object of a bundle, one attribute or one line
)

// Report is what became of one text.
type Report struct {
	Taken  int     // indicators
	Passed int     // objects that are no indicators, and such as are withdrawn, deleted or not meant for detection
	Bad    int     // indicators that could not be taken
	Errors []error // the first of these, each with file and line; fault.Invalid
	Format string  // stix, misp or csv
}

// reading is one text being read.
type reading struct {
	file   string
	report Report
	take   func(Indicator) error
}

// bad notes what could not be taken.
func (r *reading) bad(line int, format string, args ...any) {
	r.report.Bad++
	if len(r.report.Errors) < maxErrors {
		r.report.Errors = append(r.report.Errors, fault.New(fault.Invalid, "%s:%d: %s", r.file, line, fmt.Sprintf(format, args...)))
	}
}

// add normalises an indicator of one value and takes it. Only that the set is full is an error.
func (r *reading) add(i Indicator) error {
	value, err := normal(i.Kind, i.Value)
	if err != nil {
		r.bad(i.Line, "%v", err)
		return nil
	}
	i.Value = value
	return r.taken(i)
}

func (r *reading) taken(i Indicator) error {
	if !i.Until.IsZero() && !i.From.IsZero() && !i.Until.After(i.From) {
		r.bad(i.Line, "it ends (%s) before it begins (%s)", i.Until.Format(time.RFC3339), i.From.Format(time.RFC3339))
		return nil
	}
	i.Source = cut(i.Source)
	i.Note, i.ID = cut(i.Note), cut(i.ID)
	if err := r.take(i); err != nil {
		return fmt.Errorf("%s:%d: %w", r.file, i.Line, err)
	}
	r.report.Taken++
	return nil
}

// cut keeps a note short: it is for people and stands in each finding.
func cut(s string) string {
	const longest = 200
	if len(s) <= longest {
		return s
	}
	for i := range s {
		if i > longest {
			return s[:i] + "…"
		}
	}
	return s
}

// clock reads the forms of time that the formats have.
func clock(s string) (time.Time, error) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is no time: want one such as 2026-03-02T09:00:00Z", s)
}
