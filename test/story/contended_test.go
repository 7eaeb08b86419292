package story

import (
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// Something puts the violation back again and again. It is repaired every time, and the ticket is a person's: only a person
// knows when the source is mended.
func TestATugOfWarEndsWithAPersonAndIsRepairedAllTheSame(t *testing.T) {
	h := begin(t, world.Options{Enforce: true, Settle: 300 * time.Millisecond, Extra: "  loop: {times: 2, within: 1h}\n"})
	start(t, h)
	b, err := shared.NewBucket(t.Context(), world.Prod, name("orders"))
	if err != nil {
		t.Fatal(err)
	}
	entries := 0
	for round := range 4 {
		o, err := b.Publish(t.Context())
		told(t, o, err)
		contended := round >= 2
		tk := ticketAs(t, h, b.Subject(), func(tk ticket.Ticket) bool {
			if contended && tk.Contended && tk.State == ticket.Closed { // before it is contended it is as the round before left it
				t.Fatalf("round %d: software closed a contended ticket: %s", round, tk.Reason)
			}
			rests := tk.State == ticket.Closed || tk.State == ticket.Human
			return rests && tk.Entries > entries && cuts(t, h, tk.ID) == round+1
		})
		entries = tk.Entries
		if ok, seen, err := o.Mended(t.Context()); err != nil || !ok {
			t.Errorf("round %d: not repaired: %s %v", round, seen, err)
		}
		if want := map[bool]ticket.State{false: ticket.Closed, true: ticket.Human}[contended]; tk.State != want || tk.Contended != contended {
			t.Errorf("round %d: ticket is %s (%s), contended %v; want %s", round, tk.State, tk.Reason, tk.Contended, want)
		}
	}
}

// cuts counts how often the bucket's policy has been repaired.
func cuts(t *testing.T, h *world.House, of ticket.ID) int {
	t.Helper()
	n := 0
	for _, e := range effects(t, h, of) {
		if e.Plan.Action == "s3.remove-public-policy" && e.State == effect.Done {
			n++
		}
	}
	return n
}
