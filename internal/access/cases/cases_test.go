package cases_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/access/cases"
)

const allow = `{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}`

// one is a case with a context and policies.
func one(context, policies string) string {
	return `{"request":{"principal":{"type":"IAM","arn":"arn:aws:iam::111122223333:user/ana"},"action":"s3:GetObject",
"resource":{"arn":"arn:aws:s3:::shop/a","accountId":"111122223333"},"context":` + context + `},` + policies + `}`
}

func all(t *testing.T, text string, partial bool) (out []access.Outcome, errs []string) {
	t.Helper()
	r := cases.NewReader("c.json", strings.NewReader(text))
	r.Partial = partial
	for {
		c, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return out, errs
		case err != nil:
			errs = append(errs, err.Error())
			if c == nil {
				return out, errs
			}
		default:
			out = append(out, c.Policies.Decide(&c.Call).Outcome)
		}
	}
}

func TestForms(t *testing.T) {
	good := one(`{"aws:SecureTransport":true}`, `"identityPolicies":[{"name":"own","policy":`+allow+`}]`)
	bare := one(`{"aws:securetransport":["true"]}`, `"identityPolicies":[`+allow+`],"serviceControlPolicies":[[`+allow+`]],"sessionPolicy":null`)
	for name, text := range map[string]string{
		"one": good, "an array": "\n [" + good + ",\n" + bare + "]\n", "one after another": good + "\n" + bare, "none": "[]",
	} {
		got, errs := all(t, text, false)
		want := strings.Count(text, "request")
		if len(errs) > 0 || len(got) != want {
			t.Errorf("%s: %v %v, want %d", name, got, errs, want)
		}
		for _, o := range got {
			if o != access.Allowed {
				t.Errorf("%s: %s", name, o)
			}
		}
	}
}

// TestWhoseItIs: an account that a case does not name is that of the ARN, or else the caller's.
func TestWhoseItIs(t *testing.T) {
	const open = `"identityPolicies":[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}],
"resourceControlPolicies":[[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}]]`
	for arn, want := range map[string]access.Outcome{
		"arn:aws:s3:::shop/a":                     access.Allowed,
		"arn:aws:s3:eu-west-1:111122223333:a/b/c": access.Allowed,
		"arn:aws:s3:eu-west-1:444455556666:a/b/c": access.ImplicitlyDenied,
	} {
		text := strings.Replace(one(`{}`, open), `"arn:aws:s3:::shop/a","accountId":"111122223333"`, `"`+arn+`"`, 1)
		if got, errs := all(t, text, false); len(errs) > 0 || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v %v, want %s", arn, got, errs, want)
		}
	}
}

// TestWhatIsNotSaid: a key that is not named is not in the call, but of a part of one; null is not known.
func TestWhatIsNotSaid(t *testing.T) {
	policies := `"identityPolicies":[` + allow + `]`
	for context, want := range map[string][2]access.Outcome{
		`{}`:                             {access.ImplicitlyDenied, access.Unknown},
		`null`:                           {access.ImplicitlyDenied, access.Unknown},
		`{"aws:SecureTransport":null}`:   {access.Unknown, access.Unknown},
		`{"aws:SecureTransport":"true"}`: {access.Allowed, access.Allowed},
	} {
		for i, partial := range []bool{false, true} {
			got, errs := all(t, one(context, policies), partial)
			if len(errs) > 0 || len(got) != 1 || got[0] != want[i] {
				t.Errorf("%s, partial %t: %v %v, want %s", context, partial, got, errs, want[i])
			}
		}
	}
}

func TestBadCases(t *testing.T) {
	good := one(`{}`, `"identityPolicies":[]`)
	for text, want := range map[string]string{
		"":                    "c.json: it is empty",
		" \n":                 "c.json: it is empty",
		good + "\n{\"requ":    "c.json: it ends in the middle of case 2",
		"[" + good + ",":      "c.json: it ends in the middle of case 2",
		"[" + good + " x":     "c.json: read case 2",
		"[" + good + ",\n 7]": "c.json:3:2: want a case",
		"{}":                  "c.json:1:1: request is missing",
		`{"requests":{}}`:     `c.json:1:2: there is no "requests" here: did you mean request?`,
		one(`{}`, `"sessionPolicy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Boolean":{"a":"b"}}}]}`): "c.json:2:",
		one(`{}`, `"serviceControlPolicies":[{}]`):                   "want a list of policies",
		one(`{"aws:SourceIp":{}}`, `"identityPolicies":[]`):          "aws:SourceIp: want a text",
		strings.Replace(good, `"IAM"`, `"Robot"`, 1):                 `there is no type of principal "Robot"`,
		strings.Replace(good, `arn:aws:iam::111122223333:`, ``, 1):   "request.principal.arn: ARN",
		strings.Replace(good, `s3:GetObject`, `GetObject`, 1):        "request.action: want service:Name",
		strings.Replace(good, `"arn":"arn:aws:s3:::shop/a",`, ``, 1): "request.resource.arn is missing",
	} {
		_, errs := all(t, text, false)
		if len(errs) != 1 || !strings.Contains(errs[0], want) {
			t.Errorf("%.60s: %v, want %s", text, errs, want)
		}
	}
}

// TestTheOthersGoOn: a case that is wrong keeps none of the others from being read, and says where it stands in the file.
func TestTheOthersGoOn(t *testing.T) {
	good := one(`{}`, `"identityPolicies":[]`)
	got, errs := all(t, "[\n"+good+",\n  {\"request\": 7},\n"+good+"]", false)
	if len(got) != 2 || len(errs) != 1 || !strings.HasPrefix(errs[0], "c.json:4:15: ") {
		t.Errorf("%v %v", got, errs)
	}
}

func FuzzCases(f *testing.F) {
	f.Add(one(`{"aws:SecureTransport":true}`, `"identityPolicies":[`+allow+`],"resourcePolicy":`+strings.Replace(allow, `"Action"`, `"Principal":{"AWS":"*"},"Action"`, 1)))
	f.Add("[" + one(`{}`, `"serviceControlPolicies":[[`+allow+`]]`) + ", 7")
	f.Fuzz(func(_ *testing.T, text string) {
		r := cases.NewReader("c.json", strings.NewReader(text))
		for range 100 {
			c, err := r.Next()
			switch {
			case err == nil:
				c.Policies.Decide(&c.Call)
			case c == nil:
				return
			}
		}
	})
}
