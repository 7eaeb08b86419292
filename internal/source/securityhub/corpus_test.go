package securityhub

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/source"
	"jobzero/internal/source/claim/claimtest"
	"jobzero/internal/testcorpus"
)

// naive is a finding in ASFF as encoding/json reads it.
type naive struct {
	ID           string `json:"Id"`
	AwsAccountID string `json:"AwsAccountId"`
	Region       string
	FirstSeen    time.Time `json:"FirstObservedAt"`
	UpdatedAt    time.Time `json:"UpdatedAt"`
	Severity     struct {
		Label      string
		Normalized float64
	}
	Resources   []struct{ Type, ID, Region string }
	Compliance  struct{ Status string }
	Workflow    struct{ Status string }
	RecordState string
}

// TestCorpusASFF reads findings that nobody here wrote, some alone and some in an event, and compares them with a naive
// decoding of the same files.
func TestCorpusASFF(t *testing.T) {
	files, err := filepath.Glob(testcorpus.Path(t, "securityhub-asff", "simtest", "simdata") + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, testcorpus.Path(t, "eventbridge-events", "cwe", "event-securityhub-cloudtrail-finding-action.json"))
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var envelope struct{ Detail json.RawMessage }
			if err := json.Unmarshal(raw, &envelope); err != nil {
				t.Fatal(err)
			}
			alone := json.RawMessage(raw)
			if envelope.Detail != nil {
				raw = envelope.Detail
				var detail struct{ Findings []json.RawMessage }
				if err := json.Unmarshal(raw, &detail); err != nil || len(detail.Findings) != 1 {
					t.Fatalf("%v, %d findings", err, len(detail.Findings))
				}
				alone = detail.Findings[0]
			}
			var n naive
			if err := json.Unmarshal(alone, &n); err != nil {
				t.Fatal(err)
			}
			compareASFF(t, one(t, raw), n)
		})
	}
	if len(files) != 56 {
		t.Errorf("%d files were read", len(files))
	}
}

func compareASFF(t *testing.T, c source.Claim, n naive) {
	t.Helper()
	f, on := c.Finding, n.Resources[0]
	f.Evidence = nil
	label := n.Severity.Label
	if label == "" && n.Severity.Normalized == 0 {
		label = "informational"
	}
	region := n.Region
	if region == "" {
		region = on.Region
	}
	if string(f.Severity) != strings.ToLower(label) || f.Account != n.AwsAccountID || f.Region != region || !f.Detected.Equal(n.UpdatedAt) || !f.Occurred.Equal(n.FirstSeen) {
		t.Errorf("%+v\nwant %s, %s, %s, %s, %s", f, label, n.AwsAccountID, region, n.UpdatedAt, n.FirstSeen)
	}
	if !strings.HasSuffix(strings.TrimSuffix(f.Sighting, "@"+f.Detected.Format(time.RFC3339Nano)), "|"+n.ID) {
		t.Errorf("sighting %s of %s", f.Sighting, n.ID)
	}
	last := func(s string) string { return s[strings.LastIndexAny(s, ":/")+1:] }
	if f.Resource.Account != n.AwsAccountID || last(f.Resource.ID) != last(on.ID) || strings.HasPrefix(on.ID, "arn:") && f.ARN != on.ID {
		t.Errorf("about %s, ARN %s, want %s", f.Resource, f.ARN, on.ID)
	}
	over := n.Compliance.Status == "PASSED" || n.Workflow.Status == "RESOLVED" || n.RecordState == "ARCHIVED"
	if (c.Over != "") != over {
		t.Errorf("over %q, want %v", c.Over, over)
	}
}

// TestCorpusProwler reads what Prowler wrote. Whoever published it put words in brackets for the account and the region, and
// for what AWS called each thing: numbers and names are put in their place here, a different ID for each finding.
func TestCorpusProwler(t *testing.T) {
	raw, err := os.ReadFile(testcorpus.Path(t, "prowler-ocsf-output", "examples", "output", "example_output_aws.ocsf.json"))
	if err != nil {
		t.Fatal(err)
	}
	claimtest.Refusal(t, Parse, raw, `[0].cloud.account.uid "<account_uid>" is no twelve-digit account`)
	text := strings.NewReplacer("<account_uid>", "111122223333", "<region>", "eu-west-1", "<resource_uid>", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1").Replace(string(raw))
	var all []struct {
		SeverityID  int    `json:"severity_id"`
		StatusCode  string `json:"status_code"`
		Time        int64
		FindingInfo struct{ Title string } `json:"finding_info"`
		Resources   []struct{ UID string }
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	r, err := Parse([]byte(text), event.Origin{})
	if err != nil || len(r.Claims) != len(all) || len(all) != 5 {
		t.Fatalf("%v: %d claims of %d", err, len(r.Claims), len(all))
	}
	claimtest.Hold(t, r, err)
	for i, c := range r.Claims {
		f, n := c.Finding, all[i]
		f.Evidence = nil
		about := map[string]string{"arn:aws:iam::111122223333:root": "111122223333"}[n.Resources[0].UID] // the root is the account
		if about == "" {
			about = "i-1"
		}
		if f.Severity != finding.Severities()[n.SeverityID-1] || f.Account != "111122223333" || f.Region != "eu-west-1" || f.Detected.Unix() != n.Time || f.Resource.ID != about || f.ARN != n.Resources[0].UID || f.Title != n.FindingInfo.Title {
			t.Errorf("%+v\nwant %+v", f, n)
		}
		if c.Over != "" || f.Unknown != (n.StatusCode == "MANUAL") {
			t.Errorf("%s: over %q, unknown %v", n.StatusCode, c.Over, f.Unknown)
		}
	}
}

// TestCorpusKubernetes: findings that name no account are of no use here, and say so.
func TestCorpusKubernetes(t *testing.T) {
	raw, err := os.ReadFile(testcorpus.Path(t, "prowler-ocsf-output", "examples", "output", "example_output_kubernetes.ocsf.json"))
	if err != nil {
		t.Fatal(err)
	}
	claimtest.Refusal(t, Parse, raw, "[0].cloud.account.uid is missing")
	text := strings.ReplaceAll(string(raw), `"class_uid": 2004,`, `"class_uid": 2004, "cloud": {"account": {"uid": "111122223333"}},`)
	r, err := Parse([]byte(text), event.Origin{})
	if err != nil || len(r.Claims) != 6 {
		t.Fatalf("%v: %d claims", err, len(r.Claims))
	}
	for _, c := range r.Claims {
		if passed := strings.Contains(string(c.Finding.Evidence[0].Data), `"status_code": "PASS"`); passed != (c.Over == source.Resolved) {
			t.Errorf("passed %v, over %q", passed, c.Over)
		}
	}
}
