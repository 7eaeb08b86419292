package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"jobzero/internal/policy"
)

func parse(t *testing.T, kind policy.Kind, text string) *policy.Document {
	t.Helper()
	d, _, err := policy.Parse("p.json", kind, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func deny(condition string) string {
	return `{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Deny","Action":"*","Resource":"*","Condition":{` + condition + `}}]}`
}

// TestConditions is the table of the documentation: each operator with the key there, not there and not known.
func TestConditions(t *testing.T) {
	many := func(v ...string) policy.Value { return policy.Value{State: policy.Present, Texts: v} }
	not, unknown := policy.Not(), policy.Value{}
	for _, c := range []struct {
		condition string
		value     policy.Value
		want      policy.Outcome
	}{
		{`"StringEquals":{"k:a":"x"}`, policy.Is("x"), policy.Denied},
		{`"StringEquals":{"k:a":"x"}`, policy.Is("X"), policy.Untouched},
		{`"StringEquals":{"k:a":"x*"}`, policy.Is("xy"), policy.Untouched},
		{`"StringEquals":{"k:a":"x"}`, not, policy.Untouched},
		{`"StringEquals":{"k:a":"x"}`, unknown, policy.Undecided},
		{`"StringEqualsIfExists":{"k:a":"x"}`, not, policy.Denied},
		{`"StringEqualsIgnoreCase":{"K:A":["y","X"]}`, policy.Is("x"), policy.Denied},
		{`"StringNotEquals":{"k:a":["x","y"]}`, policy.Is("y"), policy.Untouched},
		{`"StringNotEquals":{"k:a":["x","y"]}`, policy.Is("z"), policy.Denied},
		{`"StringNotEquals":{"k:a":"x"}`, not, policy.Denied},
		{`"StringLike":{"k:a":"a?c*"}`, policy.Is("abcd"), policy.Denied},
		{`"StringLike":{"k:a":"a?c*"}`, policy.Is("ac"), policy.Untouched},
		{`"StringNotLike":{"k:a":"a*"}`, policy.Is("b"), policy.Denied},
		{`"NumericLessThan":{"k:a":"7"}`, policy.Is("6.5"), policy.Denied},
		{`"NumericLessThan":{"k:a":"7"}`, policy.Is("NaN"), policy.Untouched},
		{`"NumericGreaterThanEquals":{"k:a":7}`, policy.Is("7"), policy.Denied},
		{`"NumericNotEquals":{"k:a":"7"}`, policy.Is("8"), policy.Denied},
		{`"DateGreaterThan":{"k:a":"2026-01-01T00:00:00Z"}`, policy.Is("2026-03-01T00:00:00Z"), policy.Denied},
		{`"DateLessThan":{"k:a":"2026-01-01"}`, policy.Is("1767225599"), policy.Denied},
		{`"Bool":{"k:a":"true"}`, policy.Is("True"), policy.Denied},
		{`"Bool":{"k:a":false}`, not, policy.Untouched},
		{`"BoolIfExists":{"k:a":"false"}`, not, policy.Denied},
		{`"IpAddress":{"k:a":["203.0.113.0/24","2001:db8::/32"]}`, policy.Is("2001:db8::7"), policy.Denied},
		{`"NotIpAddress":{"k:a":"203.0.113.0/24"}`, policy.Is("203.0.113.9"), policy.Untouched},
		{`"NotIpAddress":{"k:a":"203.0.113.0/24"}`, not, policy.Denied},
		{`"BinaryEquals":{"k:a":"AQI="}`, policy.Is("AQI="), policy.Denied},
		{`"ArnLike":{"k:a":"arn:aws:iam::*:role/a*"}`, policy.Is("arn:aws:iam::111122223333:role/ab/c"), policy.Denied},
		{`"ArnEquals":{"k:a":"arn:aws:*:role/x"}`, policy.Is("arn:aws:iam::111122223333:role/x"), policy.Untouched},
		{`"ArnNotLike":{"k:a":"arn:aws:iam::*:role/a*"}`, policy.Is("arn:aws:iam::111122223333:role/b"), policy.Denied},
		{`"Null":{"k:a":"true"}`, not, policy.Denied},
		{`"Null":{"k:a":"true"}`, policy.Is("x"), policy.Untouched},
		{`"Null":{"k:a":"false"}`, unknown, policy.Undecided},
		{`"ForAnyValue:StringEquals":{"k:a":"x"}`, many("y", "x"), policy.Denied},
		{`"ForAnyValue:StringEquals":{"k:a":"x"}`, not, policy.Untouched},
		{`"ForAnyValue:StringNotEquals":{"k:a":"x"}`, many("x", "y"), policy.Denied},
		{`"ForAnyValue:StringNotEquals":{"k:a":"x"}`, not, policy.Untouched},
		{`"ForAllValues:StringEquals":{"k:a":["x","y"]}`, many("x", "z"), policy.Untouched},
		{`"ForAllValues:StringEquals":{"k:a":["x","y"]}`, not, policy.Denied},
		{`"ForAllValues:StringNotEquals":{"k:a":"x"}`, many("y", "z"), policy.Denied},
		{`"ForAnyValue:StringEquals":{"k:a":"x"}`, policy.Value{State: policy.Present, Texts: []string{"y"}, More: true}, policy.Undecided},
		{`"ForAllValues:StringEquals":{"k:a":"x"}`, policy.Value{State: policy.Present, Texts: []string{"y"}, More: true}, policy.Untouched},
		{`"StringNotEqualsIfExists":{"k:a":"x"}`, policy.Value{State: policy.Present, Texts: []string{"y"}, Perhaps: true}, policy.Denied},
		{`"StringNotEquals":{"k:a":"x"},"Null":{"k:a":"false"}`, policy.Value{State: policy.Present, Texts: []string{"y"}, Perhaps: true}, policy.Undecided},
		{`"StringEquals":{"k:a":"${k:b}"}`, policy.Is("b"), policy.Denied},
		{`"StringEquals":{"k:a":"${k:absent, 'b'}"}`, policy.Is("b"), policy.Denied},
		{`"StringEquals":{"k:a":"${k:absent}"}`, policy.Is("b"), policy.Untouched},
		{`"StringNotEquals":{"k:a":"${k:unknown}"}`, policy.Is("b"), policy.Undecided},
		{`"StringLike":{"k:a":"a${*}"}`, policy.Is("ab"), policy.Untouched},
		{`"StringLike":{"k:a":"a${*}"}`, policy.Is("a*"), policy.Denied},
		{`"StringEquals":{"k:a":"x"},"Bool":{"k:unknown":"true"}`, policy.Is("y"), policy.Untouched},
		{`"StringEquals":{"k:a":"x"},"Bool":{"k:unknown":"true"}`, policy.Is("x"), policy.Undecided},
	} {
		ctx := policy.Keys{"k:a": c.value, "k:b": policy.Is("b"), "k:absent": policy.Not()}
		got := policy.NewSet(parse(t, policy.SCP, deny(c.condition))).Decide(policy.Request{Action: "s3:GetObject", Context: ctx})
		if got.Outcome != c.want {
			t.Errorf("%s with %+v: %s, want %s", c.condition, c.value, got.Outcome, c.want)
		}
		if (got.Outcome == policy.Undecided) != (len(got.Unknown) > 0) {
			t.Errorf("%s: %s with %v", c.condition, got.Outcome, got.Unknown)
		}
	}
}

// TestResources: what is not known of a resource leaves the answer open only where it depends on it.
func TestResources(t *testing.T) {
	sure := func(arn string) policy.Thing { return policy.Thing{ARN: arn, Sure: true} }
	open := func(arn string) policy.Thing { return policy.Thing{ARN: arn, Open: true, Sure: true} }
	for _, c := range []struct {
		element string
		thing   policy.Thing
		want    policy.Outcome
	}{
		{`"Resource":"arn:aws:s3:::shop/*"`, sure("arn:aws:s3:::shop/a/b"), policy.Denied},
		{`"Resource":"arn:aws:s3:::shop/*"`, sure("arn:aws:s3:::shop"), policy.Untouched},
		{`"NotResource":"arn:aws:s3:::shop/*"`, sure("arn:aws:s3:::shop"), policy.Denied},
		{`"Resource":"arn:*:ec2:*:*:instance/*"`, open("arn:aws:ec2:eu-west-1:111122223333:instance/"), policy.Denied},
		{`"Resource":"arn:*:ec2:*:*:instance/i-1*"`, open("arn:aws:ec2:eu-west-1:111122223333:instance/"), policy.Undecided},
		{`"Resource":"arn:*:ec2:*:*:volume/*"`, open("arn:aws:ec2:eu-west-1:111122223333:instance/"), policy.Untouched},
		{`"Resource":"arn:aws:iam::*:role/a"`, open("arn:"), policy.Undecided},
		{`"Resource":"arn:aws:iam::*:role/a"`, policy.Anything, policy.Untouched},
		{`"Resource":"*"`, policy.Anything, policy.Denied},
		{`"Resource":"*"`, policy.Thing{ARN: "arn:aws:s3:::shop"}, policy.Undecided},
		{`"Resource":"arn:aws:s3:::${k:b}/*"`, sure("arn:aws:s3:::b/x"), policy.Denied},
		{`"Resource":"arn:aws:s3:::${k:unknown}/*"`, sure("arn:aws:s3:::b/x"), policy.Undecided},
	} {
		text := `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*",` + c.element + `}}`
		r := policy.Request{Action: "s3:GetObject", Resources: []policy.Thing{c.thing}, Context: policy.Keys{"k:b": policy.Is("b")}}
		if got := policy.NewSet(parse(t, policy.SCP, text)).Decide(r); got.Outcome != c.want {
			t.Errorf("%s on %+v: %s, want %s", c.element, c.thing, got.Outcome, c.want)
		}
	}
}

// TestOfOneResource: a key of one resource of a call is not that of another.
func TestOfOneResource(t *testing.T) {
	text := `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"ec2:RunInstances","Resource":"arn:*:ec2:*:*:volume/*","Condition":{"Bool":{"ec2:Encrypted":"false"}}}}`
	volume := func(v string) policy.Thing {
		return policy.Thing{ARN: "arn:aws:ec2:eu-west-1:111122223333:volume/", Open: true, Sure: true, Keys: policy.Keys{"ec2:encrypted": policy.Is(v)}}
	}
	set := policy.NewSet(parse(t, policy.SCP, text))
	for want, things := range map[policy.Outcome][]policy.Thing{
		policy.Untouched: {volume("true"), {ARN: "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", Sure: true}},
		policy.Denied:    {volume("true"), volume("false")},
	} {
		if got := set.Decide(policy.Request{Action: "EC2:runinstances", Resources: things, Context: policy.Keys{}}); got.Outcome != want {
			t.Errorf("%v: %s, want %s", things, got.Outcome, want)
		}
	}
}

// TestAllowLists: where something allows, what nothing allows is denied; a Deny outranks.
func TestAllowLists(t *testing.T) {
	set := policy.NewSet(
		parse(t, policy.SCP, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}`),
		parse(t, policy.SCP, `{"Version":"2012-10-17","Statement":[{"Sid":"No","Effect":"Deny","Action":"s3:Delete*","Resource":"*"}]}`))
	for action, want := range map[string]policy.Outcome{"ec2:StartInstances": policy.Untouched, "iam:GetUser": policy.Denied, "s3:DeleteBucket": policy.Denied} {
		if got := set.Decide(policy.Request{Action: action}); got.Outcome != want {
			t.Errorf("%s: %s, want %s", action, got.Outcome, want)
		}
	}
}

// TestErrors: what is wrong is told with its place and what was most likely meant.
func TestErrors(t *testing.T) {
	stmt := func(s string) string { return "{\"Version\":\"2012-10-17\",\n\"Statement\":[{" + s + "}]}" }
	for _, c := range []struct {
		kind       policy.Kind
		text, want string
	}{
		{policy.SCP, `{`, `p.json:1:2`},
		{policy.SCP, `[]`, `want a policy`},
		{policy.SCP, `{"Version":"2012-10-17"}`, `p.json:1:2: Statement is missing`},
		{policy.SCP, `{"Version":"2012-10-17","Statemen":[]}`, `did you mean Statement?`},
		{policy.SCP, stmt(`"Effect":"deny","Action":"*","Resource":"*"`), `p.json:2:24: Effect "deny"`},
		{policy.SCP, stmt(`"Effect":"Deny","Resource":"*"`), `Action is missing`},
		{policy.SCP, stmt(`"Effect":"Deny","Action":"s3","Resource":"*"`), `want service:Name or *`},
		{policy.SCP, stmt(`"Effect":"Deny","Action":"*","NotAction":"*","Resource":"*"`), `side by side`},
		{policy.SCP, stmt(`"Effect":"Deny","Action":"*","Resource":"*","Principal":"*"`), `names no principal`},
		{policy.SCP, stmt(`"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEqual":{"aws:a":"b"}}`), `did you mean StringEquals?`},
		{policy.SCP, stmt(`"Effect":"Deny","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"here"}}`), `IpAddress cannot be asked for "here"`},
		{policy.SCP, stmt(`"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NullIfExists":{"aws:a":"true"}}`), `Null takes nothing`},
		{policy.SCP, stmt(`"Effect":"Deny","Action":[],"Resource":"*"`), `Action is empty`},
		{policy.RCP, stmt(`"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"`), `only denies`},
		{policy.RCP, stmt(`"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:aws:s3:::a"`), `only denies`},
		{policy.RCP, stmt(`"Effect":"Deny","Action":"s3:*","Resource":"*"`), `Principal is missing`},
		{policy.RCP, stmt(`"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"`), `for everybody`},
	} {
		_, _, err := policy.Parse("p.json", c.kind, []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "p.json:") {
			t.Errorf("%s: %v, want %q", c.text, err, c.want)
		}
	}
}

// TestOdd: what AWS takes and nobody means is a problem, not an error.
func TestOdd(t *testing.T) {
	long := `{"Statement":[{"Effect":"Deny","Action":"*","Resource":["here","*"],"Condition":{"StringEquals":{"aws:a":"` + strings.Repeat("x", 5200) + `"}}}]}`
	_, odd, err := policy.Parse("p.json", policy.SCP, []byte(long))
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprint(odd)
	for _, want := range []string{"it has no Version", "is no ARN", "takes at most 5120"} {
		if !strings.Contains(all, want) {
			t.Errorf("%s: want %q", all, want)
		}
	}
}

// FuzzParse: whatever a policy says, it is read or refused, and a call is decided.
func FuzzParse(f *testing.F) {
	f.Add([]byte(deny(`"ForAnyValue:StringLike":{"aws:TagKeys":["a*b?","${aws:username, 'x'}"]}`)))
	f.Add([]byte(`{"Statement":{"Effect":"Deny","NotAction":["s3:*"],"NotResource":"arn:aws:s3:::*a*b*"}}`))
	f.Add([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2026"}}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, _, err := policy.Parse("p.json", policy.SCP, text)
		if err != nil {
			return
		}
		ctx := policy.Keys{"aws:username": policy.Is("*?${a}"), "aws:tagkeys": {State: policy.Present, Texts: []string{"ab", "aab"}, More: true}}
		things := []policy.Thing{{ARN: "arn:aws:s3:::aXb", Sure: true}, {ARN: "arn:aws:ec2:", Open: true, Sure: true}}
		got := policy.NewSet(d).Decide(policy.Request{Action: "s3:GetObject", Context: ctx, Resources: things})
		if (got.Outcome == policy.Undecided) != (len(got.Unknown) > 0) {
			t.Errorf("%s with %v", got.Outcome, got.Unknown)
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	d, _, err := policy.Parse("p.json", policy.SCP, []byte(deny(`"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/break-glass"}`)))
	if err != nil {
		b.Fatal(err)
	}
	set := policy.NewSet(d)
	r := policy.Request{Action: "ec2:RunInstances", Context: policy.Keys{"aws:requestedregion": policy.Is("eu-west-1"), "aws:principalarn": policy.Is("arn:aws:iam::111122223333:role/shop")}}
	for b.Loop() {
		set.Decide(r)
	}
}
