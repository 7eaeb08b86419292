package policy_test

import (
	"testing"

	"jobzero/internal/policy"
)

// TestNever: only a condition that surely does not hold says that a statement never counts.
func TestNever(t *testing.T) {
	known := policy.Keys{"aws:securetransport": policy.Is("true"), "aws:calledvia": policy.Not()}
	for condition, want := range map[string]bool{
		`{"Bool":{"aws:SecureTransport":"false"}}`:                                          true,
		`{"Bool":{"aws:SecureTransport":"true"}}`:                                           false,
		`{"Bool":{"aws:SecureTransport":"false"},"StringEquals":{"aws:SourceVpc":"vpc-1"}}`: true,
		`{"StringEquals":{"aws:SourceVpc":"vpc-1"}}`:                                        false, // nobody knows
		`{"ForAnyValue:StringEquals":{"aws:CalledVia":"athena.amazonaws.com"}}`:             true,
		`{}`: false,
	} {
		d, _, err := policy.Parse("x", policy.Resource, []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":`+condition+`}]}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Statements[0].Never(known); got != want {
			t.Errorf("%s: %v, want %v", condition, got, want)
		}
	}
}
