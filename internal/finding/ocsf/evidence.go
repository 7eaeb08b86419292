package ocsf

import (
	"encoding/json"
	"strings"
	"time"

	"jobzero/internal/finding"
)

// Kinds of evidence whose data is an object of the schema. Which of them a finding has says of which class it is.
const (
	vulnerable = "vulnerability"
	complies   = "compliance"
	sensitive  = "data_security"
)

// Vulnerability is a weakness in what somebody else wrote. Make it with Weakness.
type Vulnerability struct {
	CVE      *CVE      `json:"cve,omitempty"`
	CWE      *Advisory `json:"cwe,omitempty"`
	Advisory *Advisory `json:"advisory,omitempty"`

	Title      string    `json:"title,omitempty"`
	Desc       string    `json:"desc,omitempty"`
	Severity   string    `json:"severity,omitempty"` // the vendor's word
	Vendor     string    `json:"vendor_name,omitempty"`
	References []string  `json:"references,omitempty"`
	Packages   []Package `json:"affected_packages,omitempty"`
	Exploit    bool      `json:"is_exploit_available,omitempty"`
	Fix        bool      `json:"is_fix_available,omitempty"`
}

// CVE is an entry of the list of Common Vulnerabilities and Exposures.
type CVE struct {
	UID  string `json:"uid"`
	CVSS []CVSS `json:"cvss,omitempty"`
}

// CVSS is a score from 0 to 10 and who gave it.
type CVSS struct {
	Score   float64 `json:"base_score"`
	Version string  `json:"version"`
	Vector  string  `json:"vector_string,omitempty"`
	Vendor  string  `json:"vendor_name,omitempty"`
}

// Advisory is what is known by its ID alone.
type Advisory struct {
	UID string `json:"uid"`
}

// Package is what has the weakness; the schema wants a name and a version.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Fixed   string `json:"fixed_in_version,omitempty"`
	Manager string `json:"package_manager,omitempty"`
	Path    string `json:"path,omitempty"`
}

// Weakness begins a vulnerability: the schema has one place for CVEs, one for CWEs and one for the IDs of everybody else.
func Weakness(id string, scores []CVSS) (v Vulnerability) {
	switch {
	case strings.HasPrefix(id, "CVE-"):
		v.CVE = &CVE{UID: id, CVSS: scores}
	case strings.HasPrefix(id, "CWE-"):
		v.CWE = &Advisory{UID: id}
	default:
		v.Advisory = &Advisory{UID: id}
	}
	return v
}

// ID is what the weakness is known by.
func (v Vulnerability) ID() string {
	switch {
	case v.CVE != nil:
		return v.CVE.UID
	case v.CWE != nil:
		return v.CWE.UID
	case v.Advisory != nil:
		return v.Advisory.UID
	}
	return ""
}

// Evidence says it in words and keeps the object for the view.
func (v Vulnerability) Evidence(at time.Time) finding.Evidence {
	var in []string
	for _, p := range v.Packages {
		one := p.Name + " " + p.Version
		if p.Fixed != "" {
			one += " (fixed in " + p.Fixed + ")"
		}
		in = append(in, one)
	}
	text := v.ID()
	if len(in) > 0 {
		text += " in " + strings.Join(in, ", ")
	}
	if v.Exploit {
		text += "; an exploit is known"
	}
	return keep(vulnerable, at, text, v)
}

// Verdict is how a check ended.
type Verdict string

// The verdicts, as the schema names them.
const (
	Pass    Verdict = "Pass"
	Warning Verdict = "Warning" // the check of another tool could not tell
	Unknown Verdict = "Unknown" // ours could not: never a pass
	Fail    Verdict = "Fail"
)

// Compliance is a check of a resource against a control.
type Compliance struct {
	Control      string   `json:"control,omitempty"`
	Desc         string   `json:"desc,omitempty"`
	Standards    []string `json:"standards,omitempty"`
	Requirements []string `json:"requirements,omitempty"`
	Status       Verdict  `json:"status"`
	StatusID     int      `json:"status_id"` // set by Evidence
	Details      []string `json:"status_details,omitempty"`
}

// Evidence says it in words and keeps the object for the view.
func (c Compliance) Evidence(at time.Time) finding.Evidence {
	c.number()
	text := "control " + c.Control + ": " + strings.ToLower(string(c.Status))
	if len(c.Standards) > 0 {
		text += ", of " + strings.Join(c.Standards, ", ")
	}
	return keep(complies, at, text, c)
}

// number gives the verdict its number.
func (c *Compliance) number() {
	switch c.Status {
	case Pass:
		c.StatusID = 1
	case Fail:
		c.StatusID = 3
	case Unknown:
		c.StatusID = 0
	default:
		c.Status, c.StatusID = Warning, 2
	}
}

// DataSecurity is data that was found where it should not be.
type DataSecurity struct {
	Category   string `json:"category"`
	CategoryID int    `json:"category_id"`
	Pattern    string `json:"detection_pattern"` // what was found, in the vendor's words
	System     string `json:"detection_system"`
	SystemID   int    `json:"detection_system_id"` // 4: Data Discovery & Classification
}

// Discovered makes the object for one of the schema's categories of data (category_id of data_classification) and for the names
// of what was found.
func Discovered(category int, pattern string) DataSecurity {
	d := DataSecurity{Category: "Other", CategoryID: 99, Pattern: pattern, System: "Data Discovery & Classification", SystemID: 4}
	names := []string{"Unknown", "Personal", "Governmental", "Financial", "Business", "Military and Law Enforcement", "Security"}
	if category >= 0 && category < len(names) {
		d.Category, d.CategoryID = names[category], category
	}
	return d
}

// Evidence says it in words and keeps the object for the view.
func (d DataSecurity) Evidence(at time.Time) finding.Evidence {
	return keep(sensitive, at, strings.ToLower(d.Category)+" data: "+d.Pattern, d)
}

func keep(kind string, at time.Time, text string, object any) finding.Evidence {
	data, err := json.Marshal(object)
	if err != nil { // texts and numbers that came out of JSON
		text += "; not kept: " + err.Error()
	}
	return finding.Evidence{Kind: kind, At: at, Text: text, Data: data}
}
