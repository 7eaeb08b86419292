package source

import (
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

// Report is what a tool of somebody else says in one message.
type Report struct {
	Claims  []Claim        // what it believes, or believes no more
	Changed []resource.Ref // what it saw change: to be read again
	Arrived []string       // deliveries of ours that came, by their names
}

// Claim is a finding of somebody else, as one of ours.
type Claim struct {
	Finding finding.Finding // its Detected is when the tool last said so
	Over    Over            // empty while the tool says that it holds
}

// Over is why a tool says that its finding is over. Only Resolved says that it is true no more: what is put away or silenced
// may be as bad as before.
type Over string

// The ways in which a finding is over.
const (
	Resolved   Over = "resolved"   // the tool looked again, or was told that it is settled
	Archived   Over = "archived"   // it was put away
	Suppressed Over = "suppressed" // somebody told the tool to be silent about it
)
