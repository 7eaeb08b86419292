package principal_test

import (
	"fmt"
	"testing"

	"jobzero/internal/principal"
)

func verdict(t *testing.T, statement string) principal.Verdict {
	t.Helper()
	p, err := principal.ParsePolicy([]byte(`{"Statement":[` + statement + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	got := p.Public(principal.Scope{Service: "s3"})
	if len(got) == 0 {
		return "no"
	}
	return got[0].Verdict
}

func TestPublicPrincipals(t *testing.T) {
	for who, want := range map[string]principal.Verdict{
		`"Principal":"*"`:         "yes",
		`"Principal":["*"]`:       "yes",
		`"Principal":{"AWS":"*"}`: "yes",
		`"Principal":{"AWS":["arn:aws:iam::111122223333:root","*"]}`:          "yes",
		`"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"}`:             "yes",
		`"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`:                "no",
		`"Principal":{"Service":"cloudtrail.amazonaws.com"}`:                  "no",
		`"Principal":{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6"}`: "no",
		`"Principal":{"AWS":"arn:aws:iam::*:root"}`:                           "yes",
		`"Principal":{"AWS":"arn:aws:iam::*"}`:                                "yes",
		`"Principal":{"AWS":"arn:aws:iam::111122223333:role/*"}`:              "yes",
		`"Principal":"arn:aws:iam::1111????3333:root"`:                        "yes",
		`"Principal":{"AWS":"arn:aws:iam::${Account}:role/*"}`:                "maybe",
		`"Principal":{"AWS":"1111*"}`:                                         "maybe",
		`"Principal":{"Service":"arn:aws:iam::*"}`:                            "maybe",
		`"Principal":{"Federated":"*"}`:                                       "maybe",
		`"Action":"s3:*"`:                                                     "maybe",
		`"Principal":"*","Surprise":1`:                                        "maybe",
	} {
		if got := verdict(t, `{"Effect":"Allow",`+who+`}`); got != want {
			t.Errorf("%s: got %s, want %s", who, got, want)
		}
	}
	if got := verdict(t, `{"Effect":"Deny","Principal":"*"}`); got != "no" {
		t.Errorf("a Deny: got %s", got)
	}
}

func TestPublicConditions(t *testing.T) {
	for condition, want := range map[string]principal.Verdict{
		// fixed values
		`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`:                                                "no",
		`"IpAddress":{"aws:SourceIp":["198.51.100.7","2001:db8::/32"]}`:                                "no",
		`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`:                                                    "no",
		`"StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}`:                                            "no",
		`"stringequals":{"AWS:sourcevpc":["vpc-91237329"]}`:                                            "no",
		`"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`:                                         "no",
		`"StringEquals":{"aws:PrincipalAccount":"111122223333"}`:                                       "no",
		`"ArnLike":{"aws:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}`:               "no",
		`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"}`:  "no",
		`"StringLike":{"aws:userid":"AROAEXAMPLEROLEID1234:*"}`:                                        "no",
		`"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-east-1:111122223333:accesspoint/*"}`:     "no",
		`"StringEquals":{"aws:SourceAccount":"111122223333"},"Bool":{"aws:SecureTransport":"true"}`:    "no",
		`"StringEquals":{"aws:SourceAccount":"111122223333"},"StringEquals2":{"acme:mood":"sunny"}`:    "no",
		`"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:x:1:key/abcd"}`: "no",
		// wide, optional or negative
		`"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}`:                              "yes",
		`"IpAddress":{"aws:SourceIp":["203.0.113.0/24","0.0.0.0/1"]}`:           "yes",
		`"IpAddress":{"aws:SourceIp":"64.0.0.0/7"}`:                             "yes",
		`"IpAddress":{"aws:SourceIp":"2001::/31"}`:                              "yes",
		`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`:                      "yes",
		`"IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}`:                 "yes",
		`"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1a2b3c4d"}`:             "yes",
		`"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`:               "yes",
		`"StringLike":{"aws:SourceVpc":"vpc-*"}`:                                "yes",
		`"StringLike":{"aws:userid":"*:anna"}`:                                  "yes",
		`"StringEquals":{"aws:SourceAccount":"${aws:PrincipalAccount}"}`:        "yes",
		`"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`:     "yes",
		`"Null":{"aws:PrincipalOrgID":"false"}`:                                 "yes",
		`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-*/r-ab12/*"}`:     "yes",
		`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deploy"}`:           "yes",
		`"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:*:*:accesspoint/x"}`: "yes",
		`"StringLike":{"aws:Referer":"https://www.example.com/*"}`:              "yes",
		`"StringEquals":{"aws:PrincipalTag/team":"web"}`:                        "yes",
		`"Bool":{"aws:SecureTransport":"true"}`:                                 "yes",
		// not understood
		`"StringEquals":{"acme:mood":"sunny"}`:                                          "maybe",
		`"StringMatches":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`:                         "maybe",
		`"ForSome:StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`:                  "maybe",
		`"StringEquals":{"aws:PrincipalOrgID":[]}`:                                      "maybe",
		`"IpAddress":{"aws:SourceIp":"203.0.113.0/33"}`:                                 "maybe",
		`"StringEquals":{"aws:SourceIp":"203.0.113.0/24"}`:                              "maybe",
		`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}`:             "maybe",
		`"Bool":{"aws:PrincipalIsAWSService":"true"}`:                                   "maybe",
		`"StringEquals":{"kms:CallerAccount":"111122223333"}`:                           "maybe",
		`"Bool":{"aws:SecureTransport":"true"},"NumericEquals":{"aws:SourceAccount":1}`: "maybe",
	} {
		t.Run(condition, func(t *testing.T) {
			got := verdict(t, fmt.Sprintf(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{%s}}`, condition))
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestPublicReportsDespiteDeny(t *testing.T) {
	p, err := principal.ParsePolicy([]byte(three))
	if err != nil {
		t.Fatal(err)
	}
	got := p.Public(principal.Scope{})
	if len(got) != 1 || got[0].Index != 0 || got[0].Sid != "Open" || got[0].Verdict != principal.Yes {
		t.Errorf("got %+v", got)
	}
}
