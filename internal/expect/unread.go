package expect

import (
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

// Dark is a read that failed.
type Dark struct {
	Type    resource.Type
	Account string
	What    string     // what was to be read: a resource's key, or a list
	Code    fault.Code // what kind of failure
	Why     string     // in words
}

// Unread makes the finding that things of a type in an account cannot be judged because reading them fails: one for all of
// them and each kind of failure, since one cause (a role without a permission, an account that cannot be reached) darkens
// thousands at a time.
func Unread(d Dark, now time.Time) finding.Finding {
	all := resource.Ref{Type: d.Type, Account: d.Account, ID: "*"}
	by := "unread-" + string(d.Code)
	return finding.Finding{
		Fingerprint: finding.Print(finding.Unread, by, all.Key()), Kind: finding.Unread, By: by,
		Title:    fmt.Sprintf("%s in %s cannot be judged: %s", d.Type, d.Account, failure(d.Code)),
		Severity: finding.High, Unknown: true, Why: d.What + ": " + d.Why, Account: d.Account, Resource: &all,
		Occurred: now, Detected: now, Sighting: d.What, State: finding.Open,
		Evidence: []finding.Evidence{{Kind: "verdict", At: now, Text: "could not be read: " + d.What + ": " + d.Why}},
	}
}

// failure says a kind of failure in words.
func failure(code fault.Code) string {
	switch code {
	case fault.Denied:
		return "reading is denied"
	case fault.Unavailable:
		return "AWS does not answer"
	default:
		return "reading fails"
	}
}
