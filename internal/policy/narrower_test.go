package policy_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"jobzero/internal/policy"
)

func identity(t *testing.T, statements string) *policy.Document {
	t.Helper()
	d, _, err := policy.Parse("p.json", policy.Identity, []byte(`{"Version":"2012-10-17","Statement":[`+statements+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestNarrower(t *testing.T) {
	const (
		all   = `{"Effect":"Allow","Action":"*","Resource":"*"}`
		s3    = `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::shop/*"}`
		read  = `{"Effect":"Allow","Action":["s3:GetObject","s3:List*"],"Resource":"arn:aws:s3:::shop/in/*"}`
		split = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Allow","Action":"s3:List*","Resource":"*"}`
		vpc   = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop/in/*","Condition":{"StringEquals":{"aws:SourceVpc":["vpc-1","vpc-2"]}}}`
		deny  = `{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"}`
		denys = `{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}`
		but   = `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`
		buts  = `{"Effect":"Allow","NotAction":["iam:*","sts:*"],"Resource":"*"}`
	)
	for _, c := range []struct {
		name, new, old string
		want           bool
	}{
		{"itself", s3, s3, true},
		{"part of everything", s3, all, true},
		{"part of a service", read, s3, true},
		{"more", s3, read, false},
		{"two statements of the old for one of the new", read, split, true},
		{"with a condition more", vpc, s3, true},
		{"with a condition less", read, vpc, false},
		{"the order of values does not matter", `{"Effect":"Allow","Action":"s3:getobject","Resource":"arn:aws:s3:::shop/in/*","Condition":{"stringequals":{"AWS:SourceVpc":["vpc-2","vpc-1"]}}}`, vpc, true},
		{"another resource", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::till/*"}`, s3, false},
		{"a Deny is kept", read + "," + deny, s3 + "," + deny, true},
		{"a wider Deny", read + "," + denys, s3 + "," + deny, true},
		{"a Deny is dropped", read, s3 + "," + deny, false},
		{"all but more", buts, but, true},
		{"all but less", but, buts, false},
		{"an action of all but", s3, but, true},
		{"an action that all but leaves out", `{"Effect":"Allow","Action":"iam:GetUser","Resource":"*"}`, but, false},
		{"an action that may be left out", `{"Effect":"Allow","Action":"iam:*","Resource":"*"}`, `{"Effect":"Allow","NotAction":"iam:Get*","Resource":"*"}`, false},
		{"all but, of some", but, s3, false},
	} {
		if got := identity(t, c.new).Narrower(identity(t, c.old)); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

// TestNarrowerAllowsNoMore: what is found to be narrower allows nothing that the other does not.
func TestNarrowerAllowsNoMore(t *testing.T) {
	actions := []string{"*", "s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "sqs:*", "s3:?etObject"}
	resources := []string{"*", "arn:aws:s3:::a/*", "arn:aws:s3:::a/b", "arn:aws:s3:::*/b", "arn:aws:s3:::${aws:username}/*"}
	made := func(t *rapid.T) *policy.Document {
		text := ""
		for i := range rapid.IntRange(1, 3).Draw(t, "statements") {
			s := fmt.Sprintf(`{"Effect":%q,%q:%q,%q:%q`, rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect"),
				rapid.SampledFrom([]string{"Action", "Action", "NotAction"}).Draw(t, "by"), rapid.SampledFrom(actions).Draw(t, "action"),
				rapid.SampledFrom([]string{"Resource", "Resource", "NotResource"}).Draw(t, "on"), rapid.SampledFrom(resources).Draw(t, "resource"))
			if rapid.Bool().Draw(t, "asks") {
				s += fmt.Sprintf(`,"Condition":{"StringEquals":{"aws:SourceVpc":%q}}`, rapid.SampledFrom([]string{"1", "2"}).Draw(t, "vpc"))
			}
			if i > 0 {
				text += ","
			}
			text += s + "}"
		}
		d, _, err := policy.Parse("p.json", policy.Identity, []byte(`{"Version":"2012-10-17","Statement":[`+text+`]}`))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	allows := func(d *policy.Document, r policy.Request) bool {
		out := false
		for _, s := range d.Statements {
			if s.Match(r).Truth != policy.Yes {
				continue
			}
			if !s.Allow {
				return false
			}
			out = true
		}
		return out
	}
	narrower := 0
	for range 40 {
		rapid.Check(t, func(t *rapid.T) {
			old, now := made(t), made(t)
			if !now.Narrower(old) {
				return
			}
			narrower++
			for _, action := range []string{"s3:GetObject", "s3:PutObject", "sqs:SendMessage", "iam:GetUser"} {
				for _, on := range []string{"arn:aws:s3:::a/b", "arn:aws:s3:::a/c", "arn:aws:s3:::c/b", "arn:aws:s3:::ana/x", "*"} {
					for _, vpc := range []string{"1", "2", "3"} {
						r := policy.Request{Action: action, Context: policy.Keys{"aws:username": policy.Is("ana"), "aws:sourcevpc": policy.Is(vpc)}}
						if on != "*" {
							r.Resources = []policy.Thing{{ARN: on, Sure: true}}
						}
						if allows(now, r) && !allows(old, r) {
							t.Fatalf("%s on %s is allowed by what is narrower", action, on)
						}
					}
				}
			}
		})
	}
	if narrower < 20 {
		t.Errorf("only %d were narrower", narrower)
	}
}

// TestWhateverTheVariableIs: a variable that is not known leaves open only what it can stand for.
func TestWhateverTheVariableIs(t *testing.T) {
	d := identity(t, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop/${aws:username}/*"}`)
	for on, want := range map[string]policy.Truth{"arn:aws:s3:::shop/ana/a": policy.Maybe, "arn:aws:s3:::till/ana/a": policy.No} {
		r := policy.Request{Action: "s3:GetObject", Context: policy.Keys{}, Resources: []policy.Thing{{ARN: on, Sure: true}}}
		if got := d.Statements[0].Match(r).Truth; got != want {
			t.Errorf("%s: %v, want %v", on, got, want)
		}
	}
}
