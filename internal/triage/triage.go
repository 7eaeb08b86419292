package triage

import (
	"context"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/org"
	"jobzero/internal/resource"
	"jobzero/internal/ticket"
)

// Triager joins findings into tickets. Make one with New.
type Triager struct {
	store   Store
	owners  func() Owners
	settles func(finding.Finding) bool
	newID   func(time.Time) ticket.ID
	now     func() time.Time
}

// Options are what New needs.
type Options struct {
	Store  Store
	Owners func() Owners // asked each time, so that a reloaded organisation counts at once
	// Settles reports whether a playbook settles a finding; asked each time. Nil: nothing is routine.
	Settles func(finding.Finding) bool
	NewID   func(time.Time) ticket.ID // must be unique
	Now     func() time.Time
}

// New makes a triager.
func New(o Options) *Triager {
	return &Triager{store: o.Store, owners: o.Owners, settles: o.Settles, newID: o.NewID, now: o.Now}
}

// Triage is the durable leg: it sees to it that an open finding is on an open ticket. Doing it twice is once.
func (t *Triager) Triage(ctx context.Context, ref string) (time.Time, error) {
	now := t.now()
	return time.Time{}, t.store.Update(ctx, func(tx Tx) error { return t.join(ctx, tx, finding.Fingerprint(ref), now) })
}

// quiet reports whether a finding is for those who look at the figures, and asks nobody for anything.
func (t *Triager) quiet(f finding.Finding) bool {
	return f.Ticket == "" && f.Severity == finding.Informational && t.routine(f)
}

// routine reports whether a finding can wait for its owner. It then has a ticket of its own: on one with what is urgent it would
// keep that open for as long as the owner takes, after software has repaired what it can.
func (t *Triager) routine(f finding.Finding) bool {
	kind := f.Kind == finding.Expectation || f.Kind == finding.Leaver && f.About == nil // whose owner has left wants another one
	return kind && f.Severity.Rank() < finding.High.Rank() && t.settles != nil && !t.settles(f)
}

// words says the finding in a line. Why a rule fired is long and stands with the finding; what an expectation saw is short.
func words(f finding.Finding) string {
	if f.Kind == finding.Rule || f.Kind == finding.Baseline || f.Why == "" {
		return f.Title
	}
	return f.Title + ": " + f.Why
}

// anew makes a ticket that was closed one about this finding: its clocks begin there, and whoever answers for it today owns it.
func (t *Triager) anew(tk *ticket.Ticket, f finding.Finding) {
	tk.Clocks.Occurred, tk.Clocks.Detected = f.Occurred, f.Detected
	if f.Severity.Rank() > tk.Severity.Rank() {
		tk.Severity, tk.Title = f.Severity, f.Title
	}
	if o := t.owner(f); o != (ticket.Owner{}) {
		tk.Owner = o
	}
}

// owner asks the organisation first. Content may name an owner too (a declared bucket's): it counts only where the
// organisation knows none.
func (t *Triager) owner(f finding.Finding) ticket.Owner {
	if f.Resource != nil && f.Resource.Type == org.WaiverType { // who lives with the risk says so in it
		return ticket.Owner{Team: f.Owner, Via: "waiver"}
	}
	ref := resource.Ref{Account: f.Account, Region: f.Region}
	if f.Resource != nil {
		ref = *f.Resource
	}
	var o ticket.Owner
	if owners := t.owners(); owners != nil {
		o = owners.OwnerOf(ref, f.Tags, f.ARN)
	}
	if o.Team == "" && o.Person == "" && f.Owner != "" {
		return ticket.Owner{Team: f.Owner, Via: "content"}
	}
	return o
}

func describe(o ticket.Owner) string {
	switch {
	case o.Team != "" && o.Person != "":
		return o.Team + " (" + o.Person + "), by " + o.Via
	case o.Team != "":
		return o.Team + ", by " + o.Via
	case o.Person != "":
		return o.Person + ", by " + o.Via
	default:
		return "nobody: no line of the organisation file covers it"
	}
}
