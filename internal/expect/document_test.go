package expect_test

import (
	"encoding/json"
	"strings"
	"testing"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/resource"
)

const (
	everybody = `{"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}`
	ours      = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "s3:GetObject", "Resource": "*"}`
	theirs    = `{"Effect": "Allow", "Principal": {"AWS": ["444455556666"]}, "Action": "s3:GetObject", "Resource": "*"}`
	network   = `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`
	plain     = `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`
)

// TestPolicyFunctions asks policies of which parts are not known: what shows is said, and what may be is unknown.
func TestPolicyFunctions(t *testing.T) {
	const open, accounts, tls = "openStatements('s3', resource.properties.P).size() == 0",
		"accountStatements(resource.properties.P, '111122223333').size() == 0", "plainCalls('s3', resource.properties.P).size() == 0"
	for _, c := range []struct {
		name, condition, policy string
		want                    expr.Verdict
		unknown                 []string
	}{
		{"public", open, everybody, expr.False, nil},
		{"private", open, ours, expr.True, nil},
		{"one statement unknown beside a public one", open, ours + "," + everybody, expr.False, []string{"Statement[0]"}},
		{"one statement unknown beside private ones", open, ours + "," + ours, expr.Unknown, []string{"Statement[1]"}},
		{"all unknown", open, everybody, expr.Unknown, []string{"Statement"}},
		{"effect unknown", open, everybody, expr.Unknown, []string{"Statement[0].Effect"}},
		{"effect unknown of a private one", open, ours, expr.True, []string{"Statement[0].Effect"}},
		{"principal unknown", open, ours, expr.Unknown, []string{"Statement[0].Principal"}},
		{"one of the principals unknown", open, theirs, expr.Unknown, []string{"Statement[0].Principal.AWS[0]"}},
		{"condition unknown", open, everybody, expr.Unknown, []string{"Statement[0].Condition"}},
		{"condition of a private one unknown", open, ours, expr.True, []string{"Statement[0].Condition"}},
		{"action and resource unknown", open, everybody, expr.False, []string{"Statement[0].Action", "Statement[0].Resource"}},
		{"perhaps all but one principal", open, `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`, expr.Unknown, []string{"Statement[0].NotPrincipal"}},
		{"taken back", open, everybody + "," + network, expr.Unknown, nil},
		{"perhaps taken back", open, everybody + "," + network, expr.Unknown, []string{"Statement[1].Condition.StringNotEquals.aws:SourceVpce"}},
		{"perhaps taken back there", open, everybody + "," + network, expr.Unknown, []string{"Statement[1].Resource"}},
		{"not taken back", open, everybody + "," + plain, expr.False, []string{"Statement[1].Resource"}},
		{"account", accounts, theirs, expr.False, nil},
		{"own account", accounts, ours, expr.True, nil},
		{"account beside an unknown statement", accounts, theirs + "," + ours, expr.False, []string{"Statement[1]"}},
		{"some account", accounts, ours, expr.Unknown, []string{"Statement[0].Principal.AWS"}},
		{"account under some condition", accounts, theirs, expr.Unknown, []string{"Statement[0].Condition"}},
		{"account that is perhaps denied", accounts, theirs, expr.Unknown, []string{"Statement[0].Effect"}},
		{"encrypted", tls, plain, expr.True, nil},
		{"encrypted whatever else", tls, plain + "," + ours, expr.True, []string{"Statement[1]"}},
		{"not encrypted", tls, ours, expr.False, nil},
		{"not encrypted whatever the action", tls, ours, expr.False, []string{"Statement[0].Action"}},
		{"perhaps encrypted", tls, ours + "," + plain, expr.Unknown, []string{"Statement[1]"}},
		{"perhaps denied", tls, plain, expr.Unknown, []string{"Statement[0].Effect"}},
		{"perhaps of all objects", tls, plain, expr.Unknown, []string{"Statement[0].Resource[1]"}},
		{"perhaps under a condition", tls, plain, expr.Unknown, []string{"Statement[0].Condition"}},
		{"perhaps all calls", tls, plain, expr.Unknown, []string{"Statement[0].Action"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cond, err := expect.Compile(expr.Place{File: "x", Line: 1, Col: 1}, c.condition)
			if err != nil {
				t.Fatal(err)
			}
			r := box(map[string]any{"P": object(t, `{"Version": "2012-10-17", "Statement": [`+c.policy+`]}`)})
			for _, u := range c.unknown {
				r.Unknown = append(r.Unknown, resource.Unknown{Path: "properties.P." + u, Cause: "a parameter"})
			}
			got, why := cond.Holds(r, expect.Facts{Now: noon})
			if got != c.want {
				t.Errorf("got %s (%s), want %s", got, why, c.want)
			}
			if got == expr.Unknown && c.unknown != nil && !strings.Contains(why, "a parameter") {
				t.Errorf("the words do not blame what is not known: %s", why)
			}
		})
	}
}

// TestPolicyForms: documents come as values, as texts and not at all; what is no policy is unknown.
func TestPolicyForms(t *testing.T) {
	for form, want := range map[string]expr.Verdict{
		`{"P": {"Statement": ` + everybody + `}}`:          expr.False,
		`{"P": "{\"Statement\": {\"Effect\": \"Deny\"}}"}`: expr.True,
		`{"P": {"statement": [` + everybody + `]}}`:        expr.False,
		`{"P": {"Statement": []}}`:                         expr.True,
		`{"P": null}`:                                      expr.True,
		`{}`:                                               expr.True,
		`{"P": ""}`:                                        expr.Unknown,
		`{"P": 1}`:                                         expr.Unknown,
		`{"P": []}`:                                        expr.Unknown,
		`{"P": {}}`:                                        expr.Unknown,
		`{"P": {"Statement": "x"}}`:                        expr.Unknown,
		`{"P": {"Statement": [1]}}`:                        expr.Unknown,
		`{"P": {"Statement": [{"Effect": "Perhaps"}]}}`:                          expr.Unknown,
		`{"P": {"Statement": [` + everybody + `], "statement": [` + ours + `]}}`: expr.Unknown,
	} {
		cond, err := expect.Compile(expr.Place{File: "x", Line: 1, Col: 1}, "openStatements('s3', resource.properties.?P).size() == 0")
		if err != nil {
			t.Fatal(err)
		}
		if got, why := cond.Holds(box(object(t, form)), expect.Facts{Now: noon}); got != want {
			t.Errorf("%s: got %s (%s), want %s", form, got, why, want)
		}
	}
	cond, err := expect.Compile(expr.Place{File: "x", Line: 1, Col: 1}, "plainCalls('smtp', resource.properties.?P).size() == 0")
	if err != nil {
		t.Fatal(err)
	}
	if got, why := cond.Holds(box(nil), expect.Facts{Now: noon}); got != expr.Unknown || !strings.Contains(why, "smtp") {
		t.Errorf("a service that is not known gives %s (%s)", got, why)
	}
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(text, err)
	}
	return out
}
