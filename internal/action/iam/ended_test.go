package iam

import (
	"strings"
	"testing"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/policy/timed"
)

// FuzzEndOfSessions: only what is written as ours is read as ours, and says the same when it is written again.
func FuzzEndOfSessions(f *testing.F) {
	ours, err := endedSessions(effect.Target{Params: map[string]string{"issued-before": "2026-11-02T08:00:00Z"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(ours)
	f.Add(strings.Replace(ours, "Deny", "Allow", 1))
	f.Add(strings.Replace(ours, `"*"`, `"s3:*"`, 1))
	f.Add(`{"Statement":[{"Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-11-02T08:00:00Z","x":"y"}}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		at, err := endOfSessions(text)
		if err != nil {
			return
		}
		again, err := endedSessions(effect.Target{Params: map[string]string{"issued-before": at.UTC().Format(timed.Stamp)}})
		if err != nil || !action.SameText(text, again) || !strings.Contains(text, "Deny") && !strings.Contains(text, `\u`) {
			t.Errorf("%s was read as %s: %v", text, again, err)
		}
	})
}
