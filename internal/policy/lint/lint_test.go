package lint_test

import (
	"strings"
	"testing"

	"jobzero/internal/policy"
	"jobzero/internal/policy/lint"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct{ action, condition, want string }{
		{"s3:GetObjet", "", `s3 has no action "getobjet" as of the table of names: did you mean GetObject?`},
		{"ec3:RunInstances", "", `no service is called "ec3"`},
		{"s3:Fetch*", "", `no action of s3 is like "fetch*"`},
		{"s3:Get*", "", ""},
		{"*", `"StringEquals":{"aws:RequestRegion":"eu-west-1"}`, "did you mean aws:RequestedRegion?"},
		{"*", `"StringEquals":{"aws:PrincipalTag/team":"shop"}`, ""},
		{"*", `"StringEquals":{"aws:TagKeys":"shop"}`, "aws:TagKeys has many values"},
		{"*", `"ForAllValues:StringEquals":{"aws:PrincipalArn":"x"}`, "has one value"},
		{"*", `"Bool":{"aws:SourceIp":"true"}`, "which Bool does not compare"},
		{"*", `"StringEquals":{"region":"x"}`, "has no service before it"},
		{"kms:Decrypt", `"StringEquals":{"kms:EncryptionContext:team":"shop"}`, ""},
	} {
		text := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"` + c.action + `","Resource":"*","Condition":{` + c.condition + `}}]}`
		d, _, err := policy.Parse("p.json", policy.SCP, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, p := range lint.Check(d) {
			all = append(all, p.String())
		}
		got := strings.Join(all, "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s %s: %q, want %q", c.action, c.condition, got, c.want)
		}
	}
}
