package story

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"jobzero/internal/detect/ours"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// TestSomebodyElseUsesTheResponder: the house repairs; CloudTrail tells of its calls, with the request IDs that the emulator gave them, and of one
// more in the same session that the house never made. Only that one is told, and gets a ticket.
func TestSomebodyElseUsesTheResponder(t *testing.T) {
	h := begin(t, world.Options{Enforce: true, More: "audit:\n  after: 2s\n"})
	start(t, h)
	bucket, err := shared.PublicBucket(t.Context(), world.Prod, name("orders"))
	tk := mended(t, h, told(t, bucket, err))
	var records []map[string]any
	for _, m := range timelineOf(t, h, tk.ID) {
		for _, c := range m.Made {
			service, operation, _ := strings.Cut(c.API, ":")
			if c.Request == "" || c.Error != "" || c.Account != world.Prod || !strings.Contains(c.Resource, bucket.Subject.ID) {
				t.Errorf("a call on the timeline: %+v", c)
			}
			records = append(records, asOurs(world.Call{Account: world.Prod, Service: service, Name: operation, At: c.At}.Record(), tk.ID, c.Request))
		}
	}
	if len(records) != bucket.Effects {
		t.Fatalf("%d calls are on the timeline, want %d", len(records), bucket.Effects)
	}
	stolen := asOurs(world.Call{Account: world.Prod, Service: "s3", Name: "PutBucketPolicy"}.Record(), tk.ID, "STOLEN")
	if err := shared.Tell(t.Context(), append(records, stolen)...); err != nil {
		t.Fatal(err)
	}
	var found []finding.Finding
	until(t, "the call that the house never made is told, with a ticket", func(ctx context.Context) (bool, error) {
		all, err := world.List[finding.Finding](ctx, h, "finding", "list")
		found = nil
		for _, f := range all {
			if f.By == ours.ByCall {
				found = append(found, f)
			}
		}
		return len(found) > 0 && found[0].Ticket != "", err
	})
	if len(found) != 1 || found[0].Severity != finding.High || !strings.Contains(found[0].Why, "STOLEN") || !strings.Contains(found[0].Why, string(tk.ID)) {
		t.Errorf("told: %+v", found)
	}
	if out := command(t, h, "audit", "verify"); !strings.HasPrefix(out, "Intact: ") {
		t.Error(out)
	}
}

// asOurs makes a record one of the responder's, in the session of a ticket.
func asOurs(record map[string]any, tk ticket.ID, request string) map[string]any {
	account, _ := record["recipientAccountId"].(string)
	record["requestID"] = request
	record["userIdentity"] = map[string]any{
		"type": "AssumedRole", "accountId": account, "arn": "arn:aws:sts::" + account + ":assumed-role/jobzero-responder/jobzero-" + string(tk),
		"sessionContext": map[string]any{"sessionIssuer": map[string]any{
			"type": "Role", "arn": "arn:aws:iam::" + account + ":role/jobzero-responder", "userName": "jobzero-responder", "accountId": account,
		}},
	}
	return record
}

func timelineOf(t *testing.T, h *world.House, tk ticket.ID) []ticket.Entry {
	t.Helper()
	var d struct {
		Timeline []ticket.Entry `json:"timeline"`
	}
	if err := json.Unmarshal([]byte(command(t, h, "ticket", "show", string(tk), "--format", "json")), &d); err != nil {
		t.Fatal(err)
	}
	return d.Timeline
}
