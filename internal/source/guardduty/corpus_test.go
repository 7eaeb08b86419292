package guardduty

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/testcorpus"
)

// naive is a finding as encoding/json reads it, whatever the case of its names.
type naive struct {
	Detail struct {
		AccountID   string
		Region, Arn string
		ID          string
		Severity    float64
		UpdatedAt   time.Time
		CreatedAt   time.Time
		Resource    struct {
			ResourceType     string
			InstanceDetails  struct{ InstanceID string }
			S3BucketDetails  []struct{ Name string }
			AccessKeyDetails struct{ AccessKeyID, UserName, UserType string }
		}
		Service struct {
			Archived       bool
			EventFirstSeen time.Time
		}
	}
}

// TestCorpus reads findings that nobody here wrote and compares them with a naive decoding of the same files.
func TestCorpus(t *testing.T) {
	read := 0
	for _, set := range []string{"guardduty-findings", "eventbridge-events"} {
		err := filepath.WalkDir(testcorpus.Path(t, set), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.Contains(d.Name(), ".json") {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil || !strings.Contains(string(raw), "GuardDuty Finding") {
				return err
			}
			read++
			t.Run(d.Name(), func(t *testing.T) { compare(t, raw) })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read != 16 {
		t.Errorf("%d files were read", read)
	}
}

func compare(t *testing.T, raw []byte) {
	t.Helper()
	var envelope struct{ Detail json.RawMessage }
	if err := json.Unmarshal(raw, &envelope); err != nil {
		t.Fatal(err)
	}
	// Who made the samples anonymous wrote an account with thirteen digits. AWS has none, so neither do we.
	const anonymous, instead = "1234567891234", "123456789123"
	if strings.Contains(string(envelope.Detail), `"AccountId": "`+anonymous) {
		if _, err := Parse(envelope.Detail, event.Origin{}); err == nil || !strings.Contains(err.Error(), "accountId") {
			t.Errorf("an account of thirteen digits: %v", err)
		}
		raw = []byte(strings.ReplaceAll(string(raw), anonymous, instead))
		if err := json.Unmarshal(raw, &envelope); err != nil {
			t.Fatal(err)
		}
	}
	var n naive
	if err := json.Unmarshal(raw, &n); err != nil {
		t.Fatal(err)
	}
	c := one(t, envelope.Detail)
	f, d := c.Finding, n.Detail
	f.Evidence = nil
	wantSeverity := map[bool]finding.Severity{true: finding.Low}[d.Severity < 4]
	if d.Severity >= 4 {
		wantSeverity = finding.Medium
	}
	if d.Severity >= 7 {
		wantSeverity = finding.High
	}
	wantFirst := d.CreatedAt
	if !d.Service.EventFirstSeen.IsZero() {
		wantFirst = d.Service.EventFirstSeen
	}
	if wantFirst.IsZero() {
		wantFirst = d.UpdatedAt
	}
	wantID := d.AccountID // what names nothing else is about the account
	switch r := d.Resource; {
	case r.ResourceType == "Instance":
		wantID = r.InstanceDetails.InstanceID
	case r.ResourceType == "S3Bucket":
		wantID = r.S3BucketDetails[0].Name
	case r.AccessKeyDetails.UserType == "AssumedRole":
		wantID = r.AccessKeyDetails.UserName
	}
	if f.Severity != wantSeverity || f.Account != d.AccountID || !f.Detected.Equal(d.UpdatedAt) || !f.Occurred.Equal(wantFirst) || f.Resource.ID != wantID {
		t.Errorf("%+v\nwant %s, %s, %s, %s, %s", f, wantSeverity, d.AccountID, d.UpdatedAt, wantFirst, wantID)
	}
	if (c.Over != "") != d.Service.Archived || f.Region != "us-east-1" || !strings.HasPrefix(f.Sighting, d.ID+"@") {
		t.Errorf("over %q, region %q, sighting %q", c.Over, f.Region, f.Sighting)
	}
}

// TestNoFinding: one file of the corpus is no finding of GuardDuty's, and says nothing about how bad it is or when.
func TestNoFinding(t *testing.T) {
	raw, err := os.ReadFile(testcorpus.Path(t, "guardduty-findings", "tests", "validation-scenarios", "general", "plugins-test", "new_event.json"))
	if err != nil {
		t.Fatal(err)
	}
	var envelope struct{ Detail json.RawMessage }
	if err := json.Unmarshal(raw, &envelope); err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(envelope.Detail, event.Origin{}); err == nil || !strings.Contains(err.Error(), "schemaVersion is missing") {
		t.Errorf("%v", err)
	}
}
