package console

import (
	"slices"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// findingsPage is the list of findings.
type findingsPage struct {
	States      []choice
	Severities  []choice
	By, Account string
	Page        finding.Page
	More, Start string
}

func (c *Console) findings(v visit) (page, error) {
	get := v.URL.Query()
	q := finding.Query{
		State: finding.State(get.Get("state")), By: get.Get("by"), Account: get.Get("account"), Severity: finding.Severity(get.Get("severity")), After: get.Get("after"),
	}
	out := findingsPage{By: q.By, Account: q.Account}
	states := []finding.State{finding.Open, finding.Human, finding.Done}
	if q.State != "" && !slices.Contains(states, q.State) || q.Severity != "" && !slices.Contains(severities(), q.Severity) {
		return page{}, fault.New(fault.Invalid, "use a state of %s and a severity of %s", list(states), list(severities()))
	}
	for _, s := range states {
		out.States = append(out.States, choice{string(s), s == q.State})
	}
	for _, s := range severities() {
		out.Severities = append(out.Severities, choice{string(s), s == q.Severity})
	}
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		out.Page, err = tx.FindingPage(v.Context(), q)
		return err
	})
	if out.Page.Next != "" {
		out.More = onward(v.URL, out.Page.Next)
	}
	if q.After != "" {
		out.Start = onward(v.URL, "")
	}
	return page{name: "findings", title: "Findings", here: "/detections", content: out}, err
}

// findingPage is one finding.
type findingPage struct {
	finding.Finding
	Explained bool // a rule made it of an event that was kept, so that it can be gone through step by step
}

func (c *Console) finding(v visit) (page, error) {
	var f finding.Finding
	err := c.Reader.View(v.Context(), func(tx Tx) (err error) {
		var ok bool
		if f, ok, err = tx.Finding(v.Context(), finding.Fingerprint(v.PathValue("id"))); err == nil && !ok {
			err = fault.New(fault.NotFound, "there is no finding %s", v.PathValue("id"))
		}
		return err
	})
	out := findingPage{Finding: f, Explained: c.Explain != nil && f.Kind == finding.Rule && eventIn(f) >= 0}
	return page{name: "finding", title: first(f.Title), here: "/detections", content: out}, err
}
