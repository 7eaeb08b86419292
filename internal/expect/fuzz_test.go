package expect_test

import (
	"strings"
	"testing"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/resource"
)

// FuzzFunctions gives any text to the functions that read policies and look for secrets.
func FuzzFunctions(f *testing.F) {
	f.Add(`{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*", "Condition": {"StringLike": {"a:b": ["*"]}}}]}`)
	f.Add(`{"Statement": {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "*", "NotPrincipal": "*"}}`)
	f.Add("#!/bin/sh\nexport PASSWORD='hunter2'\n")
	var conditions []*expect.Condition
	for _, name := range []string{
		"adminStatements(%)", "wideStatements(%, ['iam:PassRole'])", "wholeServices(%)", "trustsEverybody(%)", "trustedAccounts(%)",
		"openFederation(%)", "namelessStatements(%, ['s3:GetObject'])", "secretsIn(%)", "secretVariables({'PASSWORD': %})",
	} {
		c, err := expect.Compile(expr.Place{File: "x", Line: 1, Col: 1}, strings.ReplaceAll(name, "%", "resource.properties.Text")+".size() == 0")
		if err != nil {
			f.Fatal(err)
		}
		conditions = append(conditions, c)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := resource.Resource{Ref: resource.Ref{Type: "AWS::IAM::Role", ID: "x"}, Properties: map[string]any{"Text": text}}
		for _, c := range conditions {
			if v, why := c.Holds(r, expect.Facts{Now: noon}); v == expr.Unknown && why == "" {
				t.Fatal("unknown without a word")
			}
		}
	})
}
