package reconcile

import (
	"fmt"
	"strings"
	"time"

	"jobzero/internal/finding"
)

// The names under which findings are made, as other tools' findings have one: they are over when this says so.
const (
	ByGap     = "jobzero/gap"     // S3 lacks what EventBridge brought
	ByMissed  = "jobzero/missed"  // EventBridge did not bring what S3 has
	BySilence = "jobzero/silence" // a way brings nothing any more
)

// What findings are about. A ticket joins all that is said of one of them in an account.
const (
	aboutStored = "log aws/cloudtrail"
	aboutLive   = "events of EventBridge"
)

// about is what findings about a way are about.
func about(w Ways) string {
	if w == Live {
		return aboutLive
	}
	return aboutStored
}

// Gap is what S3 lacks of an account in a region.
type Gap struct {
	Account, Region string
	Events          int       // that can still come
	Beyond          int       // that are only counted any more, because there were too many or they are too old
	From, To        time.Time // of the events
	Told            time.Time // when the last of them was found to be lacking
	Examples        []Sight   // the first few
}

// Fingerprint is that of the finding about the gap.
func (g *Gap) Fingerprint() finding.Fingerprint {
	return finding.Print(finding.Imported, ByGap, g.Account, g.Region)
}

// Finding says what is lacking. Its sighting is when the gap last grew, so that saying it again is once.
func (g *Gap) Finding() finding.Finding {
	f := finding.Finding{
		Fingerprint: g.Fingerprint(), Kind: finding.Imported, By: ByGap,
		Title:    "CloudTrail's log in S3 lacks events that EventBridge brought, in " + named(g.Region),
		Severity: finding.High, Account: g.Account, Region: g.Region, Principal: aboutStored,
		Occurred: earlier(g.From, g.Told), Detected: g.Told, Sighting: g.Told.UTC().Format(time.RFC3339Nano), State: finding.Open,
	}
	var names []string
	for _, x := range g.Examples {
		names = append(names, fmt.Sprintf("%s (%s)", x.Name, x.ID))
		f.Evidence = append(f.Evidence, finding.Evidence{
			Kind: "event", At: x.At, Text: fmt.Sprintf("%s, event %s, came by EventBridge at %s and never by S3", x.Name, x.ID, clock(x.Heard)),
		})
	}
	f.Why = fmt.Sprintf("As of %s CloudTrail's log in S3 lacks %s that EventBridge brought, of %s to %s, such as %s. "+
		"Either log files were deleted or changed before they were read, the trail was stopped or narrowed, S3's notifications are lost, "+
		"or what S3 brought could not be read (`jobzero deadletter list`): look at the trail's status and selectors, at StopLogging, UpdateTrail, PutEventSelectors and DeleteTrail of that time, and verify the digests.",
		clock(g.Told), count(g.Events+g.Beyond, "event"), clock(g.From), clock(g.To), strings.Join(names, ", "))
	f.Evidence = append([]finding.Evidence{{Kind: "verdict", At: g.Told, Text: f.Why}}, f.Evidence...)
	return f
}

// Filled is the word that S3 has brought everything since.
func Filled(f finding.Finding, now time.Time) finding.Finding {
	return over(f, now, "S3 has brought all of it since")
}

// over is the word that a finding of ours is true no more, as of a time.
func over(f finding.Finding, at time.Time, why string) finding.Finding {
	f.Detected, f.Occurred, f.Note = at, at, why
	f.Sighting = "over at " + at.UTC().Format(time.RFC3339Nano)
	f.Evidence = []finding.Evidence{{Kind: "verdict", At: at, Text: why}}
	return f
}

// named is a region in a sentence; a record need not have one.
func named(region string) string {
	if region == "" {
		return "no region"
	}
	return region
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }
