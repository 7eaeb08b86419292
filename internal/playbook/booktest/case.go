package booktest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
)

// testCase is a case as it is written.
type testCase struct {
	Finding  found             `yaml:"finding"`
	Resource seen              `yaml:"resource"`
	Account  map[string]any    `yaml:"account"` // what the organisation says of it; unknown where it is not there
	Freeze   string            `yaml:"freeze"`  // why changes are frozen; empty: they are not
	Gather   map[string]read   `yaml:"gather"`  // what a gather step and the inquiry read, by its word
	Actions  map[string]script `yaml:"actions"` // by the step's ID or the action's
	// Mends are the steps after which a fresh read no longer shows what was found. An asked finding needs none.
	Mends   []string `yaml:"mends"`
	People  []deed   `yaml:"people"`  // what people do, one after the other, in enforce mode
	Plan    []string `yaml:"plan"`    // what must happen in plan mode
	Enforce []string `yaml:"enforce"` // what must happen in enforce mode
}

// found is the finding.
type found struct {
	By        string            `yaml:"by"` // what the playbook names first, where it is empty
	Title     string            `yaml:"title"`
	Severity  string            `yaml:"severity"` // high where it is empty
	Resource  string            `yaml:"resource"` // type|account|region|id
	Account   string            `yaml:"account"`
	Region    string            `yaml:"region"`
	Principal string            `yaml:"principal"`
	Asker     string            `yaml:"asker"`
	Input     map[string]string `yaml:"input"` // what the asker says besides
	Tags      map[string]string `yaml:"tags"`
	Evidence  []map[string]any  `yaml:"evidence"` // the data of each: an event's record, say
}

// seen is the resource as fresh reads show it.
type seen struct {
	ARN        string            `yaml:"arn"`
	Tags       map[string]string `yaml:"tags"`
	Properties map[string]any    `yaml:"properties"`
	Related    map[string]any    `yaml:"related"`
	Unknown    []string          `yaml:"unknown"` // paths such as properties.Policy
}

// read is what a gather step reads.
type read struct {
	Text string `yaml:"text"`
	Data any    `yaml:"data"`
}

// script is what an action answers.
type script struct {
	Nothing string   `yaml:"nothing"` // there is nothing to do, and why
	Refused string   `yaml:"refused"` // software must not do it, and why
	Broken  string   `yaml:"broken"`  // it cannot be planned, and why
	Fails   []string `yaml:"fails"`   // what its first tries come to
}

// deed is what a person does. It names a step to answer, an order, or what changes in the world.
type deed struct {
	After   time.Duration `yaml:"after"`   // since the step asks, or since the deed before
	By      string        `yaml:"by"`      // mia where it is empty
	Approve string        `yaml:"approve"` // a step
	Deny    string        `yaml:"deny"`
	Done    string        `yaml:"done"`
	Failed  string        `yaml:"failed"`
	Order   string        `yaml:"order"`   // pause, resume, cancel or undo
	World   string        `yaml:"world"`   // settled, again, frozen or thawed
	Refused string        `yaml:"refused"` // a part of the error that it must come to
}

// step is the one that the deed answers, or empty.
func (d deed) step() string {
	for _, s := range []string{d.Approve, d.Deny, d.Done, d.Failed} {
		if s != "" {
			return s
		}
	}
	return ""
}

func (d deed) check(file string) error {
	n := 0
	for _, s := range []string{d.Approve, d.Deny, d.Done, d.Failed, d.Order, d.World} {
		if s != "" {
			n++
		}
	}
	orders, worlds := []string{"", "pause", "resume", "cancel", "undo"}, []string{"", "settled", "again", "frozen", "thawed"}
	if n != 1 || d.After < 0 || !slices.Contains(orders, d.Order) || !slices.Contains(worlds, d.World) {
		return fault.New(fault.Invalid, "%s: people: each does one thing: approve, deny, done or failed with a step; order with one of %s; or world with one of %s",
			file, strings.Join(orders[1:], ", "), strings.Join(worlds[1:], ", "))
	}
	return nil
}

// readCase reads a case for a playbook.
func readCase(file string, text []byte, d book.Definition) (c testCase, err error) {
	if err := doc.Decode(file, text, &c); err != nil {
		return c, err
	}
	if c.Plan == nil && c.Enforce == nil {
		return c, fault.New(fault.Invalid, "%s: says nothing that must happen: add plan, enforce or both", file)
	}
	for _, p := range c.People {
		if err := p.check(file); err != nil {
			return c, err
		}
	}
	known := func(name string) bool {
		return slices.ContainsFunc(d.All(), func(s *book.Step) bool { return s.ID == name || s.ActionID() == name })
	}
	for name := range c.Actions {
		if !known(name) && !strings.Contains(name, ".") {
			return c, fault.New(fault.Invalid, "%s: actions: playbook %s has no step or action %q", file, d.ID, name)
		}
	}
	for _, name := range c.Mends {
		if !known(name) && !strings.Contains(name, ".") {
			return c, fault.New(fault.Invalid, "%s: mends: playbook %s has no step %q", file, d.ID, name)
		}
	}
	return c, nil
}

// finding is what the case is about.
func (c testCase) finding(d book.Definition, now time.Time) (f finding.Finding, err error) {
	f = finding.Finding{
		Kind: finding.Asked, By: c.Finding.By, Title: c.Finding.Title, Severity: finding.Severity(c.Finding.Severity), Account: c.Finding.Account,
		Region: c.Finding.Region, Principal: c.Finding.Principal, Asker: c.Finding.Asker, Input: c.Finding.Input, Tags: c.Finding.Tags,
		Occurred: now.Add(-time.Minute), Detected: now, Sighting: "test", LastSeen: now, Count: 1, State: finding.Open,
	}
	w := d.When
	switch {
	case slices.Contains(w.Expectations, f.By), f.By == "" && len(w.Expectations) > 0:
		f.Kind, f.By = finding.Expectation, first(f.By, w.Expectations)
	case slices.Contains(w.Rules, f.By), f.By == "" && len(w.Rules) > 0:
		f.Kind, f.By = finding.Rule, first(f.By, w.Rules)
	case slices.Contains(w.Leavers, strings.TrimPrefix(f.By, book.LeaverBy)), f.By == "" && len(w.Leavers) > 0:
		f.Kind, f.By = finding.Leaver, book.LeaverBy+first(strings.TrimPrefix(f.By, book.LeaverBy), w.Leavers)
	case w.Reused && f.By == "":
		f.Kind, f.By = finding.Reused, finding.ReusedBy
	case f.By == "":
		f.By = book.AskedBy + d.ID
	default:
		return f, fault.New(fault.Invalid, "finding.by: %q is nothing that playbook %s settles", f.By, d.ID)
	}
	if f.Title == "" {
		f.Title = "Found by " + f.By
	}
	if f.Severity == "" {
		f.Severity = finding.High
	}
	if f.Severity.Rank() == 0 && f.Severity != finding.Informational {
		return f, fault.New(fault.Invalid, "finding.severity: %q is none", f.Severity)
	}
	if c.Finding.Resource != "" {
		ref, err := resource.ParseKey(c.Finding.Resource)
		if err != nil {
			return f, err
		}
		f.Resource, f.Account, f.Region, f.ARN = &ref, ref.Account, ref.Region, c.Resource.ARN
	}
	for _, e := range c.Finding.Evidence {
		data, err := json.Marshal(e)
		if err != nil {
			return f, fault.Wrap(fault.Invalid, err, "finding.evidence")
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Kind: "event", At: f.Occurred, Text: "an event of the case", Data: data})
	}
	f.Fingerprint = finding.Print(f.Kind, f.By, f.Subject())
	return f, nil
}

func first(s string, all []string) string {
	if s != "" {
		return s
	}
	return all[0]
}

// sight is the resource as a fresh read gives it.
func (c testCase) sight(f finding.Finding) (json.RawMessage, error) {
	if f.Resource == nil {
		return nil, nil
	}
	r := resource.Resource{Ref: *f.Resource, ARN: c.Resource.ARN, Tags: c.Resource.Tags, Properties: c.Resource.Properties, Related: c.Resource.Related}
	for _, path := range c.Resource.Unknown {
		r.Unknown = append(r.Unknown, resource.Unknown{Path: path, Cause: "the case says so"})
	}
	text, err := json.Marshal(r)
	return text, fault.Wrap(fault.Invalid, err, "resource of the case")
}

// target is how a trace names what something is done to.
func target(t effect.Target) string {
	out := []string{t.Ref.Key()}
	var names []string
	for n := range t.Params {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		out = append(out, n+"="+strings.Join(strings.Fields(t.Params[n]), " "))
	}
	return strings.Join(out, " ")
}
