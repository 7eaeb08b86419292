package app

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/triage"
)

// orphaned says whether whoever owns a resource by its tags has left.
func (h *House) orphaned(r resource.Resource, now time.Time) (why string, is bool) {
	book := h.leaving.book.Load()
	if book == nil || r.Gone || len(r.Tags) == 0 {
		return "", false
	}
	p, by, is := book.Orphaned(r.Tags, now)
	if !is {
		return "", false
	}
	return p.Name() + ", who owns it by " + by + ", has left: it needs another owner", true
}

// judgeOwner puts into a judgement whether the owner of the resource has left. Tags that could not be read say nothing.
func (h *House) judgeOwner(j *triage.Judgement, r resource.Resource, began time.Time) {
	if h.leaving.book.Load() == nil {
		return
	}
	fp := finding.Print(finding.Leaver, byOrphan, r.Key())
	why, is := h.orphaned(r, began)
	if !is {
		if !slices.ContainsFunc(r.Unknown, func(u resource.Unknown) bool { return u.Path == "tags" }) {
			j.Passed = append(j.Passed, fp)
		}
		return
	}
	sum := sha256.Sum256([]byte(why))
	ref := r.Ref
	j.Wrong = append(j.Wrong, finding.Finding{
		Fingerprint: fp, Kind: finding.Leaver, By: byOrphan, Title: "Its owner has left", Severity: finding.Medium, Why: why,
		Account: r.Account, Region: r.Region, Resource: &ref, ARN: r.ARN, Tags: r.Tags, Occurred: began, Detected: began,
		Sighting: hex.EncodeToString(sum[:8]), Evidence: []finding.Evidence{{Kind: "verdict", At: began, Text: why}},
	})
}
