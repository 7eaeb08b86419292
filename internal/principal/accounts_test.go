package principal_test

import (
	"testing"

	"jobzero/internal/principal"
)

func parsed(t *testing.T, statements string) principal.Policy {
	t.Helper()
	p, err := principal.ParsePolicy([]byte(`{"Statement":[` + statements + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWholeAccounts(t *testing.T) {
	for who, want := range map[string]principal.Verdict{
		`"Principal":{"AWS":"444455556666"}`:                                                                                "yes",
		`"Principal":{"AWS":"arn:aws:iam::444455556666:root"}`:                                                              "yes",
		`"Principal":{"AWS":"arn:aws-cn:iam::444455556666:root"}`:                                                           "yes",
		`"Principal":{"aws":["111122223333","444455556666"]}`:                                                               "yes",
		`"Principal":{"AWS":"444455556666"},"Condition":{"Bool":{"aws:securetransport":"true"}}`:                            "yes",
		`"Principal":{"AWS":"444455556666"},"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`:                      "no",
		`"Principal":{"AWS":"444455556666"},"Condition":{"Bool":{"aws:SecureTransport":"true","aws:ViaAWSService":"true"}}`: "no",
		`"Principal":{"AWS":"111122223333"}`:                                                                                "no",
		`"Principal":{"AWS":"arn:aws:iam::444455556666:role/app"}`:                                                          "no",
		`"Principal":{"AWS":"arn:aws:sts::444455556666:root"}`:                                                              "no",
		`"Principal":{"Service":"444455556666"}`:                                                                            "no",
		`"Principal":"*"`:                                                                                                   "no",
		`"Principal":{"AWS":"` + principal.Gap + `"}`:                                                                       "maybe",
		`"Principal":"` + principal.Gap + `"`:                                                                               "maybe",
		`"Principal":{"Service":"` + principal.Gap + `"}`:                                                                   "no",
		`"Principal":{"AWS":"444455556666"},"Surprise":1`:                                                                   "maybe",
	} {
		got := principal.Verdict("no")
		if found := parsed(t, `{"Effect":"Allow",`+who+`}`).WholeAccounts("111122223333"); len(found) > 0 {
			got = found[0].Verdict
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", who, got, want)
		}
	}
	if got := parsed(t, `{"Effect":"Deny","Principal":{"AWS":"444455556666"}}`).WholeAccounts("111122223333"); got != nil {
		t.Errorf("a Deny: got %v", got)
	}
	if got := parsed(t, `{"Effect":"Allow","Principal":{"AWS":"444455556666"}}`).WholeAccounts(""); len(got) != 1 || got[0].Verdict != principal.Maybe {
		t.Errorf("without an account of one's own: got %v", got)
	}
}

func TestPlain(t *testing.T) {
	const deny, cond = `{"Effect":"Deny","Principal":"*",`, `"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	for statement, want := range map[string][2]int{ // how many are open, how many doubtful
		deny + `"Action":"s3:*","Resource":"*",` + cond:                                                               {0, 0},
		deny + `"Action":"*","Resource":"arn:aws:s3:::b*",` + cond:                                                    {0, 0},
		deny + `"Action":"s3:*","Resource":"*"}`:                                                                      {0, 0},
		deny + `"Action":"S3:Get*","Resource":"*",` + cond:                                                            {2, 0},
		deny + `"Action":"s3:*","Resource":"arn:aws:s3:::b/*",` + cond:                                                {1, 0},
		deny + `"Action":"s3:*","Resource":"arn:aws:s3:::b/private/*",` + cond:                                        {3, 0},
		deny + `"NotAction":"s3:PutObject","Resource":"*",` + cond:                                                    {3, 0},
		deny + `"Action":"s3:*","Resource":["arn:aws:s3:::b","` + principal.Gap + `"],` + cond:                        {0, 2},
		deny + `"Action":"` + principal.Gap + `","Resource":"*",` + cond:                                              {0, 3},
		deny + `"Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"` + principal.Gap + `"}}}`: {0, 3},
		deny + `"Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SecureTransport":"false"}}}`:         {3, 0},
		deny + `"Action":"s3:*","Resource":"*","Condition":{"Null":{"aws:SecureTransport":"true"}}}`:                  {3, 0},
		deny + `"Action":"s3:*","Resource":"*","Surprise":1,` + cond:                                                  {0, 3},
		`{"Effect":"Deny","Principal":{"AWS":"` + principal.Gap + `"},"Action":"*","Resource":"*",` + cond:            {0, 3},
		`{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"*","Resource":"*",` + cond:                  {3, 0},
		`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*",` + cond:                                       {3, 0},
	} {
		open, doubtful := parsed(t, statement).Plain(principal.Probes("s3"))
		if got := [2]int{len(open), len(doubtful)}; got != want {
			t.Errorf("%s: got %v, want %v", statement, got, want)
		}
	}
	if got := principal.Probes("smtp"); got != nil {
		t.Errorf("got %v", got)
	}
}
