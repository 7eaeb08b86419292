package ocsf

import (
	"encoding/json"

	"jobzero/internal/finding"
)

// Of makes the view of any finding by its kind: a Compliance Finding (2003) of what an expectation says or what could not be
// read, and of what is left of leavers, a Detection Finding (2004) of what a rule or a baseline says, and of an imported one the class that Imported gives.
// product is the version of jobzero.
func Of(f finding.Finding, product string) Finding {
	switch f.Kind {
	case finding.Expectation, finding.Unread, finding.Leaver:
		return expected(f, product)
	case finding.Imported:
		return Imported(f, product)
	case finding.Rule, finding.Baseline, finding.Reused, finding.Asked, finding.FollowUp, finding.Reported: // OCSF has no class for what is only asked for, or is to be done
	}
	return detected(f, product)
}

// detected is a finding of a rule as the house keeps it.
func detected(f finding.Finding, product string) Finding {
	out := Finding{base: baseOf(f, product), Evidences: evidences(f), IsAlert: f.State != finding.Done}
	out.become(2004, "Detection Finding")
	out.Info.Analytic = &analytic{UID: f.By, Name: f.Title, Type: "Rule", TypeID: 1}
	if f.Kind == finding.Baseline {
		out.Info.Analytic.Type, out.Info.Analytic.TypeID = "Behavioral", 2 //nolint:misspell // OCSF writes it so
	}
	return out
}

// expected is a verdict on a resource. One that could not be reached is unknown, and one that a fresh read took back passes.
func expected(f finding.Finding, product string) Finding {
	c := Compliance{Control: f.By, Desc: f.Title, Requirements: controls(f), Status: Fail}
	switch {
	case f.State == finding.Done:
		c.Status = Pass
	case f.Unknown:
		c.Status = Unknown
	}
	if f.Why != "" {
		c.Details = []string{f.Why}
	}
	c.number()
	data, err := json.Marshal(c)
	if err != nil { // texts alone
		data = []byte(`{"status_id":0}`)
	}
	out := Finding{base: baseOf(f, product), Compliance: data, Evidences: evidences(f)}
	out.become(2003, "Compliance Finding")
	return out
}

// controls are those of frameworks that the verdict in the evidence names.
func controls(f finding.Finding) []string {
	for _, e := range f.Evidence {
		var v struct {
			Controls []string `json:"controls"`
		}
		if e.Kind == "verdict" && json.Unmarshal(e.Data, &v) == nil && len(v.Controls) > 0 {
			return v.Controls
		}
	}
	return nil
}
