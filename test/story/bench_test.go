package story

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/effect"
	"jobzero/test/world"
)

// fast are the settings of a measurement: short verification and no limits, so that one run does not wait for another.
func fast() world.Options {
	return world.Options{
		Enforce: true, Settle: 100 * time.Millisecond, Rate: 10_000,
		Extra: "  limits: {run: 5, minute: 1000000, day: 1000000}\n  loop: {times: 1000000, within: 1h}\n",
	}
}

// BenchmarkFromMessageToCall measures from the message being sent to the queue to the record that the first repairing call has
// been made, emulator included, and what is left of it when no AWS call was under way: the part that is jobzero's.
// Use -benchtime 200x.
func BenchmarkFromMessageToCall(b *testing.B) {
	for name, offence := range map[string]func(context.Context, string) (world.Offence, error){
		"security-group": func(ctx context.Context, n string) (world.Offence, error) { return shared.OpenSSH(ctx, world.Prod, n) },
		"bucket": func(ctx context.Context, n string) (world.Offence, error) {
			return shared.PublicBucket(ctx, world.Prod, n)
		},
	} {
		b.Run(name, func(b *testing.B) { measure(b, offence) })
	}
}

// run is one way from a message to a call.
type run struct {
	subject string
	sent    time.Time
	did     effect.Effect
}

func (r run) took() time.Duration { return r.did.Ended.Sub(r.sent) }

func measure(b *testing.B, offence func(context.Context, string) (world.Offence, error)) {
	h, tap := tapped(b, fast())
	start(b, h)
	var runs []run
	for i := range b.N {
		o, err := offence(b.Context(), name("bench"))
		if err != nil {
			b.Fatal(err)
		}
		runs = append(runs, run{subject: o.Subject.Key(), sent: time.Now()})
		if err := shared.Send(b.Context(), o.Subject.Account, o.Record); err != nil {
			b.Fatal(err)
		}
		until(b, "the ticket is closed", func(ctx context.Context) (bool, error) {
			m, err := h.Measures(ctx)
			return m[`jobzero_tickets{state="closed"}`] > float64(i), err
		})
	}
	b.StopTimer()
	report(b, h, tap, runs)
}

// report works out the measures of all runs.
func report(b *testing.B, h *world.House, tap *world.Tap, runs []run) {
	b.Helper()
	first := map[string]effect.Effect{}
	for _, e := range list[effect.Effect](b, h, "action", "list", "--limit", "10000") {
		key := e.Plan.Target.Ref.Key()
		if f, ok := first[key]; !ok || e.Ended.Before(f.Ended) {
			first[key] = e
		}
	}
	for i, r := range runs {
		if runs[i].did = first[r.subject]; runs[i].did.State != effect.Done {
			b.Fatalf("no effect on %s", r.subject)
		}
	}
	slices.SortFunc(runs, func(x, y run) int { return cmp.Compare(x.took(), y.took()) })
	var own []time.Duration
	calls := 0
	for _, r := range runs {
		spans := tap.Within(r.sent, r.did.Ended)
		own = append(own, r.took()-world.Busy(spans))
		calls += len(spans)
	}
	slices.Sort(own)
	n := len(runs)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(runs[at(n, 50)].took()), "p50-ms")
	b.ReportMetric(ms(runs[at(n, 99)].took()), "p99-ms")
	b.ReportMetric(ms(own[at(n, 50)]), "own-p50-ms")
	b.ReportMetric(ms(own[at(n, 99)]), "own-p99-ms")
	b.ReportMetric(float64(calls)/float64(n), "aws-calls/op")
	b.ReportMetric(0, "ns/op") // the verification is in it, and means nothing
	if testing.Verbose() {     // to the terminal, because a benchmark's log is cut after ten lines
		fmt.Fprintf(os.Stderr, "\nthe median run:\n%s\nthe slowest but 1%%:\n%s\n%s", picture(tap, runs[at(n, 50)]), picture(tap, runs[at(n, 99)]), legs(b, h))
	}
}

// at is the index of a percentile.
func at(n, percent int) int { return min(n-1, n*percent/100) }

// picture is one run, call by call, in milliseconds since the message.
func picture(tap *world.Tap, r run) string {
	var text strings.Builder
	since := func(at time.Time) float64 { return float64(at.Sub(r.sent).Microseconds()) / 1000 }
	for _, s := range tap.Within(r.sent, r.did.Ended) {
		fmt.Fprintf(&text, "%7.1f – %7.1f  %s\n", since(s.Begin), since(s.End), s.Name)
	}
	fmt.Fprintf(&text, "%7.1f began\n%7.1f recorded", since(r.did.Began), since(r.did.Ended))
	return text.String()
}

// legs says how long the legs took on average.
func legs(b *testing.B, h *world.House) string {
	b.Helper()
	m, err := h.Measures(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var text strings.Builder
	for _, leg := range []string{"inventory", "triage", "playbook", "action"} {
		if n := m.Handled(leg); n > 0 {
			fmt.Fprintf(&text, "leg %-9s %5.0f messages, %6.1f ms each\n", leg, n, 1000*m[fmt.Sprintf("jobzero_leg_duration_seconds_sum{leg=%q}", leg)]/n)
		}
	}
	return text.String()
}

// BenchmarkIdleMemory lets a house do nothing and says how much memory it has then. JOBZERO_IDLE is for how long, 60s when it
// is not set.
func BenchmarkIdleMemory(b *testing.B) {
	idle := time.Minute
	if text := os.Getenv("JOBZERO_IDLE"); text != "" {
		var err error
		if idle, err = time.ParseDuration(text); err != nil {
			b.Fatal(err)
		}
	}
	h := begin(b, world.Options{})
	start(b, h)
	wait(b, idle)
	m, err := h.Measures(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	mb := m.Resident() / 1e6
	b.ReportMetric(mb, "MB-resident")
	b.ReportMetric(m["process_cpu_seconds_total"]/idle.Seconds()*100, "%cpu")
	b.ReportMetric(0, "ns/op")
	if mb == 0 || mb > 120 {
		b.Errorf("an idle house has %.0f MB of memory, want less than 120", mb)
	}
}
