package reach_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"jobzero/internal/testcorpus"
)

// sameAs are the findings of the corpus, by the method that is the same.
func sameAs() map[string]string {
	return map[string]string{
		"PassExistingRoleToNewLambdaThenInvoke": "function-invoke", "PassExistingRoleToNewLambdaThenTriggerWithNewDynamo": "function-source",
		"PassExistingRoleToNewLambdaThenTriggerWithExistingDynamo": "function-source", "EditExistingLambdaFunctionWithRole": "function-code",
		"CreateAccessKey": "access-key", "CreateLoginProfile": "login-profile", "UpdateLoginProfile": "change-password", "CreateNewPolicyVersion": "policy-version",
		"SetExistingDefaultPolicyVersion": "policy-default", "AttachUserPolicy": "attach-user-policy", "AttachGroupPolicy": "attach-group-policy",
		"PutUserPolicy": "put-user-policy", "PutGroupPolicy": "put-group-policy", "AddUserToGroup": "join-group", "UpdateExistingGlueDevEndpoint": "dev-endpoint-key",
	}
}

// judged is a policy of the corpus and what was found in it.
type judged struct {
	PolicyName        string
	PolicyDocument    json.RawMessage // of one that is written into its holder
	PolicyVersionList []struct {
		Document         json.RawMessage
		IsDefaultVersion bool
	}
	PrivilegeEscalation []struct{ Type string }
}

// TestFindings: each escalation that the corpus expects of a policy is found for somebody who has it, in an account with a user, groups and roles to try it on.
func TestFindings(t *testing.T) {
	text, err := os.ReadFile(testcorpus.Path(t, "cloudsplaining-authz", "examples", "files", "iam-results-example.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, kind := range []string{"aws_managed_policies", "customer_managed_policies", "inline_policies"} {
		var list map[string]judged
		if err := json.Unmarshal(all[kind], &list); err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			found := foundIn(t, p)
			for _, want := range p.PrivilegeEscalation {
				seen++
				if method := sameAs()[want.Type]; !slices.Contains(found, method) {
					t.Errorf("%s: %s (%s) is not found: %v", p.PolicyName, want.Type, method, found)
				}
			}
			if len(p.PrivilegeEscalation) == 0 {
				t.Log(p.PolicyName, found)
			}
		}
	}
	if seen < 15 {
		t.Errorf("the corpus has %d findings", seen)
	}
}

// foundIn are the methods of somebody who has a policy, for certain or perhaps.
func foundIn(t *testing.T, p judged) []string {
	t.Helper()
	const id = "012345678901" // as in the corpus: one of its policies names a user
	for _, v := range p.PolicyVersionList {
		if v.IsDefaultVersion {
			p.PolicyDocument = v.Document
		}
	}
	a := &account{id: id}
	a.policies = append(a.policies, m{
		"Arn": arn(id, "policy/it"), "PolicyName": "it", "DefaultVersionId": "v1",
		"PolicyVersionList": []m{{"VersionId": "v1", "IsDefaultVersion": true, "Document": p.PolicyDocument}},
	})
	more := attached(arn(id, "policy/it"))
	more["GroupList"] = []string{"mine"}
	a.user("me", more)
	a.user("obama", nil, allow("*", "*"))
	a.group("mine")
	a.group("admins", allow("*", "*"))
	a.role("target", []m{trust("Service", services()...)}, nil, allow("*", "*"))
	g := graphOf(t, []*account{a}, nil)
	sure, maybe := ways(t, g, arn(id, "user/me"))
	return append(keysOf(sure), keysOf(maybe)...)
}
