package logs_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"jobzero/internal/event"
	"jobzero/internal/source/line"
	"jobzero/internal/source/logs"
	"jobzero/internal/testcorpus"
)

// TestCorpus reads the entries in JSON that others wrote to test rules of theirs. Some of them lack what a real one always has:
// those are told apart by the reason, and none is taken for something else.
func TestCorpus(t *testing.T) {
	f, err := os.Open(testcorpus.Path(t, "panther-tests", "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	kinds := map[string]event.Log{"AWS.WAFWebACL": event.WAF, "Amazon.EKS.Audit": event.EKSAudit, "AWS.VPCDns": event.Resolver}
	got := map[string]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var c struct {
			Types []string `json:"log_types"`
			Event json.RawMessage
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if len(c.Types) == 0 {
			continue
		}
		kind, log := logs.OfJSON(bytes.TrimSpace(c.Event))
		want, ours := kinds[c.Types[0]]
		switch {
		case !ours && kind != logs.Unknown:
			t.Errorf("%s is taken for %s: %s", c.Types[0], log, c.Event)
		case !ours:
			continue
		case kind == logs.Unknown:
			got[c.Types[0]+": not known"]++
			continue
		case log != want:
			t.Errorf("%s is taken for %s", c.Types[0], log)
		}
		r, err := logs.Options{}.Open(log, line.Place{})
		if err != nil {
			t.Fatal(err)
		}
		e, err := r.Read(line.Entry{Text: c.Event, Origin: event.Origin{Place: "cases.jsonl"}})
		if err != nil {
			got[c.Types[0]+": "+err.Error()]++
			continue
		}
		if e.Name == "" || e.Time.IsZero() {
			t.Errorf("an event without name or time: %s", c.Event)
		}
		got[c.Types[0]+": read"]++
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{
		"AWS.WAFWebACL: read":    26,
		"Amazon.EKS.Audit: read": 13,
		"Amazon.EKS.Audit: stageTimestamp is missing: the time is not known": 4,
		`AWS.VPCDns: account_id "0123456789" is no twelve-digit account`:     8,
		"AWS.VPCDns: not known": 2, // in the schema of OCSF, and so no log of AWS
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestCorpusAudit knows an audit event that somebody else's classifier is tested with.
func TestCorpusAudit(t *testing.T) {
	raw, err := os.ReadFile(testcorpus.Path(t, "log-type-classification", "k8s_audit", "test_event.json"))
	if err != nil {
		t.Fatal(err)
	}
	if kind, log := logs.OfJSON(raw); kind != logs.Entry || log != event.EKSAudit {
		t.Errorf("%v %s", kind, log)
	}
	for _, other := range []string{"aws_cloudtrail", "gcp_audit", "okta_system_log", "azure_activitylogs", "osquery_result"} {
		raw, err := os.ReadFile(testcorpus.Path(t, "log-type-classification", other, "test_event.json"))
		if err != nil {
			t.Fatal(err)
		}
		if kind, log := logs.OfJSON(raw); kind != logs.Unknown {
			t.Errorf("%s is taken for %s", other, log)
		}
	}
}
