package ocsf_test

import (
	"encoding/json"
	"slices"
	"testing"
	"unicode/utf8"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/event/ocsf/ocsftest"
)

// FuzzOf: whatever a record says, its view follows the schema and is JSON.
func FuzzOf(f *testing.F) {
	s := ocsftest.Load(f)
	all := []event.Log{
		event.CloudTrail, event.VPCFlow, event.Resolver, event.S3Access, event.WAF, event.LoadBalancer, event.CloudFront, event.APIGateway, event.EKSAudit,
	}
	for _, e := range logs() {
		f.Add(uint8(slices.Index(all, e.Log)), e.Raw)
	}
	f.Fuzz(func(t *testing.T, log uint8, raw []byte) {
		e := &event.Event{ID: "e-1", Log: all[int(log)%len(all)], Name: "n", Source: "signin.amazonaws.com", Raw: raw}
		v := ocsf.Of(e)
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(b) {
			t.Errorf("no UTF-8: %q", b)
		}
		var got map[string]any
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		for _, w := range s.Wrong(got) {
			t.Error(w)
		}
		again, ok := ocsf.New(v.Head().ClassUID)
		if !ok {
			t.Fatalf("no class %d", v.Head().ClassUID)
		}
		if err := json.Unmarshal(b, again); err != nil {
			t.Fatalf("written and not read again: %v", err)
		}
	})
}
