package reconcile

import (
	"fmt"
	"time"

	"jobzero/internal/finding"
)

// fewest is how many events EventBridge must have missed in a day before their share says anything.
const fewest = 3

// Tally is what the comparison came to for the events of one day of an account in a region.
type Tally struct {
	Account string    `json:"-"`
	Region  string    `json:"region"`
	Day     time.Time `json:"-"`             // its first instant, UTC
	Matched int       `json:"matched"`       // both ways brought them
	Missed  int       `json:"missed_live"`   // only S3 did
	Lacking int       `json:"lacking_in_s3"` // only EventBridge did
	Passed  int       `json:"not_compared"`  // copies that came too late, too early or are too large to be compared
}

// Add adds another tally's numbers.
func (t *Tally) Add(o Tally) {
	t.Matched += o.Matched
	t.Missed += o.Missed
	t.Lacking += o.Lacking
	t.Passed += o.Passed
}

// Day is the first instant of the day of a time.
func Day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// Comparable is how many events S3 has, which EventBridge should have brought.
func (t Tally) Comparable() int { return t.Matched + t.Missed }

// Lossy reports whether EventBridge missed more than a share of the day's events.
func (t Tally) Lossy(share float64) bool {
	return t.Missed >= fewest && float64(t.Missed) > share*float64(t.Comparable())
}

// Telling reports whether there were enough events for their share to say anything.
func (t Tally) Telling() bool { return t.Comparable() >= fewest }

// end is when the day is over: what is said of the day is true as of then.
func (t Tally) end() time.Time { return t.Day.Add(24 * time.Hour) }

// Fingerprint is that of the finding about what EventBridge misses there.
func (t Tally) Fingerprint() finding.Fingerprint {
	return finding.Print(finding.Imported, ByMissed, t.Account, t.Region)
}

// Finding says that EventBridge brings too little.
func (t Tally) Finding() finding.Finding {
	f := finding.Finding{
		Fingerprint: t.Fingerprint(), Kind: finding.Imported, By: ByMissed,
		Title:    "EventBridge does not bring all events of " + named(t.Region) + " that are in CloudTrail's log in S3",
		Severity: finding.Low, Account: t.Account, Region: t.Region, Principal: aboutLive,
		Occurred: t.Day, Detected: t.end(), Sighting: t.Day.Format(time.DateOnly), State: finding.Open,
	}
	if t.Missed > t.Matched {
		f.Severity = finding.Medium
	}
	f.Why = fmt.Sprintf("Of %s of %s that both ways should bring, EventBridge did not bring %d. They were judged when S3 had them, minutes later. "+
		"See whether the rule still sends all management events there, what the metrics of the rule, the bus and the queue say (FailedInvocations, "+
		"dead-letter queue), and whether the queue is read fast enough.", count(t.Comparable(), "event"), t.Day.Format(time.DateOnly), t.Missed)
	f.Evidence = []finding.Evidence{{Kind: "verdict", At: t.end(), Text: f.Why}}
	return f
}

// Kept is the word that EventBridge has brought nearly everything of a later day.
func (t Tally) Kept(f finding.Finding) finding.Finding {
	return over(f, t.end(), fmt.Sprintf("of %s of %s EventBridge missed %d", count(t.Comparable(), "event"), t.Day.Format(time.DateOnly), t.Missed))
}
