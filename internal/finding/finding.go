// Package finding is what we believe to be wrong.
//
// It is: one belief with its evidence and a fingerprint that stays the same however often it is seen.
// It takes: what detect and expect say about events and resources, and what other tools say.
// It gives: the noun that triage joins into tickets.
// Next door: detect, expect and source make findings, triage reads them.
package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"jobzero/internal/resource"
)

// Fingerprint names a belief: the same rule about the same subject has the same one, for ever.
type Fingerprint string

// Kind says what kind of content made the finding.
type Kind string

// The kinds.
const (
	Rule        Kind = "rule"        // a detection over events
	Expectation Kind = "expectation" // what is required of a resource
	Unread      Kind = "unread"      // resources that could not be read, and so not be judged
	Baseline    Kind = "baseline"    // what is unlike all that was learnt
	Imported    Kind = "imported"    // what somebody else's tool believes
	Leaver      Kind = "leaver"      // what is left of somebody who has left
	Reused      Kind = "reused"      // a credential that software has shut, and that is at work all the same
	Asked       Kind = "asked"       // not wrong by itself: somebody or something asks for a playbook to be run
	FollowUp    Kind = "followup"    // what is to be changed after an incident, as its review says
	Reported    Kind = "report"      // what somebody has said: a ticket without a finding, of which policies speak by this word
)

// ReusedBy says of a finding of the kind reused who says so.
const ReusedBy = "jobzero/reused"

// ReviewBy begins who says of a finding of the kind followup that it is to be done: the ticket whose review it is follows.
const ReviewBy = "jobzero/review/"

// State is the life of a finding.
type State string

// The states.
const (
	Open  State = "open"    // believed and not yet dealt with
	Done  State = "settled" // a fresh read showed that it is true no more
	Human State = "human"   // software could not settle it
)

// Finding is one belief that something is wrong.
type Finding struct {
	Fingerprint Fingerprint       `json:"fingerprint"`
	Kind        Kind              `json:"kind"`
	By          string            `json:"by"` // id of the rule or expectation; of an imported one the tool, a slash and the tool's word
	Title       string            `json:"title"`
	Severity    Severity          `json:"severity"`
	Unknown     bool              `json:"unknown,omitempty"` // the verdict could not be reached; never a pass
	Why         string            `json:"why,omitempty"`     // in words
	Account     string            `json:"account"`
	Region      string            `json:"region,omitempty"`
	Resource    *resource.Ref     `json:"resource,omitempty"`
	About       *resource.Ref     `json:"about,omitempty"` // what it is joined on where that is not its resource: the person whose it is
	Principal   string            `json:"principal,omitempty"`
	Credential  *resource.Ref     `json:"credential,omitempty"` // the long-term access key that it was surely done with
	ReadOnly    bool              `json:"read_only,omitempty"`  // it was only looked: the event changed nothing
	Asker       string            `json:"asker,omitempty"`      // the person who asks, of a finding of the kind asked
	Input       map[string]string `json:"input,omitempty"`      // what the asker says besides, by name
	Owner       string            `json:"owner,omitempty"`      // the content's own word, such as an intent's owner; triage decides
	ARN         string            `json:"arn,omitempty"`        // of the resource, where it is known
	Tags        map[string]string `json:"tags,omitempty"`       // of the resource, where they were read
	Occurred    time.Time         `json:"occurred"`             // of the first sighting
	Detected    time.Time         `json:"detected"`
	Sighting    string            `json:"sighting"` // identity of this sighting: an event ID, a read's digest, or a tool's ID and time
	Evidence    []Evidence        `json:"evidence,omitempty"`

	State    State     `json:"state,omitempty"`
	Ticket   string    `json:"ticket,omitempty"`
	Count    int       `json:"count,omitempty"` // distinct sightings
	LastSeen time.Time `json:"last_seen,omitzero"`
	Note     string    `json:"note,omitempty"`   // why it is in its state, in words
	Settled  time.Time `json:"settled,omitzero"` // when fresh reads last showed that it is true no more
}

// Evidence is something that anyone can look at again.
type Evidence struct {
	Kind string          `json:"kind"` // event, resource, verdict, report (of another tool) or one of ocsf's
	At   time.Time       `json:"at"`
	Text string          `json:"text"`
	Data json.RawMessage `json:"data,omitempty"`
}

// Print makes a fingerprint of the parts that identify a belief. The parts are length-separated, so that
// ("ab","c") and ("a","bc") differ.
func Print(kind Kind, by string, subject ...string) Fingerprint {
	h := sha256.New()
	for _, s := range append([]string{string(kind), by}, subject...) {
		h.Write([]byte(strings.ReplaceAll(s, "\x00", "\x00\x00")))
		h.Write([]byte{0, 1})
	}
	return Fingerprint(hex.EncodeToString(h.Sum(nil))[:32])
}

// FromRead reports whether the finding tells how something was when it was read, and not that something happened. An imported
// one does: it is what its tool believed when it was detected.
func (f Finding) FromRead() bool { return f.Kind != Rule && f.Kind != Baseline && f.Kind != Reused }

// Subject is what the finding is about, and so what it is joined on: what it names for that, or the resource, or else the principal.
func (f Finding) Subject() string {
	if f.About != nil {
		return f.About.Key()
	}
	if f.Resource != nil {
		return f.Resource.Key()
	}
	return "principal|" + f.Account + "|" + f.Principal
}
