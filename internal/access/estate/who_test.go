package estate_test

import (
	"slices"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/test/genestate"
)

// TestWhoIsEverybodyWhoCan: whoever is left out by a short cut could not have done it.
func TestWhoIsEverybodyWhoCan(t *testing.T) {
	s := genestate.Size{Accounts: 6, Principals: 30, Resources: 60}
	e, err := genestate.Estate(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	other := "arn:aws:iam::" + genestate.Account(2) + ":role/next"
	seen := map[access.Outcome]int{}
	asked := map[string][]string{
		"sts:AssumeRole": {other}, "dynamodb:GetItem": {"*"}, "cloudtrail:StopLogging": {"*"}, "s3:GetObject": {"arn:aws:s3:::elsewhere/a"},
	}
	for n := range s.Accounts {
		me := genestate.Account(n)
		asked["s3:GetObject"] = append(asked["s3:GetObject"], "arn:aws:s3:::bucket-"+me+"-5/a")
		asked["kms:Decrypt"] = append(asked["kms:Decrypt"], "arn:aws:kms:eu-west-1:"+me+":key/key-4")
		asked["kms:Encrypt"] = append(asked["kms:Encrypt"], "arn:aws:kms:eu-west-1:"+me+":key/key-not-read")
		asked["sqs:SendMessage"] = append(asked["sqs:SendMessage"], "arn:aws:sqs:eu-west-1:"+me+":queue-1")
	}
	for action, resources := range asked {
		for _, resource := range resources {
			q := estate.Question{Action: action, Resource: resource, Context: policy.Keys{}}
			can, perhaps := e.Who(q)
			for _, who := range e.Holders() {
				d, err := e.Can(who, q)
				if err != nil {
					t.Fatal(err)
				}
				seen[d.Outcome]++
				if slices.Contains(can, who) != (d.Outcome == access.Allowed) || slices.Contains(perhaps, who) != (d.Outcome == access.Unknown) {
					t.Errorf("%s %s by %s: %s", action, resource, who, d.Outcome)
				}
			}
		}
	}
	if seen[access.Allowed] == 0 || seen[access.Unknown] == 0 || seen[access.ImplicitlyDenied] == 0 || seen[access.ExplicitlyDenied] == 0 {
		t.Errorf("not all outcomes were met: %v", seen)
	}
}
