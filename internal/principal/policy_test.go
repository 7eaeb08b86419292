package principal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/principal"
)

const three = "{\"Version\" : \"2012-10-17\",\n  \"Id\":\"web\",\n  \"Statement\": [\n" +
	"    {\"Sid\":\"Open\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"},\n" +
	"    {\"Sid\":\"Team\",  \"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"arn:aws:iam::111122223333:root\"]},\"Action\":[\"s3:*\"],\"Resource\":\"*\"} ,\n" +
	"\t{\"Sid\":\"Tls\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":false}}}\n" +
	"  ]\n}\n"

func TestParsePolicy(t *testing.T) {
	p, err := principal.ParsePolicy([]byte(three))
	if err != nil {
		t.Fatal(err)
	}
	if p.Version != "2012-10-17" || p.ID != "web" || len(p.Statements) != 3 {
		t.Fatalf("got %q %q and %d statements", p.Version, p.ID, len(p.Statements))
	}
	want := []principal.Grantee{{Kind: "AWS", Name: "arn:aws:iam::111122223333:root"}}
	if d := cmp.Diff(want, p.Statements[1].Principals); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]principal.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}}}, p.Statements[2].Conditions); d != "" {
		t.Error(d)
	}
}

func TestParsePolicyRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"empty":           ``,
		"not an object":   `[]`,
		"two documents":   `{"Statement":[]} {}`,
		"no statement":    `{"Version":"2012-10-17"}`,
		"null statement":  `{"Statement":null}`,
		"text statement":  `{"Statement":["x"]}`,
		"twice":           `{"Statement":[],"Statement":[]}`,
		"twice by case":   `{"Statement":[{"Effect":"Allow","effect":"Deny"}]}`,
		"no effect":       `{"Statement":{"Action":"*"}}`,
		"wrong effect":    `{"Statement":{"Effect":"allow"}}`,
		"null principal":  `{"Statement":{"Effect":"Allow","Principal":null}}`,
		"nested action":   `{"Statement":{"Effect":"Allow","Action":[["x"]]}}`,
		"list condition":  `{"Statement":{"Effect":"Allow","Condition":[]}}`,
		"escaped repeats": `{"Statement":{"Effect":"Allow","\u0045ffect":"Deny"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := principal.ParsePolicy([]byte(text)); !fault.Is(err, fault.Invalid) {
				t.Errorf("got %v, want an invalid fault", err)
			}
		})
	}
}

func TestWithout(t *testing.T) {
	head, tail := three[:bytes.IndexByte([]byte(three), '[')+6], "\n  ]\n}\n"
	p, err := principal.ParsePolicy([]byte(three))
	if err != nil {
		t.Fatal(err)
	}
	raw := func(i int) string { return string(p.Statements[i].Raw) }
	for name, c := range map[string]struct {
		cut  []int
		want string
	}{
		"none":   {nil, three},
		"first":  {[]int{0}, head + raw(1) + " ,\n\t" + raw(2) + tail},
		"middle": {[]int{1}, head + raw(0) + " ,\n\t" + raw(2) + tail},
		"last":   {[]int{2}, head + raw(0) + ",\n    " + raw(1) + tail},
		"two":    {[]int{0, 2, 0}, head + raw(1) + tail},
		"all":    {[]int{2, 1, 0}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := p.Without(c.cut...)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, string(got)); d != "" {
				t.Error(d)
			}
		})
	}
	if _, err := p.Without(3); !fault.Is(err, fault.Invalid) {
		t.Errorf("index 3: got %v", err)
	}
}

func TestARN(t *testing.T) {
	for in, want := range map[string]principal.ARN{
		"arn:aws:iam::111122223333:user/team/anna": {Partition: "aws", Service: "iam", Account: "111122223333", Resource: "user/team/anna"},
		"arn:aws-cn:s3:::logs/a:b":                 {Partition: "aws-cn", Service: "s3", Resource: "logs/a:b"},
	} {
		got, err := principal.ParseARN(in)
		if err != nil || got != want || got.String() != in {
			t.Errorf("%s: got %+v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "arn:aws", "arn:aws:s3:::", "urn:aws:s3:::b", "arn::s3:::b"} {
		if got, err := principal.ParseARN(in); err == nil {
			t.Errorf("%q was read as %+v", in, got)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	for _, s := range []string{
		three, `{"Statement":{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":"*","Resource":"*"}}`,
		`{"Statement":[{"Effect":"Allow","NotPrincipal":{"AWS":"x"},"Condition":{"IpAddress":{"aws:SourceIp":["0.0.0.0/0",1]}}}]}`, `{"Statement":[]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		p, err := principal.ParsePolicy(in)
		if err != nil {
			return
		}
		for _, f := range p.Public(principal.Scope{Service: "s3"}) {
			if f.Why == "" || p.Statements[f.Index].Effect != "Allow" {
				t.Fatalf("odd verdict %+v", f)
			}
		}
		d := json.NewDecoder(bytes.NewReader(in))
		d.UseNumber()
		var document any
		if err := d.Decode(&document); err != nil {
			t.Fatalf("%q is a policy and no JSON: %v", in, err)
		}
		same, err := principal.PolicyOf(document)
		if err != nil {
			t.Fatalf("%q is a policy as a text and none as a value: %v", in, err)
		}
		verdicts := func(all []principal.Public) (out []string) {
			for _, f := range all {
				out = append(out, fmt.Sprint(f.Index, f.Sid, f.Verdict))
			}
			return out
		}
		if d := cmp.Diff(verdicts(p.Public(principal.Scope{Service: "s3"})), verdicts(same.Public(principal.Scope{Service: "s3"}))); d != "" {
			t.Fatalf("%q as a text, and as a value: %s", in, d)
		}
		for i := range p.Statements {
			cut, err := p.Without(i)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Statements) == 1 {
				if cut != nil {
					t.Fatalf("something is left: %s", cut)
				}
				continue
			}
			q, err := principal.ParsePolicy(cut)
			if err != nil {
				t.Fatalf("cut %d of %q gave %q: %v", i, in, cut, err)
			}
			var want, got [][]byte
			for j, s := range p.Statements {
				if j != i {
					want = append(want, s.Raw)
				}
			}
			for _, s := range q.Statements {
				got = append(got, s.Raw)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Fatal(d)
			}
		}
	})
}

func FuzzParseARN(f *testing.F) {
	f.Add("arn:aws:s3:::b/*")
	f.Add("arn:aws:iam::111122223333:role/a")
	f.Fuzz(func(t *testing.T, in string) {
		if a, err := principal.ParseARN(in); err == nil && a.String() != in {
			t.Fatalf("%q became %q", in, a)
		}
	})
}
