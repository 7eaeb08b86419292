package ocsf_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/event/ocsf/ocsftest"
	"jobzero/internal/source"
	"jobzero/internal/source/cloudtrail"
	"jobzero/internal/source/file"
	"jobzero/internal/testcorpus"
)

// checked holds every event of a reading against the schema.
type checked struct {
	t       *testing.T
	schema  *ocsftest.Schema
	classes map[int]int
	wrong   int
}

// Event is for the reading.
func (c *checked) Event(e *event.Event) error {
	c.t.Helper()
	v := ocsf.Of(e)
	c.classes[v.Head().ClassUID]++
	all := c.schema.Wrong(c.schema.Decode(v))
	for _, l := range missing(c.t, e, v) {
		all = append(all, "lost: "+l)
	}
	for _, w := range all {
		if c.wrong++; c.wrong <= 20 {
			c.t.Errorf("%s %s: %s", e.Origin, e.Name, w)
		}
	}
	return nil
}

// DeadLetter is for the reading; what it counts is the reader's own test.
func (c *checked) DeadLetter(source.DeadLetter) error { return nil }

// Skipped is for the reading.
func (c *checked) Skipped(string, string) {}

// TestCorpusFollowsTheSchema makes the view of every CloudTrail record that others have published.
func TestCorpusFollowsTheSchema(t *testing.T) {
	s := ocsftest.Load(t)
	for set, least := range map[string]map[int]int{
		"invictus-cloudtrail": {ocsf.APIActivityUID: 1000, ocsf.AccountChangeUID: 1},
		"stratus-detonation":  {ocsf.APIActivityUID: 100, ocsf.AccountChangeUID: 1},
		"otrf-aws":            {ocsf.APIActivityUID: 1},
		"traildiscover":       {ocsf.APIActivityUID: 100, ocsf.AccountChangeUID: 1},
	} {
		t.Run(set, func(t *testing.T) {
			c := &checked{t: t, schema: s, classes: map[int]int{}}
			if _, err := file.Walk(t.Context(), []string{testcorpus.Path(t, set)}, file.Options{}, c); err != nil {
				t.Fatal(err)
			}
			for class, n := range least {
				if c.classes[class] < n {
					t.Errorf("%d events of class %d, want %d at least: %v", c.classes[class], class, n, c.classes)
				}
			}
			t.Log(c.classes)
		})
	}
}

// TestSamplesFollowTheSchema makes the view of the samples that rules of others are tested with. Their fields have the names
// that the makers of those rules gave them, which is what a careless parser would hand on.
func TestSamplesFollowTheSchema(t *testing.T) {
	c := &checked{t: t, schema: ocsftest.Load(t), classes: map[int]int{}}
	f, err := os.Open(testcorpus.Path(t, "panther-tests", "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	known := map[string]event.Log{
		"AWS.CloudTrail": event.CloudTrail, "AWS.VPCFlow": event.VPCFlow, "AWS.VPCDns": event.Resolver, "AWS.S3ServerAccess": event.S3Access,
		"AWS.WAFWebACL": event.WAF, "Amazon.EKS.Audit": event.EKSAudit,
	}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var sample struct {
			Test  string          `json:"test"`
			Types []string        `json:"log_types"`
			Event json.RawMessage `json:"event"`
		}
		if err := json.Unmarshal(lines.Bytes(), &sample); err != nil {
			t.Fatal(err)
		}
		if len(sample.Types) == 0 {
			continue
		}
		log, ok := known[sample.Types[0]]
		if !ok {
			continue
		}
		e := &event.Event{Log: log, Raw: sample.Event, Origin: event.Origin{Place: sample.Test}}
		if log == event.CloudTrail {
			if e, err = cloudtrail.Parse(complete(t, sample.Event), e.Origin); err != nil {
				t.Errorf("%s: %v", sample.Test, err)
				continue
			}
		}
		if err := c.Event(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	for class, n := range map[int]int{ocsf.APIActivityUID: 200, ocsf.AuthenticationUID: 5, ocsf.NetworkActivityUID: 10, ocsf.DNSActivityUID: 5, ocsf.HTTPActivityUID: 30} {
		if c.classes[class] < n {
			t.Errorf("%d samples of class %d, want %d at least", c.classes[class], class, n)
		}
	}
	t.Log(c.classes)
}

// complete gives a sample what every record has and its makers left out.
func complete(t *testing.T, sample json.RawMessage) []byte {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(sample, &v); err != nil {
		t.Fatal(err)
	}
	for k, x := range map[string]string{
		"eventVersion": "1.11", "eventID": "e-1", "eventTime": "2026-03-04T05:06:07Z", "recipientAccountId": "111122223333",
		"eventSource": "example.amazonaws.com", "eventName": "Settle", "awsRegion": "eu-central-1", "eventType": "AwsApiCall",
	} {
		if s, is := v[k].(string); !is || s == "" || k == "eventTime" || k == "recipientAccountId" {
			v[k] = x
		}
	}
	if _, text := v["readOnly"].(string); text { // no record has it so, nor the resources
		delete(v, "readOnly")
		delete(v, "resources")
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
