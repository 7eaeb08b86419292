package claim

import (
	"fmt"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/rawjson"
	"jobzero/internal/source"
)

// Said is a vendor's finding as a parser has read it.
type Said struct {
	Vendor string // guardduty, inspector …; begins the finding's By
	ID     string // of the finding, in the vendor's own words; with the account it is the same for ever
	Over   source.Over
	Raw    rawjson.Value
	Origin event.Origin

	// Finding has the vendor's words: By, Title, Why, Severity, Account and Region, what it is about, when it was first seen
	// (Occurred) and last updated (Detected), and what more is known as evidence.
	Finding finding.Finding
}

// Of makes the claim. A finding that names no resource is about its account.
func Of(s Said) source.Claim {
	f := s.Finding
	f.Kind = finding.Imported
	f.Fingerprint = finding.Print(finding.Imported, s.Vendor, f.Account, s.ID)
	f.Sighting = s.ID + "@" + f.Detected.Format(time.RFC3339Nano)
	if f.Title = strings.Join(strings.Fields(f.Title), " "); f.Title == "" { // one line
		f.Title = f.By
	}
	f.By = s.Vendor + "/" + f.By
	f.Why = strings.TrimSpace(f.Why)
	if f.Resource == nil {
		f.Resource = account(f.Account)
	}
	if f.Occurred.IsZero() || f.Occurred.After(f.Detected) {
		f.Occurred = f.Detected
	}
	text := fmt.Sprintf("%s reports %s as of %s, from %s", s.Vendor, s.ID, f.Detected.Format(time.RFC3339), s.Origin)
	if s.Over != "" {
		f.Note = s.Vendor + " says that it is " + string(s.Over)
		text += "; " + f.Note
	}
	f.Evidence = append([]finding.Evidence{{Kind: "report", At: f.Detected, Text: text, Data: []byte(s.Raw)}}, f.Evidence...)
	return source.Claim{Finding: f, Over: s.Over}
}
