package triage_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// reads tells the desk what became of reading some buckets; those of a code could not be read.
func (d *desk) reads(code fault.Code, buckets ...int) {
	d.t.Helper()
	d.now = d.now.Add(time.Second)
	for _, n := range buckets {
		j := triage.Judgement{What: resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: fmt.Sprintf("b-%d", n)}.Key()}
		if code != "" {
			dark := expect.Dark{Type: resource.Bucket, Account: "111122223333", What: j.What, Code: code, Why: "no permission"}
			j.Unread = []finding.Finding{expect.Unread(dark, d.now)}
		}
		if err := d.tri.Judged(d.t.Context(), j, d.now); err != nil {
			d.t.Fatal(err)
		}
		for _, f := range j.Unread {
			if _, err := d.tri.Triage(d.t.Context(), string(f.Fingerprint)); err != nil {
				d.t.Fatal(err)
			}
		}
	}
}

// A role without a permission darkens every bucket of an account: that is one ticket, and it closes by itself with the last.
func TestAStormOfDenialsIsOneTicket(t *testing.T) {
	d := newDesk(t, t.TempDir())
	var all []int
	for n := range 40 {
		all = append(all, n)
	}
	d.reads(fault.Denied, all...)
	d.reads(fault.Denied, all...)
	one := func(state ticket.State) ticket.Ticket {
		t.Helper()
		tickets := d.tickets()
		if len(tickets) != 1 || tickets[0].State != state || !strings.Contains(tickets[0].Title, "cannot be judged") {
			t.Fatalf("want one ticket that is %s, got %+v", state, tickets)
		}
		return tickets[0]
	}
	tk := one(ticket.Open)
	fp := expect.Unread(expect.Dark{Type: resource.Bucket, Account: "111122223333", Code: fault.Denied}, d.now).Fingerprint
	if f := d.finding(fp); f.Count != len(all) || !f.Unknown {
		t.Errorf("want %d of them, got %+v", len(all), f)
	}
	if lines := len(d.timeline(tk.ID)); lines > 8 {
		t.Errorf("%d lines for one cause", lines)
	}
	d.reads("", all[1:]...)
	one(ticket.Open)
	d.reads("", all[0])
	one(ticket.Closed)
	d.reads(fault.Denied, all[3])
	if tk := one(ticket.Open); tk.Reopened != 1 {
		t.Errorf("it is dark again and the ticket is %+v", tk)
	}
}

// Another cause is another finding on the same ticket, which closes when both are over.
func TestTwoCausesOnOneTicket(t *testing.T) {
	d := newDesk(t, t.TempDir())
	d.reads(fault.Denied, 1)
	d.reads(fault.Unavailable, 2)
	d.reads("", 1)
	if all := d.tickets(); len(all) != 1 || all[0].State == ticket.Closed || all[0].Findings != 2 {
		t.Fatalf("after one of two: %+v", all)
	}
	d.reads("", 2)
	if all := d.tickets(); len(all) != 1 || all[0].State != ticket.Closed {
		t.Fatalf("after both: %+v", all)
	}
}

// What was denied and then does not answer is no longer denied, and not yet read either.
func TestACauseThatBecomesAnother(t *testing.T) {
	d := newDesk(t, t.TempDir())
	d.reads(fault.Denied, 1)
	d.reads(fault.Unavailable, 1)
	if all := d.tickets(); len(all) != 1 || all[0].State == ticket.Closed {
		t.Fatalf("it cannot be read still: %+v", all)
	}
}
