package expect

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

// Fingerprint names the belief that a resource does not meet an expectation.
func Fingerprint(expectation string, ref resource.Ref) finding.Fingerprint {
	return finding.Print(finding.Expectation, expectation, ref.Key())
}

// Finding makes the finding of a verdict that is Wrong. The cause is the event that last touched the resource, or
// nil when none is known. Its fingerprint is the same for every read of the same resource; its sighting is the same for every read of the same
// state, so that a state read twice counts once.
func Finding(v Verdict, r resource.Resource, cause *event.Touch, now time.Time) finding.Finding {
	e, ref := v.Expectation, r.Ref
	f := finding.Finding{
		Fingerprint: Fingerprint(e.ID, ref), Kind: finding.Expectation, By: e.ID,
		Title: e.Title, Severity: e.Severity, Unknown: v.Result == Unknown, Why: v.Why,
		Account: r.Account, Region: r.Region, Resource: &ref, Owner: v.Owner, ARN: r.ARN, Tags: r.Tags,
		Occurred: r.ReadAt, Detected: now, Sighting: sighting(v, r),
		Evidence: evidence(v, r, now), State: finding.Open,
	}
	if f.Occurred.IsZero() {
		f.Occurred = now
	}
	if cause != nil {
		f.Occurred, f.Principal = cause.Time, cause.Actor
		f.Evidence = append(f.Evidence, finding.Evidence{
			Kind: "event", At: cause.Time, Text: cause.Name + " by " + cause.Actor + ", event " + string(cause.Event), Data: valid(cause.Raw),
		})
	}
	return f
}

func evidence(v Verdict, r resource.Resource, now time.Time) []finding.Evidence {
	e := v.Expectation
	verdict := marshal(map[string]any{
		"expectation": e.ID, "result": v.Result, "why": v.Why,
		"expression": e.Expression, "severity": e.Severity, "controls": e.Controls,
	})
	return []finding.Evidence{
		{Kind: "resource", At: r.ReadAt, Text: r.String() + " as it was read", Data: marshal(r)},
		{Kind: "verdict", At: now, Text: e.ID + ": " + string(v.Result) + ": " + v.Why, Data: verdict},
	}
}

// sighting is the digest of the state that was judged. When it was read and the causes of what is unknown, which hold request
// IDs, are no part of it.
func sighting(v Verdict, r resource.Resource) string {
	var paths []string
	for _, u := range r.Unknown {
		paths = append(paths, u.Path)
	}
	slices.Sort(paths)
	r.ReadAt, r.Unknown = time.Time{}, nil
	sum := sha256.Sum256(marshal(map[string]any{"by": v.Expectation.ID, "result": v.Result, "resource": r, "unknown": paths}))
	return hex.EncodeToString(sum[:])
}

// marshal gives JSON of what the readers made. Should they ever make what JSON cannot hold, that is said in its place.
func marshal(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		data, _ = json.Marshal("not JSON: " + err.Error()) // a text always marshals
	}
	return data
}

// valid gives raw when it is JSON, since a broken record would break the JSON of the whole finding.
func valid(raw []byte) json.RawMessage {
	if json.Valid(raw) {
		return raw
	}
	return marshal(string(raw))
}
