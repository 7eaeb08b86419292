package story

import (
	"context"
	"slices"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// A person takes a repair back: the policy is again what it was, to the byte; the ticket is with a person, and software does
// not repair behind that person's back what it is told about the bucket later.
func TestUndoGivesBackTheExactPolicyAndKeepsSoftwareOff(t *testing.T) {
	h := begin(t, world.Options{Enforce: true, Settle: 300 * time.Millisecond})
	start(t, h)
	b, err := shared.NewBucket(t.Context(), world.Prod, name("orders"))
	if err != nil {
		t.Fatal(err)
	}
	o, err := b.Publish(t.Context())
	told(t, o, err)
	tk := mended(t, h, o)

	made := effects(t, h, tk.ID)
	slices.SortFunc(made, func(x, y effect.Effect) int { return y.Began.Compare(x.Began) }) // the last is taken back first
	for i, e := range made {
		command(t, h, "action", "undo", e.Key, "--as", "kim", "--reason", "the shop needs it today")
		if !e.Plan.TwoToUndo {
			t.Errorf("one person may open it again: %s", e.Key)
		}
		command(t, h, "action", "undo", e.Key, "--as", "lee", "--reason", "it does")
		until(t, e.Key+" is undone", func(context.Context) (bool, error) {
			now := effects(t, h, tk.ID)
			j := slices.IndexFunc(now, func(n effect.Effect) bool { return n.Key == e.Key })
			if now[j].Error != "" {
				t.Fatalf("undo %d: %s", i, now[j].Error)
			}
			return now[j].State == effect.Undone, nil
		})
	}
	if text, err := b.Policy(t.Context()); err != nil || text != b.PublicPolicy() {
		t.Errorf("the policy is not what it was: %v\ngot  %s\nwant %s", err, text, b.PublicPolicy())
	}
	withPerson(t, h, b.Subject())

	record(t)
	before, err := h.Measures(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again := b.Told("PutBucketPolicy", map[string]any{"policy": "", "bucketPolicy": o.Record["requestParameters"].(map[string]any)["bucketPolicy"]})
	if err := shared.Tell(t.Context(), again, b.Told("PutBucketTagging", nil)); err != nil {
		t.Fatal(err)
	}
	digested(t, h, before.Events("eventbridge")+2, before.Handled("inventory")+1)
	wroteNothing(t)
	untouched(t, o)
	if tk := ticketAs(t, h, b.Subject(), func(ticket.Ticket) bool { return true }); tk.State != ticket.Human {
		t.Errorf("the ticket is %s (%s), want it with a person still", tk.State, tk.Reason)
	}
}
