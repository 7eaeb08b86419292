package playbooks_test

import (
	"encoding/json"
	"slices"

	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
)

// scene is what a playbook meets, and what has to come of it.
type scene struct {
	name string // what it is, where a playbook has several
	make func(w *town) met
	by   string // which of its expectations or rules has found it; the first where it is empty
	// idle are the action steps that have nothing to do here, with the reason.
	idle map[string]string
	ends playbook.RunState // settled where it is empty
	// reply and beside answer what the emulator lacks, by the API's contract: only what lacks.txt says.
	reply  func() testmoto.Reply
	beside bool // as testmoto.Beside does
	// policies says that AWS's own policies have to be there: the emulator makes them anew in each account, which takes it two seconds.
	policies bool
}

// met is what there is, and what was found about it.
type met struct {
	ref      *resource.Ref
	arn      string
	caller   string            // the principal that the finding names
	record   map[string]any    // the event that was found, as CloudTrail writes it
	tags     map[string]string // of the account
	read     map[string]any    // what gather steps read, by their word
	params   map[string]string // what the house's look at a leaver tells the action
	left     func() bool       // whether that of the leaver is still there
	severity finding.Severity  // high where it is empty
}

// finding is what the playbook is begun by.
func (w *town) finding(d book.Definition, s scene) finding.Finding {
	w.Helper()
	m := w.met
	f := finding.Finding{
		Kind: finding.Asked, By: book.AskedBy + d.ID, Title: "Found in " + w.account, Severity: m.severity, Account: w.account, Region: "us-east-1",
		Resource: m.ref, ARN: m.arn, Principal: m.caller, Asker: "olga", Occurred: w.now, Detected: w.now, Sighting: "test", LastSeen: w.now, Count: 1, State: finding.Open,
	}
	if f.Severity == "" {
		f.Severity = finding.High
	}
	switch {
	case d.When.Reused:
		f.Kind, f.By = finding.Reused, finding.ReusedBy
	case len(d.When.Leavers) > 0:
		f.Kind, f.By = finding.Leaver, book.LeaverBy+d.When.Leavers[0]
	case len(d.When.Rules) > 0 && (len(d.When.Expectations) == 0 || slices.Contains(d.When.Rules, s.by)):
		f.Kind, f.By = finding.Rule, d.When.Rules[0]
	case len(d.When.Expectations) > 0:
		f.Kind, f.By = finding.Expectation, d.When.Expectations[0]
	}
	if s.by != "" {
		f.By = s.by
	}
	if m.record != nil {
		data := must[[]byte](w)(json.Marshal(m.record))
		f.Evidence = []finding.Evidence{{Kind: "event", At: w.now, Text: "a call", Data: data}}
	}
	f.Fingerprint = finding.Print(f.Kind, f.By, f.Subject())
	if !d.Settles(f) {
		w.Fatalf("playbook %s does not settle a finding by %q: mend the scene", d.ID, f.By)
	}
	return f
}

const theTicket = "ticket-1"

// open brings the finding to a ticket.
func (w *town) open(f finding.Finding) {
	w.Helper()
	f.Ticket = theTicket
	tk := ticket.Start(theTicket, f, ticket.Owner{Team: "shop", Via: "test"}, w.now)
	err := w.rows().Update(w.Context(), func(tx playbook.Tx) error {
		if err := tx.SaveFinding(w.Context(), f); err != nil {
			return err
		}
		return tx.AppendEntry(w.Context(), &tk, ticket.Entry{At: w.now, Actor: "test", Kind: "opened", Text: f.Title})
	})
	if err != nil {
		w.Fatal(err)
	}
}
