package ours

import (
	"fmt"
	"strings"
	"time"

	"jobzero/internal/detect/reconcile"
	"jobzero/internal/effect"
	"jobzero/internal/finding"
)

// Late is how old a call is before CloudTrail has to have it: S3 has nearly everything within a quarter of an hour, and the rest within hours.
const Late = 24 * time.Hour

// Known is for how long it is known which calls CloudTrail has told of.
const Known = 30 * 24 * time.Hour

// data are operations that a trail has only where data events are switched on
// (docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html).
func data(api string) bool {
	service, operation, _ := strings.Cut(api, ":")
	switch service {
	case "s3":
		return strings.Contains(operation, "Object") && !strings.Contains(operation, "ObjectLockConfiguration") || strings.Contains(operation, "MultipartUpload")
	case "sns":
		return strings.HasPrefix(operation, "Publish")
	case "sqs":
		return strings.HasSuffix(operation, "Message") || strings.HasSuffix(operation, "MessageBatch")
	case "lambda":
		return strings.HasPrefix(operation, "Invoke")
	case "dynamodb":
		return strings.HasSuffix(operation, "Item")
	}
	return false
}

// Due reports whether the trail should have a call by now: AWS accepted it, S3 brought the calls that change something from there before and
// after it, and it is old enough.
func Due(m effect.Made, voices reconcile.Voices, now time.Time) bool {
	if m.Request == "" || m.Error != "" || data(m.API) || now.Sub(m.At) < Late || now.Sub(m.At) > Known {
		return false
	}
	for _, kind := range []reconcile.Kind{reconcile.Write, reconcile.Noisy} {
		if v, ok := voices[reconcile.Place{Account: m.Account, Region: m.Region, Kind: kind}][reconcile.Stored]; ok && (kind == reconcile.Noisy) == (service(m.API) == "kms") {
			return v.Since.Before(m.At) && v.Last.After(m.At.Add(Late/2))
		}
	}
	return false
}

// Lacking is a call of our log that the trail lacks.
type Lacking struct {
	effect.Made
	Ticket string `json:"ticket"`
	Entry  int    `json:"entry"`
}

// String names the call.
func (l Lacking) String() string {
	return fmt.Sprintf("%s of %s in account %s, %s, request %s (entry %d of ticket %s)", l.API, clock(l.At), l.Account, or(l.Region, "no region"), l.Request, l.Entry, l.Ticket)
}

// Finding says that the trail lacks a call.
func (l Lacking) Finding(now time.Time) finding.Finding {
	why := "CloudTrail's log in S3 does not have " + l.String() + ", though it has calls of before and after. " +
		"Either log files were deleted or changed before they were read, or the log of jobzero was: run `jobzero audit verify --checkpoints`, and verify the trail's digests."
	return finding.Finding{
		Fingerprint: finding.Print(finding.Imported, ByTrail, l.Account, l.Region), Kind: finding.Imported, By: ByTrail,
		Title:    "CloudTrail's log in S3 lacks calls that jobzero has made, in " + or(l.Region, "no region"),
		Severity: finding.Low, Account: l.Account, Region: l.Region, Principal: "log aws/cloudtrail",
		Occurred: l.At, Detected: now, Sighting: l.Request, State: finding.Open, Why: why,
		Evidence: []finding.Evidence{{Kind: "verdict", At: now, Text: why}},
	}
}

func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }
