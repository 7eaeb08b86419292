package playbook_test

import (
	"fmt"
	"testing"
	"time"

	"jobzero/internal/expect/standing"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

const cuts = head + `steps: [{id: cut, action: cut}]
`

// many opens a ticket for each of some buckets, and goes on with each as far as it can now.
func (h *theatre) many(name string, n int, tags map[string]string) (all []ticket.ID) {
	h.t.Helper()
	for i := range n {
		ref := resource.Ref{Type: resource.Bucket, Account: bucket.Account, ID: fmt.Sprintf("%s-%d", name, i)}
		h.find(finding.Finding{
			Fingerprint: finding.Print(finding.Rule, "r", ref.Key()), Kind: finding.Rule, By: "r", Title: "Bucket is public", Severity: finding.High,
			Account: ref.Account, Resource: &ref, Tags: tags, Occurred: h.now, Detected: h.now, Sighting: "1",
		})
		all = append(all, h.ref)
		h.step(h.ref)
	}
	return all
}

// step goes on with a ticket without moving the time.
func (h *theatre) step(id ticket.ID) {
	h.t.Helper()
	h.ref = id
	h.advance()
	h.act()
	h.advance()
}

func TestTheFirstRunOfAVersionIsVerifiedBeforeTheOthers(t *testing.T) {
	h := play(t, cuts)
	h.config.Limits.Share = 0
	all := h.many("shop", 3, nil)
	if len(h.did) != 1 {
		t.Fatalf("did %v before the first was verified", h.did)
	}
	h.settled = true // of the first, whose run is verified now
	h.ref = all[0]
	h.run(time.Minute)
	h.settled = false
	for _, id := range all[1:] {
		h.step(id)
	}
	if len(h.did) != 3 {
		t.Errorf("did %v once the first was verified", h.did)
	}
}

func TestWhatStopsHarmDoesNotWaitForACanary(t *testing.T) {
	h := play(t, cuts+"contains: true\n")
	h.many("shop", 3, nil)
	if len(h.did) != 3 {
		t.Errorf("did %v", h.did)
	}
}

func TestAFreezeHoldsWhatDoesNotContain(t *testing.T) {
	h := play(t, cuts)
	h.freeze = true
	h.report("r")
	h.run(time.Minute)
	if len(h.did) > 0 || !h.said("changes are frozen until 2026-11-21T10:00:00Z: year's end") {
		t.Errorf("did %v in a freeze", h.did)
	}
	h.freeze = false
	h.run(time.Hour)
	if len(h.did) != 1 {
		t.Errorf("did %v after the freeze", h.did)
	}
	contains := play(t, cuts+"contains: true\n")
	contains.freeze = true
	contains.report("r")
	contains.run(time.Second)
	contains.wants(playbook.Verifying, "cut", "")
}

func TestDecoysDoNotSpendTheReserve(t *testing.T) {
	h := play(t, cuts)
	h.config.Canary, h.config.Limits = false, playbook.Limits{Run: 5, Minute: 10, Day: 20, Reserve: 0.2}
	h.config.Crown = `"data" in finding.tags && finding.tags.data == "restricted"`
	if err := h.config.Validate(); err != nil {
		t.Fatal(err)
	}
	decoys := h.many("decoy", 200, nil)
	if len(h.did) != 8 {
		t.Fatalf("%d decoys in the first minute, 8 may be", len(h.did))
	}
	h.many("jewel", 2, map[string]string{"data": "restricted"})
	if len(h.did) != 10 {
		t.Errorf("the crown jewels were not repaired: %d", len(h.did))
	}
	for range 5 {
		h.now = h.now.Add(2 * time.Minute)
		for _, id := range decoys {
			h.step(id)
		}
	}
	if len(h.did) != 16 { // of the day's 20 a fifth is kept
		t.Errorf("%d effects in a day", len(h.did))
	}
	h.many("crown", 4, map[string]string{"data": "restricted"})
	if len(h.did) != 20 {
		t.Errorf("the crown jewels were not repaired: %d", len(h.did))
	}
}

func TestAShareOfTheFleet(t *testing.T) {
	h := play(t, cuts)
	h.config.Canary, h.config.Limits.Share = false, 0.25
	err := h.store.Update(t.Context(), func(tx *store.Tx) error {
		for i := range 48 {
			ref := resource.Ref{Type: resource.Bucket, Account: bucket.Account, ID: fmt.Sprintf("shop-%d", i)}
			if err := tx.SaveStanding(t.Context(), standing.Row{Ref: ref, ReadAt: h.now, JudgedAt: h.now}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.many("shop", 15, nil)
	if len(h.did) != 12 {
		t.Errorf("%d of 48 were changed, a quarter may be", len(h.did))
	}
	if tk := h.ticket(); tk.State != ticket.Human {
		t.Errorf("the next one is %s", tk.State)
	}
}
