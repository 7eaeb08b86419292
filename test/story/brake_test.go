package story

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// The kill switch is pulled before the house has ever run, outlives a restart, and is let go: then what was held is mended.
func TestStopEnforcingSurvivesARestart(t *testing.T) {
	h := begin(t, world.Options{Enforce: true, Settle: 300 * time.Millisecond, Visibility: 2 * time.Second})
	const why = "we do not understand what it is doing to the shop"
	command(t, h, "stop-enforcing", "--as", "mia", "--reason", why)
	record(t)
	start(t, h)
	held := func(tk ticket.Ticket) bool {
		return strings.Contains(tk.Reason, "stopped by mia") && strings.Contains(tk.Reason, why)
	}
	hosts, err := shared.OpenSSH(t.Context(), world.Sandbox, name("hosts"))
	told(t, hosts, err)
	ticketAs(t, h, hosts.Subject, held)
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	start(t, h)
	bucket, err := shared.PublicBucket(t.Context(), world.Prod, name("orders"))
	told(t, bucket, err)
	ticketAs(t, h, bucket.Subject, held)
	wroteNothing(t)
	untouched(t, hosts)
	untouched(t, bucket)

	command(t, h, "resume-enforcing", "--as", "mia", "--reason", "understood, it was our own template")
	mended(t, h, hosts)
	mended(t, h, bucket)
}
