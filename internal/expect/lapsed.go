package expect

import (
	"fmt"
	"strings"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/org"
)

// WaiverExpired is what finds that a waiver has expired and is still wanted.
const WaiverExpired = "waiver-expired"

// Lapsed makes the finding that a waiver has expired while something that it covered is still not met: one for the waiver,
// however much that is. about names the thing, and its sighting is the same as long as the waiver's last day is.
func Lapsed(w org.Waiver, about string, now time.Time) finding.Finding {
	ref := w.Ref()
	what := strings.Join(w.Expectations, ", ")
	return finding.Finding{
		Fingerprint: finding.Print(finding.Expectation, WaiverExpired, ref.Key()), Kind: finding.Expectation, By: WaiverExpired,
		Title:    fmt.Sprintf("The waiver of %s expired on %s and is still wanted", what, w.Expires),
		Severity: finding.Low, Resource: &ref, Owner: w.Owner,
		Why:      fmt.Sprintf("%s waived %s; %s is not met: renew it, or meet what is expected and remove it", w, what, about),
		Occurred: w.Expires.End(), Detected: now, Sighting: about + " " + w.Expires.String(), State: finding.Open,
		Evidence: []finding.Evidence{{Kind: "verdict", At: now, Text: fmt.Sprintf("%s expired on %s; it was approved by %s because: %s", w, w.Expires, w.ApprovedBy, w.Reason)}},
	}
}
