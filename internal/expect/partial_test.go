package expect_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/resource"
)

// places are all paths into a value.
func places(v any, at string) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			out = append(out, places(e, at+"."+key)...)
		}
	case []any:
		for i, e := range v {
			out = append(out, places(e, fmt.Sprintf("%s[%d]", at, i))...)
		}
	}
	return append(out, at)
}

// TestPoliciesWithUnknownParts takes parts of policies away: what is sure without them is not otherwise with them.
func TestPoliciesWithUnknownParts(t *testing.T) {
	var conditions []*expect.Condition
	for _, text := range []string{
		"openStatements('s3', resource.properties.P).size() == 0", "plainCalls('s3', resource.properties.P).size() == 0",
		"accountStatements(resource.properties.P, '111122223333').size() == 0",
	} {
		c, err := expect.Compile(expr.Place{File: "x", Line: 1, Col: 1}, text)
		if err != nil {
			t.Fatal(err)
		}
		conditions = append(conditions, c)
	}
	const limited = `{"Effect": "Allow", "Principal": {"AWS": ["*", "111122223333"]}, "Action": ["s3:GetObject"], "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-1"]}, "Bool": {"aws:SecureTransport": "true"}}}`
	const spared = `{"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}, "NotAction": ["s3:PutObject"], "Resource": "*"}`
	kinds := []string{everybody, ours, theirs, network, plain, limited, spared}
	reached := map[expr.Verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for i := range rapid.IntRange(1, 4).Draw(t, "statements") {
			if i > 0 {
				text += ","
			}
			text += rapid.SampledFrom(kinds).Draw(t, "statement")
		}
		var doc map[string]any
		if err := json.Unmarshal([]byte(`{"Version": "2012-10-17", "Statement": [`+text+`]}`), &doc); err != nil {
			t.Fatal(err)
		}
		whole, partial := box(map[string]any{"P": doc}), box(map[string]any{"P": doc})
		for range rapid.IntRange(1, 4).Draw(t, "unknowns") {
			path := rapid.SampledFrom(sorted(places(doc, "properties.P"))).Draw(t, "path")
			partial.Unknown = append(partial.Unknown, resource.Unknown{Path: path, Cause: "a parameter"})
		}
		for i, c := range conditions {
			before, _ := c.Holds(partial, expect.Facts{Now: noon})
			after, why := c.Holds(whole, expect.Facts{Now: noon})
			reached[before]++
			// A Deny that is not known at all may have taken back what shows: then a person is asked about it, but it never passes.
			if before == expr.True && after != expr.True || before == expr.False && after == expr.True {
				t.Fatalf("condition %d is %s without %v, but %s with it (%s): %s", i, before, partial.Unknown, after, why, text)
			}
		}
	})
	if len(reached) != 3 {
		t.Errorf("not every verdict was reached: %v", reached)
	}
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}
