package check

import (
	"encoding/json"
	"io"
	"net/url"
)

// The parts of SARIF 2.1.0 that are used (OASIS standard, https://docs.oasis-open.org/sarif/sarif/v2.1.0/).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string    `json:"id"`
		Short   sarifText `json:"shortDescription"`
		Full    sarifText `json:"fullDescription"`
		Help    sarifText `json:"help"`
		Default struct {
			Level string `json:"level"`
		} `json:"defaultConfiguration"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		Rule         string          `json:"ruleId"`
		Index        int             `json:"ruleIndex"`
		Kind         string          `json:"kind"`
		Level        string          `json:"level"`
		Message      sarifText       `json:"message"`
		Locations    []sarifLocation `json:"locations"`
		Suppressions []suppression   `json:"suppressions,omitempty"`
	}
	sarifLocation struct {
		Physical struct {
			File struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
			Region *sarifRegion `json:"region,omitempty"`
		} `json:"physicalLocation"`
		Logical []logical `json:"logicalLocations"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn,omitempty"`
	}
	logical struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	}
	suppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
)

// SARIF writes everything that is not met, waived or undecided in SARIF 2.1.0.
func (r *Report) SARIF(w io.Writer, version string) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "jobzero", Version: version, Rules: []sarifRule{}}}, Results: []sarifResult{}}
	rules := map[string]int{}
	for _, x := range r.Results {
		if x.Verdict == Pass {
			continue
		}
		e := x.Expectation
		at, ok := rules[e.ID]
		if !ok {
			at = len(run.Tool.Driver.Rules)
			rules[e.ID] = at
			rule := sarifRule{ID: e.ID, Short: sarifText{e.Title}, Full: sarifText{e.Why}, Help: sarifText{e.Lesson}}
			if e.Lesson == "" {
				rule.Help = sarifText{e.Why}
			}
			rule.Default.Level = level(e.Severity)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
		}
		run.Results = append(run.Results, x.sarif(at))
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func (r Result) sarif(rule int) sarifResult {
	out := sarifResult{
		Rule: r.Expectation.ID, Index: rule, Kind: "fail", Level: level(r.Severity), Message: sarifText{r.Name + ": " + r.Reason},
	}
	if r.Verdict == Undecided { // SARIF: only what fails has a level
		out.Kind, out.Level = "open", "none"
	}
	if r.Verdict == Known {
		out.Suppressions = []suppression{{"external", "it is in the baseline"}}
	}
	if r.Verdict == Waived {
		out.Suppressions = []suppression{{"external", r.Waiver.Reason + " (" + r.Waiver.String() + ", until " + r.Waiver.Expires.String() + ")"}}
	}
	var at sarifLocation
	at.Physical.File.URI = (&url.URL{Path: r.Place.File}).EscapedPath()
	if r.Place.Line > 0 {
		at.Physical.Region = &sarifRegion{r.Place.Line, r.Place.Col}
	}
	at.Logical = []logical{{r.Name, "resource"}}
	out.Locations = []sarifLocation{at}
	return out
}
