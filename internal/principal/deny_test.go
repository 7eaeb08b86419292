package principal_test

import (
	"fmt"
	"strings"
	"testing"

	"jobzero/internal/principal"
)

// TestDenyTakesBack: an Allow to everybody beside a Deny to all but fixed callers is a person's question, never a sure cut;
// a Deny that leaves strangers in changes nothing.
func TestDenyTakesBack(t *testing.T) {
	const resources = `"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]`
	every := `"Principal":"*","Action":"s3:*",` + resources
	unless := func(condition string) string { return every + `,"Condition":{` + condition + `}` }
	for deny, want := range map[string]principal.Verdict{
		// nobody but fixed callers is left
		every: "maybe",
		unless(`"StringNotEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}`):                                                "maybe",
		unless(`"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`):                                     "maybe",
		unless(`"NotIpAddress":{"aws:SourceIp":["203.0.113.0/24","198.51.100.7"]}`):                                   "maybe",
		unless(`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/deploy"}`):                           "maybe",
		unless(`"StringNotEquals":{"aws:SourceVpce":"vpce-1"},"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`):      "maybe",
		unless(`"StringNotEquals":{"aws:PrincipalOrgID":"o-1"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}`): "maybe",
		`"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"*","Resource":"*"`:                         "maybe",
		`"Principal":{"AWS":"*"},"Action":"S3:GET*","Resource":"*"`:                                                   "maybe",
		// strangers are left
		unless(`"Bool":{"aws:SecureTransport":"false"}`):                                                        "yes",
		unless(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`):                                                 "yes",
		unless(`"NotIpAddress":{"aws:SourceIp":"0.0.0.0/1"}`):                                                   "yes",
		unless(`"StringNotLike":{"aws:SourceVpce":"vpce-*"}`):                                                   "yes",
		unless(`"StringNotEquals":{"aws:Referer":"https://www.example.com"}`):                                   "yes",
		unless(`"StringNotEquals":{"acme:mood":"sunny"}`):                                                       "yes",
		unless(`"StringNotEquals":{"aws:SourceVpce":"vpce-1"},"Bool":{"aws:SecureTransport":"false"}`):          "yes",
		unless(`"StringNotEquals":{"aws:SourceVpce":"vpce-1"},"Bool":{"aws:PrincipalIsAWSService":"true"}`):     "yes",
		unless(`"ForAllValues:StringNotEquals":{"aws:PrincipalOrgID":"o-1"}`):                                   "yes",
		`"Principal":"*","Action":"s3:PutObject","Resource":"*"`:                                                "yes",
		`"Principal":"*","Action":"s3:Get*Acl","Resource":"*"`:                                                  "yes",
		`"Principal":"*","Action":"s3:GetObjec?","Resource":"*"`:                                                "yes",
		`"Principal":"*","NotAction":"s3:PutObject","Resource":"*"`:                                             "yes",
		`"Principal":"*","Action":"*","Resource":"arn:aws:s3:::b/private/*"`:                                    "yes",
		`"Principal":"*","Action":"*","Resource":"arn:aws:s3:::b"`:                                              "yes",
		`"Principal":"*","Action":"*","NotResource":"arn:aws:s3:::b/public/*"`:                                  "yes",
		`"Principal":"*","Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalAccount}*"`:                       "yes",
		`"Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"*","Resource":"*"`:                      "yes",
		`"NotPrincipal":{"AWS":"*"},"Action":"*","Resource":"*"`:                                                "yes",
		`"NotPrincipal":{"AWS":"arn:aws:iam::1:root"},"Action":"*","Resource":"*","Condition":{"Bool":{"a":1}}`: "yes",
		every + `,"Surprise":1`: "yes",
	} {
		t.Run(deny, func(t *testing.T) {
			text := `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},{"Effect":"Deny",` + deny + `}`
			if got := verdict(t, text); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestDenyCoversAll: a Deny has to speak of all that the Allow grants.
func TestDenyCoversAll(t *testing.T) {
	for grant, want := range map[string]principal.Verdict{
		`"Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"`:                         "maybe",
		`"Action":["s3:GetObject","s3:ListBucket"],"Resource":"arn:aws:s3:::b/*"`:  "yes",
		`"Action":"s3:*","Resource":"arn:aws:s3:::b/*"`:                            "yes",
		`"NotAction":"s3:PutObject","Resource":"arn:aws:s3:::b/*"`:                 "yes",
		`"Action":"s3:GetObject","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]`: "yes",
		`"Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/x"`:                 "yes",
	} {
		text := fmt.Sprintf(`{"Effect":"Allow","Principal":"*",%s},{"Effect":"Deny","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}`, grant)
		if got := verdict(t, text); got != want {
			t.Errorf("%s: got %s, want %s", grant, got, want)
		}
	}
	p, err := principal.ParsePolicy([]byte(`{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Public(principal.Scope{}); len(got) != 1 || !strings.Contains(got[0].Why, "statement 1 denies it") {
		t.Errorf("got %+v", got)
	}
}
