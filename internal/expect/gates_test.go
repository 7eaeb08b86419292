package expect_test

import (
	"strings"
	"testing"

	"jobzero/internal/expect"
)

// TestAt: what a gate can never know is worked out of the expression and of the types.
func TestAt(t *testing.T) {
	for name, c := range map[string]struct {
		resource, expression string
		want                 [3]expect.Reach // design, provision, live
		why                  string
	}{
		"a property":         {"AWS::EC2::Volume", "resource.properties.?Encrypted.orValue(false)", [3]expect.Reach{"decides", "decides", "decides"}, ""},
		"an attribute":       {"AWS::IAM::AccessKey", "resource.properties.CreateDate > now", [3]expect.Reach{"cannot", "cannot", "decides"}, "CreateDate is known once it is made"},
		"and a property":     {"AWS::IAM::AccessKey", "resource.properties.CreateDate > now || resource.properties.Status == 'Inactive'", [3]expect.Reach{"partly", "partly", "decides"}, "CreateDate"},
		"never given back":   {"AWS::RDS::DBInstance", "resource.properties.?MasterUserPassword.orValue('') == ''", [3]expect.Reach{"decides", "decides", "cannot"}, "never gives MasterUserPassword back"},
		"told by another":    {"AWS::S3::Bucket", "resource.related.?policy == null", [3]expect.Reach{"decides", "cannot", "decides"}, "a call for one resource"},
		"told live":          {"AWS::IAM::AccessKey", "resource.related.last_used < now", [3]expect.Reach{"cannot", "cannot", "decides"}, "only the live account tells last_used"},
		"a type of ours":     {"jobzero::S3::AccountPublicAccessBlock", "resource.properties.?BlockPublicAcls.orValue(false)", [3]expect.Reach{"cannot", "cannot", "decides"}, "CloudFormation has no"},
		"of Terraform alone": {"jobzero::IAM::Account", "resource.properties.?PasswordPolicy.?RequireSymbols.orValue(false)", [3]expect.Reach{"decides", "cannot", "decides"}, "CloudFormation has no"},
		"not of a text":      {"jobzero::IAM::Account", "resource.properties.RootMFA", [3]expect.Reach{"cannot", "cannot", "decides"}, "only the live account tells RootMFA"},
		"an attachment":      {"[AWS::IAM::Role, jobzero::IAM::Attachment]", "resource.properties.?ManagedPolicyArns.orValue([]).size() == 0", [3]expect.Reach{"decides", "decides", "decides"}, ""},
		"that alone":         {"jobzero::IAM::Attachment", "resource.properties.?Users.orValue([]).size() == 0", [3]expect.Reach{"decides", "cannot", "cannot"}, "whoever has the policy"},
		"tags and identity":  {"AWS::S3::Bucket", "'owner' in resource.tags || resource.id == 'x'", [3]expect.Reach{"decides", "decides", "decides"}, ""},
		"extra by the way":   {"AWS::S3::Bucket", "resource.related.?account_public_access.?X.orValue(true)", [3]expect.Reach{"decides", "decides", "decides"}, ""},
		"two types, one dim": {"[AWS::EC2::Volume, AWS::RDS::DBInstance]", "resource.properties.?MasterUserPassword.orValue('') == '' && resource.properties.?Encrypted.orValue(true)", [3]expect.Reach{"decides", "decides", "partly"}, "MasterUserPassword"},
	} {
		t.Run(name, func(t *testing.T) {
			set, errs := load(t, map[string]string{"a.yaml": "id: a\ntitle: T\nwhy: W\nseverity: low\nresource: " + c.resource + "\nexpression: " + strings.ReplaceAll(`"`+c.expression+`"`, "\n", " ") + "\n"})
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			var all []string
			for i, g := range expect.Gates() {
				reach, why := set.All()[0].At(g)
				if reach != c.want[i] {
					t.Errorf("%s: %s, want %s (%v)", g, reach, c.want[i], why)
				}
				all = append(all, why...)
			}
			if !strings.Contains(strings.Join(all, "; "), c.why) {
				t.Errorf("why %v, want %q", all, c.why)
			}
		})
	}
}
