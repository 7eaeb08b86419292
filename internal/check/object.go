package check

import (
	"encoding/json"
	"io"

	"jobzero/internal/finding"
)

// Object is a result for programs. Line and column are 0 where a form has none.
type Object struct {
	Expectation string           `json:"expectation"`
	Title       string           `json:"title"`
	Verdict     Verdict          `json:"verdict"`
	Severity    finding.Severity `json:"severity"`
	Resource    string           `json:"resource"` // its name in the text
	Type        string           `json:"type"`
	Account     string           `json:"account,omitempty"`
	Region      string           `json:"region,omitempty"`
	File        string           `json:"file"`
	Line        int              `json:"line"`
	Column      int              `json:"column"`
	Reason      string           `json:"reason"`
	Fix         string           `json:"fix,omitempty"`
	Waiver      string           `json:"waiver,omitempty"` // where it is written
	Controls    []string         `json:"controls,omitempty"`
}

// Object is the result for programs.
func (r Result) Object() Object {
	o := Object{
		Expectation: r.Expectation.ID, Title: r.Expectation.Title, Verdict: r.Verdict, Severity: r.Severity, Resource: r.Name,
		Type: string(r.Resource.Type), Account: r.Resource.Account, Region: r.Resource.Region,
		File: r.Place.File, Line: r.Place.Line, Column: r.Place.Col, Reason: r.Reason, Fix: r.Fix, Controls: r.Expectation.Controls,
	}
	if r.Waiver != nil {
		o.Waiver = r.Waiver.Place()
	}
	return o
}

// JSON writes one object a line.
func (r *Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, x := range r.Results {
		if err := e.Encode(x.Object()); err != nil {
			return err
		}
	}
	return nil
}
