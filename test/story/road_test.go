package story

import (
	"strings"
	"testing"
	"time"

	"jobzero/test/world"
)

// offend makes the three offences of the demo and tells nobody.
func offend(t testing.TB) []world.Offence {
	t.Helper()
	var all []world.Offence
	for _, do := range []func() (world.Offence, error){
		func() (world.Offence, error) { return shared.PublicBucket(t.Context(), world.Prod, name("orders")) },
		func() (world.Offence, error) { return shared.OpenSSH(t.Context(), world.Sandbox, name("hosts")) },
		func() (world.Offence, error) { return shared.LeakedKey(t.Context(), world.Prod, name("bot")) },
	} {
		o, err := do()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

// tellAll tells of offences back to back.
func tellAll(t testing.TB, all []world.Offence) []world.Offence {
	t.Helper()
	var records []map[string]any
	for _, o := range all {
		records = append(records, o.Record)
	}
	if err := shared.Tell(t.Context(), records...); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestThreeOffencesAreMendedAndTheirTicketsClosed(t *testing.T) {
	h := begin(t, world.Options{Enforce: true})
	start(t, h)
	m, err := h.Measures(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Of what is resident most are pages of the program's own file, which grows with each service that is read, and of which the kernel keeps as
	// many as nobody else needs: 110 to 125 MB. Its own were 44 before it had a console, an API and people to tell, and are 51 to 62 with them:
	// 2 MB of pages, 2 of the API's description, 1 of what SDKs say of their services, 1 of consumers, and the garbage collector's share of it.
	if mb := m.Resident() / 1e6; mb == 0 || mb > 195 {
		t.Errorf("the house has %.0f MB of memory when it has started, want less than 195", mb)
	}
	atStart, err := h.Own()
	if err != nil {
		t.Fatal(err)
	}
	if mb := atStart / 1e6; mb == 0 || mb > 70 {
		t.Errorf("the house has %.0f MB of memory of its own when it has started, want less than 70", mb)
	}
	t.Logf("the house has %.0f MB of memory when it has started, %.0f of it its own", m.Resident()/1e6, atStart/1e6)
	for _, o := range tellAll(t, offend(t)) {
		tk := mended(t, h, o)
		c := tk.Clocks
		for _, pair := range [][2]time.Time{{c.Occurred, c.Detected}, {c.Detected, c.Opened}, {c.Opened, c.Contained}, {c.Contained, c.Verified}, {c.Verified, c.Closed}} {
			if pair[0].IsZero() || pair[1].Before(pair[0].Truncate(time.Second)) {
				t.Errorf("%s: clocks are out of order: %+v", o.Title, c)
			}
		}
		if done := effects(t, h, tk.ID); !allDone(done, o.Effects) {
			t.Errorf("%s: want %d effects, done; got %+v", o.Title, o.Effects, done)
		}
	}
	command(t, h, "audit", "verify")
	own, err := h.Own()
	if err != nil {
		t.Fatal(err)
	}
	if mb := own / 1e6; mb == 0 || mb > 100 {
		t.Errorf("the house has %.0f MB of memory of its own after work, want less than 100", mb)
	} else {
		t.Logf("the house has %.0f MB of memory of its own after work", mb)
	}
	if err := h.Stop(); err != nil {
		t.Errorf("a house that is asked to end must end well: %v", err)
	}
}

// In plan mode the emulator's own recorder is the witness that nothing was written.
func TestPlanModeWritesNothing(t *testing.T) {
	h := begin(t, world.Options{Enforce: false})
	offences := tellAll(t, offend(t))
	record(t)
	start(t, h)
	for _, o := range offences {
		tk := withPerson(t, h, o.Subject)
		if !strings.Contains(tk.Reason, "plan mode: would do") {
			t.Errorf("%s: the reason does not say what would be done: %s", o.Title, tk.Reason)
		}
		untouched(t, o)
	}
	wroteNothing(t)
}

// One house, two accounts: it acts where the settings say so, and says what it would do elsewhere.
func TestPlanInOneAccountAndEnforceInTheOther(t *testing.T) {
	h := begin(t, world.Options{Enforce: true, EnforceIn: []string{world.Sandbox}, Settle: 300 * time.Millisecond})
	record(t)
	start(t, h)
	bucket, err := shared.PublicBucket(t.Context(), world.Prod, name("orders"))
	told(t, bucket, err)
	hosts, err := shared.OpenSSH(t.Context(), world.Sandbox, name("hosts"))
	told(t, hosts, err)
	mended(t, h, hosts)
	if tk := withPerson(t, h, bucket.Subject); !strings.Contains(tk.Reason, "plan mode: would do") {
		t.Errorf("the reason does not say what would be done: %s", tk.Reason)
	}
	untouched(t, bucket)
	made := writes(t)
	if len(made) != 1 || made[0].Action != "RevokeSecurityGroupIngress" {
		t.Errorf("want one write, in the sandbox; got %v", made)
	}
}
