package finding_test

import (
	"testing"

	"pgregory.net/rapid"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
)

// Different parts never print the same, wherever the borders between them lie.
func TestPrintsTellPartsApart(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringOf(rapid.RuneFrom([]rune{'a', 'b', 0, 1})), 1, 4)
		a, b := parts.Draw(r, "a"), parts.Draw(r, "b")
		same := len(a) == len(b)
		for i := range a {
			same = same && a[i] == b[i]
		}
		if (finding.Print(finding.Rule, "x", a...) == finding.Print(finding.Rule, "x", b...)) != same {
			r.Fatalf("%q and %q: same parts %v, but the prints say otherwise", a, b, same)
		}
	})
	if finding.Print(finding.Rule, "x", "y") == finding.Print(finding.Expectation, "x", "y") {
		t.Error("the kind does not count")
	}
}

func TestSubjects(t *testing.T) {
	ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "orders"}
	if got := (finding.Finding{Resource: &ref, Principal: "robin"}).Subject(); got != ref.Key() {
		t.Errorf("of a resource: %s", got)
	}
	if got := (finding.Finding{Account: "111122223333", Principal: "robin"}).Subject(); got != "principal|111122223333|robin" {
		t.Errorf("of a principal: %s", got)
	}
}

func TestSeverities(t *testing.T) {
	for i, s := range finding.Severities() {
		if s.Rank() != i+1 {
			t.Errorf("%s ranks %d", s, s.Rank())
		}
		if got, err := finding.ParseSeverity(string(s)); got != s || err != nil {
			t.Errorf("%s reads as %s, %v", s, got, err)
		}
	}
	if _, err := finding.ParseSeverity("High"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a word that is none: %v", err)
	}
}
