package policy_test

import (
	"testing"

	"pgregory.net/rapid"

	"jobzero/internal/policy"
)

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		p, other     string
		covers, meet bool
	}{
		{"*", "a*", true, true},
		{"a*", "*", false, true},
		{"a*", "ab", true, true},
		{"a?", "a*", false, true},
		{"a?*", "a?", true, true},
		{"a*c", "ab*c", true, true},
		{"a*c", "b*", false, false},
		{"a*b", "*c", false, false},
		{"${aws:username}", "ana", false, true},
		{"x${aws:username}", "x${aws:username}", true, true},
		{"x/${aws:username}/*", "y*", false, false},
		{"a${*}", "ab", false, false},
		{"a*", "a${*}", true, true},
	} {
		p, other := policy.ReadPattern(c.p), policy.ReadPattern(c.other)
		if got := p.Covers(other); got != c.covers {
			t.Errorf("%s covers %s: %t", c.p, c.other, got)
		}
		if got := p.Meets(other); got != c.meet {
			t.Errorf("%s meets %s: %t", c.p, c.other, got)
		}
	}
}

// TestCoversAndMeets: a pattern that covers another matches what the other does, and two that do not meet match nothing together.
func TestCoversAndMeets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.StringMatching(`[ab*?é]{0,6}`)
		p, other := policy.ReadPattern(form.Draw(t, "p")), policy.ReadPattern(form.Draw(t, "other"))
		covers, meets := p.Covers(other), p.Meets(other)
		if meets != other.Meets(p) {
			t.Fatalf("%s and %s meet one way only", p, other)
		}
		for range 20 {
			s := rapid.StringMatching(`[abé]{0,7}`).Draw(t, "text")
			a, b := p.Fits(s), other.Fits(s)
			if covers && b && !a {
				t.Fatalf("%s covers %s, and not %q", p, other, s)
			}
			if !meets && a && b {
				t.Fatalf("%s and %s do not meet, and both match %q", p, other, s)
			}
		}
	})
}

// TestLiteral: a text matches itself and nothing else, whatever it has.
func TestLiteral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.StringMatching(`[a*?$\{\}]{0,8}`)
		s, other := form.Draw(t, "s"), form.Draw(t, "other")
		p := policy.Literal(s)
		if p.Vars() || p.Fits(other) != (s == other) || !p.Fits(s) {
			t.Fatalf("%s of %q matches %q: %t", p, s, other, p.Fits(other))
		}
	})
}
