package cut_test

import (
	"strings"
	"testing"

	"jobzero/internal/action/cut"
	"jobzero/internal/principal"
)

const (
	one  = `{"Version":"2012-10-17", "Statement" : {"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}}`
	many = `{"Version":"2012-10-17","Statement":[ {"Effect":"Deny","Principal":"*","Action":"sqs:Purge*","Resource":"*"},{"Sid":"Open","Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"} ]}`
	some = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":{"acme:mood":"sunny"}}}]}`
	none = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sqs:*","Resource":"*"}]}`
)

func TestPublic(t *testing.T) {
	for text, want := range map[string]struct {
		cut     bool
		rest    string
		unclear string
	}{
		one:      {cut: true},
		many:     {cut: true, rest: `{"Version":"2012-10-17","Statement":[ {"Effect":"Deny","Principal":"*","Action":"sqs:Purge*","Resource":"*"} ]}`},
		some:     {unclear: "no statement surely lets everybody in, but it is not clear: statement 1: "},
		none:     {},
		"{":      {unclear: "the policy cannot be cut safely: "},
		"\xff{}": {unclear: "the policy cannot be cut safely: the policy is no UTF-8"},
	} {
		c, err := cut.Public(text, "sqs", "111122223333")
		rest := ""
		if c.Rest != nil {
			rest = *c.Rest
		}
		if err != nil || c.Cut != want.cut || rest != want.rest || !strings.HasPrefix(c.Unclear, want.unclear) || (c.Unclear == "") != (want.unclear == "") || c.Cut && (c.Diff == "" || len(c.Loses) == 0) {
			t.Errorf("%s:\n%+v, %v\nrest %s", text, c, err, rest)
		}
	}
}

// FuzzPublic: what is left lets nobody surely in any more, and no Deny is lost.
func FuzzPublic(f *testing.F) {
	for _, s := range []string{one, many, some, none} {
		f.Add(s)
	}
	denies := func(p principal.Policy) (n int) {
		for _, s := range p.Statements {
			if s.Effect == "Deny" {
				n++
			}
		}
		return n
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := cut.Public(text, "sqs", "111122223333")
		if err != nil || !c.Cut {
			return
		}
		before, err := principal.ParsePolicy([]byte(text))
		if err != nil {
			t.Fatalf("cut what cannot be read: %v", err)
		}
		if c.Rest == nil {
			if denies(before) > 0 {
				t.Fatalf("a Deny is lost: %s", text)
			}
			return
		}
		after, err := principal.ParsePolicy([]byte(*c.Rest))
		if err != nil || denies(after) != denies(before) {
			t.Fatalf("%s\nleft %s: %v", text, *c.Rest, err)
		}
		if again, err := cut.Public(*c.Rest, "sqs", "111122223333"); err != nil || again.Cut {
			t.Fatalf("%s\nleft %s, which lets everybody in still: %v", text, *c.Rest, err)
		}
	})
}
