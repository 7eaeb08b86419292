package ocsf_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event/ocsf/ocsftest"
	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/resource"
)

func imported(more ...finding.Evidence) finding.Finding {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	return finding.Finding{
		Fingerprint: "f00", Kind: finding.Imported, By: "inspector/PACKAGE_VULNERABILITY", Title: "CVE-2026-1 - shoplib", Why: "It overflows.",
		Severity: finding.High, Account: "111122223333", Region: "eu-central-1", Occurred: at, Detected: at.Add(time.Hour), Sighting: "f-1@x", State: finding.Open,
		Resource: &resource.Ref{Type: "AWS::EC2::Instance", Account: "111122223333", Region: "eu-central-1", ID: "i-1"},
		Evidence: append([]finding.Evidence{{Kind: "report", Data: json.RawMessage(`{"id":"f-1"}`)}}, more...),
	}
}

// each is an imported finding of every class.
func each() map[string]struct {
	finding.Finding
	file string
	uid  float64
} {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	scores := []ocsf.CVSS{{Score: 9.8, Version: "3.1", Vector: "CVSS:3.1/AV:N", Vendor: "NVD"}}
	vulnerability := ocsf.Weakness("CVE-2026-1", scores)
	vulnerability.Packages = []ocsf.Package{{Name: "shoplib", Version: "1.0", Fixed: "1.1", Manager: "OS", Path: "lib/shop"}, {Name: "shop", Version: "2"}}
	vulnerability.References, vulnerability.Exploit, vulnerability.Fix = []string{"https://example.com"}, true, true
	vulnerability.Title, vulnerability.Desc, vulnerability.Severity, vulnerability.Vendor = "t", "d", "HIGH", "NVD"
	compliance := ocsf.Compliance{Control: "S3.1", Standards: []string{"FSBP"}, Requirements: []string{"PCI 1"}, Status: ocsf.Fail}
	type of = struct {
		finding.Finding
		file string
		uid  float64
	}
	return map[string]of{
		"detection":     {imported(), "detection_finding", 2004},
		"vulnerability": {imported(vulnerability.Evidence(at)), "vulnerability_finding", 2002},
		"two weak":      {imported(vulnerability.Evidence(at), ocsf.Weakness("CWE-79", nil).Evidence(at)), "vulnerability_finding", 2002},
		"advisory":      {imported(ocsf.Weakness("GHSA-1", scores).Evidence(at)), "vulnerability_finding", 2002},
		"compliance":    {imported(compliance.Evidence(at)), "compliance_finding", 2003},
		"cannot tell":   {imported(ocsf.Compliance{}.Evidence(at)), "compliance_finding", 2003},
		"data":          {imported(ocsf.Discovered(6, "AWS_CREDENTIALS (2)").Evidence(at)), "data_security_finding", 2006},
		"other data":    {imported(ocsf.Discovered(7, "x").Evidence(at)), "data_security_finding", 2006},
		"two classes":   {imported(compliance.Evidence(at), vulnerability.Evidence(at)), "compliance_finding", 2003},
	}
}

// TestImportedFollowsTheSchema holds every class in every state against OCSF's own files.
func TestImportedFollowsTheSchema(t *testing.T) {
	s := ocsftest.Load(t)
	states := map[string]func(*finding.Finding){
		"open":    func(*finding.Finding) {},
		"again":   func(f *finding.Finding) { f.Count = 3; f.LastSeen = f.Detected.Add(time.Hour) },
		"settled": func(f *finding.Finding) { f.State = finding.Done; f.Note = "inspector says that it is resolved" },
		"human":   func(f *finding.Finding) { f.State = finding.Human },
		"bare": func(f *finding.Finding) {
			*f = finding.Finding{Kind: finding.Imported, By: "x/y", Evidence: f.Evidence[1:]}
		},
		"by ARN": func(f *finding.Finding) { f.ARN = "arn:aws:ec2:eu-central-1:111122223333:instance/i-1" },
	}
	for name, c := range each() {
		for state, change := range states {
			f := c.Finding
			change(&f)
			v := decode(t, ocsf.Imported(f, "v1.0.0"))
			if v["class_uid"] != c.uid {
				t.Errorf("%s, %s: class %v, want %v", name, state, v["class_uid"], c.uid)
			}
			for _, w := range s.Wrong(v) {
				t.Errorf("%s, %s: %s", name, state, w)
			}
		}
	}
}

// TestSchemaCheckCatchesOtherClasses: what the check of the classes is worth.
func TestSchemaCheckCatchesOtherClasses(t *testing.T) {
	s := ocsftest.Load(t)
	all := each()
	for name, c := range map[string]struct {
		of     string
		change func(v map[string]any)
		want   string
	}{
		"nothing weak":    {"vulnerability", func(v map[string]any) { delete(v, "vulnerabilities") }, "$.vulnerabilities is required"},
		"no control":      {"compliance", func(v map[string]any) { delete(v, "compliance") }, "$.compliance is required"},
		"another's":       {"compliance", func(v map[string]any) { v["vulnerabilities"] = []any{} }, "is no attribute"},
		"type of another": {"data", func(v map[string]any) { v["type_uid"] = 200401.0 }, "is not in the enum"},
		"two names": {"vulnerability", func(v map[string]any) {
			v["vulnerabilities"].([]any)[0].(map[string]any)["cwe"] = map[string]any{"uid": "CWE-1"}
		}, "has 2 of"},
		"score in words": {"vulnerability", func(v map[string]any) {
			cve := v["vulnerabilities"].([]any)[0].(map[string]any)["cve"].(map[string]any)
			cve["cvss"].([]any)[0].(map[string]any)["base_score"] = "high"
		}, "is no float_t"},
	} {
		from := all[c.of]
		v := decode(t, ocsf.Imported(from.Finding, "v1.0.0"))
		c.change(v)
		if got := strings.Join(s.Wrong(v), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestImported(t *testing.T) {
	f := each()["vulnerability"].Finding
	f.State, f.Note = finding.Done, "inspector says that it is resolved"
	v := decode(t, ocsf.Imported(f, "v1.0.0"))
	weak := v["vulnerabilities"].([]any)[0].(map[string]any)
	got := map[string]any{
		"type": v["type_uid"], "name": v["type_name"], "status": v["status"], "detail": v["status_detail"], "alert": v["is_alert"], "raw": v["raw_data"],
		"time": v["time"], "resources": v["resources"], "cve": weak["cve"].(map[string]any)["uid"], "words": f.Evidence[1].Text,
		"log": v["metadata"].(map[string]any)["log_name"], "title": v["message"], "severity": v["severity"],
	}
	want := map[string]any{
		"type": 200203.0, "name": "Vulnerability Finding: Close", "status": "Resolved", "detail": f.Note, "alert": nil, "raw": `{"id":"f-1"}`,
		"time": 1772604367000.0, "resources": []any{map[string]any{"uid": "i-1", "type": "AWS::EC2::Instance", "region": "eu-central-1"}}, "cve": "CVE-2026-1",
		"words": "CVE-2026-1 in shoplib 1.0 (fixed in 1.1), shop 2; an exploit is known", "log": "inspector", "title": f.Title, "severity": "High",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if v := decode(t, ocsf.Imported(imported(), "v1.0.0")); v["is_alert"] != true {
		t.Error("an open detection is no alert")
	}
}
